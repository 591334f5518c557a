//! From the pest grammar to a tree-sitter grammar, rule by rule.
//!
//! pest takes the first alternative that fits and as much of it as fits, and looks ahead as far as
//! it is told. tree-sitter decides by the next token, or follows two readings at once until one
//! fails. So every rule is greedy, what only looks ahead is left out, and a word of the language
//! is a name only where the next token does not go on with the word.

use super::form::{Form, TreeSitter};
use super::places;
use pest_meta::ast::{Expr, Rule, RuleType};
use pest_meta::parser;
use std::collections::{BTreeMap, BTreeSet};

/// The pest grammar, by names of rules, and their order.
struct Pest {
    rules: BTreeMap<String, Rule>,
    order: Vec<String>,
}

/// The tree-sitter grammar of a pest grammar; what is wrong when there is none.
pub(crate) fn translate(pest: &str) -> Result<TreeSitter, String> {
    let pairs = parser::parse(parser::Rule::grammar_rules, pest).map_err(|e| e.to_string())?;
    let rules = parser::consume_rules(pairs).map_err(|all| all.first().map(ToString::to_string).unwrap_or_default())?;
    let order = rules.iter().map(|rule| rule.name.clone()).collect();
    let pest = Pest { rules: rules.into_iter().map(|rule| (rule.name.clone(), rule)).collect(), order };
    pest.translate()
}

impl Pest {
    fn translate(&self) -> Result<TreeSitter, String> {
        let mut rules = vec![("source_file".to_owned(), self.file())];
        let mut wanted = BTreeSet::new();
        names(&rules[0].1, &mut wanted);
        let mut made: BTreeMap<String, Form> = places::forms();
        // What is read by a form that is read.
        let mut open: Vec<String> = wanted.iter().cloned().collect();
        while let Some(name) = open.pop() {
            if !made.contains_key(&name) {
                let rule = self.rules.get(&name).ok_or_else(|| format!("no rule is called `{name}`"))?;
                let form = self.rule(rule)?;
                made.insert(name.clone(), form);
            }
            let mut inside = BTreeSet::new();
            names(&made[&name], &mut inside);
            open.extend(inside.into_iter().filter(|name| wanted.insert(name.clone())));
        }
        let own = places::forms().into_keys().filter(|name| !self.rules.contains_key(name));
        let order: Vec<String> = self.order.iter().cloned().chain(own).collect();
        rules.extend(order.into_iter().filter_map(|name| Some((name.clone(), made.remove(&name)?))));
        Ok(TreeSitter {
            name: "yardstick",
            word: "name",
            rules,
            extras: places::extras(),
            conflicts: places::conflicts(),
        })
    }

    /// Any number of declarations. The parts of one that the grammar reads alone, after a mistake,
    /// are none.
    fn file(&self) -> Form {
        const PARTS: [&str; 6] = ["_head", "clauses", "members", "scorecard_rows", "plan_lines", "test_lines"];
        let declares =
            |name: &&String| starts_a_text(&self.rules[*name].expr) && !PARTS.iter().any(|part| name.ends_with(part));
        let all = self.order.iter().filter(declares).map(|name| Form::Rule(name.clone()));
        Form::Repeat(Box::new(Form::choice(all.collect())))
    }

    fn rule(&self, rule: &Rule) -> Result<Form, String> {
        if rule.ty == RuleType::Atomic && self.is_spelled(&rule.expr) {
            return Ok(Form::Token(Box::new(Form::Pattern(self.pattern(&rule.expr)?))));
        }
        let tight = matches!(rule.ty, RuleType::Atomic | RuleType::CompoundAtomic);
        let form = self.form(&rule.expr, tight)?;
        let form = match places::words_of(&rule.name) {
            Some(words) => with_words(form, &words),
            None => form,
        };
        Ok(match rule.name.as_str() {
            name if places::is_split(name) => patient(form),
            name if places::is_before_a_name(name) => Form::Precedence(1, Box::new(form)),
            _ => Form::Greedy(Box::new(form)),
        })
    }

