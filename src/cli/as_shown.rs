//! What the cells of scorecards show of made-up rows, as tests expect it.

use crate::calendar::Window;
use crate::history::{Definition, Shown};
use crate::interpret::Verdict;
use crate::interpreted;

/// What the cells of scorecards show.
#[derive(Debug)]
pub(super) struct AsShown;

impl Shown for AsShown {
    fn forms(&self, of: Definition, window: Window, rows: &[Verdict]) -> Vec<String> {
        interpreted::expected(of.indicator(), window, rows)
    }
}
