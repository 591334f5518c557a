//! The explanations that the sentences need, each once: what words mean, and the part of the model
//! that is needed to read them.

use super::page::Point;
use super::words::{capital, day, joined, one, plain, quoted};
use super::writer::Writer;
use crate::model::{BusinessDays, ColumnId, Model, TableId, Times};

/// Something that has to be explained, in the order of the explanations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Note {
    /// Words for what comes before and after.
    Before,
    /// Days are moved by months.
    Months,
    /// The last day of the data.
    AsOf,
    /// What business days are.
    BusinessDays,
    /// The stay of a row of this table.
    Stay(TableId),
    /// How long a stay is.
    Length(TableId),
    /// Days of a stay in the period.
    DaysInside(TableId),
    /// The last day of a stay.
    LastDay(TableId),
    /// A column that is empty while something has not ended or happened.
    Open(TableId, ColumnId),
    /// Something else may be missing.
    Unknown,
    /// A value made of other rows.
    Rows,
    /// A question is about rows whose owner may be missing.
    Owner,
    /// Who holds a row on another day.
    Elsewhere,
    /// A link that depends on the day.
    Dated(TableId, usize),
    /// A column that the description names.
    Column(TableId, ColumnId),
}

pub(super) fn points(w: &Writer<'_>) -> Vec<Point> {
    w.notes.iter().filter_map(|note| explained(w, *note)).map(Point::new).collect()
}

fn explained(w: &Writer<'_>, note: Note) -> Option<String> {
    let model = w.model;
    let stay = |table: TableId| {
        let of = model.table(table);
        of.spans.map(|s| (plain(&of.name), quoted(&of.column(s.from).name), quoted(&of.column(s.until).name)))
    };
    Some(match note {
        Note::Before => "\"Before\" and \"after\" a day do not include that day; \"on or before\" and \"on or \
            after\" do."
            .into(),
        Note::Months => "Months and years are those of the calendar: 12 months after 10 March is 10 March of the \
            next year, and where a month has no such day, its last day is taken."
            .into(),
        Note::AsOf => "The last day of the data is the day through which the data is complete.".into(),
        Note::BusinessDays => business(model, model.business?),
        Note::Stay(table) => {
            let (name, from, until) = stay(table)?;
            let end = if model.table(table).column(model.table(table).spans?.until).optional {
                format!(", and without end while {until} is empty")
            } else {
                String::new()
            };
            format!(
                "{} is open from its {from} date, that day included, to its {until} date, that day not \
                included{end}.",
                capital(&one(&name))
            )
        }
        Note::Length(table) => {
            let (name, from, until) = stay(table)?;
            format!(
                "The length of {} is the number of days from {from} to {until}, the day of {until} not counted; \
                while it is open, it runs through the last day of the data, that day counted.",
                one(&name)
            )
        }
        Note::DaysInside(table) => {
            format!("The number of days on which {} is open is 0 when there is no such day.", one(&stay(table)?.0))
        }
        Note::LastDay(table) => {
            let (name, _, until) = stay(table)?;
            format!(
                "The last day of {} is the day before {until}; while it is open, it is the last day of the \
                data.",
                one(&name)
            )
        }
        Note::Open(table, column) => {
            let of = model.table(table);
            let (table, name) = (plain(&of.name), quoted(&of.column(column).name));
            let as_it_stands = match w.indicator.as_it_stands {
                true => " that has come; whether it is later than a day that has not is not known",
                false => "",
            };
            format!(
                "While {name} of {} is empty, it has not come yet. That is known: it counts as later than every \
                day{as_it_stands}.",
                one(&table)
            )
        }
        Note::Unknown => {
            let other = if w.notes.iter().any(|n| matches!(n, Note::Open(..))) { "Any other" } else { "An" };
            format!(
                "{other} empty value is not known. A condition that needs it is then neither true nor false, \
                unless the other conditions give the answer without it; what is calculated from it is missing, too."
            )
        }
        Note::Rows => "A number or a day made of several rows is missing when missing data leaves open of one of \
            them whether it counts, or when the value of one that counts is missing. Where none counts, a number is \
            0 and a day is missing."
            .into(),
        Note::Owner => "Where it is not known whose rows are asked about, because what leads to them is empty, \
            the answer is not known, either; it is not taken as if there were none."
            .into(),
        Note::Elsewhere => {
            let whole = model.levels.first().map(|l| plain(&l.name))?;
            let below = model.levels.get(1).map(|l| plain(&l.name))?;
            format!(
                "Whether it counts for another is asked at each level: who moves inside {} has another holder below it \
                    only. At the {whole}, it counts for nobody when it has no {below}, though it had one. A day that has \
                    not come yet is no move.",
                one(&below)
            )
        }
        Note::Dated(table, i) => {
            let of = model.table(table);
            let link = of.dated.get(i)?;
            let (name, through) = (plain(&link.name), plain(&model.table(link.through).name));
            format!(
                "The {name} of {} on a day is the one of the {through} that is open on that day; of several, \
                the one that began last, and of those the one with the smallest id of the {name}.",
                one(&plain(&of.name))
            )
        }
        Note::Column(..) => return None,
    })
}

