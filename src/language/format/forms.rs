//! What is said of single forms of the grammar: what stands below what, and where a line may be
//! broken. A form that is not named here is laid out by the general rules.

use crate::syntax::tokens::{Kind, TriviaKind};
use crate::syntax::tree::{Form, Item, Node, Tree};

/// What follows the word of a clause, the name of a column and the word of a plan's line stands in
/// one column.
fn content_column(form: Form) -> Option<usize> {
    match form {
        Form::clause | Form::yellow => Some(13),
        Form::member => Some(15),
        Form::plan_line => Some(11),
        _ => None,
    }
}

/// The clause and the lines of a table whose words stand by themselves.
fn has_no_column(line: Form, form: Form) -> bool {
    let of_table =
        line == Form::member && matches!(form, Form::attribute | Form::peers | Form::begins | Form::row_rule);
    of_table || form == Form::stands
}

/// What begins a column in lines of one form that follow one another, and the blanks before it.
pub(super) fn aligned(form: Form, part: Form) -> Option<usize> {
    match (form, part) {
        (Form::exclude | Form::row_rule, Form::expr) => Some(2),
        (Form::row_rule, Form::text) => Some(1),
        (Form::action, Form::k_owner | Form::k_due | Form::k_done) => Some(2),
        _ => None,
    }
}

/// What stands two blanks apart from what it follows.
fn stands_apart(part: Form) -> bool {
    matches!(part, Form::origin | Form::origin_part)
}

/// What may stand further apart from what it follows, below its like, as the writer chose.
fn may_stand_apart(form: Form, part: Form) -> bool {
    let of_table = form == Form::table && matches!(part, Form::text | Form::words_of | Form::file);
    let of_column = matches!(part, Form::file | Form::joined | Form::id_file | Form::known | Form::not_yet);
    let of_domain = form == Form::domain && part == Form::text;
    of_table || of_column || of_domain || matches!(part, Form::written | Form::read_as)
}

/// The blanks before a token on its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gap {
    /// So many.
    Blanks(usize),
    /// Up to this column; one at least.
    Column(usize),
    /// One, or more where the writer put it below its like.
    Chosen,
}

/// Deeper than any form.
const DEEP: usize = 1 << 30;

/// The forms around the place before each token of a declaration.
#[derive(Debug)]
pub(super) struct Forms<'t> {
    tree: &'t Tree<'t>,
    pub(super) item: &'t Item,
    places: Vec<Place>,
    /// Of each form whether an `and` and whether an `or` joins its parts.
    joined: Vec<Joined>,
}

/// The place before a token.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    /// The innermost form that holds this token and the one before it.
    around: Option<usize>,
    /// The part of it that begins here, the outermost.
    begins: Option<usize>,
    /// How many forms are around it.
    depth: usize,
    /// Of an `and` or an `or`: the last `or` before it in its condition.
    or: Option<usize>,
    /// Inside of `if ... else if ...`: where the chain begins.
    chain: Option<usize>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Joined {
    by_and: bool,
    by_or: bool,
}

impl<'t> Forms<'t> {
    pub(super) fn of(tree: &'t Tree<'t>, item: &'t Item) -> Self {
        let mut places = Vec::with_capacity(item.tokens.len());
        let mut open: Vec<usize> = Vec::new();
        let mut next = 0;
        for token in item.tokens.clone() {
            while open.last().is_some_and(|at| item.nodes.get(*at).is_some_and(|node| node.tokens.end <= token)) {
                open.pop();
            }
            let (around, depth, first) = (open.last().copied(), open.len(), next);
            while item.nodes.get(next).is_some_and(|node| node.tokens.start == token) {
                open.push(next);
                next += 1;
            }
            places.push(Place { around, begins: (first < next).then_some(first), depth, ..Place::default() });
        }
        let mut forms = Self { tree, item, places, joined: vec![Joined::default(); item.nodes.len()] };
        forms.find_ors();
        forms.find_chains();
        forms
    }

