//! The table against the grammar, which is read here by pest's own reader.

use super::{Kind, WORDS, Word};
use crate::syntax::grammar::Rule;
use pest_meta::ast::{Expr, Rule as Read};
use pest_meta::parser;
use std::collections::{BTreeMap, BTreeSet};

const GRAMMAR: &str = include_str!("../../../../grammar/indicator.pest");

type Words = BTreeSet<String>;

struct Grammar(BTreeMap<String, Read>);

impl Grammar {
    fn new() -> Self {
        let pairs = parser::parse(parser::Rule::grammar_rules, GRAMMAR).unwrap();
        let rules = parser::consume_rules(pairs).unwrap();
        Self(rules.into_iter().map(|rule| (rule.name.clone(), rule)).collect())
    }

    /// The words that what a rule reads can begin with.
    fn first_words(&self, rule: &str) -> Words {
        let mut words = Words::new();
        self.first(&self.0[rule].expr, &mut words);
        words
    }

    /// Adds the words an expression can begin with; whether it may also read nothing.
    fn first(&self, expr: &Expr, words: &mut Words) -> bool {
        match expr {
            Expr::Str(text) => {
                words.extend(is_word(text).then(|| text.clone()));
                text.is_empty()
            }
            Expr::Ident(name) if name == "SOI" => true,
            Expr::Ident(name) => self.0.get(name).is_some_and(|rule| self.first(&rule.expr, words)),
            Expr::PosPred(_) | Expr::NegPred(_) => true,
            Expr::Seq(one, two) => self.first(one, words) && self.first(two, words),
            Expr::Choice(one, two) => self.first(one, words) | self.first(two, words),
            Expr::Opt(inner) | Expr::Rep(inner) => {
                self.first(inner, words);
                true
            }
            Expr::RepOnce(inner) => self.first(inner, words),
            other => panic!("the grammar has a form that this test does not know yet: {other:?}"),
        }
    }

    /// Every word that stands in a rule itself.
    fn words_in(&self, rule: &str) -> Words {
        let found = self.0[rule].expr.iter_top_down().filter_map(|expr| match expr {
            Expr::Str(text) if is_word(&text) => Some(text),
            _ => None,
        });
        found.collect()
    }
}

fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
}

fn table(of: impl Fn(&Word) -> bool) -> Words {
    WORDS.iter().filter(|w| of(w)).map(|w| w.text.to_owned()).collect()
}

fn same(what: &str, grammar: &Words, table: &Words) -> Vec<String> {
    let missing = grammar.difference(table).map(|w| format!("{what}: `{w}` is missing in the table"));
    let unknown = table.difference(grammar).map(|w| format!("{what}: the table has `{w}`, and the grammar has not"));
    missing.chain(unknown).collect()
}

#[test]
fn the_table_has_the_words_of_the_grammar() {
    let grammar = Grammar::new();
    let all: Words = grammar.0.keys().flat_map(|rule| grammar.words_in(rule)).collect();
    // A type is read as a name.
    let read = table(|w| all.contains(w.text) || !w.kinds().contains(&Kind::Type));
    let mut wrong = same("words", &all, &read);
    for (name, rule) in &grammar.0 {
        let Some(word) = name.strip_prefix("k_").filter(|w| *w != "on_or") else { continue };
        if grammar.first_words(name) != Words::from([word.to_owned()]) {
            wrong.push(format!("`{name}` must read the word `{word}`, and reads {:?}", rule.expr));
        }
    }
    let advice = "add the word to WORDS in src/language/syntax/vocabulary.rs (what it begins, what it is for), or take it away there";
    assert!(wrong.is_empty(), "{}\n{advice}", wrong.join("\n"));
}

#[test]
fn a_word_begins_in_the_table_what_it_begins_in_the_grammar() {
    let grammar = Grammar::new();
    let named: BTreeSet<Rule> = WORDS.iter().flat_map(|w| w.begins.iter().copied().chain(w.declares)).collect();
    let mut wrong = Vec::new();
    for rule in named {
        let begins = table(|w| w.begins.contains(&rule) || w.declares == Some(rule));
        wrong.extend(same(&format!("rule {rule:?}"), &grammar.first_words(&format!("{rule:?}")), &begins));
    }
    let advice = "in WORDS of src/language/syntax/vocabulary.rs a word lists the rules it begins";
    assert!(wrong.is_empty(), "{}\n{advice}", wrong.join("\n"));
}

#[test]
fn each_declaration_of_the_grammar_has_its_word() {
    let grammar = Grammar::new();
    let parts = ["_head", "clauses", "members", "scorecard_rows", "plan_lines", "test_lines"];
    let mut rules: Words = grammar.0.iter().filter(|(_, r)| starts_a_text(&r.expr)).map(|(n, _)| n.clone()).collect();
    rules.retain(|name| !parts.iter().any(|part| name.ends_with(part)));
    let declared = WORDS.iter().filter_map(|w| w.declares).map(|rule| format!("{rule:?}")).collect();
    let wrong = same("declarations", &rules, &declared);
    assert!(wrong.is_empty(), "{}\nbegin its word with `declares(...)` in WORDS", wrong.join("\n"));
}

fn starts_a_text(expr: &Expr) -> bool {
    match expr {
        Expr::Ident(name) => name == "SOI",
        Expr::Seq(first, _) => starts_a_text(first),
        _ => false,
    }
}

#[test]
fn words_that_end_a_value_are_those_of_the_grammar() {
    let grammar = Grammar::new();
    let mut wrong = same("`stop`", &grammar.words_in("stop"), &table(|w| w.stop));
    let mut clauses: Words = super::clauses().map(str::to_owned).collect();
    clauses.insert("censored".to_owned());
    wrong.extend(same("`clause_ahead`", &grammar.first_words("clause_ahead"), &clauses));
    let advice = "a word that goes on with a value is marked `.stop()` in WORDS; a clause's word stands in `clause_ahead` with what must follow it";
    assert!(wrong.is_empty(), "{}\n{advice}", wrong.join("\n"));
}

#[test]
fn each_word_stands_once_and_says_what_it_is_for() {
    let mut seen = BTreeSet::new();
    for word in WORDS {
        assert!(seen.insert(word.text), "`{}` stands twice in WORDS", word.text);
        let says = word.says;
        assert!(!says.is_empty() && says.len() < 100 && !says.ends_with('.'), "what `{}` is for: {says:?}", word.text);
        assert!(!word.kinds().is_empty(), "`{}` stands nowhere", word.text);
    }
}
