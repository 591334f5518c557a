//! Texts of the data in pictures and in pages that are not made from a template.

use yardstick_language::visible;

/// A text as it stands in SVG and HTML.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut out = String::new();
    for sign in visible::value(text).chars() {
        match sign {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}
