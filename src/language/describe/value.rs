//! Values in a sentence.
//!
//! A value with one part is written in the sentence (`the day 12 months after ...`). A value with
//! two parts is, too, when neither part is such a pair (`the earlier of ... and ...`). All others
//! get a name, and a line that says what the name stands for.

use super::notes::Note;
use super::page::Point;
use super::words::{day, decimal, months, number, of_clock, plain, quoted, so_many};
use super::writer::Writer;
use crate::functions::{self, English};
use crate::ir::{Ask, Expr, ExprKind, Function, Ty, WindowPoint};
use crate::model::Counted;

impl Writer<'_> {
    pub(super) fn value(&mut self, e: &Expr) -> String {
        if self.name_in_file(e).is_some() {
            return self.name(e, noun(e.ty), |w, name| w.meaning(e, name));
        }
        self.unnamed(e)
    }

    /// `SUBJECT: the number of ...`: a value that the text names nowhere else, or here first, with
    /// what it says of rows below it.
    pub(super) fn told(&mut self, subject: &str, e: &Expr) -> Point {
        if let Some(name) = self.first_named(e) {
            return self.with_names(|w| w.meaning(e, &name)).after(&format!("{subject}: ")).sentence();
        }
        match &e.kind {
            ExprKind::Linked(q) if q.ask != Ask::Exists && self.named_before(e).is_none() => {
                self.with_names(|w| w.asked(q)).after(&format!("{subject}: ")).sentence()
            }
            _ => self.point(|w| format!("{subject}: {}.", w.value(e))),
        }
    }

    /// What a name stands for.
    fn meaning(&mut self, e: &Expr, name: &str) -> Point {
        match &e.kind {
            ExprKind::Linked(q) if q.ask != Ask::Exists => self.asked(q).after(&format!("{name} is ")),
            ExprKind::Move { date, by, back } => self.moved(date, by, *back, name),
            ExprKind::Call { function: Function::IfElse, of } => self.chosen(of, name),
            ExprKind::Call { function, of } if self.is_list(*function, of) => self.listed(*function, of, name),
            _ if e.ty == Ty::Bool => self.clause(e).after(&format!("{name} is whether ")),
            _ => self.point(|w| format!("{name} is {}", w.unnamed(e))),
        }
    }

    fn unnamed(&mut self, e: &Expr) -> String {
        match &e.kind {
            ExprKind::Bool(truth) => truth.to_string(),
            ExprKind::Int(n) => match e.ty {
                Ty::Length(counted) => so_many(*n, counted.word().trim_end_matches('s')),
                Ty::Decimal(_) => decimal(e.ty, *n),
                Ty::Int | Ty::Bool | Ty::Text | Ty::Date | Ty::Timestamp | Ty::Code(..) | Ty::Row(_) => number(*n),
            },
            ExprKind::Text(text) => format!("{text:?}"),
            ExprKind::Date(date) => day(*date),
            ExprKind::Code(i) => self.code(e.ty, *i),
            ExprKind::Window(WindowPoint::Start) => "the first day of the period".to_owned(),
            ExprKind::Window(WindowPoint::LastDay) => "the last day of the period".to_owned(),
            ExprKind::Window(WindowPoint::End) => "the day after the period".to_owned(),
            ExprKind::AsOf => {
                self.note(Note::AsOf);
                "the last day of the data".to_owned()
            }
            ExprKind::Column { row, links, column } => self.column((*row, links, *column), e.missing),
            ExprKind::Row { row, links } => self.reached(*row, links),
            ExprKind::And(_)
            | ExprKind::Or(_)
            | ExprKind::Not(_)
            | ExprKind::Compare { .. }
            | ExprKind::InCodes { .. }
            | ExprKind::InWindow(_)
            | ExprKind::Elsewhere(_)
            | ExprKind::IsMissing(_) => self.answer(e),
            ExprKind::Shift { date, months, days, minutes } => {
                if let Some(last) = self.last_day_of(e) {
                    return last;
                }
                self.shift(e.ty, date, [*months, *days, *minutes])
            }
            ExprKind::BusinessDay { date, days } => {
                self.note(Note::BusinessDays);
                let (n, word) = (i64::from(*days), if *days < 0 { "before" } else { "after" });
                format!("the day {} {word} {}", so_many(n.abs(), "business day"), self.value(date))
            }
            ExprKind::Call { function, of } => match self.last_day_of(e) {
                Some(last) => last,
                None => self.call(e, *function, of),
            },
            ExprKind::Linked(q) if q.ask == Ask::Exists => self.answer(e),
            ExprKind::Move { date, by, back } if is_short(date) && is_short(by) => {
                self.note(Note::Months);
                let way = if *back { "before" } else { "after" };
                let (unit, from) = (by.ty.moves_by(), self.value(date));
                format!("the day as many {unit} {way} {from} as {} says", self.value(by))
            }
            ExprKind::Move { .. } | ExprKind::Linked(_) => self.name(e, noun(e.ty), |w, name| w.meaning(e, name)),
        }
    }

    /// A word of a list.
    pub(super) fn code(&self, ty: Ty, index: u16) -> String {
        let Ty::Code(list) = ty else { return index.to_string() };
        list.word(self.model, index).map(quoted).unwrap_or_default()
    }

    /// The id of a linked row, as a value by which rows are ordered.
    pub(super) fn id_of(&mut self, e: &Expr) -> String {
        let key = match e.ty {
            Ty::Row(table) => self.model.table(table).key.map(|k| plain(&self.model.table(table).column(k).name)),
            Ty::Bool
            | Ty::Int
            | Ty::Decimal(_)
            | Ty::Length(_)
            | Ty::Text
            | Ty::Date
            | Ty::Timestamp
            | Ty::Code(..) => None,
        };
        let row = self.value(e);
        format!("the {} of {row}", quoted(&key.unwrap_or_else(|| "id".to_owned())))
    }

    /// A condition as a value.
    fn answer(&mut self, e: &Expr) -> String {
        self.name(e, "answer", |w, name| w.meaning(e, name))
    }

    fn shift(&mut self, ty: Ty, date: &Expr, by: [i32; 3]) -> String {
        if by[0] != 0 {
            self.note(Note::Months);
        }
        let what = if ty == Ty::Timestamp { "time" } else { "day" };
        let date = self.value(date);
        match by {
            [0, 1, 0] if ty != Ty::Timestamp => return format!("the day after {date}"),
            [0, -1, 0] if ty != Ty::Timestamp => return format!("the day before {date}"),
            _ => {}
        }
        let [m, d, clock] = by.map(i64::from);
        let steps = [(m, months(m.abs())), (d, so_many(d.abs(), "day")), (clock, of_clock(clock.abs()))];
        let steps: Vec<_> = steps.into_iter().filter(|(n, _)| *n != 0).collect();
        let way = |n: i64| if n < 0 { "before" } else { "after" };
        let said = match steps.as_slice() {
            [] => format!("{} after", so_many(0, what)),
            all if all.iter().all(|(n, _)| *n > 0) || all.iter().all(|(n, _)| *n < 0) => {
                let parts: Vec<&str> = all.iter().map(|(_, words)| words.as_str()).collect();
                format!("{} {}", parts.join(" plus "), way(all[0].0))
            }
            all => {
                let way = |n: i64| if n < 0 { "back" } else { "forward" };
                let parts: Vec<String> = all.iter().map(|(n, words)| format!("{words} {}", way(*n))).collect();
                return format!("the {what} found by going {} from {date}", parts.join(", then "));
            }
        };
        format!("the {what} {said} {date}")
    }

    /// A function of values. The days of a stay are said as such.
    fn call(&mut self, e: &Expr, function: Function, of: &[Expr]) -> String {
        if let (Function::DaysBetween, [a, b]) = (function, of)
            && let Some(said) = self.days_of_stay(a, b)
        {
            return said;
        }
        if function == Function::BusinessDaysBetween {
            self.note(Note::BusinessDays);
            self.note(Note::CountedBusinessDays);
        }
        // A number that is only given more decimals.
        if let (Function::Times, [Expr { kind: ExprKind::Int(n), ty: ty @ Ty::Decimal(_), .. }, value]) = (function, of)
            && *n == ty.one()
        {
            return self.value(value);
        }
        match (functions::definition(function).english, of) {
            (English::Of(words), [one]) => format!("{words} {}", self.value(one)),
            (English::FromTo(words), [a, b]) => {
                if matches!(e.ty, Ty::Length(Counted::Months | Counted::Years)) {
                    self.note(Note::Months);
                }
                self.between(words, a, b)
            }
            (English::OfSeveral { pair, .. }, of) => self.among(e, of, pair),
            (English::Minus, [a, b]) if !self.is_pair(a) && !self.is_pair(b) => {
                let first = self.value(a);
                format!("{first} minus {}", self.value(b))
            }
            (English::Minus | English::Chosen, _) => self.name(e, noun(e.ty), |w, name| w.meaning(e, name)),
            // No function is written with another number of values.
            (English::Of(words) | English::FromTo(words), _) => words.to_owned(),
        }
    }

    /// The last day of a stay that may be open, in words.
    fn last_day_of(&mut self, e: &Expr) -> Option<String> {
        let place = self.last_day(e)?;
        self.note(if self.is_through(place) { Note::LastDayThrough } else { Note::LastDay });
        Some(format!("the last day of {}", self.stay(place)))
    }

    fn days_of_stay(&mut self, a: &Expr, b: &Expr) -> Option<String> {
        if let Some(place) = self.length(a, b) {
            self.note(if self.is_through(place) { Note::LengthThrough } else { Note::Length });
            return Some(format!("the length of {} in days", self.stay(place)));
        }
        let place = self.days_inside(a, b)?;
        Some(format!("the number of days of the period on which {} is open", self.stay(place)))
    }

    fn between(&mut self, what: &str, a: &Expr, b: &Expr) -> String {
        let from = self.value(a);
        format!("{what} from {from} to {}", self.value(b))
    }

    /// One of several values.
    fn among(&mut self, e: &Expr, of: &[Expr], pair: &str) -> String {
        if let [a, b] = of
            && !self.is_pair(a)
            && !self.is_pair(b)
        {
            let first = self.value(a);
            return format!("the {pair} of {first} and {}", self.value(b));
        }
        self.name(e, noun(e.ty), |w, name| w.meaning(e, name))
    }

    /// Whether a value is one of several that stand in a list.
    fn is_list(&self, function: Function, of: &[Expr]) -> bool {
        let one_of = matches!(functions::definition(function).english, English::OfSeveral { .. } | English::Minus);
        one_of && !matches!(of, [a, b] if !self.is_pair(a) && !self.is_pair(b))
    }

    fn listed(&mut self, function: Function, of: &[Expr], name: &str) -> Point {
        let head = match functions::definition(function).english {
            English::OfSeveral { list, .. } => format!("{name} is the {list} of these:"),
            English::Minus => format!("{name} is the first of these minus the second:"),
            English::Of(words) | English::FromTo(words) => format!("{name} is {words} these:"),
            English::Chosen => format!("{name} is one of these:"),
        };
        let mut all = Vec::new();
        of.iter().for_each(|one| self.summands(function, one, &mut all));
        Point::over(head, all.into_iter().map(|one| self.point(|w| w.value(one))).collect())
    }

    /// A value of a list; of a sum in a sum, each of its numbers.
    fn summands<'e>(&self, function: Function, one: &'e Expr, all: &mut Vec<&'e Expr>) {
        match one.call(Function::Plus) {
            Some(of) if function == Function::Plus && self.named_before(one).is_none() => {
                of.iter().for_each(|one| self.summands(function, one, all));
            }
            _ => all.push(one),
        }
    }

    /// A value that conditions choose: the first of which the condition is true.
    fn chosen(&mut self, of: &[Expr], name: &str) -> Point {
        let (mut points, mut rest) = (Vec::new(), of);
        while let [condition, value, otherwise] = rest {
            points.push(self.with_names(|w| {
                let value = w.value(value);
                let clause = w.clause(condition);
                match clause.text.ends_with(':') {
                    true => Point::over(format!("{value}, if this is true:"), vec![clause]),
                    false => clause.after(&format!("{value}, if ")),
                }
            }));
            rest = match otherwise.call(Function::IfElse) {
                Some(further) if self.named_before(otherwise).is_none() => further,
                _ => {
                    points.push(self.point(|w| format!("otherwise {}", w.value(otherwise))));
                    &[]
                }
            };
        }
        Point::over(
            format!("{name} is the first of these that applies, and not known where that is not known:"),
            points,
        )
    }

    /// Whether the wording of the value contains two values that are joined by `and`.
    pub(super) fn is_pair(&self, e: &Expr) -> bool {
        if self.name_in_file(e).is_some() {
            return false;
        }
        match &e.kind {
            ExprKind::Call { .. } if self.last_day(e).is_some() => false,
            ExprKind::Call { function, of } => match functions::definition(*function).english {
                English::OfSeveral { .. } | English::Minus => {
                    matches!(of.as_slice(), [a, b] if !self.is_pair(a) && !self.is_pair(b))
                }
                English::Chosen => false,
                English::Of(_) => of.iter().any(|inner| self.is_pair(inner)),
                English::FromTo(_) => true,
            },
            ExprKind::Shift { .. } if self.last_day(e).is_some() => false,
            ExprKind::Shift { date: inner, .. } | ExprKind::BusinessDay { date: inner, .. } => self.is_pair(inner),
            ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::Text(_)
            | ExprKind::Date(_)
            | ExprKind::Code(_)
            | ExprKind::Window(_)
            | ExprKind::AsOf
            | ExprKind::Column { .. }
            | ExprKind::Row { .. }
            | ExprKind::And(_)
            | ExprKind::Or(_)
            | ExprKind::Not(_)
            | ExprKind::Compare { .. }
            | ExprKind::InCodes { .. }
            | ExprKind::InWindow(_)
            | ExprKind::Elsewhere(_)
            | ExprKind::IsMissing(_)
            | ExprKind::Move { .. }
            | ExprKind::Linked(_) => false,
        }
    }

    fn moved(&mut self, date: &Expr, by: &Expr, back: bool, name: &str) -> Point {
        self.note(Note::Months);
        let unit = by.ty.moves_by();
        let way = if back { "before" } else { "after" };
        let from = self.point(|w| format!("the {unit} are counted from {}", w.value(date)));
        let by = self.point(|w| format!("their number is {}", w.value(by)));
        Point::over(format!("{name} lies a number of {unit} {way} another day:"), vec![from, by])
    }
}

/// Whether a value is a column, a day of the period or a number: no words of it can be taken for
/// those around it.
fn is_short(e: &Expr) -> bool {
    matches!(
        e.kind,
        ExprKind::Column { .. } | ExprKind::Window(_) | ExprKind::AsOf | ExprKind::Date(_) | ExprKind::Int(_)
    )
}

/// What a value with a letter is called.
fn noun(ty: Ty) -> &'static str {
    match ty {
        Ty::Date => "day",
        Ty::Timestamp => "time",
        Ty::Int | Ty::Decimal(_) | Ty::Length(_) => "number",
        Ty::Bool => "answer",
        Ty::Text | Ty::Code(..) | Ty::Row(_) => "value",
    }
}
