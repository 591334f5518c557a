//! What has changed since an indicator was approved, sentence by sentence, with a line to sign.

use super::page::{Page, Point, Section};
use super::words::day;
use super::{approval, everywhere as described};
use crate::ir::{About, Indicator, Program};

/// What an indicator says that it did not say among the definitions of that time, and what it said
/// and says no longer.
#[must_use]
pub fn since(program: &Program, of: &Indicator, before: &Program) -> Page {
    let Some(old) = before.hierarchies().find_map(|program| program.find(&of.id)) else {
        let points = vec![Point::new("It was not among the definitions of that time: all of it is new.")];
        return page(program, of, vec![Section { title: "Changed", points }]);
    };
    let (now, then) = (described(program, &of.id).sentences(), described(before, &old.id).sentences());
    let only = |in_these: &[String], not_those: &[String]| -> Vec<Point> {
        in_these.iter().filter(|said| !not_those.contains(said)).map(Point::new).collect()
    };
    let meaning = match old.meaning == of.meaning {
        true => {
            format!("The meaning is the same ({}): nothing has changed that changes a number or a colour.", of.meaning)
        }
        false => format!("The meaning was {} and is {}: numbers or colours may change.", old.meaning, of.meaning),
    };
    let sections = vec![
        Section { title: "Changed", points: vec![Point::new(meaning)] },
        Section { title: "No longer said", points: only(&then, &now) },
        Section { title: "Now said", points: only(&now, &then) },
        Section { title: "Words that change no number", points: words(&old.about, &of.about) },
    ];
    page(program, of, sections)
}

/// That an indicator still has the meaning that was approved.
#[must_use]
pub fn unchanged(program: &Program, of: &Indicator) -> Page {
    let said =
        format!("The meaning is the same ({}): nothing has changed that changes a number or a colour.", of.meaning);
    page(program, of, vec![Section { title: "Changed", points: vec![Point::new(said)] }])
}

fn page(program: &Program, of: &Indicator, mut sections: Vec<Section>) -> Page {
    let line = format!("{}, meaning {}: approved on ____________ by ____________________", of.id, of.meaning);
    sections.push(Section { title: "To sign", points: vec![Point::new(line), approval::to_write(program, &of.id)] });
    Page { id: format!("{}: what has changed since it was approved", of.id), sections, ..Page::default() }
}

/// What is said about the indicator and has changed.
fn words(old: &About, new: &About) -> Vec<Point> {
    let title = |about: &About| Some(about.title.clone());
    let approved = |about: &About| about.approved.as_ref().map(|of| format!("by {} on {}", of.by, day(of.on)));
    let review = |about: &About| about.review_by.map(|by| format!("by {}", day(by)));
    let all: [(&str, Option<String>, Option<String>); 8] = [
        ("Title", title(old), title(new)),
        ("Question", old.question.clone(), new.question.clone()),
        ("Reading", old.reading.clone(), new.reading.clone()),
        ("Source", old.source.clone(), new.source.clone()),
        ("Status", old.status.clone(), new.status.clone()),
        ("Owner", old.owner.clone(), new.owner.clone()),
        ("Approved", approved(old), approved(new)),
        ("Review", review(old), review(new)),
    ];
    let said = |text: Option<String>| text.unwrap_or_else(|| "nothing".to_owned());
    let changed = all.into_iter().filter(|(_, old, new)| old != new);
    changed
        .map(|(what, old, new)| {
            let under = vec![Point::new(format!("was: {}", said(old))), Point::new(format!("is: {}", said(new)))];
            Point::over(format!("{what}:"), under)
        })
        .collect()
}
