//! Writes declarations: their heads, and what stands between their braces, line by line.

use super::align;
use super::drawn;
use super::forms::{self, Forms, Gap};
use super::line::{Line, width};
use super::part::{self, Writer};
use crate::syntax::tokens::TriviaKind;
use crate::syntax::tree::{Form, Item, Part, PartKind, Tree};
use std::collections::BTreeMap;

/// Blank lines between declarations, and between what stands in one.
const MOST_BETWEEN: usize = 2;
const MOST_INSIDE: usize = 1;

/// How far the parts of a declaration are indented.
const INDENT: usize = 2;

/// A whole file in its layout.
pub(super) fn file(tree: &Tree<'_>) -> String {
    let scorecards = scorecard_column(tree);
    let mut lines: Vec<Line> = Vec::new();
    let mut apart = false;
    for item in &tree.items {
        let forms = Forms::of(tree, item);
        let reads = item.sound && !has_comment_in_a_word(tree, &forms);
        let mut made = if reads { declaration(tree, &forms, scorecards) } else { kept(tree, item) };
        let closes_alone = made.last().is_some_and(|line| line.text == "}");
        // A declaration over several lines stands apart from what is before and after it.
        let over_lines = item.sound && closes_alone;
        if let Some(first) = made.first_mut().filter(|_| apart || over_lines) {
            first.blank = first.blank.max(1);
        }
        apart = over_lines;
        lines.append(&mut made);
    }
    lines.extend(at_the_end(tree));
    if let Some(first) = lines.first_mut() {
        first.blank = 0;
    }
    align::align(&mut lines);
    let mut out = String::new();
    for line in lines {
        out.push_str(&"\n".repeat(line.blank));
        out.push_str(&line.text);
        out.push('\n');
    }
    out
}

/// The comments after the last declaration.
fn at_the_end(tree: &Tree<'_>) -> Vec<Line> {
    let comments = tree.tokens.list.last().map(|end| part::above(tree, end).0).unwrap_or_default();
    comments.into_iter().map(|(blank, text)| Line::with(blank.min(MOST_BETWEEN), text)).collect()
}

/// A sign such as `--` in an id looks like a comment.
fn has_comment_in_a_word(tree: &Tree<'_>, forms: &Forms<'_>) -> bool {
    let is_comment = |kind| matches!(kind, TriviaKind::Comment | TriviaKind::ForeignComment);
    let comment = |places| tree.tokens.trivia(places).iter().any(|trivia| is_comment(trivia.kind));
    let token = |at: usize| tree.tokens.list.get(at);
    forms.item.tokens.clone().skip(1).any(|at| {
        let apart =
            token(at - 1).is_some_and(|t| comment(&t.trailing)) || token(at).is_some_and(|t| comment(&t.leading));
        apart && forms.is_inside_a_word(at)
    })
}

/// A declaration byte for byte, from the begin of its line when nothing else stands there; what
/// stands above it is laid out.
fn kept(tree: &Tree<'_>, item: &Item) -> Vec<Line> {
    let token = |at: usize| tree.tokens.list.get(at);
    let Some((first, last)) = token(item.tokens.start).zip(token(item.tokens.end - 1)) else { return Vec::new() };
    let (comments, blank) = part::above(tree, first);
    let mut lines: Vec<_> =
        comments.into_iter().map(|(blank, text)| Line::with(blank.min(MOST_BETWEEN), text)).collect();
    let start = if first.first { first.line } else { first.range.start };
    let comment = tree.tokens.trivia(&last.trailing).iter().rfind(|trivia| trivia.kind != TriviaKind::Blanks);
    let end = comment.map_or(last.range.end, |comment| comment.range.end);
    lines.push(Line::with(blank.min(MOST_BETWEEN), tree.slice(start..end)));
    lines
}

fn declaration(tree: &Tree<'_>, forms: &Forms<'_>, scorecards: usize) -> Vec<Line> {
    let none = BTreeMap::new();
    if stands_on_a_line(tree, forms.item) {
        let mut writer = Writer::new(tree, forms, &none);
        if writer.run_in_line(&forms.item.tokens, MOST_BETWEEN) {
            return writer.lines;
        }
    }
    let aligned = aligned(tree, forms, scorecards);
    let mut writer = Writer::new(tree, forms, &aligned);
    let parts = &forms.item.parts;
    let names = parts.iter().filter(|part| part.kind == PartKind::Drawn);
    let rows = drawn::column(names.map(|part| width(writer.text(part.tokens.start))));
    let widths = drawn::widths(tree, parts);
    let mut first = true;
    for (part, widths) in parts.iter().zip(&widths) {
        let before = writer.lines.len();
        match part.kind {
            PartKind::Head => writer.run(&part.tokens, 0, MOST_BETWEEN),
            PartKind::Clause | PartKind::Line => writer.run(&part.tokens, INDENT, MOST_INSIDE),
            PartKind::Drawn => writer.drawn(part, rows, widths, MOST_INSIDE),
            PartKind::Close => close(&mut writer, part),
        }
        if let Some(line) = writer.lines.get_mut(before).filter(|_| first && part.kind != PartKind::Head) {
            line.blank = 0;
        }
        first = part.kind == PartKind::Head;
    }
    writer.lines
}

