//! The forms of a tree-sitter grammar, and how they stand in `grammar.json` and in `grammar.js`.

use std::fmt::Write;

/// What a rule of a tree-sitter grammar reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Form {
    /// Nothing.
    Blank,
    /// This text.
    Text(String),
    /// A text of this regular expression.
    Pattern(String),
    /// What another rule reads.
    Rule(String),
    /// One after another.
    Sequence(Vec<Form>),
    /// One of them.
    Choice(Vec<Form>),
    /// Any number of it, also none.
    Repeat(Box<Form>),
    /// Any number of it, at least one.
    RepeatOnce(Box<Form>),
    /// As much as can be read.
    Greedy(Box<Form>),
    /// With this precedence, where the next token leaves it open.
    Precedence(i32, Box<Form>),
    /// Shown as what this rule reads.
    Alias(Box<Form>, &'static str),
    /// One token.
    Token(Box<Form>),
    /// One token directly behind the one before.
    Immediate(Box<Form>),
}

/// A tree-sitter grammar.
#[derive(Debug, Clone)]
pub(crate) struct TreeSitter {
    pub(crate) name: &'static str,
    /// The rule that reads a word.
    pub(crate) word: &'static str,
    pub(crate) rules: Vec<(String, Form)>,
    pub(crate) extras: Vec<Form>,
    /// Rules of which two readings are followed until one fails.
    pub(crate) conflicts: Vec<Vec<String>>,
}

impl Form {
    /// In sequence, flat and without what reads nothing.
    pub(crate) fn sequence(forms: Vec<Form>) -> Form {
        Self::flat(forms, |form| match form {
            Form::Sequence(inner) => inner,
            Form::Blank => Vec::new(),
            other => vec![other],
        })
        .map_or_else(|one| one.unwrap_or(Form::Blank), Form::Sequence)
    }

    /// One of them, flat.
    pub(crate) fn choice(forms: Vec<Form>) -> Form {
        Self::flat(forms, |form| match form {
            Form::Choice(inner) => inner,
            other => vec![other],
        })
        .map_or_else(|one| one.unwrap_or(Form::Blank), Form::Choice)
    }

    /// At least two forms, or else the one that is left.
    fn flat(forms: Vec<Form>, open: impl Fn(Form) -> Vec<Form>) -> Result<Vec<Form>, Option<Form>> {
        let mut flat: Vec<Form> = Vec::new();
        for form in forms.into_iter().flat_map(open) {
            flat.push(form);
        }
        if flat.len() < 2 { Err(flat.pop()) } else { Ok(flat) }
    }

    fn json(&self, out: &mut String) {
        match self {
            Form::Blank => out.push_str("{\"type\":\"BLANK\"}"),
            Form::Text(text) => tagged(out, "STRING", "value", text),
            Form::Pattern(text) => tagged(out, "PATTERN", "value", text),
            Form::Rule(name) => tagged(out, "SYMBOL", "name", name),
            Form::Sequence(forms) => members(out, "SEQ", forms),
            Form::Choice(forms) => members(out, "CHOICE", forms),
            Form::Repeat(form) => content(out, "REPEAT", None, form),
            Form::RepeatOnce(form) => content(out, "REPEAT1", None, form),
            Form::Greedy(form) => content(out, "PREC_RIGHT", Some(0), form),
            Form::Precedence(value, form) => content(out, "PREC", Some(*value), form),
            Form::Alias(form, name) => {
                out.push_str("{\"type\":\"ALIAS\",\"content\":");
                form.json(out);
                let _ = write!(out, ",\"named\":true,\"value\":{}}}", quoted(name));
            }
            Form::Token(form) => content(out, "TOKEN", None, form),
            Form::Immediate(form) => content(out, "IMMEDIATE_TOKEN", None, form),
        }
    }