    fn find_ors(&mut self) {
        let mut last = vec![None; self.item.nodes.len()];
        for node in self.item.nodes.iter().filter(|node| node.form == Form::connective) {
            let token = node.tokens.start;
            let is_or = self.is_or(token);
            let Some(expr) = node.parent else { continue };
            if let Some((last, joined)) = last.get_mut(expr).zip(self.joined.get_mut(expr)) {
                if let Some(place) = self.places.get_mut(token - self.item.tokens.start) {
                    place.or = *last;
                }
                joined.by_or |= is_or;
                joined.by_and |= !is_or;
                *last = if is_or { Some(token) } else { *last };
            }
        }
    }

    fn find_chains(&mut self) {
        let mut begins: Vec<Option<usize>> = vec![None; self.item.nodes.len()];
        for (at, node) in self.item.nodes.iter().enumerate() {
            let around = node.parent.and_then(|parent| begins.get(parent)).copied().flatten();
            let goes_on = self.text(node.tokens.start.wrapping_sub(1)) == "else";
            let begin = match node.form {
                Form::if_else => around.filter(|_| goes_on).or(Some(node.tokens.start)),
                _ => around,
            };
            if let Some(here) = begins.get_mut(at) {
                *here = begin;
            }
        }
        for place in &mut self.places {
            place.chain = place.around.and_then(|at| begins.get(at)).copied().flatten();
        }
    }

    fn is_or(&self, token: usize) -> bool {
        matches!(self.text(token), "or" | "|" | "||")
    }

    fn place(&self, token: usize) -> Place {
        self.places.get(token.wrapping_sub(self.item.tokens.start)).copied().unwrap_or_default()
    }

