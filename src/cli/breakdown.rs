//! `--by`: by what the rows of a scorecard are broken down.

use super::failure::Failure;
use crate::diag::suggest;
use crate::ir::Program;
use crate::ir::split::CROSSED;
use crate::scorecard::{Columns, Reference};

/// The most groups of a breakdown. More are not read beside each other.
const MOST: usize = 1_000;

/// What can be broken down.
pub(super) const WAYS: &str = "its rows must lead to the rows that have the value, by one shortest way of plain links, and the value must be known at some time";

/// By what the rows are broken down.
#[derive(Debug)]
pub(super) struct Breakdown {
    /// The definitions, in which the indicators that are shown are broken down.
    pub(super) program: Program,
    /// The name of the breakdown: `age / sex`.
    pub(super) by: String,
    /// Its groups, and whether it is known of their rows what they are.
    pub(super) values: Vec<(String, bool)>,
    /// What groups are compared with.
    pub(super) reference: Reference,
    /// What is said of indicators that cannot be broken down.
    pub(super) left_out: Option<String>,
}

/// The breakdown that was asked for, if one was. Indicators whose rows have no such groups are
/// taken out of the columns.
pub(super) fn of(
    program: &Program,
    by: &[String],
    reference: Option<&str>,
    columns: &mut Columns,
) -> Result<Option<Breakdown>, Failure> {
    if by.is_empty() {
        return match reference {
            None => Ok(None),
            Some(_) => Err(Failure::usage("there are no groups to compare").help("say by what: `--by NAME`")),
        };
    }
    let numbers = by.iter().map(|name| find(program, name)).collect::<Result<Vec<_>, _>>()?;
    let name = program.group_name(&numbers);
    if numbers.len() > 1 && columns.indicators.iter().any(|i| columns.limit(*i).is_some()) {
        return Err(Failure::usage("a scorecard that hides counts is broken down by one thing at a time")
            .help("each breakdown could give away what the crossed one hides; write `--by` once"));
    }
    let values = program.group_values(&numbers);
    if values.len() > MOST {
        return Err(Failure::usage(format!("`{name}` has {} groups, more than {MOST}", values.len()))
            .help("cross fewer, or declare fewer bands"));
    }
    let mut split = program.clone();
    let mut left_out = Vec::new();
    columns.indicators.retain(|&indicator| match program.split(indicator, &numbers) {
        Some(broken_down) => {
            split.indicators[indicator] = broken_down;
            true
        }
        None => {
            left_out.push(program.indicators[indicator].id.as_str());
            false
        }
    });
    if columns.indicators.is_empty() {
        return Err(Failure::usage(format!("no indicator of the scorecard can be broken down by `{name}`")).help(WAYS));
    }
    let said = format!(
        "Not broken down by {name}, as their rows lead to no such group, or to one that can always change: {}",
        left_out.join(", ")
    );
    let left_out = (!left_out.is_empty()).then_some(said);
    let reference = compared_with(&values, reference)?;
    Ok(Some(Breakdown { program: split, by: name, values, reference, left_out }))
}

/// The breakdown of this name.
pub(super) fn find(program: &Program, name: &str) -> Result<usize, Failure> {
    program.find_breakdown(name).ok_or_else(|| {
        let known: Vec<&str> = program.breakdowns.iter().map(|b| b.name.as_str()).collect();
        let help = match known.is_empty() {
            true => "declare it in the model: `groups NAME \"...\" of TABLE = VALUE`".to_owned(),
            false => suggest::help(name, "breakdowns", &known),
        };
        Failure::usage(format!("there is no breakdown `{name}`")).help(help)
    })
}

/// The group of this name, or all others.
fn compared_with(values: &[(String, bool)], reference: Option<&str>) -> Result<Reference, Failure> {
    let Some(name) = reference else { return Ok(Reference::Rest) };
    let named = |(value, is_known): &(String, bool)| *is_known && value == name;
    values.iter().position(named).map(Reference::Group).ok_or_else(|| {
        let known: Vec<&str> = values.iter().filter(|(_, is_known)| *is_known).map(|(v, _)| v.as_str()).collect();
        Failure::usage(format!("there is no group `{name}`")).help(format!(
            "{}; of crossed groups write both, with `{}` between",
            suggest::help(name, "groups", &known),
            CROSSED.trim()
        ))
    })
}
