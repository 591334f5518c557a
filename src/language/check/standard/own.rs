//! Standards that entities have of their own: the table, the columns, the unit, the yellow band.

use super::super::declared::repeated;
use super::super::indicator::status;
use super::super::references::Names;
use super::super::world::{Member, World};
use super::{shown, yellow};
use crate::decimal::Decimal;
use crate::diag::{Diagnostic, Diagnostics, code, suggest};
use crate::ir::{Measure, OwnStandard};
use crate::measures::Scale;
use crate::model::{Column, ColumnId, ColumnType, Known, TableId, Targets};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{self, Name, OwnTarget, TableColumn, YellowLine};

/// The standards that entities have of their own, one for a level; where the measure has a mistake,
/// units are not looked at.
pub(in super::super) fn own_standards(
    world: &World,
    written: &[(&ast::Standard, Span)],
    measure: Option<&Measure>,
    names: &mut Names,
    out: &mut Diagnostics,
) -> Vec<OwnStandard> {
    let mut all: Vec<(OwnStandard, Span)> = Vec::new();
    for (standard, span) in written {
        let Some(own) = &standard.own else { continue };
        refer(world, &own.value, names);
        let Some(found) = own_standard(world, standard, own, measure, out) else { continue };
        match all.iter().find(|(other, _)| other.entities == found.entities) {
            None => all.push((found, *span)),
            Some((_, first)) => {
                let message = format!("each {} has two standards of its own", own.value.each.value);
                let help = "keep one: from when a target holds is said by the rows of its table";
                out.push(repeated(code::STANDARDS_OVERLAP, message, *span, *first).help(help));
            }
        }
    }
    all.into_iter().map(|(own, _)| own).collect()
}

fn own_standard(
    world: &World,
    written: &ast::Standard,
    own: &Spanned<Box<OwnTarget>>,
    measure: Option<&Measure>,
    out: &mut Diagnostics,
) -> Option<OwnStandard> {
    let figure = column(world, &own.value.figure, out);
    let from = column(world, &own.value.from, out);
    let state = written.status.as_ref().and_then(|s| status(s, out));
    let yellow_status = written.yellow.as_ref().and_then(|y| y.status.as_ref()).and_then(|s| status(s, out));
    let within = written.yellow.as_ref().map(|band| within(band, out));
    without_days(written, out)?;
    let (table, figure) = figure?;
    let (other, from) = from?;
    if table != other {
        let [figure, day] = [table, other].map(|table| world.table_name(table));
        let message = format!("the target stands in `{figure}`, and the day from which it holds in `{day}`");
        return refused(message, own.value.from.table.span, format!("name a day of `{figure}`"), out);
    }
    let (entity, entities) = entities(world, table, &own.value.each, out)?;
    first_day(world, table, from, &own.value.from, out)?;
    known_at_once(world, table, figure, &own.value.figure.column, out)?;
    let measure = measure?;
    unit(world.model.table(table).column(figure), &own.value, measure, out)?;
    let within = match within {
        None => None,
        Some(within) => Some(within?),
    };
    Some(OwnStandard {
        targets: Targets { table, entity, from, figure },
        entities,
        at_least: own.value.at_least,
        is_percent: measure.kind().scale() == Scale::Percent,
        within,
        source: written.source.as_ref().map(|t| t.value.clone()),
        status: state,
        yellow_status,
    })
}

/// What the names mean, for those who look for their uses.
fn refer(world: &World, own: &OwnTarget, names: &mut Names) {
    let mut means = |name: &Name, key| {
        if let Some(key) = key {
            names.refer(name.span, key);
        }
    };
    for TableColumn { table, column } in [&own.figure, &own.from] {
        means(table, world.keys.table_named(&table.value));
        let id = world.tables.get(table.value.as_str());
        means(column, id.and_then(|id| world.keys.member(*id, &column.value)));
    }
    let table = world.tables.get(own.figure.table.value.as_str());
    means(&own.each, table.and_then(|id| world.keys.member(*id, &own.each.value)));
}

fn refused<T>(message: String, place: Span, help: impl Into<String>, out: &mut Diagnostics) -> Option<T> {
    out.push(Diagnostic::new(code::TARGETS, place, message).help(help));
    None
}

fn column(world: &World, written: &TableColumn, out: &mut Diagnostics) -> Option<(TableId, ColumnId)> {
    let TableColumn { table, column } = written;
    let Some(id) = world.tables.get(table.value.as_str()).copied() else {
        if world.unread.is_empty() && !world.is_broken(&table.value) {
            let known: Vec<_> = world.tables.keys().copied().collect();
            let message = format!("there is no table `{}`", table.value);
            let finding = Diagnostic::new(code::UNKNOWN_TABLE, table.span, message);
            out.push(finding.help(suggest::help(&table.value, "tables", &known)));
        }
        return None;
    };
    let found = world.column(id, &column.value);
    if found.is_none() && !matches!(world.member(id, &column.value), Some(Member::Broken)) {
        let known: Vec<_> = world.model.table(id).columns.iter().map(|c| c.name.as_str()).collect();
        let message = format!("`{}` has no column `{}` of its own", table.value, column.value);
        let finding = Diagnostic::new(code::UNKNOWN_NAME, column.span, message);
        out.push(finding.help(suggest::help(&column.value, "columns", &known)));
    }
    found.map(|column| (id, column))
}

