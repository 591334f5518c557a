//! What `yardstick init --example library` lays out: every file is named, and a test compares the
//! names with the folders.

use super::File;

/// The files of the libraries.
pub(super) const FILES: &[File] = files! {
    "examples/library/indicators" => "indicators":
        "damage_per_1000_loan_days.ind",
        "days_to_fill_a_hold.ind",
        "days_until_a_hold_is_filled.ind",
        "holds_filled_in_5_days.ind",
        "librarians_who_left.ind",
        "model.ind",
        "readers_in_time.ind",
        "readers_who_came_back.ind",
        "returned_in_time.ind",
        "scorecard.ind",
    ;
    "examples/library/data" => "data":
        "branch.csv",
        "damage.csv",
        "dataset.toml",
        "hold.csv",
        "holiday.csv",
        "item.csv",
        "librarian.csv",
        "loan.csv",
        "posting.csv",
        "reader.csv",
        "region.csv",
    ;
};
