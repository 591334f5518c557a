//! Comparisons, `in` and `is missing`: both sides of one type and unit, words between dates and
//! signs between numbers.

use super::decimals;
use super::relation::comparison;
use super::typer::{Typer, day_of, negated};
use super::types::{Value, can_be_missing, counted, length_words, never_null, value_words, words};
use crate::diag::{Diagnostic, code, suggest};
use crate::functions::Value as Literal;
use crate::ir::{At, CompareOp, Expr, ExprKind, Ty, WordList};
use crate::model::{ColumnType, Counted};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{self, CompareOp as Written, InSet, Name, Unit};

impl<'w> Typer<'w> {
    /// `a before b`, `a = b`.
    pub(super) fn compare(
        &mut self,
        op: &Spanned<Written>,
        left: &'w ast::Expr,
        right: &'w ast::Expr,
        span: Span,
    ) -> Option<Expr> {
        let (l, r) = (self.value(left), self.value(right));
        let (l, r) = (l?, r?);
        self.no_column_for_a_word((&l, left), (&r, right))?;
        self.no_column_for_a_word((&r, right), (&l, left))?;
        let (l, r) = self.one_type((l, left.span), (r, right.span), span)?;
        let (l, r) = self.in_one_case(l, r, span)?;
        Some(comparison(self.operator(op, l.ty)?, l, r))
    }

    /// Where a word of a list is also a name in sight, the name comes first; says so when the word
    /// was meant.
    fn no_column_for_a_word(&mut self, code: (&Value, &ast::Expr), named: (&Value, &ast::Expr)) -> Option<()> {
        let (Value::Expr(code), Value::Expr(other)) = (code.0, named.0) else { return Some(()) };
        let (Ty::Code(list), ast::ExprKind::Path(path)) = (code.ty, &named.1.kind) else { return Some(()) };
        let [name] = path.as_slice() else { return Some(()) };
        if other.ty == code.ty || self.world.word(list, &name.value).is_none() {
            return Some(());
        }
        let message = format!(
            "`{0}` is a name here, and a name comes before a word of a list, so it means {1}",
            name.value,
            words(self.world, other.ty)
        );
        let help = format!("write `in {{ {} }}`: between braces there are only words", name.value);
        self.found.push(Diagnostic::new(code::TYPE_MISMATCH, name.span, message).help(help));
        None
    }

    /// Gives numbers, lengths and words the type of the other side, and refuses sides that differ.
    pub(super) fn one_type(&mut self, left: (Value, Span), right: (Value, Span), span: Span) -> Option<(Expr, Expr)> {
        match (left, right) {
            ((Value::Expr(l), _), (Value::Expr(r), _)) => {
                if l.ty == r.ty {
                    return Some((l, r));
                }
                if let Some(both) = decimals::alike(&l, &r) {
                    return Some(both);
                }
                let finding = self.different(l.ty, r.ty, span);
                let finding = match self.spelled(&l, &r).or_else(|| self.spelled(&r, &l)) {
                    Some(word) => {
                        finding.help(format!("write the word of its list, without quotation marks: `{word}`"))
                    }
                    None => finding,
                };
                self.found.push(finding);
                None
            }
            ((Value::Expr(l), _), (r, at)) => {
                let r = self.coerced(r, at, l.ty)?;
                Some((l, r))
            }
            ((l, at), (Value::Expr(r), _)) => {
                let l = self.coerced(l, at, r.ty)?;
                Some((l, r))
            }
            ((Value::Word(l), _), (Value::Word(r), _)) => {
                // A word of some list is probably meant as one; it is the other that is mistyped.
                if !self.world.is_word(&l.value) || self.world.is_word(&r.value) {
                    self.found.push(self.unknown(&l));
                }
                if !self.world.is_word(&r.value) {
                    self.found.push(self.unknown(&r));
                }
                None
            }
            ((Value::Word(r), _), _) | (_, (Value::Word(r), _)) => {
                self.found.push(self.unknown(&r));
                None
            }
            ((Value::Number(_) | Value::Length(_), _), (Value::Number(_) | Value::Length(_), _)) => {
                let message = "both sides are plain numbers, so this says nothing about a row";
                self.found
                    .push(Diagnostic::new(code::TYPE_MISMATCH, span, message).help("compare with a column of the row"));
                None
            }
        }
    }

