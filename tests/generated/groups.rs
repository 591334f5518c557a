//! The breakdowns of a generated world.

use rand::RngExt;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;

/// By what rows are broken down: codes, flags, texts and numbers with bands, of the row itself, of
/// the day of attribution and of other rows before it.
pub(super) fn groups(mut rng: ChaCha8Rng) -> String {
    rng.random::<[u64; 2]>();
    let mut pick = |of: &[&str]| -> String { (*of.choose(&mut rng).unwrap()).to_owned() };
    let size =
        pick(&["\"a\" < 2, \"b\"", "\"a\" <= 0, \"b\" <= 2, \"c\" < 4, \"d\"", "\"none\" < 1, \"one\" <= 1, \"more\""]);
    let old = pick(&[
        "years from born to at bands \"young\" < 10, \"grown\" < 18, \"old\"",
        "months from born to at bands \"young\" <= 60, \"old\"",
        "at before born + 12 years",
        "at on or after born + 200 months and at on or before born + 20 years",
    ]);
    let seen = pick(&[
        "some events as seen where seen.happened before at",
        "no stays where began on or before at and ended after at",
        "some children as young where young.born before at - 3 years",
    ]);
    let before = pick(&[
        "count stays where began before at and began on or after at - 12 months",
        "count distinct way among stays where ended before at",
        "days from latest began among stays where began before at to at",
        "count events where happened on or before at and happened on or after window.start",
    ]);
    let lasted = pick(&["days from began to at", "months from began to at", "days", "days in window"]);
    let kind = pick(&["born before at - 15 years", "colour is missing", "count stays where began before at > 1"]);
    let note = pick(&["\"x\" = \"a\", \"y\" = \"B\", \"z\"", "\"first\" = \"b\", \"rest\""]);
    let grade = pick(&["grade", "gone before at", "at before started + 1 year"]);
    let load = pick(&[
        "count distinct h.client among held as h where h open on at",
        "count distinct client among held where taken before at and given after at - 12 months",
        "days from latest taken among held where taken on or before at to at",
        "count held where taken on or before at and taken after window.start",
        "count held as h where some h.client.stays as s where s.began before at",
    ]);
    format!(
        r#"
groups colour of client = colour
groups size   of client = size bands {size}
groups old    of client = {old}
groups kind   of client = if {kind} then "big" else if some events as seen where seen.happened before at then "seen" else "new"
groups seen   of client = {seen}
groups lately of client = {before} bands {size}
groups lasted of stay   = {lasted} bands "short" < 8, "middle" <= 90, "long"
groups paid   of stay   = checked before at
groups worth  of event  = 2 * worth - 1 bands {size}
groups cost   of event  = 2 * cost - fee bands "low" < 0.5, "mid" <= 2, "high"
groups note   of mark   = note bands {note}
groups mode   of part   = mode
groups grade  of agent  = {grade}
groups served of agent  = months from started to at bands "new" < 12, "known" < 36, "old"
groups load   of agent  = {load} bands {size}
groups named  of team   = name is known
"#
    )
}