    pub(super) fn node(&self, at: usize) -> Option<&'t Node> {
        self.item.nodes.get(at)
    }

    /// The innermost form that holds this token and the one before it.
    pub(super) fn around(&self, token: usize) -> Option<&'t Node> {
        self.place(token).around.and_then(|at| self.node(at))
    }

    /// The part of that form that begins with this token.
    pub(super) fn begins(&self, token: usize) -> Option<&'t Node> {
        self.place(token).begins.and_then(|at| self.node(at))
    }

    fn form_begun(&self, token: usize) -> Option<Form> {
        self.begins(token).map(|node| node.form)
    }

    fn parent(&self, node: &Node) -> Option<&'t Node> {
        node.parent.and_then(|at| self.node(at))
    }

    /// The parts of a form, in order.
    fn parts_of(&self, node: &'t Node) -> impl Iterator<Item = &'t Node> {
        let mut next = node.tokens.start;
        let nodes = &self.item.nodes;
        let from = nodes.partition_point(|other| other.tokens.start < node.tokens.start);
        let inside = nodes.iter().skip(from).skip_while(move |other| !std::ptr::eq(*other, node)).skip(1);
        inside.take_while(|other| other.tokens.start < node.tokens.end).filter(move |other| {
            let direct = other.tokens.start >= next;
            next = if direct { other.tokens.end } else { next };
            direct
        })
    }

    fn text(&self, token: usize) -> &'t str {
        self.tree.tokens.list.get(token).map_or("", |token| self.tree.text_of(token))
    }

    /// Whether a token touches the one before it in the text.
    fn touches(&self, token: usize) -> bool {
        let before = token.checked_sub(1).and_then(|before| self.tree.tokens.list.get(before));
        before.zip(self.tree.tokens.list.get(token)).is_some_and(|(one, other)| one.range.end == other.range.start)
    }

    /// Whether the form around the place before this token has no parts: an id, a number, a sign.
    pub(super) fn is_inside_a_word(&self, token: usize) -> bool {
        let Some(around) = self.place(token).around else { return false };
        let next = self.node(around + 1);
        let has_parts = self.node(around).zip(next).is_some_and(|(node, next)| next.tokens.start < node.tokens.end);
        !has_parts
    }

    /// The form of a clause or line, by its first token: `exclude` and not `clause`.
    pub(super) fn line_form(&self, first: usize) -> Option<&'t Node> {
        let line = self.begins(first)?;
        let inner = self.parts_of(line).next().filter(|inner| inner.tokens == line.tokens);
        Some(inner.unwrap_or(line))
    }

    /// The column of what follows the first word of a line, when there is one.
    fn content(&self, node: &Node) -> Option<usize> {
        let line = self.parent(node).filter(|line| line.tokens == node.tokens).map_or(node.form, |line| line.form);
        if has_no_column(line, node.form) {
            return None;
        }
        content_column(node.form).or_else(|| content_column(line))
    }

    /// The blanks before a token that goes on with its line. `in_line`: of a declaration that
    /// stands on one line as a whole.
    pub(super) fn gap(&self, token: usize, in_line: bool) -> Gap {
        let (text, before) = (self.text(token), self.text(token.wrapping_sub(1)));
        let Some(around) = self.around(token) else { return Gap::Blanks(1) };
        if self.is_inside_a_word(token) {
            return Gap::Blanks(usize::from(!self.touches(token)));
        }
        let touching = matches!(text, "," | ")" | ":" | "?" | "%" | ".") || matches!(before, "." | "(");
        let of_name = text == "(" && matches!(around.form, Form::digits_of | Form::column | Form::wrong_parts);
        if touching || of_name || (before, text) == ("{", "}") {
            return Gap::Blanks(0);
        }
        let content = self.content(around).filter(|_| !in_line && token == around.tokens.start + 1);
        let begun = self.form_begun(token);
        match (content, begun) {
            (Some(column), _) => Gap::Column(column),
            (None, Some(part)) if stands_apart(part) && before != "{" => Gap::Blanks(2),
            (None, Some(part)) if may_stand_apart(around.form, part) => Gap::Chosen,
            (None, _) => Gap::Blanks(1),
        }
    }

    /// Whether a line may break before this token, and how deep inside its clause: what is less
    /// deep is broken first.
    pub(super) fn may_break(&self, token: usize) -> Option<usize> {
        let (around, begun) = (self.around(token)?, self.form_begun(token));
        let at_part = match (around.form, begun?) {
            (_, Form::connective | Form::where_part | Form::have_part | Form::bands) => true,
            // Arithmetic is broken when nothing else can be.
            (_, Form::sign) => return Some(DEEP + self.place(token).depth),
            (Form::row_rule, Form::expr) => true,
            (Form::if_else, Form::k_then | Form::k_else) => true,
            (Form::groups | Form::define, Form::s_equal) => true,
            (_, part) => {
                let after_comma = self.text(token.wrapping_sub(1)) == "," && around.tokens.start + 1 < token;
                after_comma && part != Form::k_censored && around.form != Form::of_call
            }
        };
        let tighter = usize::from(!self.is_or(token));
        at_part.then_some(2 * self.place(token).depth + tighter)
    }

    /// Whether a line breaks before this token: where the writer chose to at a place where it can
    /// be, and after a comment.
    pub(super) fn must_break(&self, token: usize) -> bool {
        let list = &self.tree.tokens.list;
        let before = token.checked_sub(1).and_then(|before| list.get(before));
        let Some((before, here)) = before.zip(list.get(token)) else { return false };
        let has = |places, is: &[TriviaKind]| self.tree.tokens.trivia(places).iter().any(|t| is.contains(&t.kind));
        let comments = [TriviaKind::Comment, TriviaKind::ForeignComment];
        let chosen = has(&here.leading, &[TriviaKind::LineEnd]) && self.may_break(token).is_some();
        chosen || has(&before.trailing, &comments) || has(&here.leading, &comments) || self.breaks(token)
    }

    /// Before an `and` or an `or` of a condition that has both: that condition. When one of them
    /// begins a line, each `or` does, so that an `and` never seems to join what an `or` parts.
    pub(super) fn mixed(&self, token: usize) -> Option<usize> {
        let connective = self.form_begun(token) == Some(Form::connective);
        let is_mixed = |at: &usize| self.joined.get(*at).is_some_and(|joined| joined.by_and && joined.by_or);
        self.place(token).around.filter(|_| connective).filter(is_mixed)
    }

    /// Every `or` that joins the parts of a condition.
    pub(super) fn ors(&self, condition: usize) -> Vec<usize> {
        let parts = self.node(condition).into_iter().flat_map(|node| self.parts_of(node));
        let connectives = parts.filter(|part| part.form == Form::connective).map(|part| part.tokens.start);
        connectives.filter(|token| self.is_or(*token)).collect()
    }

    /// Whether a line always breaks before this token.
    fn breaks(&self, token: usize) -> bool {
        self.form_begun(token) == Some(Form::yellow)
    }

    /// How far a line that begins with this token is indented, by the columns of the tokens before.
    pub(super) fn indent(&self, token: usize, column: &dyn Fn(usize) -> usize) -> usize {
        let Some(around) = self.around(token) else { return 0 };
        let start = column(around.tokens.start);
        match (around.form, self.form_begun(token)) {
            (_, Some(Form::yellow)) => 4,
            (_, Some(Form::drawn_row)) => start,
            (Form::expr, Some(Form::connective)) => self.indent_of_connective(token, around, column),
            (_, Some(Form::where_part | Form::have_part)) => self.owner_column(around, column) + 2,
            (Form::if_else, _) => column(self.place(token).chain.unwrap_or(around.tokens.start)) + 2,
            _ if self.text(token.wrapping_sub(1)) == "," && around.tokens.start + 1 < token => {
                self.column_of_list(around, token, column)
            }
            _ => match self.content(around) {
                Some(content) if token == around.tokens.start + 1 => content,
                Some(content) => content + 2,
                None => start + 2,
            },
        }
    }

    /// The column of what a `where` belongs to: the question, the value or the clause.
    fn owner_column(&self, around: &Node, column: &dyn Fn(usize) -> usize) -> usize {
        let owner = if around.form == Form::quantified_of { self.parent(around).unwrap_or(around) } else { around };
        // `count` begins the form of its own inside of the value.
        let owner = if owner.form == Form::among_count { self.parent(owner).unwrap_or(owner) } else { owner };
        self.content(owner).unwrap_or_else(|| column(owner.tokens.start))
    }

    /// `and` and `or` end below the end of `where`. In a condition with both, an `and` stands below
    /// the first condition of its side of the `or`.
    fn indent_of_connective(&self, token: usize, expr: &'t Node, column: &dyn Fn(usize) -> usize) -> usize {
        let parent = self.parent(expr);
        let after_where = parent.is_some_and(|part| matches!(part.form, Form::where_part | Form::have_part));
        let base = match parent {
            Some(part) if after_where => self.owner_column(self.parent(part).unwrap_or(part), column) + 4,
            Some(part) if part.form == Form::paren => column(expr.tokens.start),
            _ => column(expr.tokens.start) + 2,
        };
        let of_or = base + usize::from(after_where);
        let place = self.place(token);
        let has_or = place.around.and_then(|at| self.joined.get(at)).is_some_and(|joined| joined.by_or);
        match place.or {
            _ if self.is_or(token) => of_or,
            Some(or) => column(or + 1),
            None if has_or => of_or + 3,
            None => base,
        }
    }

    /// The column of the first of a list.
    fn column_of_list(&self, list: &'t Node, token: usize, column: &dyn Fn(usize) -> usize) -> usize {
        let mut first = None;
        for part in self.parts_of(list).take_while(|part| part.tokens.start < token) {
            let text = self.text(part.tokens.start);
            if part.form == Form::s_comma || text == "," {
                break;
            }
            let is_word = self.is_word_of_the_language(part);
            if is_word || first.is_none() {
                first = if is_word { None } else { Some(part.tokens.start) };
            }
        }
        column(first.unwrap_or(list.tokens.start))
    }

    fn is_word_of_the_language(&self, node: &Node) -> bool {
        let sign = self.tree.tokens.list.get(node.tokens.start).is_some_and(|token| token.kind == Kind::Sign);
        let name = format!("{:?}", node.form);
        node.tokens.len() == 1 && (name.starts_with("k_") || sign && name.starts_with("s_"))
    }
}