fn business(model: &Model, days: BusinessDays) -> String {
    const NAMES: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    let are: Vec<usize> = (0..7).filter(|i| days.weekdays[*i]).collect();
    let names: Vec<String> = are.iter().map(|i| NAMES[*i].to_owned()).collect();
    let said = match (names.as_slice(), are.as_slice()) {
        ([from, _, .., to], [first, .., last]) if last - first + 1 == are.len() => format!("{from} to {to}"),
        _ => joined(&names, "and"),
    };
    let except = days.except.map(|(table, column)| {
        let of = model.table(table);
        format!(", except the days in {} of {}", quoted(&of.column(column).name), plain(&of.name))
    });
    format!(
        "Business days are {}{}. The first business day after a day is the next one that is such a day.",
        said,
        except.unwrap_or_default()
    )
}

/// The columns of the data by the names they have there.
pub(super) fn data(w: &Writer<'_>) -> Vec<Point> {
    let said = w.indicator.reads(w.model).into_iter().map(|(table, columns)| {
        let of = w.model.table(table);
        let columns: Vec<String> = columns.iter().map(|c| format!("`{}`", of.column(*c).name)).collect();
        let columns = if columns.is_empty() { "which rows there are".to_owned() } else { columns.join(", ") };
        Point::new(format!("`{}` ({}): {columns}", of.name, of.title))
    });
    let example = w.notes.iter().find_map(|n| if let Note::Column(t, c) = n { Some((*t, *c)) } else { None });
    let words = example.map(|(t, c)| {
        let column = &w.model.table(t).column(c).name;
        let quoted = quoted(column);
        Point::new(format!(
            "Words in quotation marks are columns and codes of the data, without the underscores: \
            {quoted} is `{column}`."
        ))
    });
    let read = Point::over("These tables and columns are read:", said.collect());
    let days: Vec<String> = w.model.missing_dates.iter().map(|d| day(*d)).collect();
    let empty = (!days.is_empty())
        .then(|| Point::new(format!("A date or time of {} counts as empty, wherever it stands.", joined(&days, "or"))));
    let nothing: Vec<String> = w.model.missing_words.iter().map(|word| format!("`{word}`")).collect();
    let nothing = (!nothing.is_empty()).then(|| {
        Point::new(format!("A cell that says {} counts as empty, wherever it stands.", joined(&nothing, "or")))
    });
    let times = match &w.model.times {
        Times::Undeclared => None,
        Times::Local => Some(Point::new("A time that does not say whether it is local counts as local.".to_owned())),
        Times::LocalTo(zone) => Some(Point::new(format!(
            "Times are local to {}: an instant counts as what the clocks there showed, and a day written as an instant as the day that begins with it.",
            zone.name()
        ))),
    };
    let share = w.model.limit();
    let share = {
        // A share such as 0.07 is not an exact number of percent.
        let percent = (share * 1_000_000.0).round() / 10_000.0;
        Point::new(format!(
            "Rows whose identity or place breaks the rules of the data are set aside; any other value that breaks them counts as not \
                known. Where either is more than {percent}% of a table or column that is read here, no figure is shown."
        ))
    };
    let written = super::written::points(w);
    words.into_iter().chain([read]).chain(written).chain(empty).chain(nothing).chain(times).chain([share]).collect()
}
