//! A document held against a JSON schema of draft 4, with the words that the schema of SARIF uses;
//! any other word ends the test.

use serde_json::Value;

/// Where a document breaks a schema: each place with what is wrong there.
pub(super) fn breaks(schema: &Value, document: &Value) -> Vec<String> {
    let mut found = Vec::new();
    Checked { whole: schema }.value(schema, document, "", &mut found);
    found
}

struct Checked<'s> {
    whole: &'s Value,
}

impl Checked<'_> {
    fn holds(&self, schema: &Value, value: &Value) -> bool {
        let mut found = Vec::new();
        self.value(schema, value, "", &mut found);
        found.is_empty()
    }

    fn value(&self, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
        for (word, of) in schema.as_object().unwrap() {
            let all = || of.as_array().unwrap().iter();
            let number = || value.as_f64();
            let is_right = match word.as_str() {
                "id" | "$schema" | "title" | "description" | "default" | "definitions" => true,
                "$ref" => {
                    let path = of.as_str().unwrap().strip_prefix('#').unwrap();
                    self.value(self.whole.pointer(path).unwrap(), value, at, found);
                    true
                }
                "type" => match of.as_array() {
                    None => is_of(of.as_str().unwrap(), value),
                    Some(_) => all().any(|of| is_of(of.as_str().unwrap(), value)),
                },
                "enum" => all().any(|one| one == value),
                "anyOf" => all().any(|of| self.holds(of, value)),
                "oneOf" => all().filter(|of| self.holds(of, value)).count() == 1,
                "required" => {
                    all().all(|name| value.as_object().is_none_or(|of| of.contains_key(name.as_str().unwrap())))
                }
                "minimum" => number().is_none_or(|number| number >= of.as_f64().unwrap()),
                "maximum" => number().is_none_or(|number| number <= of.as_f64().unwrap()),
                "minItems" => value.as_array().is_none_or(|items| items.len() as u64 >= of.as_u64().unwrap()),
                "uniqueItems" => {
                    let is_unique = |items: &Vec<Value>| (1..items.len()).all(|n| !items[..n].contains(&items[n]));
                    of == false || value.as_array().is_none_or(is_unique)
                }
                "items" => {
                    let items = value.as_array().into_iter().flatten().enumerate();
                    items.for_each(|(n, item)| self.value(of, item, &format!("{at}/{n}"), found));
                    true
                }
                "properties" => {
                    for (name, of) in of.as_object().unwrap() {
                        let inner = value.get(name);
                        inner.into_iter().for_each(|inner| self.value(of, inner, &format!("{at}/{name}"), found));
                    }
                    true
                }
                "additionalProperties" => {
                    let known = schema.get("properties").and_then(Value::as_object);
                    let others = value.as_object().into_iter().flatten();
                    let others = others.filter(|(name, _)| known.is_none_or(|known| !known.contains_key(*name)));
                    match of {
                        Value::Bool(may) => *may || others.count() == 0,
                        of => {
                            others.for_each(|(name, inner)| self.value(of, inner, &format!("{at}/{name}"), found));
                            true
                        }
                    }
                }
                "format" => value.as_str().is_none_or(|text| is_in_form(of.as_str().unwrap(), text)),
                // Of a language, a version, a GUID and a type of media: none is written.
                "pattern" => value.is_null(),
                other => panic!("`{other}` of a schema is not known here"),
            };
            if !is_right {
                found.push(format!("{at}: {word} {of}: {value}"));
            }
        }
    }
}

fn is_of(ty: &str, value: &Value) -> bool {
    match ty {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("the type {other}"),
    }
}

/// Addresses hold no letter that must be written otherwise in them; a whole one has a scheme.
fn is_in_form(form: &str, text: &str) -> bool {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#[]@!$&'()*+,;=%".contains(c);
    let has_scheme = text.split_once(':').is_some_and(|(scheme, _)| scheme.chars().all(|c| c.is_ascii_alphanumeric()));
    match form {
        "uri" => has_scheme && text.chars().all(is_allowed),
        "uri-reference" => text.chars().all(is_allowed),
        other => panic!("the form {other}: {text}"),
    }
}
