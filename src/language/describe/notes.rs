//! The explanations that the sentences need, each once: what words mean, and the part of the model
//! that is needed to read them.

use super::page::Point;
use super::words::{capital, day, joined, one, plain, quoted};
use crate::model::{BusinessDays, ColumnId, Model, TableId, Times};
use std::collections::BTreeSet;

/// Something that has to be explained, in the order of the explanations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Note {
    /// A column that the description names.
    Column(TableId, ColumnId),
    /// Words for what comes before and after.
    Before,
    /// Days are moved by months.
    Months,
    /// The last day of the data.
    AsOf,
    /// What business days are.
    BusinessDays,
    /// How business days are counted from one day to another.
    CountedBusinessDays,
    /// The stay of a row of this table.
    Stay(TableId),
    /// How long a stay is.
    Length,
    /// How long a stay is whose last day is in the files.
    LengthThrough,
    /// The last day of a stay.
    LastDay,
    /// The last day of a stay when it is in the files.
    LastDayThrough,
    /// A column that is empty while something has not ended or happened.
    Open,
    /// Something else may be missing.
    Unknown,
    /// What becomes of a row of a percentage of which the answer is open.
    Undetermined,
    /// Records that break the rules.
    SetAside,
    /// A value made of other rows.
    Rows,
    /// A value of one row that is chosen among others.
    OneOfRows,
    /// A question is about rows whose owner may be missing.
    Owner,
    /// Of several rows that are alike one is picked.
    Ties,
    /// Who holds a row on another day.
    Elsewhere,
    /// A link that depends on the day.
    Dated(TableId, usize),
    /// Nobody is found.
    Unassigned,
    /// What is cut off at the last day of the data.
    Cut,
    /// What can still change of a figure that is shown.
    Shown,
    /// How colours are given, and what is said of where a standard comes from.
    Colours,
}

/// The explanations that these notes need.
pub(super) fn points(model: &Model, notes: &BTreeSet<Note>) -> Vec<Point> {
    let mut points: Vec<Point> = Vec::new();
    if let Some(Note::Column(table, column)) = notes.iter().find(|n| matches!(n, Note::Column(..))) {
        let column = &model.table(*table).column(*column).name;
        points.push(Point::new(format!(
            "Words in quotation marks are columns and codes of the data, without the underscores ({} is `{column}`), or \
             names that the file gives to a value; what such a name stands for is said below its first use.",
            quoted(column)
        )));
    }
    points.extend(notes.iter().filter_map(|note| explained(model, *note)).map(Point::new));
    points.extend(files(model));
    points
}

