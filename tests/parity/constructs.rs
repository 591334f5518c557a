//! What the language has no words for: each construct with a text that is refused for want of it.
//! When such a text is accepted, the facts that cannot be said for want of it are looked at again.

use crate::facts::cells;
use crate::proofs::program;
use crate::root;
use std::fs;

/// A construct that is missing.
#[derive(Debug)]
pub(crate) struct Construct {
    pub(crate) name: String,
    /// As one would write it: a declaration, a clause, or a condition.
    text: String,
    /// The code of the error.
    code: String,
}

const WORLD: &str = "levels whole > place
table place { place_id key }
table visit {
  visit_id   key
  place      -> place
  day        date
  until_on   date?  missing means not yet
  moment     timestamp
  number     int
  amount     decimal(6, 2)
  word       text
  flag       bool
  kind       { a, b }
  person     -> person
  spans      day until until_on
}
table person { person_id key  visits <- visit }
";

/// The constructs that the page of the pack lists.
pub(crate) fn listed() -> Vec<Construct> {
    let page = fs::read_to_string(root().join("tests/parity/README.md")).unwrap();
    let construct = |line: &str| {
        let cells = cells(line)?;
        let [name, _, text, code] = cells[..] else { return None };
        let bare = |cell: &str| cell.trim_matches('`').to_owned();
        (name != "construct").then(|| Construct { name: bare(name), text: bare(text), code: bare(code) })
    };
    page.lines().filter_map(construct).collect()
}

impl Construct {
    fn program(&self) -> String {
        let clause = |word: &str| self.text.starts_with(word);
        if clause("table ") || clause("indicator ") || clause("define ") || clause("groups ") || clause("business ") {
            return format!("{WORLD}\n{}\n", self.text);
        }
        let of = |word: &str, otherwise: &str| if clause(word) { String::new() } else { format!("  {otherwise}\n") };
        let numerator = if clause("measure") { String::new() } else { of("numerator", "numerator flag") };
        let known = ["window ", "cohort ", "numerator ", "measure ", "attribute ", "exclude ", "let "];
        let text = if known.iter().any(|word| clause(word)) {
            self.text.clone()
        } else {
            return format!(
                "{WORLD}\nindicator asked {{\n  window month\n  cohort visit where day in window\n  numerator {}\n  attribute place at day\n}}\n",
                self.text
            );
        };
        let (window, cohort) = (of("window", "window month"), of("cohort", "cohort visit where day in window"));
        let attribute = of("attribute", "attribute place at day");
        format!("{WORLD}\nindicator asked {{\n{window}{cohort}  {text}\n{numerator}{attribute}}}\n")
    }

    /// What is wrong when the text is not refused with its code.
    pub(crate) fn accepted(&self) -> Option<String> {
        match program(&[("asked.ind".to_owned(), self.program())]) {
            Ok(_) => Some(format!("`{}`: the text is accepted: {}", self.name, self.text)),
            Err(errors) if errors.contains(&format!("error {}", self.code)) => None,
            Err(errors) => Some(format!("`{}`: refused, but not with {}:\n{errors}", self.name, self.code)),
        }
    }
}
