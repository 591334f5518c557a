//! What the page asks: texts with their names.

use serde::Deserialize;

/// So many bytes of text are looked at: more than all indicators that ship have.
pub const MOST_BYTES: usize = 600_000;
/// So many texts.
pub const MOST_TEXTS: usize = 200;

/// What the page asks.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// The texts, read together.
    pub files: Vec<Text>,
}

/// One text.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// Its name, as findings say it.
    pub path: String,
    /// What stands in it.
    pub text: String,
}

impl Question {
    /// Reads a question.
    ///
    /// # Errors
    /// Why it is not answered, in a sentence for people.
    pub fn read(json: &str) -> Result<Self, String> {
        let question: Self =
            serde_json::from_str(json).map_err(|error| format!("the page asked what cannot be read: {error}"))?;
        let bytes: usize = question.files.iter().map(|file| file.text.len() + file.path.len()).sum();
        if bytes > MOST_BYTES || question.files.len() > MOST_TEXTS {
            return Err(format!(
                "the texts are too large for the playground: {bytes} bytes in {} texts, and it takes {MOST_BYTES} bytes \
                 in {MOST_TEXTS} texts; `yardstick check` and `yardstick test` take them",
                question.files.len()
            ));
        }
        Ok(question)
    }
}
