//! Texts and names of PresentationML and of the parts around it (ECMA-376).

use crate::report::escaped;

/// The first line of every part.
pub(super) const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

/// The namespaces of drawings, of presentations and of relationships.
pub(super) const SPACES: &str = "xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
     xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" \
     xmlns:p=\"http://schemas.openxmlformats.org/presentationml/2006/main\"";

/// The beginning of the types of relationships.
const RELATION: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A text as it stands in XML, which has no form for two of the signs of Unicode.
pub(super) fn text(of: &str) -> String {
    escaped::escaped(&of.replace(['\u{FFFE}', '\u{FFFF}'], "\u{FFFD}"))
}

/// The relationships of a part: the kind of each, and its target; they are called `rId1` and so on.
pub(super) fn relations(of: &[(&str, String)]) -> String {
    let one = |(number, (kind, target)): (usize, &(&str, String))| {
        format!("<Relationship Id=\"rId{}\" Type=\"{RELATION}/{kind}\" Target=\"{target}\"/>", number + 1)
    };
    let all: String = of.iter().enumerate().map(one).collect();
    format!(
        "{HEAD}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{all}</Relationships>"
    )
}
