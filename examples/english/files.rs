//! What `yardstick init --example english` lays out: every file is named, and a test compares the
//! names with the folders.

use super::File;

/// The files of the English return.
pub(super) const FILES: &[File] = files! {
    "examples/english/indicators" => "indicators":
        "adopted.ind",
        "looked_after.ind",
        "looked_after_per_10_000.ind",
        "model.ind",
        "reviews_in_time.ind",
        "scorecard.ind",
        "three_or_more_placements.ind",
        "two_years_in_one_placement.ind",
    ;
    "examples/english/data" => "data":
        "authorities.csv",
        "bank_holidays.csv",
        "dataset.toml",
        "episodes.csv",
        "header.csv",
        "population.csv",
        "reviews.csv",
        "teams.csv",
    ;
};
