//! Who has agreed to an indicator, and whether it is still the definition that they agreed to.

use super::About;
use chrono::NaiveDate;

/// An approval. It changes no number, and so no meaning hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approved {
    /// Who has agreed.
    pub by: String,
    /// When.
    pub on: NaiveDate,
    /// The meaning hashes of the definition that was approved, as written: one for each hierarchy
    /// of levels in which the indicator is shown. None where the text does not say which it was.
    pub meanings: Vec<String>,
}

/// How a definition stands to what was approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing<'a> {
    /// The text says nothing of an approval.
    Unsaid,
    /// What was approved is what it means now.
    AsApproved(&'a Approved),
    /// Something else was approved.
    Otherwise(&'a Approved),
}

impl About {
    /// How the indicator stands to what was approved, by the meanings that it has now; only when
    /// all of them were approved, it is.
    #[must_use]
    pub fn standing(&self, meanings: &[&str]) -> Standing<'_> {
        match &self.approved {
            None => Standing::Unsaid,
            Some(approved) if meanings.iter().all(|now| approved.meanings.iter().any(|of| of == now)) => {
                Standing::AsApproved(approved)
            }
            Some(approved) => Standing::Otherwise(approved),
        }
    }

    /// Whether a review is due on a day: the day by which it was to be is this one, or has passed.
    #[must_use]
    pub fn is_review_due(&self, on: NaiveDate) -> bool {
        self.review_by.is_some_and(|by| by <= on)
    }
}

impl Approved {
    /// The clause by which somebody approves these meanings, on a day that is left open.
    #[must_use]
    pub fn clause(by: &str, meanings: &[&str]) -> String {
        let quoted: Vec<String> = meanings.iter().map(|meaning| format!("\"{meaning}\"")).collect();
        format!("approved by \"{by}\" on YYYY-MM-DD as meaning {}", quoted.join(", "))
    }
}
