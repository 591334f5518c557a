//! Expressions as SQL. A condition that is not known, and a value that is missing, is NULL; so is
//! an open end, which comparisons take as a day after every other.

use super::Refused;
use super::names::{closed, day, joined, quoted};
use super::scope::Scope;
use super::writer::{Writer, place_among};
use crate::ir::expr::FARTHEST;
use crate::ir::{CompareOp, Expr, ExprKind, Missing, RowId, Ty, WindowPoint};
use crate::model::{ColumnId, Counted, TableId};

/// A day after every other, as an open end is.
const NEVER: &str = "'infinity'";

impl Writer<'_> {
    /// An expression as SQL.
    pub(super) fn value(&self, e: &Expr, scope: &Scope) -> Result<String, Refused> {
        match &e.kind {
            ExprKind::Bool(truth) => Ok(if *truth { "TRUE" } else { "FALSE" }.to_owned()),
            ExprKind::Int(number) => Ok(e.ty.written(*number)),
            ExprKind::Text(text) => Ok(quoted(text)),
            ExprKind::Date(date) => Ok(day(*date)),
            ExprKind::Code(place) => self.word(e.ty, *place),
            ExprKind::Window(point) => Ok(window_point(*point, scope)),
            ExprKind::AsOf => Ok(format!("{}.as_of", scope.window)),
            ExprKind::Column { row, links, column } => self.column_at(scope, *row, links, *column),
            ExprKind::Row { row, links } => self.row_at(scope, *row, links),
            ExprKind::And(all) => self.all_hold(&all.iter().flat_map(Expr::conjuncts).collect::<Vec<_>>(), scope),
            ExprKind::Or(all) => Ok(joined("OR", &self.alternatives(all, scope)?)),
            ExprKind::Not(e) => Ok(format!("NOT {}", closed(&self.value(e, scope)?))),
            ExprKind::Compare { op, left, right } => self.compared(*op, left, right, scope),
            ExprKind::InCodes { value, codes } => {
                let words: Vec<String> =
                    codes.iter().map(|place| self.word(value.ty, *place)).collect::<Result<_, _>>()?;
                let value = closed(&self.value(value, scope)?);
                // In an empty list is nothing, and of what is missing that is not known.
                match words.as_slice() {
                    [] => Ok(format!("{value} <> {value}")),
                    [one] => Ok(format!("{value} = {one}")),
                    _ => Ok(format!("{value} IN ({})", words.join(", "))),
                }
            }
            ExprKind::InWindow(day) => {
                let (start, end) = (format!("{}.window_start", scope.window), format!("{}.window_end", scope.window));
                let text = self.or_never(day, scope)?;
                Ok(format!("{text} >= {start} AND {text} < {end}"))
            }
            ExprKind::IsMissing(value) => Ok(format!("{} IS NULL", closed(&self.value(value, scope)?))),
            ExprKind::Shift { date, months, days, minutes } => {
                let text = self.value(date, scope)?;
                Ok(shifted(&text, date.ty, (*months, *days, *minutes)))
            }
            ExprKind::BusinessDay { date, days } => {
                let day = self.value(date, scope)?;
                self.business_day(&day, *days)
            }
            ExprKind::Call { function, of } => self.called(*function, e, of, scope),
            ExprKind::Elsewhere(day) => self.elsewhere(day, scope),
            ExprKind::Move { date, by, back } => self.moved(date, by, *back, scope),
            ExprKind::Linked(q) => self.linked(e, q, scope),
        }
    }

    /// Conditions of which all must hold; `TRUE` of none.
    pub(super) fn all_hold(&self, all: &[&Expr], scope: &Scope) -> Result<String, Refused> {
        let one = |e: &&Expr| {
            let text = self.value(e, scope)?;
            Ok(if matches!(e.kind, ExprKind::Or(_)) { closed(&text) } else { text })
        };
        let all: Vec<String> = all.iter().map(one).collect::<Result<_, Refused>>()?;
        Ok(if all.is_empty() { "TRUE".to_owned() } else { joined("AND", &all) })
    }

    fn alternatives(&self, all: &[Expr], scope: &Scope) -> Result<Vec<String>, Refused> {
        let one = |e: &Expr| {
            let text = self.value(e, scope)?;
            Ok(if text.contains(" AND ") { closed(&text) } else { text })
        };
        all.iter().map(one).collect()
    }

    /// The parts of a condition that are never unknown, and the others. Where one of the first is
    /// false, the whole is, so they may be asked before all else.
    pub(super) fn parted<'e>(&self, condition: &'e Expr, scope: &Scope) -> (Vec<&'e Expr>, Vec<&'e Expr>) {
        condition.conjuncts().into_iter().partition(|e| self.is_known(e, scope))
    }

    /// A word of the list of a type, as a literal.
    fn word(&self, ty: Ty, place: u16) -> Result<String, Refused> {
        let Ty::Code(list) = ty else { return Err(Refused::internal("a word of no list")) };
        list.word(self.model, place).map(quoted).ok_or_else(|| Refused::internal("a word that its list lacks"))
    }

    /// The row of a variable.
    pub(super) fn seen<'s>(&self, scope: &'s Scope<'s>, row: RowId) -> Result<&'s Scope<'s>, Refused> {
        scope.find(row).ok_or_else(|| Refused::internal("a row that is not in sight"))
    }

    fn column_at(&self, scope: &Scope, row: RowId, links: &[ColumnId], column: ColumnId) -> Result<String, Refused> {
        let (table, alias) = self.reach(scope, row, links)?;
        Ok(self.column(&alias, table, column))
    }

    /// The row that links lead to, and its name.
    fn reach(&self, scope: &Scope, row: RowId, links: &[ColumnId]) -> Result<(TableId, String), Refused> {
        self.seen(scope, row)?.reached(self, links).ok_or_else(|| Refused::internal("a path that leads nowhere"))
    }

    /// What the row is told by that links lead to: of a link it holds the key already.
    pub(super) fn row_at(&self, scope: &Scope, row: RowId, links: &[ColumnId]) -> Result<String, Refused> {
        match links.split_last() {
            None => {
                let seen = self.seen(scope, row)?;
                Ok(self.identity(&seen.alias, seen.table))
            }
            Some((last, before)) => {
                let (table, alias) = self.reach(scope, row, before)?;
                Ok(self.column(&alias, table, *last))
            }
        }
    }

    /// A day, where an open end is the day after every other.
    fn or_never(&self, day: &Expr, scope: &Scope) -> Result<String, Refused> {
        let text = closed(&self.value(day, scope)?);
        Ok(if day.missing == Missing::OpenEnd { format!("coalesce({text}, {NEVER})") } else { text })
    }

    fn compared(&self, op: CompareOp, left: &Expr, right: &Expr, scope: &Scope) -> Result<String, Refused> {
        let (a, b) = (self.compared_side(left, scope)?, self.compared_side(right, scope)?);
        let sign = sign(op);
        if left.missing == Missing::OpenEnd && right.missing == Missing::OpenEnd {
            let (x, y) = (format!("coalesce({a}, {NEVER})"), format!("coalesce({b}, {NEVER})"));
            // Of two that are open, each is not the other, and nothing else is true.
            return Ok(match op {
                CompareOp::Lt | CompareOp::Gt => format!("{x} {sign} {y}"),
                CompareOp::Eq => format!("coalesce({a} = {b}, FALSE)"),
                CompareOp::Ne => format!("coalesce({a} <> {b}, TRUE)"),
                CompareOp::Le => format!("{a} IS NOT NULL AND {a} <= {y}"),
                CompareOp::Ge => format!("{b} IS NOT NULL AND {x} >= {b}"),
            });
        }
        let side = |e: &Expr, text: String| match e.missing {
            Missing::OpenEnd => format!("coalesce({text}, {NEVER})"),
            Missing::Never | Missing::Unknown => text,
        };
        Ok(format!("{} {sign} {}", side(left, a), side(right, b)))
    }

    /// One side of a comparison, in the order of its type.
    fn compared_side(&self, e: &Expr, scope: &Scope) -> Result<String, Refused> {
        Ok(closed(&self.value(e, scope)?))
    }

    /// The value in the form in which values of its type stand in order: a word by its place in its
    /// list, a row by the order of its table.
    pub(super) fn in_order(&self, e: &Expr, scope: &Scope) -> Result<String, Refused> {
        let text = self.value(e, scope)?;
        match e.ty {
            Ty::Code(list) => Ok(place_among(&closed(&text), &list.words(self.model))),
            Ty::Text => Ok(self.says.by_bytes(&closed(&text))),
            Ty::Row(table) if self.model.table(table).key.is_some() => Ok(self.says.by_bytes(&closed(&text))),
            Ty::Bool | Ty::Int | Ty::Decimal(_) | Ty::Length(_) | Ty::Date | Ty::Timestamp | Ty::Row(_) => Ok(text),
        }
    }

    fn moved(&self, date: &Expr, by: &Expr, back: bool, scope: &Scope) -> Result<String, Refused> {
        let Ty::Length(counted) = by.ty else { return Err(Refused::internal("a day moved by no length of time")) };
        let (date, number) = (closed(&self.value(date, scope)?), closed(&self.value(by, scope)?));
        let interval = self.says.interval(&number, counted).ok_or_else(|| Refused::internal("a day moved by hours"))?;
        let sign = if back { "-" } else { "+" };
        let moved = match counted {
            Counted::Days => format!("{date} {sign} CAST({number} AS INTEGER)"),
            Counted::Months | Counted::Years | Counted::BusinessDays | Counted::Hours | Counted::Minutes => {
                format!("CAST({date} {sign} {interval} AS DATE)")
            }
        };
        match by.written_range() {
            Some((least, most)) if least.abs().max(most.abs()) <= FARTHEST => Ok(moved),
            Some(_) | None => Ok(format!("CASE WHEN abs({number}) <= {FARTHEST} THEN {moved} END")),
        }
    }

    /// Whether a value is missing of no sound row but where it is an open end, and a condition is
    /// never unknown.
    pub(super) fn is_known(&self, e: &Expr, scope: &Scope) -> bool {
        // What is still open may be said to be unknown.
        if e.ty != Ty::Bool && e.missing == Missing::Unknown {
            return false;
        }
        let inside = || e.children().into_iter().all(|inner| self.is_known(inner, scope));
        match &e.kind {
            ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::Text(_)
            | ExprKind::Date(_)
            | ExprKind::Code(_)
            | ExprKind::Window(_)
            | ExprKind::AsOf
            | ExprKind::IsMissing(_) => true,
            ExprKind::Column { row, links, column } => self.leads(scope, *row, links, Some(*column)),
            ExprKind::Row { row, links } => self.leads(scope, *row, links, None),
            ExprKind::And(_) | ExprKind::Or(_) | ExprKind::Not(_) => inside(),
            ExprKind::Compare { .. } | ExprKind::InCodes { .. } | ExprKind::InWindow(_) => inside(),
            ExprKind::Shift { .. } | ExprKind::BusinessDay { .. } => inside(),
            // What they make of an open end is missing, and no open end.
            ExprKind::Call { .. } | ExprKind::Move { .. } => e.missing != Missing::Unknown && inside(),
            ExprKind::Elsewhere(_) | ExprKind::Linked(_) => false,
        }
    }

    /// Whether every sound row of a variable leads to a row by these links, which has this column.
    fn leads(&self, scope: &Scope, row: RowId, links: &[ColumnId], column: Option<ColumnId>) -> bool {
        let Some(seen) = scope.find(row) else { return false };
        let mut table = self.model.table(seen.table);
        for link in links {
            let column = table.column(*link);
            let Some(target) = column.target().filter(|_| !column.optional) else { return false };
            table = self.model.table(target);
        }
        column.is_none_or(|id| table.places(id) && (!table.column(id).optional || table.has_open_end(id)))
    }
}

