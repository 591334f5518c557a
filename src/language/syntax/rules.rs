//! What the rules of the grammar are called when speaking to people.

use super::grammar::Rule;

/// The rule that reads the declaration with this first word.
pub(super) fn declaration(word: &str) -> Option<Rule> {
    let rule = match word {
        "levels" => Rule::levels,
        "domains" => Rule::domains,
        "dates" => Rule::dates,
        "text" => Rule::no_text,
        "headers" => Rule::headers,
        "quality" => Rule::quality,
        "business" => Rule::business,
        "times" => Rule::times,
        "table" => Rule::table,
        "codes" => Rule::codes,
        "rows" => Rule::rows,
        "indicator" => Rule::indicator,
        "scorecard" => Rule::scorecard,
        "test" => Rule::test,
        _ => return None,
    };
    Some(rule)
}

/// What a rule is called, as the items of a list. A rule that is neither here nor a word has no
/// name for people, and is left out of what was expected.
const KINDS: &[(Rule, &[&str])] = &[
    (Rule::name, &["a name"]),
    (Rule::path, &["a name"]),
    (Rule::zone, &["a time zone such as `America/Los_Angeles`"]),
    (Rule::text, &["a text in quotation marks"]),
    (Rule::wrong_quote, &["a text in quotation marks"]),
    (Rule::text_inside, &["a text in quotation marks"]),
    (Rule::bare_id, &["a row's id"]),
    (Rule::row_id, &["a row's id"]),
    (Rule::number, &["a number"]),
    (Rule::amount, &["a number"]),
    (Rule::quantity, &["a number"]),
    (Rule::duration, &["a length of time such as `12 months`"]),
    (Rule::unit, &["a unit such as `days`"]),
    (Rule::date, &["a day such as `2024-12-31`"]),
    (Rule::column, &["a type"]),
    (Rule::code_list, &["a list such as `{ a, b }`"]),
    (Rule::expr, &["a condition or value"]),
    (Rule::predicate, &["a condition or value"]),
    (Rule::value, &["a value"]),
    (Rule::tail, &["a comparison such as `=` or `before`"]),
    (Rule::compare_op, &["a comparison such as `=` or `before`"]),
    (Rule::connective, &["`and`", "`or`"]),
    (Rule::relation, &["`open on`", "`overlapping`", "`covering`"]),
    (Rule::direction, &["`at least`", "`at most`"]),
    (Rule::where_part, &["`where`"]),
    (Rule::have_part, &["`have`"]),
    (Rule::alias, &["`as`"]),
    (Rule::pick, &["`first`", "`last`"]),
    (Rule::pick_of, &["`of each`"]),
    (Rule::in_force, &["`from`"]),
    (Rule::no_longer, &["`until`"]),
    (Rule::yellow, &["`yellow`"]),
    (Rule::file, &["`from`"]),
    (Rule::through, &["`through`"]),
    (Rule::not_yet, &["`missing means not yet`"]),
    (Rule::outcome, &["`met`", "`unmet`", "`undetermined`", "`counted`", "`excluded`", "`unsure`", "`not counted`"]),
    (Rule::held_by, &["`held by`"]),
    (Rule::window_word, &["`day`", "`month`", "`year`"]),
    (Rule::spans, &["`spans`"]),
    (Rule::hide, &["`hide counts under`"]),
    (Rule::peers, &["`peers by`"]),
    (Rule::begins, &["`begins on`", "`begins with`"]),
    (Rule::known, &["`known with`"]),
    (Rule::not_fed, &["`not fed`"]),
    (Rule::written, &["`written`"]),
    (Rule::read_as, &["`trimmed`", "`ignoring case`", "`as whole number`"]),
    (Rule::reading_of, &["`trimmed`", "`ignoring case`", "`as whole number`"]),
    (Rule::only_distinct, &["`distinct`"]),
    (Rule::the_row, &["`the row`"]),
    (Rule::s_greater, &["`>`"]),
    (Rule::s_comma, &["`,`"]),
    (Rule::s_percent, &["`%`"]),
    (Rule::s_equal, &["`=`"]),
    (Rule::s_open, &["`{`"]),
    (Rule::s_close, &["`}`"]),
    (Rule::s_to, &["`->`"]),
    (Rule::s_back, &["`<-`"]),
    (Rule::s_colon, &["`:`"]),
    (Rule::s_unparen, &["`)`"]),
    (Rule::k_on_or, &["`on or before`", "`on or after`"]),
    // What comes next when the thing at hand is complete: said last.
    (Rule::clause, &["the next clause"]),
    (Rule::member, &["the next column"]),
    (Rule::scorecard_row, &["the next domain"]),
    (Rule::test_line, &["a drawn row", "`as of`", "`expect`"]),
];

/// The rules in human words, each thing once: `` `where` ``, `a name`.
pub(super) fn in_words(rules: &[Rule]) -> Vec<String> {
    let mut words: Vec<(usize, String)> = Vec::new();
    for rule in rules {
        match KINDS.iter().enumerate().find(|(_, (r, _))| r == rule) {
            Some((place, (_, kinds))) => words.extend(kinds.iter().map(|k| (place, (*k).to_owned()))),
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

/// The words that a form of several can begin with, for telling a mistyped one.
pub(super) fn first_words(rule: Rule) -> &'static [&'static str] {
    const FORMS: &[(Rule, &[&str])] = &[
        (Rule::tail, &["before", "after", "in", "is", "open", "overlapping", "covering"]),
        (Rule::compare_op, &["before", "after"]),
        (Rule::connective, &["and", "or"]),
        (Rule::relation, &["open", "overlapping", "covering"]),
        (Rule::where_part, &["where"]),
        (Rule::have_part, &["have"]),
        (Rule::alias, &["as"]),
        (Rule::in_force, &["from"]),
        (Rule::no_longer, &["until"]),
        (Rule::yellow, &["yellow"]),
        (Rule::standard_part, &["source", "status", "from", "until"]),
        (Rule::yellow_part, &["source", "status"]),
        (Rule::through, &["through"]),
        (Rule::file, &["from"]),
        (Rule::not_yet, &["missing"]),
        (Rule::known, &["known"]),
        (Rule::written, &["written"]),
        (Rule::read_as, &["trimmed", "ignoring", "as"]),
        (Rule::reading_of, &["trimmed", "ignoring", "as"]),
        (Rule::only_distinct, &["distinct"]),
        (Rule::not_fed, &["not"]),
        (Rule::unit, &["business", "hours", "days", "weeks", "months", "years"]),
        (Rule::duration, &["business", "hours", "days", "weeks", "months", "years"]),
        (Rule::outcome, &["met", "unmet", "undetermined", "counted", "excluded", "unsure", "not"]),
        (Rule::held_by, &["held"]),
        (Rule::window_word, &["day", "month", "year"]),
        (Rule::test_line, &["as", "expect"]),
        (Rule::clause, &super::lexeme::CLAUSES),
    ];
    FORMS.iter().find(|(r, _)| *r == rule).map_or(&[], |(_, words)| words)
}
