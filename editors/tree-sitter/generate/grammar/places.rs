//! The few places in which the two kinds of grammar differ: what is said here instead.

use super::form::Form;
use std::collections::BTreeMap;

/// Words that are names, too, where a name may stand and the next token does not go on with the
/// word. Everywhere else every word is a name by itself, since tree-sitter knows a word of the
/// language only where one can stand.
const WORDS_AS_NAMES: &[&str] = &[
    // Units and functions.
    "business", "hours", "hour", "minutes", "minute", "day", "weeks", "week", "months", "month", "years", "year",
    "weekday", "count", "sum", "earliest", "latest", "first", "last", "previous", "next", "distinct", "known", "share",
    // Questions.
    "held", "open",
];

/// Rules of which two readings are followed.
const SPLIT: &[&str] = &["days_in", "of_call", "scorecard_row"];

/// Rules of one word, which is no name where both may stand.
const BEFORE_A_NAME: &[&str] = &["unit"];

/// Rules that are read only to report them, and that would take a look further ahead.
const LEFT_OUT: &[&str] = &["wrong_hash", "wrong_on", "wrong_rule"];

/// Further words that are names in a rule, where what follows the name tells.
const WORDS_OF: &[(&str, &[&str])] = &[("member", &["rule", "spans", "attribute", "begins", "peers"])];

/// Rules that are written here.
pub(crate) fn forms() -> BTreeMap<String, Form> {
    let rule = |name: &str| Form::Rule(name.to_owned());
    let text = |text: &str| Form::Text(text.to_owned());
    let pattern = |pattern: &str| Form::Pattern(pattern.to_owned());
    let token = |form| Form::Token(Box::new(form));
    let immediate = |form| Form::Immediate(Box::new(form));
    let first = |form| Form::Precedence(1, Box::new(form));
    let maybe = |form| Form::Choice(vec![form, Form::Blank]);
    let name = |form| Form::Alias(Box::new(form), "name");
    let words = Form::choice(WORDS_AS_NAMES.iter().map(|word| text(word)).collect());
    let words = Form::Precedence(-1, Box::new(name(words)));
    let all = [
        ("name", pattern("[A-Za-z_][A-Za-z0-9_]*")),
        ("_name", Form::choice(vec![rule("name"), words, name(text("days"))])),
        // Comments, and those of other languages, which are reported.
        ("comment", token(pattern("#[^\\n]*"))),
        ("wrong_comment", token(pattern("\\/\\/[^\\n]*|--([^>\\n][^\\n]*)?"))),
        // A text in pieces: what is escaped has a colour of its own.
        (
            "text",
            Form::choice(vec![
                Form::Sequence(vec![
                    text("\""),
                    Form::Repeat(Box::new(Form::choice(vec![rule("text_inside"), rule("escape")]))),
                    immediate(text("\"")),
                ]),
                rule("wrong_quote"),
            ]),
        ),
        ("text_inside", immediate(first(pattern("[^\"\\\\]+")))),
        ("escape", immediate(first(pattern("\\\\([^\\n]|\\n)")))),
        // A code that is no name: it has a sign in it, or begins with a digit.
        (
            "wrong_code",
            token(pattern("[A-Za-z_][A-Za-z0-9_]*[\\-\\/.][A-Za-z0-9_\\-\\/.]*|[0-9\\-\\/.][A-Za-z0-9_\\-\\/.]*")),
        ),
        // Ids that are no names.
        ("bare_id", Form::choice(vec![rule("name"), token(pattern(&bare("")))])),
        ("bare_entity_id", Form::choice(vec![rule("name"), token(pattern(&bare(":")))])),
        // One token: an alias begins with `as`, too, and a name may be `it`.
        ("stands", token(pattern("as[ \\t\\r\\n]+it[ \\t\\r\\n]+stands"))),
        // Rows run to the end of their line.
        (
            "drawn",
            Form::Sequence(vec![
                rule("_name"),
                Form::RepeatOnce(Box::new(Form::Sequence(vec![
                    rule("drawn_row"),
                    token(Form::Precedence(2, Box::new(pattern("\\r?\\n")))),
                ]))),
            ]),
        ),
        ("drawn_row", Form::RepeatOnce(Box::new(Form::Sequence(vec![text("|"), maybe(rule("drawn_cell"))])))),
        ("drawn_cell", token(first(pattern("[^\\s\\u00A0|#]([^|\\n]*[^\\s\\u00A0|])?")))),
    ];
    all.into_iter().map(|(name, form)| (name.to_owned(), form)).collect()
}

/// An id that is no name: a character that no name has, or a digit at its beginning.
fn bare(without: &str) -> String {
    let any = format!("[^\\s\\u00A0#\"{{}}|,'{without}]");
    let sign = format!("[^\\s\\u00A0#\"{{}}|,'{without}A-Za-z0-9_]");
    format!("([0-9]{any}*|[A-Za-z0-9_]*{sign}{any}*)")
}

/// What may stand between any two tokens.
pub(crate) fn extras() -> Vec<Form> {
    let rule = |name: &str| Form::Rule(name.to_owned());
    vec![Form::Pattern("[ \\t\\r\\n\\u00A0]".to_owned()), rule("comment"), rule("wrong_comment")]
}

pub(crate) fn conflicts() -> Vec<Vec<String>> {
    const CONFLICTS: &[&[&str]] = &[&["_name", "days_in"], &["of_call"], &["scorecard_row"]];
    CONFLICTS.iter().map(|names| names.iter().map(|name| (*name).to_owned()).collect()).collect()
}

/// The words that are names in this rule, too.
pub(crate) fn words_of(rule: &str) -> Option<Form> {
    let (_, words) = WORDS_OF.iter().find(|(name, _)| *name == rule)?;
    let words = words.iter().map(|word| Form::Text((*word).to_owned())).collect();
    Some(Form::Alias(Box::new(Form::choice(words)), "name"))
}

pub(crate) fn is_split(name: &str) -> bool {
    SPLIT.contains(&name)
}

pub(crate) fn is_before_a_name(name: &str) -> bool {
    BEFORE_A_NAME.contains(&name)
}

pub(crate) fn is_left_out(name: &str) -> bool {
    LEFT_OUT.contains(&name)
}