/// A point of the window.
fn window_point(point: WindowPoint, scope: &Scope) -> String {
    let window = &scope.window;
    match point {
        WindowPoint::Start => format!("{window}.window_start"),
        WindowPoint::End => format!("{window}.window_end"),
        WindowPoint::LastDay => format!("({window}.window_end - 1)"),
    }
}

/// A day or a time moved on.
fn shifted(text: &str, ty: Ty, (months, days, minutes): (i32, i32, i32)) -> String {
    let mut moved = closed(text);
    let plus = |moved: &str, number: i32, unit: &str| match number {
        0 => moved.to_owned(),
        _ if number < 0 => format!("{moved} - INTERVAL '{} {unit}'", number.unsigned_abs()),
        _ => format!("{moved} + INTERVAL '{number} {unit}'"),
    };
    if ty == Ty::Timestamp {
        for (number, unit) in [(months, "months"), (days, "days"), (minutes, "minutes")] {
            moved = plus(&moved, number, unit);
        }
        return moved;
    }
    if months != 0 {
        moved = format!("CAST({} AS DATE)", plus(&moved, months, "months"));
    }
    match days {
        0 => moved,
        _ if days < 0 => format!("{moved} - {}", days.unsigned_abs()),
        _ => format!("{moved} + {days}"),
    }
}

fn sign(op: CompareOp) -> &'static str {
    match op {
        CompareOp::Eq => "=",
        CompareOp::Ne => "<>",
        CompareOp::Lt => "<",
        CompareOp::Le => "<=",
        CompareOp::Gt => ">",
        CompareOp::Ge => ">=",
    }
}
