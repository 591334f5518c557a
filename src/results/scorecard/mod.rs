//! Measured counts to judged cells: roll-up, states, bands. Pure arithmetic; knows neither
//! DataFusion nor files.
//!
//! [`judge::table`] sums; a [`judge::Table`] judges each cell that is asked for; [`Judged`] gives
//! the rows that files carry and the card that people read.

pub mod apart;
pub mod as_published;
pub mod attrition;
pub mod band;
pub mod book;
pub mod bounds;
pub mod card;
pub mod case_list;
pub mod cell;
pub mod children_by_band;
pub mod columns;
pub mod complete;
pub mod figures;
mod incidence;
pub mod judge;
pub mod judged;
mod judging;
pub mod marks;
mod measures;
pub mod moved;
pub mod own;
pub mod percentile;
pub mod plan;
pub mod process_chart;
pub mod published;
pub mod ratio;
pub mod reason;
pub mod relation;
pub mod review;
pub mod rollup;
pub mod rounding;
pub mod row;
pub mod row_changes;
pub mod spearman;
pub mod suppress;
pub mod suppress_groups;
pub mod trend;
pub mod values;
pub mod wilson_interval;
pub mod words;

pub use crate::counts::Counts;
pub use crate::hierarchy::{Entity, Hierarchy, Peers, Selection, UNASSIGNED};
pub use as_published::AsPublished;
pub use attrition::Attrition;
pub use book::Book;
pub use card::{Card, Heading};
pub use cell::{Band, Cell, State};
pub use children_by_band::ChildrenByBand;
pub use columns::{Columns, NoColumns, shown};
pub use complete::{Complete, Lost};
pub use judge::{CellKey, Group};
pub use judged::{Block, Cells, Judged};
pub use judging::{BrokenDown, Judging};
pub use moved::Moved;
pub use plan::Progress;
pub use published::{Names, Published};
pub use ratio::{Ratio, Reference};
pub use reason::Reason;
pub use relation::Relation;
pub use review::Review;
pub use row::{Day, ResultRow};
pub use trend::Trend;
