//! Plain indicators, one question each, in which every bound matters: what is waited for and looked
//! back on can be shown of each.

use rand::RngExt;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;

/// A cohort, by its table, and the day that it takes from the window.
const COHORTS: [(&str, &str, &str); 7] = [
    ("stay", "stay where began in window", "began"),
    ("stay", "stay where ended in window", "ended"),
    ("stay", "stay open on window.last_day", "window.last_day"),
    ("stay", "stay overlapping window", "window.end"),
    ("stay", "last stay of each client by began where began in window", "began"),
    ("event", "event where happened in window", "happened"),
    ("stay", "stay where began before window.start + LENGTH and began on or after window.start", "began"),
];

/// Questions that look forward from DAY, of a stay.
const STAY_LATER: [&str; 13] = [
    "ended before DAY + LENGTH",
    "ended on or before DAY + LENGTH",
    "not ended on or after DAY + LENGTH",
    "ended after DAY + LENGTH",
    "MONTHS from DAY to ended < NUMBER",
    "MONTHS from DAY to ended >= NUMBER",
    "checked on or before DAY + LENGTH",
    "some parts as q where q.opened after DAY and q.opened before DAY + LENGTH",
    "some parts as q where q.opened on or before DAY and q.closed before DAY + LENGTH",
    "no parts as q where q.mode = hall and q.opened before DAY + LENGTH",
    "(count parts as q where q.opened on or before DAY + LENGTH) >= 2",
    "(earliest q.opened among parts as q where q.opened on or after DAY) before DAY + LENGTH",
    "(days in window among parts as q where q.opened in window) > 3 days or ended before DAY + LENGTH",
];

/// Questions that look forward from DAY, of anything with a client.
const LATER: [&str; 9] = [
    "some client.events as q where q.happened after DAY and q.happened on or before DAY + LENGTH",
    "no client.events as q where q.happened after DAY and q.happened before DAY + LENGTH",
    "some other client.stays as q where q.began on or after DAY and q.began before DAY + LENGTH",
    "all client.stays as q where q.began in window have q.ended before q.began + LENGTH",
    "(count distinct q.way among client.stays as q where q.began before DAY + LENGTH) >= 1",
    "(latest q.happened among client.events as q where q.happened before DAY + LENGTH) after DAY",
    "some client.marks as q where q.seen after DAY and q.seen before DAY + LENGTH",
    "some client.stays as q where q.began in window and some q.parts as r where r.opened before q.began + LENGTH",
    "(earliest of DAY + LENGTH, (earliest q.began among client.stays as q where q.began after DAY)) before DAY + LENGTH",
];

/// Questions that look back from DAY.
const EARLIER: [&str; 9] = [
    "some client.events as q where q.happened on or after DAY - LENGTH and q.happened before DAY",
    "no client.events as q where q.happened after DAY - LENGTH and q.happened before DAY",
    "some other client.stays as q where q.ended on or after DAY - LENGTH and q.ended before DAY",
    "some client.stays as q where q.began on or after DAY - LENGTH and q.began before DAY",
    "some client.stays as q open on DAY - LENGTH",
    "(count client.events as q where q.happened on or after DAY - LENGTH and q.happened on or before DAY) >= 2",
    "(days from (earliest q.happened among client.events as q where q.happened after DAY - LENGTH) to DAY) > 5 days",
    "some client.stays as q where q.ended + LENGTH after DAY and q.ended before DAY",
    "some client.marks as q where q.event.happened on or after DAY - LENGTH and q.event.happened before DAY",
];

const LENGTHS: [(&str, &str, &str); 7] = [
    ("30 days", "days", "30 days"),
    ("8 days", "days", "8 days"),
    ("1 month", "months", "1 month"),
    ("6 months", "months", "6 months"),
    ("12 months", "months", "12 months"),
    ("2 years", "years", "2 years"),
    ("1 day", "days", "1 day"),
];

/// Which way a question looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Looks {
    Forward,
    Back,
}

/// An indicator as text.
pub(crate) fn plain(rng: &mut ChaCha8Rng, looks: Looks) -> String {
    let (table, cohort, day) = *COHORTS.choose(rng).unwrap();
    let (length, units, count) = *LENGTHS.choose(rng).unwrap();
    let of_stays = table == "stay" && rng.random_bool(0.6);
    let question = match looks {
        Looks::Back => *EARLIER.choose(rng).unwrap(),
        Looks::Forward if of_stays => *STAY_LATER.choose(rng).unwrap(),
        Looks::Forward => *LATER.choose(rng).unwrap(),
    };
    // How tight a look-back is, is shown of windows of months; of all, that it is enough.
    let windows = ["month end", "month", "3 months", "6 months", "12 months", "week", "year to date", "all time"];
    let window = match looks {
        Looks::Back => *windows[..5].choose(rng).unwrap(),
        Looks::Forward => *windows.choose(rng).unwrap(),
    };
    let written = |text: &str| {
        text.replace("DAY", day).replace("LENGTH", length).replace("MONTHS", units).replace("NUMBER", count)
    };
    let asked = match rng.random_range(0..10) {
        0 => format!("  exclude    \"asked\" {}\n  numerator  client.colour in {{ red, green }}", written(question)),
        1 => format!("  measure    rate per 1_000 days\n  numerator  {}\n  denominator 1 day", written(question)),
        _ => format!("  numerator  {}", written(question)),
    };
    format!(
        "indicator plain {{\n  title      \"plain\"\n  domain     only\n  status     inferred\n  window     {window}\n  cohort     {}\n{asked}\n  attribute  client.agent at window.last_day\n}}\n",
        written(cohort)
    )
}
