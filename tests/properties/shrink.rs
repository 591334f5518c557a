//! Makes a disagreement small enough to read: takes away whatever it does not need.

use crate::generated::Text;
use crate::generated::indicator::Cond;
use crate::generated::world::Files;
use yardstick::model::TableId;

/// The smallest case found that still fails, and how it fails. `fails` says what is wrong, or
/// `None` when nothing is (or when the text is no longer accepted).
pub(crate) fn shrink(
    mut text: Text,
    mut files: Files,
    mut failure: String,
    fails: impl Fn(&Text, &Files) -> Option<String>,
) -> (Text, Files, String) {
    let mut budget = 600;
    let mut go_on = true;
    while go_on {
        go_on = false;
        // After a success the same number is tried again: what was before it is needed.
        let mut number = 0;
        while budget > 0
            && let Some((id, from, to)) = cuts(&files).get(number).copied()
        {
            budget -= 1;
            let mut candidate = files.clone();
            candidate.tables.get_mut(&id).unwrap().rows.drain(from..to);
            match fails(&text, &candidate) {
                Some(found) => (files, failure, go_on) = (candidate, found, true),
                None => number += 1,
            }
        }
        let mut number = 0;
        while budget > 0
            && let Some(candidate) = smaller_texts(&text).into_iter().nth(number)
        {
            budget -= 1;
            match fails(&candidate, &files) {
                Some(found) => (text, failure, go_on) = (candidate, found, true),
                None => number += 1,
            }
        }
    }
    (text, files, failure)
}

/// What may be taken away: whole tables, halves of tables, then single rows.
fn cuts(files: &Files) -> Vec<(TableId, usize, usize)> {
    let cuts = files.tables.iter().flat_map(|(id, raw)| {
        let rows = raw.rows.len();
        let halves = if rows > 3 { vec![(0, rows), (0, rows / 2), (rows / 2, rows)] } else { Vec::new() };
        halves.into_iter().chain((0..rows).map(|row| (row, row + 1))).map(|(from, to)| (*id, from, to))
    });
    cuts.collect()
}

fn smaller_texts(text: &Text) -> Vec<Text> {
    let mut found = Vec::new();
    let mut with = |change: &dyn Fn(&mut Text)| {
        let mut smaller = text.clone();
        change(&mut smaller);
        if smaller != *text {
            found.push(smaller);
        }
    };
    with(&|t| t.lag = None);
    with(&|t| t.stands = false);
    with(&|t| t.window = "month".to_owned());
    with(&|t| t.passing = None);
    with(&|t| t.cohort.pick = None);
    with(&|t| {
        t.cohort.pick.iter_mut().for_each(|(_, of)| *of = of.replace(" at each level", ""));
    });
    with(&|t| t.cohort.relation = None);
    with(&|t| t.attribute = format!("{} at window.last_day", t.attribute.split(' ').next().unwrap()));
    for n in 0..text.lets.len() {
        with(&|t| drop(t.lets.remove(n)));
    }
    for n in 0..text.excludes.len() {
        with(&|t| drop(t.excludes.remove(n)));
        for smaller in smaller_conditions(&text.excludes[n]) {
            with(&|t| t.excludes[n] = smaller.clone());
        }
    }
    for smaller in text.passing.iter().flat_map(smaller_conditions) {
        with(&|t| t.passing = Some(smaller.clone()));
    }
    for smaller in text.numerator.iter().flat_map(smaller_conditions) {
        with(&|t| t.numerator = Some(smaller.clone()));
    }
    with(&|t| {
        if t.measure.is_some() {
            (t.measure, t.denominator) = (None, None);
            t.numerator = Some(Cond::Leaf("true".to_owned()));
        }
    });
    found
}

fn smaller_conditions(c: &Cond) -> Vec<Cond> {
    let truth = Cond::Leaf("true".to_owned());
    let mut found = if *c == truth { Vec::new() } else { vec![truth] };
    match c {
        Cond::Leaf(_) => {}
        Cond::And(all) => parts(all, Cond::And, &mut found),
        Cond::Or(all) => parts(all, Cond::Or, &mut found),
        Cond::Not(inner) => {
            found.push((**inner).clone());
            found.extend(smaller_conditions(inner).into_iter().map(|c| Cond::Not(Box::new(c))));
        }
        Cond::Compared { rows, with } => {
            let compared = |rows| Cond::Compared { rows: Box::new(rows), with: with.clone() };
            let linked = |c: &Cond| matches!(c, Cond::Linked { .. });
            found.extend(smaller_conditions(rows).into_iter().filter(linked).map(compared));
        }
        Cond::Linked { head, passing, have } => {
            let again = |head: &str, passing: Option<Cond>, have: Option<Cond>| Cond::Linked {
                head: head.to_owned(),
                passing: passing.map(Box::new),
                have: have.map(Box::new),
            };
            let (p, h) = (passing.as_deref(), have.as_deref());
            // `some client.stays as q1 overlapping window`: the relation comes after the alias.
            if let Some((source, rest)) = head.split_once(" as ")
                && let Some((alias, _)) = rest.split_once(' ')
            {
                found.push(again(&format!("{source} as {alias}"), p.cloned(), h.cloned()));
            }
            if p.is_some() {
                found.push(again(head, None, h.cloned()));
            }
            found.extend(p.into_iter().flat_map(smaller_conditions).map(|p| again(head, Some(p), h.cloned())));
            found.extend(h.into_iter().flat_map(smaller_conditions).map(|h| again(head, p.cloned(), Some(h))));
        }
    }
    found
}

fn parts(all: &[Cond], join: fn(Vec<Cond>) -> Cond, found: &mut Vec<Cond>) {
    found.extend(all.iter().cloned());
    for n in 0..all.len() {
        for smaller in smaller_conditions(&all[n]) {
            let mut all = all.to_vec();
            all[n] = smaller;
            found.push(join(all));
        }
    }
}