/// The link to the entities, which are those of a level.
fn entities(world: &World, table: TableId, each: &Name, out: &mut Diagnostics) -> Option<(ColumnId, TableId)> {
    let of = world.model.table(table);
    let is_level = |column: &Column| column.leads_to().is_some_and(|to| world.model.is_level(to));
    let found = world.column(table, &each.value);
    let Some((link, entities)) = found.and_then(|id| Some((id, of.column(id).leads_to()?))) else {
        let links: Vec<_> = of.columns.iter().filter(|c| is_level(c)).map(|c| c.name.as_str()).collect();
        let message = format!("`{}` is no link of `{}`, so nothing says whose target a row is", each.value, of.name);
        return refused(message, each.span, suggest::help(&each.value, "links to a level", &links), out);
    };
    if !world.model.is_level(entities) {
        let message = format!("`{}` leads to `{}`, which is no level", each.value, world.table_name(entities));
        return refused(message, each.span, "only entities of a level have cells: name a link to one of them", out);
    }
    if of.column(link).optional {
        let message = format!("`{}` may be missing, and then nobody knows whose target the row is", each.value);
        return refused(message, each.span, format!("declare it without `?` in `{}`", of.name), out);
    }
    Some((link, entities))
}

/// The day from which on a target is in force is that with which its row begins: a row that came
/// later would otherwise change the colour of a window that has been shown.
fn first_day(
    world: &World,
    table: TableId,
    from: ColumnId,
    written: &TableColumn,
    out: &mut Diagnostics,
) -> Option<()> {
    let (of, name) = (world.model.table(table), &written.column);
    if let Some(spans) = of.spans {
        let until = &of.column(spans.until).name;
        let message =
            format!("rows of `{}` are stays, and a target holds until the next one comes into force", of.name);
        let help = format!(
            "declare the table without `spans`; where a target ends at `{until}`, let a row without a target begin"
        );
        return refused(message, written.table.span, help, out);
    }
    // The rows of a table that is not fed are there from the beginning.
    let begins = of.begins == Some(from) || !of.fed && !of.column(from).optional;
    if of.column(from).ty != ColumnType::Date || !begins {
        let message = format!("`{}` is not the day on which rows of `{}` begin", name.value, of.name);
        let help = "a target set later could then change the colour of a window that has been shown; name the day from \
                    which on the row is there, or say so in the model: `begins on ...`";
        return refused(message, name.span, help, out);
    }
    Some(())
}

fn known_at_once(world: &World, table: TableId, figure: ColumnId, name: &Name, out: &mut Diagnostics) -> Option<()> {
    let column = world.model.table(table).column(figure);
    let (message, help) = if column.ty != ColumnType::Int {
        (format!("`{}` is no number", name.value), "a target is a whole number: a column of type `int`, or `days`")
    } else if column.joined.is_some() {
        (
            format!("`{}` stands in another table", name.value),
            "take the target from the table that says from when it holds",
        )
    } else if column.known != Known::WithRow {
        (
            format!("`{}` is known later than its row", name.value),
            "a target that becomes known later could change a colour that has been shown: declare it `known with the row`",
        )
    } else {
        return Some(());
    };
    refused(message, name.span, help, out)
}

/// From when a target holds is said by its row.
fn without_days(written: &ast::Standard, out: &mut Diagnostics) -> Option<()> {
    let Some(day) = written.from.as_ref().or(written.until.as_ref()) else { return Some(()) };
    let message = "from when a target holds is said by its row, and not by the standard".to_owned();
    refused(message, day.span, "remove the day; a row without a target ends the one before it", out)
}

/// The column's unit is that of the measure.
fn unit(column: &Column, own: &OwnTarget, measure: &Measure, out: &mut Diagnostics) -> Option<()> {
    let TableColumn { table, column: name } = &own.figure;
    let place = Span { end: name.span.end, ..table.span };
    let written = format!("{}.{}", table.value, name.value);
    let counted = column.counted.map(|unit| unit.word());
    let scale = measure.kind().scale();
    let wanted = match scale {
        Scale::Percent | Scale::Number => None,
        Scale::Length(unit) => Some(unit.word()),
    };
    let (message, help) = if counted != wanted {
        match (counted, wanted) {
            (_, Some(wanted)) => (
                format!("the measure is a number of {wanted}, so its targets must be, too"),
                format!("declare `{}` as `{wanted}` in the model", name.value),
            ),
            (counted, None) => (
                format!("`{}` is a number of {}, and the measure is not", name.value, counted.unwrap_or_default()),
                format!("declare `{}` as `int` in the model", name.value),
            ),
        }
    } else if scale == Scale::Percent && !own.percent {
        (
            format!("the standard `{written}` has no unit"),
            format!("write `{written}%` when its numbers are percentages: 75 for 75%"),
        )
    } else if scale != Scale::Percent && own.percent {
        ("the measure is no percentage".to_owned(), format!("write `{written}` without `%`"))
    } else {
        return Some(());
    };
    out.push(Diagnostic::new(code::STANDARD_UNIT, place, message).help(help));
    None
}

/// The part of the way from each target that is yellow.
fn within(band: &ast::Yellow, out: &mut Diagnostics) -> Option<Decimal> {
    match &band.line {
        YellowLine::Thresholds(line) => {
            let message = "each entity has its own target, and this yellow band would be the same for all".to_owned();
            refused(message, line.span, "write a part of the way from the target: `yellow within 10%`", out)
        }
        YellowLine::Within(share) => {
            let found = yellow::percentage(share, None, out)?;
            let hundredths = found.times(Decimal::HUNDRED).and_then(Decimal::whole);
            if hundredths.is_none() {
                let message = format!("`within {}` has more than two decimals", shown(share));
                let help = "write two at most: the band of every target that a row may hold is computed exactly";
                out.push(Diagnostic::new(code::YELLOW_WITHIN, share.span, message).help(help));
            }
            hundredths.map(|_| found)
        }
    }
}
