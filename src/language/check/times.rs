//! What the times in the files are: local, and in which zone.

use super::declared::{Declared, repeated};
use crate::diag::{Diagnostic, Diagnostics, code, suggest};
use crate::model::Times;
use crate::syntax::ast::Name;
use crate::zone::{self, Zone};

/// So many zones are named where several could be meant.
const NAMED: usize = 3;
/// A shorter word that is no place is an abbreviation, and near to many others.
const ABBREVIATION: usize = 5;

/// The declaration, if there is one and it is right.
pub(super) fn build(declared: &Declared, out: &mut Diagnostics) -> Times {
    if let [(_, first), (_, second), ..] = declared.times.as_slice() {
        let message = "`times are local` is declared twice".to_owned();
        out.push(
            repeated(code::DECLARED_TWICE, message, *second, *first)
                .help("all times of a model are local to one place: remove one of the two"),
        );
    }
    match declared.times.first() {
        None => Times::Undeclared,
        Some((None, _)) => Times::Local,
        Some((Some(name), _)) => find(name, out).map_or(Times::Undeclared, Times::LocalTo),
    }
}

fn find(name: &Name, out: &mut Diagnostics) -> Option<Zone> {
    let found = Zone::named(&name.value);
    if found.is_none() {
        let message = format!("`{}` is not the time zone of a place", name.value);
        out.push(Diagnostic::new(code::TIME_ZONE, name.span, message).help(help(&name.value)));
    }
    found
}

/// The zones that are named so but for capitals and blanks, or by the same city; or the nearest.
fn help(written: &str) -> String {
    let word = written.replace(' ', "_");
    let all: Vec<&'static str> = zone::names().collect();
    let city = |name: &str| name.rsplit('/').next().unwrap_or_default().to_lowercase();
    let here = city(&word);
    let alike = all.iter().filter(|name| name.eq_ignore_ascii_case(&word));
    let same_city = all.iter().filter(|name| city(name) == here);
    let mut meant: Vec<&str> = alike.chain(same_city).copied().collect();
    meant.dedup();
    if meant.is_empty() && word.len() > ABBREVIATION {
        meant.extend(suggest::nearest(&word, all.iter().copied()));
    }
    if meant.is_empty() && here.len() > ABBREVIATION {
        let cities: Vec<String> = all.iter().map(|name| city(name)).collect();
        let near = suggest::nearest(&here, cities.iter().map(String::as_str));
        let near = near.and_then(|near| cities.iter().position(|city| city == near));
        meant.extend(near.and_then(|at| all.get(at)));
    }
    let meant: Vec<String> = meant.into_iter().take(NAMED).map(|name| format!("`{name}`")).collect();
    if meant.is_empty() {
        return "write a name such as `America/Los_Angeles`, as the IANA database has it for a place; abbreviations and offsets do not say \
                when clocks are changed"
            .to_owned();
    }
    format!("did you mean {}?", meant.join(" or "))
}
