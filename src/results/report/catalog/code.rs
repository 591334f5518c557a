//! Text of definitions on a page: each word in the colour of what it is, and names that lead to the
//! pages of what they mean.

use crate::report::escaped::escaped;
use std::fmt::{self, Display, Formatter};

/// A text in pieces.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Code {
    /// Where it stands: `indicators/tier1/entry.ind`, line 1.
    pub place: String,
    /// Its pieces, in order; together they are the text.
    pub pieces: Vec<Piece>,
}

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The piece.
    pub text: String,
    /// The class of its colour; none where it is nothing in particular.
    pub class: Option<&'static str>,
    /// The page that it leads to.
    pub page: Option<String>,
}

/// As HTML, to stand in a `pre`.
impl Display for Code {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for piece in &self.pieces {
            let lines: Vec<String> = piece.text.split('\n').map(tabs).collect();
            let text = lines.join("\n");
            let text = match piece.class {
                Some(class) => format!("<span class=\"{class}\">{text}</span>"),
                None => text,
            };
            match &piece.page {
                Some(page) => write!(f, "<a href=\"{}\">{text}</a>", escaped(page))?,
                None => f.write_str(&text)?,
            }
        }
        Ok(())
    }
}

/// A line, escaped; its tabs stay.
fn tabs(line: &str) -> String {
    line.split('\t').map(escaped).collect::<Vec<_>>().join("\t")
}
