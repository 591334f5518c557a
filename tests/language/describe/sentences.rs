//! Twenty sentences that a board could not read, or read wrongly, as they are said now; and words
//! that are said no more.

use crate::texts::shipped;
use yardstick::describe;

/// The number of the sentence in the review, the page, and what stands there.
const SAID: [(usize, &str, &str); 26] = [
    (
        1,
        "reunification_within_12_months_entry",
        "Without its id or one of these a record is set aside, with all that hangs on it: a child's \"born on\"; a removal's \
         \"child\" and \"removed on\"; a placement's \"removal\", \"child\" and \"started on\".",
    ),
    (
        1,
        "reunification_within_12_months_entry",
        "May be empty: a removal's \"exited on\" (not yet) and \"exit type\"; a placement's \"ended on\" (not yet).",
    ),
    (
        1,
        "How to read this",
        "If more than 10% of a table or column that is read is set aside or cannot be used, no figure is shown, also where it only says for whom something counts; up to four are too many only when they are more than half.",
    ),
    (2, "reentry_into_foster_care", "No empty field can leave the answer open."),
    (
        2,
        "placement_stability_12_24",
        "Only a field that must be filled in and is not can leave the answer open; the removal then is \"undetermined\".",
    ),
    (
        3,
        "no_recurrence_of_maltreatment",
        "If an empty field leaves the answer open, the allegation is \"undetermined\". Such fields: an allegation's \
         \"disposition\".",
    ),
    (
        3,
        "How to read this",
        "What is \"undetermined\" is reported apart. Where a figure is the percentage of what is met, it stays in the total, and is not met.",
    ),
    (4, "reentry_into_foster_care", "Lower is better: \"met\" means that it happened, and it should not."),
    (5, "reentry_into_foster_care", "Excluded No exclusions."),
    (
        6,
        "sibling_placement",
        "A child is met when for each of the child's siblings (sibling B) and each of the other child (\"sibling\") of sibling \
         B's placements (placement C): if placement C is open on the last day of the period then for at least one of the \
         child's placements all of these are true:",
    ),
    (
        7,
        "placement_stability_12_24",
        "the time from the removal's \"removed on\" to \"stay end\" is 12 months or more and less than 24",
    ),
    (8, "maltreatment_in_care_rate", "The child counts for the worker on \"last day in care\","),
    (
        9,
        "How to read this",
        "The worker of a child on a day: the one of the assignment that runs that day (\"from on\" included, \"until on\" not; without end while that is empty). \
         If several run, the one that began last,",
    ),
    (10, "no_recurrence_of_maltreatment", "is more than 14 days after the day of the referral's \"received at\""),
    (
        11,
        "permanency_in_12_months_entries",
        "the day 30 days after the placement's \"started on\" is before \"too late\"",
    ),
    (
        12,
        "reentry_into_foster_care",
        "Of those that may count in a period and have the same child, one counts: the one for which the removal's \"exited \
         on\" is the latest.",
    ),
    (13, "maltreatment_in_care_rate", "events that are certain still count"),
    (
        14,
        "How to read this",
        "If nobody is found for a level on the day, or there is no such day or it is not known, or the record of the bureau, office, unit or worker that is found is set aside (as one is that must name the level above and does not), it is \"unassigned\" at that level and those \
         above. It still counts for the department.",
    ),
    (
        15,
        "reentry_into_foster_care",
        "The removal counts for the child's worker on the last day of the removal, and for that worker's unit, office and bureau \
         on that day.",
    ),
    (
        16,
        "worker_turnover",
        "The part of the period for which a worker counts: the number of days of the period on which the worker is open, \
         divided by the days of the period.",
    ),
    (17, "worker_turnover", "The worker counts for the worker itself on"),
    (
        18,
        "How to read this",
        "Any other empty field is not known. If an answer hangs on it, there is no answer. If the rest settles the answer \
         without it, it does not matter.",
    ),
    (19, "reentry_into_foster_care", "The figure covers 12 calendar months, and is made anew each month."),
    (
        20,
        "timely_medical_exam",
        "its \"examined on\" is on or before the last day of the period and after the day as many months before the last day of the period as the exam schedule's \
         \"every months\" says",
    ),
    (
        20,
        "timely_medical_exam",
        "It goes by lines of the data, which are to be read with it (`yardstick describe --data DIR` prints them): exam schedule (each line \
         an age band of one kind of exam).",
    ),
    (6, "How to read this", "Two days that have not come are not the same day."),
];

/// Words that are said on no page of what ships.
const NO_MORE: [&str; 9] = [
    "Missing data never leaves this open",
    "Nothing that is counted is left out",
    "Left out:",
    "In are ",
    "15th day",
    "eighth day",
    "day I",
    "sibling's sibling's",
    "What can be missing here",
];

/// The words of a page in a row, without the marks of its points.
fn in_a_row(page: &describe::Page) -> String {
    let text = page.text();
    text.split_whitespace().filter(|word| !matches!(*word, "-" | "|")).collect::<Vec<_>>().join(" ")
}

#[test]
fn twenty_sentences_are_said_so_that_a_board_can_sign_them() {
    let shipped = shipped();
    let all: Vec<_> = shipped.program.indicators.iter().collect();
    let pages: Vec<(String, String)> =
        describe::book(&shipped.program, &all).iter().map(|page| (page.id.clone(), in_a_row(page))).collect();
    for (number, id, said) in SAID {
        let (_, page) = pages.iter().find(|(page, _)| page == id).unwrap();
        assert!(page.contains(said), "sentence {number}: `{said}` is not in {page}");
    }
    for (id, page) in &pages {
        for words in NO_MORE {
            assert!(!page.contains(words), "`{words}` is said of {id}");
        }
    }
}

/// What is computed of an indicator, without the words about it and the examples, is short.
#[test]
fn pages_are_short() {
    let shipped = shipped();
    let program = &shipped.program;
    let words = |page: &describe::Page| in_a_row(page).split(' ').count();
    let computed: Vec<(usize, &str)> = (program.indicators.iter())
        .map(|i| {
            let mut page = describe::indicator(&program.model, i);
            page.same.clear();
            (words(&page), i.id.as_str())
        })
        .collect();
    let mean = computed.iter().map(|(n, _)| n).sum::<usize>() / computed.len();
    println!("{mean} words on average; {computed:?}");
    let long: Vec<_> = computed.iter().filter(|(n, _)| *n >= 500).collect();
    assert!(mean <= 350 && long.is_empty(), "{mean} on average, {long:?}");
}

/// Nothing after the year can decide a stay or an employment that is cut off at the year's end.
#[test]
fn what_is_cut_off_at_the_end_of_the_period_waits_for_nothing() {
    let shipped = shipped();
    let waits = |id: &str| {
        let page = describe::indicator(&shipped.program.model, shipped.program.find(id).unwrap());
        in_a_row(&page).contains("can still decide it")
    };
    let cut_off = ["placement_stability_0_12", "placement_stability_12_24", "worker_turnover", "worker_attrition"];
    assert_eq!(cut_off.map(waits), [false; 4]);
    assert!(waits("timely_response_immediate") && waits("reentry_into_foster_care"));
}
