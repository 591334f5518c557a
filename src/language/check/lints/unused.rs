//! What is declared and never asked for.

use crate::check::declared::Declared;
use crate::check::references::{Key, Kind, Names};
use crate::diag::{Diagnostic, Diagnostics, code};
use crate::source::Span;
use crate::syntax::ast::{Expr, Name};
use std::collections::{BTreeMap, BTreeSet};

/// Local names that no clause uses, itself or by another local name.
pub(in crate::check) fn lets(lets: &BTreeMap<&str, (&Name, &Expr)>, names: &Names, out: &mut Diagnostics) {
    let mut texts: Vec<(Span, Key)> = lets.values().map(|(name, value)| (value.span, (name.span, Kind::Let))).collect();
    texts.sort_unstable();
    // The local name whose text a place stands in.
    let around = |place: Span| {
        // Of an indicator that is like another, they stand in two files.
        let before = texts.partition_point(|(text, _)| (text.file, text.start) <= (place.file, place.start));
        let (text, name) = texts.get(before.checked_sub(1)?)?;
        place.is_inside(*text).then_some(*name)
    };
    let mut uses: BTreeMap<Option<Key>, Vec<Key>> = BTreeMap::new();
    for (place, meaning) in names.uses().filter(|(_, (_, kind))| *kind == Kind::Let) {
        uses.entry(around(place)).or_default().push(meaning);
    }
    let (mut used, mut open) = (BTreeSet::new(), vec![None]);
    while let Some(user) = open.pop() {
        let more = uses.get(&user).into_iter().flatten().filter(|name| used.insert(**name));
        open.extend(more.map(|name| Some(*name)));
    }
    for (name, _) in lets.values() {
        if !used.contains(&(name.span, Kind::Let)) {
            let message = format!("nothing uses `{}`", name.value);
            out.push(Diagnostic::new(code::UNUSED_LET, name.span, message).help("remove the line, or use the name"));
        }
    }
}

/// Named sets of codes and rows, and `define`s, that nothing asks for.
pub(in crate::check) fn sets(declared: &Declared, names: &Names, out: &mut Diagnostics) {
    // What could not be read may use anything.
    if !declared.unread.is_empty() {
        return;
    }
    let meant = names.uses().map(|(_, meaning)| meaning);
    let used: BTreeSet<Key> =
        meant.filter(|(_, kind)| matches!(kind, Kind::Codes | Kind::Rows | Kind::Derived)).collect();
    let codes = declared.codes.iter().map(|c| (c.name, Kind::Codes, "the codes "));
    let rows = declared.rows.iter().map(|r| (r.name, Kind::Rows, "the rows "));
    let defines = declared.defines.iter().map(|d| (&d.name, Kind::Derived, ""));
    for (name, kind, what) in codes.chain(rows).chain(defines) {
        if !used.contains(&(name.span, kind)) {
            let message = format!("no indicator uses {what}`{}`", name.value);
            out.push(Diagnostic::new(code::UNUSED_SET, name.span, message).help("remove the line, or use the name"));
        }
    }
}

/// Indicators that stand on no scorecard, when there is one.
pub(in crate::check) fn indicators(declared: &Declared, out: &mut Diagnostics) {
    if declared.scorecards.is_empty() {
        return;
    }
    let shown: BTreeSet<&str> = (declared.scorecards.iter())
        .flat_map(|s| s.rows.iter().flat_map(|(_, names)| names.iter().map(|n| n.value.as_str())))
        .collect();
    // A mistyped name may be the one that is missed.
    if !shown.is_subset(&declared.named) {
        return;
    }
    for indicator in &declared.indicators {
        let name = &indicator.name;
        if !shown.contains(name.value.as_str()) {
            let message = format!("no scorecard shows `{}`", name.value);
            out.push(Diagnostic::new(code::ON_NO_SCORECARD, name.span, message).help("add it to a row of a scorecard"));
        }
    }
}