    /// What an expression reads; `tight` when no blanks may stand inside.
    fn form(&self, expr: &Expr, tight: bool) -> Result<Form, String> {
        let form = match expr {
            Expr::Str(text) if tight && !is_word(text) => Form::Immediate(Box::new(Form::Text(text.clone()))),
            Expr::Str(text) => Form::Text(text.clone()),
            Expr::Ident(name) => self.named(name, tight)?,
            Expr::PosPred(_) | Expr::NegPred(_) => Form::Blank,
            Expr::Seq(one, two) => Form::sequence(vec![self.form(one, tight)?, self.form(two, tight)?]),
            Expr::Choice(one, two) => Form::choice(vec![self.form(one, tight)?, self.form(two, tight)?]),
            Expr::Opt(inner) => match self.form(inner, tight)? {
                Form::Blank => Form::Blank,
                form => Form::choice(vec![form, Form::Blank]),
            },
            Expr::Rep(inner) => Form::Repeat(Box::new(greedy(self.form(inner, tight)?))),
            Expr::RepOnce(inner) => Form::RepeatOnce(Box::new(greedy(self.form(inner, tight)?))),
            other => return Err(format!("tree-sitter has nothing for {other:?}: say in `places` what it reads")),
        };
        Ok(form)
    }

    /// What the rule of this name reads, where it is named by another.
    fn named(&self, name: &str, tight: bool) -> Result<Form, String> {
        if matches!(name, "SOI" | "EOI" | "gap" | "line_blank" | "line_gap") || places::is_left_out(name) {
            return Ok(Form::Blank);
        }
        let Some(rule) = self.rules.get(name) else { return Err(format!("no rule is called `{name}`")) };
        let word_or_sign = name.starts_with("k_") || name.starts_with("s_");
        if word_or_sign {
            return self.form(&rule.expr, false);
        }
        if name == "name" {
            return Ok(Form::Rule("_name".to_owned()));
        }
        if rule.ty == RuleType::Silent { self.form(&rule.expr, tight) } else { Ok(Form::Rule(name.to_owned())) }
    }

    /// Whether an expression is spelled by characters, and not by words and forms.
    fn is_spelled(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Ident(name) if name == "gap" => false,
            Expr::Ident(name) => match self.rules.get(name) {
                Some(rule) => rule.ty == RuleType::Silent && self.is_spelled(&rule.expr),
                None => name != "SOI" && name != "EOI",
            },
            Expr::Seq(one, two) | Expr::Choice(one, two) => self.is_spelled(one) || self.is_spelled(two),
            Expr::Opt(inner) | Expr::Rep(inner) | Expr::RepOnce(inner) => self.is_spelled(inner),
            _ => false,
        }
    }

    /// The regular expression of what is spelled.
    fn pattern(&self, expr: &Expr) -> Result<String, String> {
        let group = |inner: &Expr, sign: &str| Ok::<_, String>(format!("({}){sign}", self.pattern(inner)?));
        Ok(match expr {
            Expr::Str(text) => text.chars().map(escaped).collect(),
            Expr::Ident(name) => match self.rules.get(name) {
                Some(rule) => format!("({})", self.pattern(&rule.expr)?),
                None => format!("[{}]", class_of(name).ok_or_else(|| format!("no class is called `{name}`"))?),
            },
            // `!(a | b) ~ ANY`: any character but these.
            Expr::Seq(one, two) => match (one.as_ref(), two.as_ref()) {
                (Expr::NegPred(none), Expr::Ident(any)) if any == "ANY" => format!("[^{}]", self.class(none)?),
                (Expr::NegPred(_) | Expr::PosPred(_), rest) => self.pattern(rest)?,
                (rest, Expr::NegPred(_) | Expr::PosPred(_)) => self.pattern(rest)?,
                (one, two) => self.pattern(one)? + &self.pattern(two)?,
            },
            Expr::Choice(one, two) => format!("({}|{})", self.pattern(one)?, self.pattern(two)?),
            Expr::Opt(inner) => group(inner, "?")?,
            Expr::Rep(inner) => group(inner, "*")?,
            Expr::RepOnce(inner) => group(inner, "+")?,
            other => return Err(format!("no regular expression for {other:?}: say in `places` what it reads")),
        })
    }

    /// The characters of a choice of single ones, as they stand in brackets.
    fn class(&self, expr: &Expr) -> Result<String, String> {
        match expr {
            Expr::Str(text) if text.chars().count() == 1 => Ok(text.chars().map(escaped).collect()),
            Expr::Choice(one, two) => Ok(self.class(one)? + &self.class(two)?),
            Expr::Ident(name) => match self.rules.get(name) {
                Some(rule) => self.class(&rule.expr),
                None => class_of(name).map(str::to_owned).ok_or_else(|| format!("no class is called `{name}`")),
            },
            other => Err(format!("no class of characters for {other:?}")),
        }
    }
}

