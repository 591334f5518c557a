//! The tables of the county's data contract: their columns, in order, and what kind of value each
//! holds.

/// What a column holds, which decides how it is written and how it can be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The row's own id.
    Key,
    /// Another row's id.
    Link,
    /// Free text.
    Text,
    /// One of a fixed set of words.
    Code,
    /// A day.
    Day,
    /// A day and a time, in seconds.
    Time,
    /// Yes or no.
    Flag,
    /// A whole number.
    Count,
}

/// One table: its file's name and its columns.
#[derive(Debug)]
pub(crate) struct Spec {
    pub(crate) name: &'static str,
    pub(crate) columns: &'static [(&'static str, Kind)],
    /// The columns from which and until which the row holds.
    pub(crate) span: Option<(usize, usize)>,
    /// How much of the asked-for share of bad rows this table gets: none where one bad row would
    /// take half a county with it.
    pub(crate) mess: f64,
}

/// The number of each table in [`SPECS`].
#[derive(Debug, Clone, Copy)]
pub(crate) enum Table {
    Bureau,
    Office,
    Unit,
    Worker,
    WorkerUnit,
    Child,
    Sibling,
    Referral,
    Allegation,
    Case,
    Removal,
    Placement,
    Contact,
    Exam,
    Screening,
    Assignment,
    ExamSchedule,
    Holiday,
    HomeArea,
    Residents,
    CareMonth,
}

use Kind::{Code, Count, Day, Flag, Key, Link, Text, Time};

const fn spec(
    name: &'static str,
    span: Option<(usize, usize)>,
    mess: f64,
    columns: &'static [(&'static str, Kind)],
) -> Spec {
    Spec { name, columns, span, mess }
}

/// All tables, in the order of [`Table`].
pub(crate) const SPECS: [Spec; 21] = [
    spec("bureau", None, 0.0, &[("bureau_id", Key), ("name", Text)]),
    spec("office", None, 0.0, &[("office_id", Key), ("bureau_id", Link), ("name", Text), ("peer_group", Text)]),
    spec("unit", None, 0.0, &[("unit_id", Key), ("office_id", Link), ("name", Text)]),
    spec(
        "worker",
        Some((1, 2)),
        0.0,
        &[
            ("worker_id", Key),
            ("hired_on", Day),
            ("separated_on", Day),
            ("separation_reason", Code),
            ("position", Code),
        ],
    ),
    spec(
        "worker_unit",
        Some((2, 3)),
        0.5,
        &[("worker_id", Link), ("unit_id", Link), ("from_on", Day), ("until_on", Day)],
    ),
    spec(
        "child",
        None,
        0.2,
        &[("child_id", Key), ("born_on", Day), ("sex", Code), ("ethnicity", Text), ("died_on", Day)],
    ),
    spec("sibling", None, 0.5, &[("child_id", Link), ("sibling_id", Link)]),
    spec(
        "referral",
        None,
        1.0,
        &[
            ("referral_id", Key),
            ("received_at", Time),
            ("response", Code),
            ("first_attempt_at", Time),
            ("first_contact_at", Time),
            ("closed_on", Day),
            ("worker_id", Link),
        ],
    ),
    spec(
        "allegation",
        None,
        1.0,
        &[
            ("allegation_id", Key),
            ("referral_id", Link),
            ("child_id", Link),
            ("kind", Code),
            ("disposition", Code),
            ("disposed_on", Day),
            ("incident_on", Day),
            ("perpetrator", Code),
        ],
    ),
    spec(
        "case",
        Some((2, 3)),
        1.0,
        &[("case_id", Key), ("child_id", Link), ("opened_on", Day), ("closed_on", Day), ("court_ordered", Flag)],
    ),
    spec(
        "removal",
        Some((2, 3)),
        1.0,
        &[
            ("removal_id", Key),
            ("child_id", Link),
            ("removed_on", Day),
            ("exited_on", Day),
            ("exit_type", Code),
            ("meeting_on", Day),
            ("hearing_on", Day),
        ],
    ),
    spec(
        "placement",
        Some((4, 5)),
        1.0,
        &[
            ("placement_id", Key),
            ("removal_id", Link),
            ("child_id", Link),
            ("home_id", Text),
            ("started_on", Day),
            ("ended_on", Day),
            ("setting", Code),
        ],
    ),
    spec(
        "contact",
        None,
        1.0,
        &[
            ("contact_id", Key),
            ("child_id", Link),
            ("referral_id", Link),
            ("contacted_on", Day),
            ("in_person", Flag),
            ("completed", Flag),
            ("in_residence", Flag),
        ],
    ),
    spec("exam", None, 1.0, &[("exam_id", Key), ("child_id", Link), ("kind", Code), ("examined_on", Day)]),
    spec("screening", None, 1.0, &[("screening_id", Key), ("child_id", Link), ("screened_on", Day)]),
    spec(
        "assignment",
        Some((2, 3)),
        1.0,
        &[("child_id", Link), ("worker_id", Link), ("from_on", Day), ("until_on", Day)],
    ),
    spec(
        "exam_schedule",
        None,
        0.0,
        &[("kind", Code), ("from_months", Count), ("to_months", Count), ("every_months", Count)],
    ),
    spec("holiday", None, 0.0, &[("day", Day)]),
    spec("home_area", None, 0.0, &[("child_id", Link), ("office_id", Link)]),
    spec(
        "residents",
        None,
        0.0,
        &[("office_id", Link), ("of_year", Count), ("from_years", Count), ("to_years", Count), ("residents", Count)],
    ),
    spec("care_month", None, 0.0, &[("from_on", Day), ("until_on", Day)]),
];
