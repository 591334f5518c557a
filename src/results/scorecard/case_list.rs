//! The rows behind the latest cells of an indicator, where somebody asks for them.

/// The rows of an indicator's latest window, as texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseList {
    /// Their indicator, as in `Program::indicators`.
    pub indicator: usize,
    /// The names of the columns.
    pub head: Vec<String>,
    /// The rows that count, or may count, in a cell that is shown.
    pub rows: Vec<ListedCase>,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedCase {
    /// The entities in whose cells it counts, as in `Hierarchy::entities`.
    pub holders: Vec<usize>,
    /// A text for each column; `None` where there is none.
    pub texts: Vec<Option<String>>,
}