/// Without greed: both readings are followed.
fn patient(form: Form) -> Form {
    let all = |forms: Vec<Form>| forms.into_iter().map(patient).collect();
    match form {
        Form::Greedy(form) => patient(*form),
        Form::Sequence(forms) => Form::Sequence(all(forms)),
        Form::Choice(forms) => Form::Choice(all(forms)),
        Form::Repeat(form) => Form::Repeat(Box::new(patient(*form))),
        Form::RepeatOnce(form) => Form::RepeatOnce(Box::new(patient(*form))),
        other => other,
    }
}

/// With these words as further names.
fn with_words(form: Form, words: &Form) -> Form {
    let all = |forms: Vec<Form>| forms.into_iter().map(|form| with_words(form, words)).collect();
    match form {
        Form::Rule(name) if name == "_name" => Form::choice(vec![Form::Rule(name), words.clone()]),
        Form::Sequence(forms) => Form::Sequence(all(forms)),
        Form::Choice(forms) => Form::Choice(all(forms)),
        other => other,
    }
}

/// What is repeated is greedy by itself: the rule around it does not say it for it.
fn greedy(form: Form) -> Form {
    if matches!(form, Form::Sequence(_) | Form::Choice(_)) { Form::Greedy(Box::new(form)) } else { form }
}

/// pest's own classes of characters.
fn class_of(name: &str) -> Option<&'static str> {
    Some(match name {
        "ASCII_DIGIT" => "0-9",
        "ASCII_ALPHA" => "A-Za-z",
        "ASCII_ALPHANUMERIC" => "A-Za-z0-9",
        _ => return None,
    })
}

fn escaped(c: char) -> String {
    match c {
        '\n' => "\\n".to_owned(),
        '\r' => "\\r".to_owned(),
        '\t' => "\\t".to_owned(),
        '\u{A0}' => "\\u00A0".to_owned(),
        c if c.is_ascii_punctuation() && c != '_' && c != '"' && c != '\'' && c != '#' && c != ',' && c != ':' => {
            format!("\\{c}")
        }
        c => c.to_string(),
    }
}

fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
}

fn starts_a_text(expr: &Expr) -> bool {
    match expr {
        Expr::Ident(name) => name == "SOI",
        Expr::Seq(first, _) => starts_a_text(first),
        _ => false,
    }
}

/// Adds the rules that a form names.
fn names(form: &Form, found: &mut BTreeSet<String>) {
    match form {
        Form::Rule(name) => {
            found.insert(name.clone());
        }
        Form::Blank | Form::Text(_) | Form::Pattern(_) => {}
        Form::Sequence(forms) | Form::Choice(forms) => forms.iter().for_each(|form| names(form, found)),
        Form::Repeat(form)
        | Form::RepeatOnce(form)
        | Form::Greedy(form)
        | Form::Precedence(_, form)
        | Form::Alias(form, _)
        | Form::Token(form)
        | Form::Immediate(form) => names(form, found),
    }
}
