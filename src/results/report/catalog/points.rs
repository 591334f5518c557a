//! Points inside points, as lists inside lists.

use crate::report::escaped::escaped;
use std::fmt::{self, Display, Formatter};
use yardstick_language::describe::Point;

/// What is said, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Points(pub Vec<Point>);

/// As HTML; nothing of no points.
impl Display for Points {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        list(&self.0, f)
    }
}

fn list(points: &[Point], f: &mut Formatter<'_>) -> fmt::Result {
    if points.is_empty() {
        return Ok(());
    }
    f.write_str("<ul>\n")?;
    for point in points {
        write!(f, "<li>{}", code(&point.text))?;
        list(&point.under, f)?;
        f.write_str("</li>\n")?;
    }
    f.write_str("</ul>\n")
}

/// A sentence, escaped, with what stands in backquotes as code.
fn code(text: &str) -> String {
    let parts = text.split('`');
    if parts.clone().count().is_multiple_of(2) {
        return escaped(text);
    }
    let each = parts.enumerate().map(|(place, part)| match place % 2 {
        0 => escaped(part),
        _ => format!("<code>{}</code>", escaped(part)),
    });
    each.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_lists_and_texts_are_escaped() {
        let points = Points(vec![Point::over("a <b> `x < y`:", vec![Point::new("it's"), Point::new("an odd `")])]);
        let html = "<ul>\n<li>a &lt;b&gt; <code>x &lt; y</code>:<ul>\n<li>it&#39;s</li>\n<li>an odd `</li>\n</ul>\n</li>\n</ul>\n";
        assert_eq!(points.to_string(), html);
        assert_eq!(Points::default().to_string(), "");
    }
}
