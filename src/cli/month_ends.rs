//! `yardstick check --calendar`: where it matters what `+ 1 month` means at the end of a month.

use super::as_shown::AsShown;
use super::definitions::Definitions;
use super::failure::Failure;
use super::{output, progress};
use crate::history::{Bounds, Definition, MonthEnd, month_end};
use crate::interpret::Clause;
use crate::ir::{Indicator, Part};
use crate::visible;

/// For each indicator so many histories are looked at.
const HISTORIES: usize = 8_000;

/// Prints the smallest rows found on which the choice decides, for each indicator that was named.
pub(super) fn print(definitions: &Definitions) -> Result<(), Failure> {
    let mut text =
        "Months, `+ 1 month` on a day that the next month does not have: here its last day; in other systems \
                    the days left over run on (31 January and a month is 2 or 3 March).\n"
            .to_owned();
    let (mut decides, mut same) = (0, 0);
    {
        let _sign_of_life = progress::spinner("looking at the ends of months");
        let bounds = Bounds { histories: HISTORIES, ..Bounds::default() };
        for program in definitions.program.hierarchies() {
            for (number, indicator) in program.indicators.iter().enumerate() {
                if !definitions.is_named(indicator.span.file) {
                    continue;
                }
                let of = Definition { program, number };
                match month_end(of, &AsShown, bounds) {
                    None => same += 1,
                    Some(found) => {
                        decides += 1;
                        text += &said(of, &found);
                    }
                }
            }
        }
    }
    let indicators = if decides == 1 { "1 indicator".to_owned() } else { format!("{decides} indicators") };
    text += &format!(
        "\nIt can decide an outcome of {indicators}. Of {same} no clause reckons with months, or no rows were \
         found, of {HISTORIES} histories looked at for each, on which it does.\n"
    );
    output::say(&visible::lines(&text))
}

fn said(of: Definition, found: &MonthEnd) -> String {
    let indicator = of.indicator();
    let clause = found.clause.map_or_else(|| "a clause".to_owned(), |clause| words(indicator, clause));
    let days: Vec<String> = found.days.iter().map(ToString::to_string).collect();
    let days = if days.is_empty() { String::new() } else { format!(" on {}", days.join(", ")) };
    format!("\n{}: it decides in {clause}{days}\n{}", indicator.id, found.block(of))
}

/// A clause as it is called in the text.
fn words(indicator: &Indicator, clause: Clause) -> String {
    match clause {
        Clause::Cohort => "`cohort`".to_owned(),
        Clause::By => "`by`".to_owned(),
        Clause::Exclude(number) => {
            let reason = indicator.exclusions.get(number).map_or("", |exclusion| exclusion.reason.as_str());
            format!("`exclude \"{reason}\"`")
        }
        Clause::Measure(Part::Numerator) => "`numerator`".to_owned(),
        Clause::Measure(Part::Denominator) => "`denominator`".to_owned(),
        Clause::Measure(Part::Value | Part::Distinct | Part::From | Part::To | Part::Censored | Part::EndsBy) => {
            "`measure`".to_owned()
        }
        Clause::AttributedOn => "`attribute`".to_owned(),
    }
}
