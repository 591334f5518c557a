//! Who has agreed to an indicator: the words change no number, and hold for one meaning alone.

use crate::texts::{Checked, checked};
use std::path::PathBuf;
use yardstick::describe;
use yardstick::ide::Definitions;
use yardstick::ir::Standing;

const CLAUSES: &str =
    "window 12 months cohort removal where exited_on in window attribute child.worker at window.last_day";

/// What `reunified` means without any of these words.
fn meaning() -> String {
    with("").program.indicators[0].meaning.clone()
}

fn with(words: &str) -> Checked {
    let checked = checked("text.ind", &format!("indicator reunified {{ {CLAUSES} numerator true {words} }}"));
    assert!(!checked.findings.has_errors(), "{words}\n{}", checked.shown());
    checked
}

/// The findings of this code.
fn findings(words: &str, code: &str) -> String {
    let mut checked = with(words);
    checked.findings = yardstick::diag::Diagnostics::default();
    checked.with_asked(code).shown()
}

#[test]
fn an_owner_an_approval_and_a_review_are_no_part_of_the_meaning() {
    let words =
        "owner \"Desk\" approved by \"Board\" on 2026-03-01 as meaning \"0123456789abcdef\" review by 2027-03-01";
    assert_eq!(with(words).program.indicators[0].meaning, meaning());
}

#[test]
fn an_approval_holds_for_the_meaning_it_names() {
    let now = meaning();
    let approved = |as_what: &str| format!("approved by \"Board\" on 2026-03-01 {as_what}");
    for (as_what, said) in [
        (format!("as meaning \"{now}\""), None),
        (format!("as meaning \"0123456789abcdef\", \"{now}\""), None),
        ("as meaning \"0123456789abcdef\"".to_owned(), Some("not approved as it stands")),
        (format!("as meaning \"{}\"", now.to_uppercase()), Some("which is no meaning hash")),
        ("as meaning \"reunified\"".to_owned(), Some("which is no meaning hash")),
        ("as meaning \"\"".to_owned(), Some("which is no meaning hash")),
        (String::new(), Some("it is not said as which meaning")),
    ] {
        let checked = with(&approved(&as_what));
        let standing = checked.program.indicators[0].about.standing(&checked.program.meanings("reunified"));
        assert_eq!(matches!(standing, Standing::AsApproved(_)), said.is_none(), "{as_what}");
        let found = findings(&approved(&as_what), "W0816");
        match said {
            None => assert_eq!(found, ""),
            // The message says what to write, and by whom.
            Some(said) => {
                let flat = found.split_whitespace().filter(|word| *word != "|").collect::<Vec<_>>().join(" ");
                let write = format!("approved by \"Board\" on YYYY-MM-DD as meaning \"{now}\"");
                assert!(flat.contains(said) && flat.contains(&write), "{found}");
            }
        }
    }
}

#[test]
fn a_change_of_the_model_takes_the_approval_away() {
    let model = std::fs::read_to_string(crate::texts::root().join(crate::texts::MODEL)).unwrap();
    let text = format!(
        "{model}\nindicator reunified {{ {CLAUSES} numerator true approved by \"Board\" on 2026-03-01 as meaning \"{}\" }}",
        meaning()
    );
    let is_approved = |text: &str| {
        let program = checked("text.ind", text).program;
        matches!(program.indicators[0].about.standing(&program.meanings("reunified")), Standing::AsApproved(_))
    };
    assert!(is_approved(&text));
    let line = "  exit_type ";
    assert!(text.contains(line));
    assert!(!is_approved(&text.replacen(line, "  exit_reason text?\n  exit_type ", 1)));
}