fn explained(model: &Model, note: Note) -> Option<String> {
    Some(match note {
        Note::Before => "\"Before\" and \"after\" a day do not include that day; \"on or before\" and \"on or \
            after\" do."
            .into(),
        Note::Months => "Months and years are those of the calendar: 12 months after 10 March is 10 March of the \
            next year, and where a month has no such day, its last day is taken. Full months and years are counted so: 12 \
            full months have passed on that day."
            .into(),
        Note::AsOf => "The last day of the data is the day through which the data is complete.".into(),
        Note::BusinessDays => business(model, model.business?),
        Note::CountedBusinessDays => "The number of business days from one day to another does not count the first \
            day, and counts the last one when it is a business day."
            .into(),
        Note::Stay(table) => {
            let of = model.table(table);
            let (from, until) = (&of.column(of.spans?.from).name, of.column(of.spans?.until));
            let end = if until.optional { ", and without end while that is empty" } else { "" };
            let not = if of.spans?.through { "" } else { " not" };
            format!(
                "{} is open from its {}, that day included, to its {}, that day{not} included{end}.",
                capital(&one(&plain(&of.name))),
                quoted(from),
                quoted(&until.name)
            )
        }
        Note::Length => "What is open from one day to another lasts the number of days from the one to the other, the last \
            not counted, and that is its length; while it has no end, it runs through the last day of the data, that day counted."
            .into(),
        Note::LengthThrough => "What is open from one day through another lasts the number of days from the one to the \
            other, both counted, and that is its length; while it has no end, it runs through the last day of the data, that day counted."
            .into(),
        Note::LastDayThrough => "The last day of what is open from one day through another is that other day; while it \
            has no end, it is the last day of the data."
            .into(),
        Note::LastDay => "The last day of what is open from one day to another is the day before the other, also of \
            what ends on the day it begins; while it has no end, it is the last day of the data."
            .into(),
        Note::Open => "A field marked \"not yet\" that is empty says that the day has not come. That is known: it counts as \
            later than every day. Two days that have not come are not the same day."
            .into(),
        Note::Unknown => "Any other empty field is not known. If an answer hangs on it, there is no answer. If the rest \
            settles the answer without it, it does not matter."
            .into(),
        Note::Undetermined => "What is \"undetermined\" is reported apart. Where a figure is the percentage of what is met, it \
            stays in the total, and is not met."
            .into(),
        Note::SetAside => {
            // A share such as 0.07 is not an exact number of percent.
            let percent = (model.limit() * 1_000_000.0).round() / 10_000.0;
            format!(
                "A field that cannot be read, or holds a word that is not in its list, is as an empty one; but where an \
                 empty one would say \"not yet\", the record is set aside. A record is set aside, too, when what it is open \
                 for ends before it begins (other days out of order are taken as they stand), when a field that must be \
                 filled in names a record that is not there, and when another record \
                 has its id (all of them; of records alike in everything one is kept, and the others are set aside, but \
                 never \"unread\"). One that is set aside is reported \
                 as \"unread\" unless its sound fields show that it does not count or is excluded; each condition is asked \
                 by itself, and of one that ends before it begins neither day is sound. Of a choice, the one that \
                 counts in its place is reported as \"unsure\". An answer that it might change is not known, and what may \
                 or may not count by it is \"unsure\"; where nobody \
                 can tell whose record it is, all are judged without it. \
                 If more than {percent}% of a table or column that is read is set aside or cannot be used, no figure is \
                 shown, also where it only says for whom something counts; up to four are too many only when they are more \
                 than half. Nor is there a figure where a table that is read has no rows. Where most values of a \
                 column, three or more, are not what it holds, or one word makes up most of \
                 what cannot be read in it (in one of codes or ids, a usual word such as NULL), three times or more, \
                 the data is refused as a whole."
            )
        }
        Note::Rows => "A number or a day made of several records is not known when it is not known of one of them \
            whether it is taken, or when the value of one that is taken is missing, also where it would be the same either \
            way. Where none is taken, a number is 0 and \
            there is no day."
            .into(),
        Note::OneOfRows => "What is taken from one of several records, the earliest or latest of them, is not known when it is \
            not known of one of them whether it is among them, or where it stands in their order. Where none is among \
            them there is none, and that is as an empty field."
            .into(),
        Note::Owner => "Where it is not known whose records are asked about, because what leads to them is empty, \
            the answer is not known, either; it is not taken as if there were none."
            .into(),
        Note::Ties => "Where a choice is a tie, ids decide, compared as text (in a table without ids, the place in the data): the last where the last or latest is chosen, else the first."
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
            let through = model.table(link.through);
            let (name, stay) = (plain(&link.name), plain(&through.name));
            let (from, until) = (&through.column(through.spans?.from).name, through.column(through.spans?.until));
            let not = if through.spans?.through { "included" } else { "not" };
            format!(
                "The {name} of {} on a day: the one of the {stay} that runs that day ({} included, {} {not}{}). If several \
                 run, the one that began last, and of those the one with the smallest id of the {name}, compared as text. One that \
                 is set aside is passed over; where it might be the one of that day, what counts is \"unsure\" for all who may \
                 hold it.",
                one(&plain(&of.name)),
                quoted(from),
                quoted(&until.name),
                if until.optional { "; without end while that is empty" } else { "" }
            )
        }
        Note::Unassigned => {
            let whole = model.levels.first().map(|l| plain(&l.name))?;
            let others: Vec<String> = model.levels.iter().skip(1).map(|level| plain(&level.name)).collect();
            format!(
                "If nobody is found for a level on the day, or there is no such day or it is not known, or the record of \
                 the {} that is found is set aside (as one is that must name the level above and does not), it is \"unassigned\" at that level and \
                 those above. It still counts for the {whole}.",
                joined(&others, "or")
            )
        }
        Note::Shown => "A figure of a single case is shown, too, where no smallest number of cases is named. What is shown \
            changes later only by corrections, by records entered later than their day, and by what is reported as \
            \"undetermined\", \"unsure\" or \"unread\"."
            .into(),
        Note::Cut => "What is dated after the last day of the data has not happened: a record that begins later is not \
            there, and a later end has not come. A field that carries no day of its own is taken as the data has it now, \
            in earlier periods, too."
            .into(),
        Note::Colours => "Where nothing counts, or there is nothing to divide by, there is no figure. The standard in force on the last day of the period gives the colour; figures are compared before \
            they are rounded, and printed with as many decimals as it takes not to contradict their colour. Published: a source says so. Adapted: a source says something near it. Inferred: somebody had \
            to choose, and the source does not say it."
            .into(),
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
        "Business days are {}{}{}. The first business day after a day is the next one that is such a day.",
        said,
        except.unwrap_or_default(),
        if days.except.is_some() { " (a line without a day is passed over)" } else { "" }
    )
}

/// What is said of the files, where the model says it.
fn files(model: &Model) -> Vec<Point> {
    let days: Vec<String> = model.missing_dates.iter().map(|d| day(*d)).collect();
    let empty = (!days.is_empty())
        .then(|| Point::new(format!("A date or time of {} counts as empty, wherever it stands.", joined(&days, "or"))));
    let nothing: Vec<String> = model.missing_words.iter().map(|word| format!("`{word}`")).collect();
    let nothing = (!nothing.is_empty()).then(|| {
        Point::new(format!("A cell that says {} counts as empty, wherever it stands.", joined(&nothing, "or")))
    });
    let times = match &model.times {
        Times::Undeclared => None,
        Times::Local => Some(Point::new("A time that does not say whether it is local counts as local.".to_owned())),
        Times::LocalTo(zone) => Some(Point::new(format!(
            "Times are local to {}: an instant counts as what the clocks there showed, and a day written as an instant as the day that begins with it.",
            zone.name()
        ))),
    };
    empty.into_iter().chain(nothing).chain(times).collect()
}
