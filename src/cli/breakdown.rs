//! `--by`: by what the rows of a scorecard are broken down.

use super::failure::Failure;
use crate::diag::suggest;
use crate::ir::split::CROSSED;
use crate::ir::{Indicator, Program};
use crate::scorecard::{Columns, Reference};

/// The most groups of a breakdown. More are not read beside each other.
const MOST: usize = 1_000;

/// What can be broken down.
pub(super) const WAYS: &str = "its rows must lead to the rows that have the value by one shortest way of plain links, or be attributed to them, and the value must be known at some time";

/// By what the rows are broken down.
#[derive(Debug)]
pub(super) struct Breakdown {
    /// The definitions, in which the indicators that are shown are broken down, where they can be.
    pub(super) program: Program,
    /// The name of the breakdown: `age / sex`.
    pub(super) by: String,
    /// The breakdowns that are crossed, by their index.
    numbers: Vec<usize>,
    /// Its groups, and whether it is known of their rows what they are.
    pub(super) values: Vec<(String, bool)>,
    /// What groups are compared with.
    pub(super) reference: Reference,
    /// What is said of indicators that cannot be broken down.
    pub(super) left_out: Option<String>,
}

/// The breakdowns that were asked for: the one of `--by`, else those by which the scorecards
/// are split. Indicators whose rows have no such groups are taken out of the columns when `--by`
/// asks for them.
pub(super) fn of(
    program: &Program,
    by: &[String],
    reference: Option<&str>,
    columns: &mut Columns,
) -> Result<Vec<Breakdown>, Failure> {
    let split: Vec<Vec<usize>> = match by {
        [] => columns.split_by.iter().map(|number| vec![*number]).collect(),
        _ => vec![by.iter().map(|name| find(program, name)).collect::<Result<_, _>>()?],
    };
    if let (Some(_), [] | [_, _, ..]) = (reference, split.as_slice()) {
        return Err(Failure::usage("there are no groups to compare").help("say by what: `--by NAME`"));
    }
    let several = split.len() > 1 || split.iter().any(|numbers| numbers.len() > 1);
    if several && columns.indicators.iter().any(|i| columns.limit(*i).is_some()) {
        return Err(Failure::usage("a scorecard that hides counts is broken down by one thing at a time")
            .help("each breakdown could give away what the other hides; write `--by` once"));
    }
    let breakdowns = split.into_iter().map(|numbers| {
        let (breakdown, left_out) = broken_down(program, numbers, reference, columns)?;
        if !by.is_empty() {
            columns.indicators.retain(|indicator| !left_out.contains(indicator));
        }
        if columns.indicators.is_empty() {
            let message = format!("no indicator of the scorecard can be broken down by `{}`", breakdown.by);
            return Err(Failure::usage(message).help(WAYS));
        }
        Ok(breakdown)
    });
    breakdowns.collect()
}

/// The definitions broken down by these, crossed, and the columns that cannot be.
fn broken_down(
    program: &Program,
    numbers: Vec<usize>,
    reference: Option<&str>,
    columns: &Columns,
) -> Result<(Breakdown, Vec<usize>), Failure> {
    let by = program.group_name(&numbers);
    let values = program.group_values(&numbers);
    if values.len() > MOST {
        return Err(Failure::usage(format!("`{by}` has {} groups, more than {MOST}", values.len()))
            .help("cross fewer, or declare fewer bands"));
    }
    let mut split = program.clone();
    let mut left_out = Vec::new();
    for &indicator in &columns.indicators {
        match program.split(indicator, &numbers) {
            Some(broken_down) => split.indicators[indicator] = broken_down,
            None => left_out.push(indicator),
        }
    }
    let ids: Vec<&str> = left_out.iter().map(|i| program.indicators[*i].id.as_str()).collect();
    let said = format!(
        "Not broken down by {by}, as their rows lead to no such group, or to one that can always change: {}",
        ids.join(", ")
    );
    let said = (!left_out.is_empty()).then_some(said);
    let reference = compared_with(&values, reference)?;
    Ok((Breakdown { program: split, by, numbers, values, reference, left_out: said }, left_out))
}

/// What is measured for a scorecard: each of its indicators, once for each breakdown.
#[derive(Debug)]
pub(super) struct Runs {
    /// The definitions in which each of these is an indicator of its own.
    pub(super) program: Program,
    /// In the order of the columns, then of the breakdowns.
    pub(super) runs: Vec<Run>,
}

/// An indicator as it is broken down, if it is.
#[derive(Debug)]
pub(super) struct Run {
    /// Its number where it is measured.
    pub(super) number: usize,
    /// Its number in the definitions.
    pub(super) of: usize,
    /// The place of the breakdown.
    pub(super) by: Option<usize>,
    /// The indicator that says which windows are shown: broken down by all.
    pub(super) windows: Indicator,
}

impl Runs {
    /// Those of these columns.
    pub(super) fn of(program: &Program, breakdowns: &[Breakdown], columns: &Columns) -> Self {
        let mut measured = program.clone();
        let mut runs = Vec::new();
        for &of in &columns.indicators {
            let split = |breakdown: &Breakdown| breakdown.program.indicators[of].split.is_some();
            let by: Vec<usize> = (0..breakdowns.len()).filter(|by| split(&breakdowns[*by])).collect();
            let all: Vec<usize> = by.iter().flat_map(|by| breakdowns[*by].numbers.iter().copied()).collect();
            let windows = program.split(of, &all).unwrap_or_else(|| program.indicators[of].clone());
            if by.is_empty() {
                runs.push(Run { number: of, of, by: None, windows });
                continue;
            }
            for by in by {
                let mut indicator = breakdowns[by].program.indicators[of].clone();
                if breakdowns.len() > 1 {
                    // What is made on the way is called after it.
                    indicator.id = format!("{} by {}", indicator.id, breakdowns[by].by);
                }
                let number = measured.indicators.len();
                measured.indicators.push(indicator);
                runs.push(Run { number, of, by: Some(by), windows: windows.clone() });
            }
        }
        Self { program: measured, runs }
    }

    /// The numbers of all that is measured.
    pub(super) fn numbers(&self) -> Vec<usize> {
        self.runs.iter().map(|run| run.number).collect()
    }
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
