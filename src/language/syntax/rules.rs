//! What the rules of the grammar are called when speaking to people.

use super::grammar::Rule;
use super::vocabulary;

/// What a rule is called.
enum Called {
    /// With these, as the items of a list.
    So(&'static [&'static str]),
    /// With the words it can begin with.
    ByItsWords,
}

/// What the rules are called that read more than a word, in the order in which they are said. A
/// rule that is neither here nor a word has no name for people, and is left out of what was
/// expected.
const KINDS: &[(Rule, Called)] = &[
    (Rule::name, Called::So(&["a name"])),
    (Rule::path, Called::So(&["a name"])),
    (Rule::zone, Called::So(&["a time zone such as `America/Los_Angeles`"])),
    (Rule::text, Called::So(&["a text in quotation marks"])),
    (Rule::wrong_quote, Called::So(&["a text in quotation marks"])),
    (Rule::text_inside, Called::So(&["a text in quotation marks"])),
    (Rule::bare_id, Called::So(&["a row's id"])),
    (Rule::row_id, Called::So(&["a row's id"])),
    (Rule::number, Called::So(&["a number"])),
    (Rule::amount, Called::So(&["a number"])),
    (Rule::quantity, Called::So(&["a number"])),
    (Rule::duration, Called::So(&["a length of time such as `12 months`"])),
    (Rule::unit, Called::So(&["a unit such as `days`"])),
    (Rule::month, Called::So(&["a month such as `2026-02`"])),
    (Rule::date, Called::So(&["a day such as `2024-12-31`"])),
    (Rule::column, Called::So(&["a type"])),
    (Rule::code_list, Called::So(&["a list such as `{ a, b }`"])),
    (Rule::value_list, Called::So(&["a list such as `{ a, b }`"])),
    (Rule::spelled_list, Called::So(&["a list such as `{ a, b }`"])),
    (Rule::spelled, Called::So(&["a name"])),
    (Rule::spelling, Called::So(&["the file's spelling in quotation marks", "`otherwise`"])),
    (Rule::expr, Called::So(&["a condition or value"])),
    (Rule::predicate, Called::So(&["a condition or value"])),
    (Rule::value, Called::So(&["a value"])),
    (Rule::tail, Called::So(&["a comparison such as `=` or `before`"])),
    (Rule::compare_op, Called::So(&["a comparison such as `=` or `before`"])),
    (Rule::connective, Called::ByItsWords),
    (Rule::relation, Called::So(&["`open on`", "`overlapping`", "`covering`"])),
    (Rule::direction, Called::So(&["`at least`", "`at most`"])),
    (Rule::thresholds, Called::So(&["`at least`", "`at most`", "`between`"])),
    (Rule::within, Called::So(&["`within`"])),
    (Rule::colour, Called::So(&["`green`", "`yellow`", "`red`", "`no colour`"])),
    (Rule::where_part, Called::ByItsWords),
    (Rule::have_part, Called::ByItsWords),
    (Rule::alias, Called::ByItsWords),
    (Rule::pick, Called::So(&["`first`", "`last`"])),
    (Rule::pick_of, Called::So(&["`of each`"])),
    (Rule::standard_part, Called::ByItsWords),
    (Rule::origin, Called::So(&["`{` and where the figure comes from"])),
    (Rule::origin_part, Called::ByItsWords),
    (Rule::yellow, Called::ByItsWords),
    (Rule::file, Called::ByItsWords),
    (Rule::id_file, Called::ByItsWords),
    (Rule::joined, Called::ByItsWords),
    (Rule::sheet, Called::ByItsWords),
    (Rule::encoding, Called::ByItsWords),
    (Rule::encoding_name, Called::So(&["`windows-1252`"])),
    (Rule::bands, Called::ByItsWords),
    (Rule::band, Called::So(&["a band such as `\"under 1\" < 1`"])),
    (Rule::words_of, Called::So(&["`of`"])),
    (Rule::through, Called::ByItsWords),
    (Rule::not_yet, Called::So(&["`missing means not yet`"])),
    (
        Rule::outcome,
        Called::So(&["`met`", "`unmet`", "`undetermined`", "`counted`", "`excluded`", "`unsure`", "`not counted`"]),
    ),
    (Rule::held_by, Called::So(&["`held by`"])),
    (Rule::window_word, Called::ByItsWords),
    (Rule::year_to_date, Called::So(&["`year to date`"])),
    (Rule::month_end, Called::So(&["`month end`"])),
    (Rule::all_time, Called::So(&["`all time`"])),
    (Rule::window_ends, Called::So(&["`every quarter`", "`ending in`"])),
    (Rule::spans, Called::ByItsWords),
    (Rule::hide, Called::So(&["`hide counts under`"])),
    (Rule::split, Called::So(&["`split by`"])),
    (Rule::of_group, Called::So(&["a group such as `of age \"under 1\"`"])),
    (Rule::peers, Called::So(&["`peers by`"])),
    (Rule::begins, Called::So(&["`begins on`", "`begins with`"])),
    (Rule::known, Called::So(&["`known with`"])),
    (Rule::not_fed, Called::So(&["`not fed`"])),
    (Rule::written, Called::So(&["`written`"])),
    (Rule::read_as, Called::So(&["`trimmed`", "`ignoring case`", "`as whole number`"])),
    (Rule::reading_of, Called::So(&["`trimmed`", "`ignoring case`", "`as whole number`"])),
    (Rule::only_distinct, Called::ByItsWords),
    (Rule::the_row, Called::So(&["`the row`"])),
    (Rule::s_greater, Called::So(&["`>`"])),
    (Rule::s_comma, Called::So(&["`,`"])),
    (Rule::s_percent, Called::So(&["`%`"])),
    (Rule::s_equal, Called::So(&["`=`"])),
    (Rule::s_open, Called::So(&["`{`"])),
    (Rule::s_close, Called::So(&["`}`"])),
    (Rule::s_to, Called::So(&["`->`"])),
    (Rule::s_back, Called::So(&["`<-`"])),
    (Rule::s_colon, Called::So(&["`:`"])),
    (Rule::s_unparen, Called::So(&["`)`"])),
    (Rule::k_on_or, Called::So(&["`on or before`", "`on or after`"])),
    // What comes next when the thing at hand is complete: said last.
    (Rule::clause, Called::So(&["the next clause"])),
    (Rule::member, Called::So(&["the next column"])),
    (Rule::scorecard_row, Called::So(&["the next domain"])),
    (Rule::plan_line, Called::ByItsWords),
    (Rule::test_line, Called::So(&["a drawn row", "`as of`", "`expect`"])),
];

/// The rules in human words, each thing once: `` `where` ``, `a name`.
pub(super) fn in_words(rules: &[Rule]) -> Vec<String> {
    let mut words: Vec<(usize, String)> = Vec::new();
    for rule in rules {
        match KINDS.iter().enumerate().find(|(_, (r, _))| r == rule) {
            Some((place, (_, Called::So(kinds)))) => words.extend(kinds.iter().map(|k| (place, (*k).to_owned()))),
            Some((place, (rule, Called::ByItsWords))) => {
                words.extend(vocabulary::first_words(*rule).map(|w| (place, format!("`{w}`"))));
            }
            None => words.extend(word(*rule).map(|w| (0, format!("`{w}`")))),
        }
    }
    words.sort_by_key(|(place, _)| *place);
    let mut unique: Vec<String> = Vec::new();
    for (_, word) in words {
        if !unique.contains(&word) {
            unique.push(word);
        }
    }
    unique
}

/// The word of a rule that is one word of the language.
pub(super) fn word(rule: Rule) -> Option<String> {
    format!("{rule:?}").strip_prefix("k_").filter(|w| *w != "on_or").map(str::to_owned)
}