    /// As it stands in `grammar.js`; lines that go on are indented by `indent`.
    fn js(&self, indent: usize) -> String {
        let call = |name: &str, first: Option<i32>, forms: &[Form]| {
            let inner: Vec<String> = forms.iter().map(|form| form.js(indent + 2)).collect();
            let first: Vec<String> = first.iter().map(ToString::to_string).collect();
            let line = [first.clone(), inner.clone()].concat().join(", ");
            if line.len() + indent < 100 && !line.contains('\n') {
                return format!("{name}({line})");
            }
            let pad = " ".repeat(indent + 2);
            let lines: String =
                [first, inner].concat().iter().fold(String::new(), |out, form| out + &pad + form + ",\n");
            format!("{name}(\n{lines}{})", " ".repeat(indent))
        };
        let one = |name: &str, first: Option<i32>, form: &Form| call(name, first, std::slice::from_ref(form));
        match self {
            Form::Blank => "blank()".to_owned(),
            Form::Text(text) => quoted(text),
            Form::Pattern(text) => format!("/{text}/"),
            Form::Rule(name) => format!("$.{name}"),
            Form::Sequence(forms) => call("seq", None, forms),
            Form::Choice(forms) => match forms.as_slice() {
                [form, Form::Blank] => one("optional", None, form),
                _ => call("choice", None, forms),
            },
            Form::Repeat(form) => one("repeat", None, form),
            Form::RepeatOnce(form) => one("repeat1", None, form),
            Form::Greedy(form) => one("prec.right", None, form),
            Form::Precedence(value, form) => one("prec", Some(*value), form),
            Form::Alias(form, name) => format!("alias({}, $.{name})", form.js(indent)),
            Form::Token(form) => one("token", None, form),
            Form::Immediate(form) => one("token.immediate", None, form),
        }
    }
}

impl TreeSitter {
    /// As `grammar.json` has it, which tree-sitter makes a parser of.
    pub(crate) fn json(&self) -> String {
        let mut out =
            format!("{{\n  \"name\":{},\n  \"word\":{},\n  \"rules\":{{\n", quoted(self.name), quoted(self.word));
        for (at, (name, form)) in self.rules.iter().enumerate() {
            let _ = write!(out, "    {}:", quoted(name));
            form.json(&mut out);
            out.push_str(if at + 1 < self.rules.len() { ",\n" } else { "\n" });
        }
        out.push_str("  },\n  \"extras\":[");
        for (at, form) in self.extras.iter().enumerate() {
            out.push_str(if at == 0 { "" } else { "," });
            form.json(&mut out);
        }
        let conflicts: Vec<String> = self
            .conflicts
            .iter()
            .map(|names| format!("[{}]", names.iter().map(|n| quoted(n)).collect::<Vec<_>>().join(",")))
            .collect();
        let _ = write!(
            out,
            "],\n  \"conflicts\":[{}],\n  \"precedences\":[],\n  \"externals\":[],\n  \"inline\":[],\n  \"supertypes\":[],\n  \"reserved\":{{}}\n}}\n",
            conflicts.join(",")
        );
        out
    }

    /// As people read it.
    pub(crate) fn js(&self) -> String {
        let mut out = String::from(
            "// The tree-sitter grammar of Yardstick. It is made of `grammar/indicator.pest`, and never written by hand:\n\
             // the README beside it says how. A rule has the name it has there; words and signs stand as they are.\n\n\
             module.exports = grammar({\n",
        );
        let _ = write!(out, "  name: {},\n\n  word: $ => $.{},\n\n  extras: $ => [\n", quoted(self.name), self.word);
        for form in &self.extras {
            let _ = writeln!(out, "    {},", form.js(4));
        }
        out.push_str("  ],\n\n  conflicts: $ => [\n");
        for names in &self.conflicts {
            let names: Vec<String> = names.iter().map(|name| format!("$.{name}")).collect();
            let _ = writeln!(out, "    [{}],", names.join(", "));
        }
        out.push_str("  ],\n\n  rules: {\n");
        for (name, form) in &self.rules {
            let _ = write!(out, "    {name}: $ => {},\n\n", form.js(4));
        }
        out.truncate(out.trim_end().len());
        out.push_str("\n  },\n});\n");
        out
    }
}

fn tagged(out: &mut String, kind: &str, key: &str, value: &str) {
    let _ = write!(out, "{{\"type\":\"{kind}\",\"{key}\":{}}}", quoted(value));
}

fn members(out: &mut String, kind: &str, forms: &[Form]) {
    let _ = write!(out, "{{\"type\":\"{kind}\",\"members\":[");
    for (at, form) in forms.iter().enumerate() {
        out.push_str(if at == 0 { "" } else { "," });
        form.json(out);
    }
    out.push_str("]}");
}

fn content(out: &mut String, kind: &str, value: Option<i32>, form: &Form) {
    let _ = write!(out, "{{\"type\":\"{kind}\",");
    if let Some(value) = value {
        let _ = write!(out, "\"value\":{value},");
    }
    out.push_str("\"content\":");
    form.json(out);
    out.push('}');
}

/// A text in quotation marks, as JSON and JavaScript write it.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c => out.push(c),
        }
    }
    out + "\""
}