    /// The word of a column's list that the files spell as a text that it is compared with.
    fn spelled(&self, code: &Expr, text: &Expr) -> Option<&'w str> {
        let (Ty::Code(WordList::Column(table, column)), ExprKind::Text(text)) = (code.ty, &text.kind) else {
            return None;
        };
        let column = self.world.model.table(table).column(column);
        let ColumnType::Codes(words) = &column.ty else { return None };
        let word = column.word(text).filter(|word| !word.otherwise)?;
        words.get(word.place).map(String::as_str)
    }

    /// A number, length or word as a value of the other side's type.
    pub(super) fn coerced(&mut self, value: Value, span: Span, ty: Ty) -> Option<Expr> {
        match value {
            Value::Expr(e) => Some(e),
            Value::Word(name) => self.word_like(&name, ty),
            Value::Number(n) => match ty {
                Ty::Int | Ty::Length(_) => Some(never_null(ExprKind::Int(n), ty)),
                Ty::Decimal(_) => self.as_decimal(n, ty, span),
                Ty::Bool | Ty::Text | Ty::Date | Ty::Timestamp | Ty::Code(..) | Ty::Row(_) => {
                    self.found.push(self.cannot_compare(&words(self.world, ty), "a number", span));
                    None
                }
            },
            Value::Length(length) => self.length_like(length, span, ty),
        }
    }

    fn word_like(&mut self, name: &Name, ty: Ty) -> Option<Expr> {
        let Ty::Code(list) = ty else {
            if ty == Ty::Text {
                self.found.push(no_quotation_marks(name));
                return None;
            }
            let finding = match self.world.is_word(&name.value) {
                true => {
                    let word = format!("the word `{}`", name.value);
                    self.cannot_compare(&words(self.world, ty), &word, name.span)
                }
                false => self.unknown(name),
            };
            self.found.push(finding);
            return None;
        };
        let Some(place) = self.world.word(list, &name.value) else {
            self.found.push(self.unknown_code(&name.value, name.span, ty));
            return None;
        };
        // The language's own words are declared nowhere.
        if let WordList::Column(table, column) = list {
            self.means(name, self.world.keys.word(table, column, place));
        }
        Some(never_null(ExprKind::Code(place), ty))
    }

    fn length_like(&mut self, length: ast::Duration, span: Span, ty: Ty) -> Option<Expr> {
        let amount = match (ty, length.unit) {
            (Ty::Length(of), unit) if counted(unit) == Some(of) => Some(length.amount),
            (Ty::Length(Counted::Days), Unit::Weeks) => length.amount.checked_mul(7),
            (Ty::Length(Counted::Months), Unit::Years) => length.amount.checked_mul(12),
            (Ty::Length(of), _) => {
                self.found.push(units(of, length, span));
                return None;
            }
            (Ty::Date | Ty::Timestamp, _) => {
                let message = format!("a date cannot be compared with `{}`", length_words(length));
                let help = format!("compare it with another date: `x before y + {}`", length_words(length));
                self.found.push(Diagnostic::new(code::TYPE_MISMATCH, span, message).help(help));
                return None;
            }
            (Ty::Bool | Ty::Int | Ty::Decimal(_) | Ty::Text | Ty::Code(..) | Ty::Row(_), _) => {
                self.found.push(self.cannot_compare(&words(self.world, ty), "a length of time", span));
                return None;
            }
        };
        match amount {
            Some(n) => Some(never_null(ExprKind::Int(n), ty)),
            None => {
                self.found.push(super::dates::beyond(span));
                None
            }
        }
    }

    fn cannot_compare(&self, left: &str, right: &str, span: Span) -> Diagnostic {
        Diagnostic::new(code::TYPE_MISMATCH, span, format!("{left} cannot be compared with {right}"))
    }

    /// The finding that two types cannot be put against each other.
    pub(super) fn different(&self, left: Ty, right: Ty, span: Span) -> Diagnostic {
        let (l, r) = (words(self.world, left), words(self.world, right));
        let counts = Ty::is_number;
        match (left, right) {
            (Ty::Date, Ty::Timestamp) | (Ty::Timestamp, Ty::Date) => {
                day_of(span, "a time cannot be compared with a day".into())
            }
            _ if counts(left) && counts(right) => {
                Diagnostic::new(code::UNIT_MISMATCH, span, format!("{l} cannot be compared with {r}"))
                    .help("units are never converted into each other; count both in the same one")
            }
            (Ty::Code(_), Ty::Text) | (Ty::Text, Ty::Code(_)) => self
                .cannot_compare(&l, &r, span)
                .help("the words of a column's list are written without quotation marks"),
            (Ty::Date | Ty::Timestamp, Ty::Text) | (Ty::Text, Ty::Date | Ty::Timestamp) => {
                self.cannot_compare(&l, &r, span).help("a day is written without quotation marks, such as `2024-12-31`")
            }
            (of, Ty::Text) | (Ty::Text, of) if counts(of) => {
                self.cannot_compare(&l, &r, span).help("a number is written without quotation marks")
            }
            // `2014-06` reads as one number less another.
            (Ty::Date, Ty::Int) | (Ty::Int, Ty::Date) => self
                .cannot_compare(&l, &r, span)
                .help("a day is written with year, month and day, such as `2024-12-31`"),
            _ => self.cannot_compare(&l, &r, span),
        }
    }

    /// The operator, if it fits the type.
    fn operator(&mut self, op: &Spanned<Written>, ty: Ty) -> Option<CompareOp> {
        let times = matches!(ty, Ty::Date | Ty::Timestamp);
        let counts = ty.is_number();
        let (fits, found) = match op.value {
            Written::Equal => (true, CompareOp::Eq),
            Written::NotEqual => (true, CompareOp::Ne),
            Written::Less => (counts, CompareOp::Lt),
            Written::LessEqual => (counts, CompareOp::Le),
            Written::Greater => (counts, CompareOp::Gt),
            Written::GreaterEqual => (counts, CompareOp::Ge),
            Written::Before => (times, CompareOp::Lt),
            Written::OnOrBefore => (times, CompareOp::Le),
            Written::After => (times, CompareOp::Gt),
            Written::OnOrAfter => (times, CompareOp::Ge),
        };
        if fits {
            return Some(found);
        }
        let (sign, word) = match found {
            CompareOp::Lt => ("<", "before"),
            CompareOp::Le => ("<=", "on or before"),
            CompareOp::Gt => (">", "after"),
            CompareOp::Ge => (">=", "on or after"),
            CompareOp::Eq | CompareOp::Ne => ("=", "="),
        };
        let finding = match (times, counts) {
            (true, _) => Diagnostic::new(
                code::WRONG_COMPARISON,
                op.span,
                format!("`{sign}` is for numbers, and these are dates"),
            )
            .help(format!("write `{word}`")),
            (_, true) => Diagnostic::new(
                code::WRONG_COMPARISON,
                op.span,
                format!("`{word}` is for dates, and these are numbers"),
            )
            .help(format!("write `{sign}`")),
            _ => Diagnostic::new(code::TYPE_MISMATCH, op.span, format!("{} has no order", words(self.world, ty)))
                .help("write `=` or `!=`"),
        };
        self.found.push(finding);
        None
    }

    /// `x in { a, b }`, `x in CODES`, `date in window`.
    pub(super) fn is_in(&mut self, value: &'w ast::Expr, set: &'w InSet, not: bool) -> Option<Expr> {
        if let InSet::Named(path) = set
            && let [only] = path.value.as_slice()
            && only.value == "window"
        {
            let date = self.day(value, "`in window`")?;
            let inside = Expr::in_window(date);
            return Some(if not { negated(inside) } else { inside });
        }
        if let InSet::Values(values) = set {
            return self.is_one_of(value, values, not);
        }
        let typed = self.value(value);
        let listed = self.listed(set);
        let (typed, listed) = (typed?, listed?);
        let value = match typed {
            Value::Expr(e) if matches!(e.ty, Ty::Code(..)) => e,
            Value::Word(name) => {
                self.found.push(self.unknown(&name));
                return None;
            }
            Value::Expr(e) if e.ty == Ty::Text && matches!(set, InSet::Codes(_)) => {
                for word in listed {
                    self.found.push(no_quotation_marks(word));
                }
                return None;
            }
            other @ (Value::Expr(_) | Value::Number(_) | Value::Length(_)) => {
                let message =
                    format!("`in` asks about a word of a list, not about {}", value_words(self.world, &other));
                self.found.push(
                    Diagnostic::new(code::TYPE_MISMATCH, value.span, message)
                        .help("list values of its own kind, as in `{ 1, 2 }` or `{ 2024-07-04 }`, or write `... in window` for a day"),
                );
                return None;
            }
        };
        let ty = value.ty;
        let codes: Vec<Option<Expr>> = listed.iter().map(|word| self.word_like(word, ty)).collect();
        let mut codes: Vec<u16> = codes
            .into_iter()
            .map(|c| if let ExprKind::Code(i) = c?.kind { Some(i) } else { None })
            .collect::<Option<_>>()?;
        codes.sort_unstable();
        codes.dedup();
        let missing = value.missing;
        let inside = Expr {
            kind: ExprKind::InCodes { value: Box::new(value), codes },
            ty: Ty::Bool,
            missing,
            at: At::default(),
        };
        Some(if not { negated(inside) } else { inside })
    }

    /// `x in { "a", "b" }`, `x in { 1, 2 }`: equal to one of them, whatever their order.
    fn is_one_of(&mut self, value: &'w ast::Expr, values: &'w [ast::Expr], not: bool) -> Option<Expr> {
        let asked = self.value(value)?;
        let asked = self.typed(asked, value.span)?;
        let mut equal: Vec<(Literal, Expr)> = Vec::new();
        let mut sound = true;
        for listed in values {
            match self.equals(&asked, value.span, listed) {
                Some((literal, is)) => match equal.binary_search_by(|(other, _)| other.cmp(&literal)) {
                    Ok(_) => {}
                    Err(place) => equal.insert(place, (literal, is)),
                },
                None => sound = false,
            }
        }
        if !sound {
            return None;
        }
        (1..equal.len()).for_each(|_| self.stands_again(&asked));
        let mut all: Vec<Expr> = equal.into_iter().map(|(_, is)| is).collect();
        let inside = if all.len() == 1 {
            all.pop()?
        } else {
            let missing = can_be_missing(&all);
            Expr { kind: ExprKind::Or(all), ty: Ty::Bool, missing, at: At::default() }
        };
        Some(if not { negated(inside) } else { inside })
    }

    /// That a value is this one of a list.
    fn equals(&mut self, asked: &Expr, at: Span, listed: &'w ast::Expr) -> Option<(Literal, Expr)> {
        let value = match &listed.kind {
            // Between braces there are no names of columns.
            ast::ExprKind::Path(names) => Value::Word(names.first()?.clone()),
            _ => self.value(listed)?,
        };
        let (left, right) = self.one_type((Value::Expr(asked.clone()), at), (value, listed.span), listed.span)?;
        let (left, right) = self.in_one_case(left, right, listed.span)?;
        let literal = match &right.kind {
            ExprKind::Text(text) => Literal::Text(text.clone()),
            ExprKind::Date(day) => Literal::Date(*day),
            // Numbers with other digits after the point are others.
            ExprKind::Int(number) if matches!(right.ty, Ty::Decimal(_)) => Literal::Text(right.ty.written(*number)),
            ExprKind::Int(number) => Literal::Int(*number),
            ExprKind::Code(word) => Literal::Code(*word),
            _ => return None,
        };
        Some((literal, comparison(CompareOp::Eq, left, right)))
    }

    /// The words of a set.
    fn listed<'s>(&mut self, set: &'s InSet) -> Option<&'s [Name]>
    where
        'w: 's,
    {
        let path = match set {
            InSet::Codes(words) => return Some(words),
            InSet::Values(_) => return None,
            InSet::Named(path) => path,
        };
        let name = path.value.first()?;
        if path.value.len() == 1
            && let Some(codes) = self.world.codes.get(name.value.as_str())
        {
            self.means(name, self.world.keys.codes(&name.value));
            return Some(codes.values);
        }
        if self.world.is_broken(&name.value) {
            return None;
        }
        let known: Vec<_> = self.world.codes.keys().copied().collect();
        let written: Vec<_> = path.value.iter().map(|n| n.value.as_str()).collect();
        let message = format!("there is no set of codes called `{}`", written.join("."));
        let help = suggest::help(&name.value, "sets of codes", &known);
        self.found.push(Diagnostic::new(code::UNKNOWN_SET, path.span, message).help(help));
        None
    }

    /// `x is missing`, `x is known`.
    pub(super) fn is_missing(&mut self, value: &'w ast::Expr, known: bool) -> Option<Expr> {
        let typed = self.expr(value)?;
        if let Some(there) = self.is_there(&typed) {
            return Some(if known { there } else { negated(there) });
        }
        let missing = never_null(ExprKind::IsMissing(Box::new(typed)), Ty::Bool);
        Some(if known { negated(missing) } else { missing })
    }
}