/// The closing brace stands at the margin, and what is said before it where the parts stand.
fn close(writer: &mut Writer<'_, '_>, part: &Part) {
    writer.begin(part.tokens.start, INDENT, MOST_INSIDE);
    writer.lines.pop();
    writer.lines.push(Line::default());
    writer.put(part.tokens.start);
}

/// Whether a declaration with braces was written on one line, with one part at most.
fn stands_on_a_line(tree: &Tree<'_>, item: &Item) -> bool {
    let mut inside = item.tokens.clone().skip(1).filter_map(|at| tree.tokens.list.get(at));
    let is_end = |kind| kind == TriviaKind::LineEnd;
    let breaks = |places| tree.tokens.trivia(places).iter().any(|trivia| is_end(trivia.kind));
    let closes = item.parts.last().is_some_and(|part| part.kind == PartKind::Close);
    let has_rows = item.parts.iter().any(|part| part.kind == PartKind::Drawn);
    let ends = |at: &std::ops::Range<usize>| tree.slice(at.clone()).contains('\n');
    closes && !has_rows && item.parts.len() <= 3 && inside.all(|token| !breaks(&token.leading) && !ends(&token.range))
}

/// Where the rows of all scorecards begin: below one another.
fn scorecard_column(tree: &Tree<'_>) -> usize {
    let sound = tree.items.iter().filter(|item| item.sound);
    let rows = sound.flat_map(|item| &item.nodes).filter(|node| node.form == Form::scorecard_row);
    let names = rows.filter_map(|row| tree.tokens.list.get(row.tokens.start)).map(|name| width(tree.text_of(name)));
    INDENT + names.max().unwrap_or_default() + ": ".len()
}

/// The columns of what stands below its like in lines that follow one another.
fn aligned(tree: &Tree<'_>, forms: &Forms<'_>, scorecards: usize) -> BTreeMap<usize, usize> {
    let mut columns = BTreeMap::new();
    let lines: Vec<_> = forms.item.parts.iter().filter(|part| part.kind != PartKind::Head).collect();
    let form = |part: &&Part| forms.line_form(part.tokens.start).map(|node| node.form);
    for run in lines.chunk_by(|one, other| form(one) == form(other)) {
        for part in run.iter().filter(|part| form(part) == Some(Form::scorecard_row)) {
            columns.insert(part.tokens.start + 2, scorecards);
        }
        let cells: Vec<_> = run.iter().map(|part| cells(forms, part)).collect();
        let most = cells.iter().map(Vec::len).max().unwrap_or_default();
        for nth in 0..most {
            let here = || cells.iter().zip(run).filter_map(|(cells, part)| Some((*cells.get(nth)?, *part)));
            let ends =
                here().filter_map(|((at, blanks), part)| Some(end_before(tree, forms, part, at, &columns)? + blanks));
            let column = ends.max();
            let tokens: Vec<_> = here().map(|((at, _), _)| at).collect();
            columns.extend(tokens.into_iter().filter_map(|at| Some((at, column?))));
        }
    }
    columns
}

/// What begins a column in a line, with the blanks before it.
fn cells(forms: &Forms<'_>, part: &Part) -> Vec<(usize, usize)> {
    let Some(line) = forms.line_form(part.tokens.start) else { return Vec::new() };
    let begins = |at: &usize| {
        let around = forms.around(*at).filter(|around| around.tokens == line.tokens && around.form == line.form)?;
        Some((*at, forms::aligned(around.form, forms.begins(*at)?.form)?))
    };
    part.tokens.clone().filter_map(|at| begins(&at)).collect()
}

/// The column behind what stands before a token on its line; `None` when the line breaks before.
fn end_before(
    tree: &Tree<'_>,
    forms: &Forms<'_>,
    part: &Part,
    token: usize,
    columns: &BTreeMap<usize, usize>,
) -> Option<usize> {
    let mut end = INDENT;
    for at in part.tokens.start..token {
        let text = tree.text_of(tree.tokens.list.get(at)?);
        if at > part.tokens.start {
            end = match (columns.get(&at).copied(), forms.gap(at, false)) {
                (Some(column), _) | (None, Gap::Column(column)) => column.max(end + 1),
                (None, Gap::Blanks(blanks)) => end + blanks,
                (None, Gap::Chosen) => end + 1,
            };
        }
        end += width(text);
        if text.contains('\n') || forms.must_break(at + 1) {
            return None;
        }
    }
    Some(end)
}