#[test]
fn one_like_another_takes_over_its_owner_and_not_its_approval() {
    let now = meaning();
    let text = format!(
        "indicator reunified {{ {CLAUSES} numerator true owner \"Desk\" approved by \"Board\" on 2026-03-01 as meaning \"{now}\" \
         review by 2027-03-01 }}\nindicator same like reunified {{ }}"
    );
    let checked = checked("text.ind", &text);
    let about = |id: &str| checked.program.find(id).unwrap().about.clone();
    assert!(about("reunified").approved.is_some() && about("reunified").review_by.is_some());
    let same = about("same");
    assert_eq!((same.owner.as_deref(), same.approved, same.review_by), (Some("Desk"), None, None));
    // What is the same is approved once: nothing is told of the other.
    assert_eq!(checked.asked.sorted().iter().filter(|f| f.code.as_str() == "W0816").count(), 0);
}

/// `texts::checked` asks as of 31 October 2026.
#[test]
fn a_review_is_due_from_its_day_on() {
    assert!(findings("review by 2026-10-31", "W0817").contains("is due: it was to be by 2026-10-31"));
    assert_eq!(findings("review by 2026-11-01", "W0817"), "");
    let approved = |review: &str| format!("approved by \"Board\" on 2026-11-05 review by {review}");
    assert!(findings(&approved("2026-11-05"), "W0817").contains("it was approved on 2026-11-05"));
    assert_eq!(findings(&approved("2026-11-06"), "W0817"), "");
}

#[test]
fn a_description_says_it_in_its_head() {
    let said = |words: &str| {
        let checked = with(words);
        let page = describe::page(&checked.program, &checked.program.indicators[0]);
        let points = page.head.unwrap().points;
        points.into_iter().map(|point| point.text).collect::<Vec<_>>().join("\n")
    };
    let plain = said("");
    assert!(!plain.contains("pprov") && !plain.contains("Owner"), "{plain}");
    let words = |hash: &str| {
        format!("owner \"Desk\" approved by \"Board\" on 2026-03-01 as meaning \"{hash}\" review by 2027-03-01")
    };
    let now = meaning();
    let as_approved =
        "Owner: Desk.\nApproved as it stands: by Board, on 1 March 2026.\nTo be reviewed by 1 March 2027.";
    assert!(said(&words(&now)).ends_with(as_approved), "{}", said(&words(&now)));
    let other = said(&words("0123456789abcdef"));
    let expected = format!(
        "Not approved as it stands: approved by Board on 1 March 2026 as meaning 0123456789abcdef; it is now {now}."
    );
    assert!(other.contains(&expected), "{other}");
    let none = said("approved by \"Board\" on 2026-03-01");
    assert!(none.contains("on 1 March 2026 and it is not said as which meaning; it is now"), "{none}");
}

#[test]
fn columns_may_be_called_like_the_words() {
    let text = "levels all > office\ntable office { office_id key }\n\
        table review { review_id key  office -> office  owner text  approved bool  meaning text  on_day date  begins on on_day }\n\
        indicator i { window month cohort review where on_day in window and owner = meaning numerator approved \
        attribute office at window.last_day owner \"Desk\" review by 2027-03-01 }";
    let checked = checked("text.ind", text);
    assert!(!checked.findings.has_errors(), "{}", checked.shown());
    assert_eq!(checked.program.indicators[0].about.owner.as_deref(), Some("Desk"));
}

#[test]
fn an_editor_knows_the_words() {
    let text = "indicator reunified {\n  owner \"Desk\"\n  approved by \"Board\" on 2026-03-01\n}\n";
    let definitions = Definitions::new([(PathBuf::from("one.ind"), text.to_owned())], false);
    let file = definitions.sources().find(std::path::Path::new("one.ind")).unwrap();
    let words = yardstick::ide::semantic_tokens::all(&definitions, file);
    let keywords: Vec<&str> = words
        .iter()
        .filter(|word| word.kind == yardstick::ide::semantic_tokens::TokenKind::Keyword)
        .map(|word| text.get(word.span.start as usize..word.span.end as usize).unwrap())
        .collect();
    assert_eq!(keywords, ["indicator", "owner", "approved", "by", "on"]);
}