/// The finding that a text stands without its quotation marks.
fn no_quotation_marks(name: &Name) -> Diagnostic {
    let message = format!("nothing here is called `{}`, and a text stands in quotation marks", name.value);
    Diagnostic::new(code::UNKNOWN_NAME, name.span, message).help(format!("write `\"{}\"`", name.value))
}

fn units(counts: Counted, length: ast::Duration, span: Span) -> Diagnostic {
    let (counted, written) = (counts.word(), length_words(length));
    let unit = super::types::unit_words(length.unit);
    let in_clock = |times: i64| {
        let amount = length.amount.saturating_mul(times);
        let days = if length.unit == Unit::Hours { "an hour has 60 minutes" } else { "a day has 24 hours" };
        format!("{days}: write `{amount} {counted}`")
    };
    let help = match (counts, length.unit) {
        (Counted::Hours, Unit::Days) => in_clock(24),
        (Counted::Hours, Unit::Weeks) => in_clock(7 * 24),
        (Counted::Minutes, Unit::Hours) => in_clock(60),
        (Counted::Minutes, Unit::Days) => in_clock(24 * 60),
        (Counted::Minutes, Unit::Weeks) => in_clock(7 * 24 * 60),
        (_, Unit::Hours | Unit::Minutes) => format!("count {unit} between times: `{unit} from T to U`"),
        (_, Unit::Months | Unit::Years) => {
            format!(
                "{counted} and {unit} are different units; count in them, `{unit} from A to B`, or compare dates: `B before A + {written}`"
            )
        }
        (Counted::BusinessDays, Unit::Days) => {
            format!("count in days, `days from A to B`, or write `{} business days`", length.amount)
        }
        (_, Unit::Days | Unit::Weeks) => "count in days: `days from A to B`".to_owned(),
        (_, Unit::BusinessDays) => format!(
            "count in business days, `business days from A to B`, or compare days: `B on or before A + {written}`"
        ),
    };
    let message = format!("a number of {counted} cannot be compared with `{written}`");
    Diagnostic::new(code::UNIT_MISMATCH, span, message).help(help)
}
