//! The head of a page: the name, the question, which way is good, where it comes from; and the
//! author's words, which the program does not check.

use super::not_fed::not_fed;
use super::page::{Head, Point};
use super::words::{one, plain};
use crate::ir::{Indicator, Measure};
use crate::model::Model;

/// What an author writes before what is not looked at, and before what another measure does
/// otherwise.
const APART: [&str; 2] = ["Not looked at:", "Differs from "];

pub(super) fn head(model: &Model, indicator: &Indicator) -> Head {
    let about = &indicator.about;
    let question = about.question.iter().map(Point::new);
    let points = question.chain([Point::new(direction(model, indicator))]).chain(origin(indicator));
    let points = points.chain(gone_by(model, indicator)).collect();
    let author = about.reading.as_deref().map(paragraphs).unwrap_or_default();
    Head { title: about.title.clone(), meaning: indicator.meaning.clone(), points, author }
}

/// What is said, and by themselves the parts that have a paragraph of their own.
fn paragraphs(reading: &str) -> Vec<String> {
    let mut begins: Vec<usize> = APART.iter().filter_map(|words| reading.find(words)).collect();
    begins.sort_unstable();
    let ends = begins.iter().copied().chain([reading.len()]);
    let parts = [0].into_iter().chain(begins.iter().copied()).zip(ends);
    let texts = parts.filter_map(|(from, to)| reading.get(from..to)).map(|part| part.trim().to_owned());
    texts.filter(|part| !part.is_empty()).collect()
}

/// Which way is good, as the standards say, and what "met" means.
fn direction(model: &Model, indicator: &Indicator) -> String {
    let case = plain(&model.table(indicator.cohort.table).name);
    let green = || indicator.standards.iter().filter_map(|s| s.green);
    if green().any(|green| green.least.is_some() && green.most.is_some()) {
        return "Neither more nor less is better: a figure between two ends is wanted (below).".to_owned();
    }
    let own = |at_least: bool| indicator.own_standards.iter().any(|own| own.at_least == at_least);
    let up = own(true) || green().any(|green| green.least.is_some());
    let down = own(false) || green().any(|green| green.most.is_some());
    let met = match &indicator.measure {
        Measure::Proportion(_) | Measure::Incidence(_) => Some((
            format!("{} that is \"met\" is what is wanted", one(&case)),
            "\"met\" means that it happened, and it should not".to_owned(),
        )),
        Measure::Rate(_) => Some(("more events are wanted".to_owned(), "fewer events are wanted".to_owned())),
        Measure::Until(_) => Some(("a longer time is wanted".to_owned(), "a shorter time is wanted".to_owned())),
        Measure::Mean(_) | Measure::Percentile(_) | Measure::Count(_) | Measure::Distinct(_) => None,
    };
    match (up, down, met) {
        (true, false, Some((higher, _))) => format!("Higher is better: {higher}."),
        (false, true, Some((_, lower))) => format!("Lower is better: {lower}."),
        (true, false, None) => "Higher is better.".to_owned(),
        (false, true, None) => "Lower is better.".to_owned(),
        (true, true, _) => "Which way is better depends on the standard in force (below).".to_owned(),
        (false, false, _) => "Nobody has said which way is better: there is no standard.".to_owned(),
    }
}

/// Where the measure comes from.
fn origin(indicator: &Indicator) -> Option<Point> {
    let about = &indicator.about;
    let said = match (&about.status, &about.source) {
        (Some(status), Some(source)) => format!("The measure is {status}: {}", source.trim_end_matches('.')),
        (Some(status), None) => format!("The measure is {status}"),
        (None, Some(source)) => format!("The measure comes from: {}", source.trim_end_matches('.')),
        (None, None) => return None,
    };
    Some(Point::new(format!("{said}.")))
}

/// The tables that it goes by.
fn gone_by(model: &Model, indicator: &Indicator) -> Option<Point> {
    let of = not_fed(model, indicator).into_iter().map(|id| model.table(id));
    let named: Vec<String> = of.map(|table| format!("{} (each line {})", plain(&table.name), table.title)).collect();
    (!named.is_empty()).then(|| {
        Point::new(format!(
            "It goes by lines of the data, which are to be read with it (`yardstick describe --data DIR` prints \
             them): {}.",
            named.join(", ")
        ))
    })
}
