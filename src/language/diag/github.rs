//! Findings as workflow commands of GitHub, which shows each beside the line that it is about.

use super::{Diagnostic, Severity};
use crate::source::{Sources, Span, printable};

/// One finding as a workflow command, with a line break at its end.
#[must_use]
pub fn command(sources: &Sources, finding: &Diagnostic) -> String {
    let word = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let mut properties = Vec::new();
    if let Some(span) = finding.span() {
        let (file, (line, column), (end_line, end_column)) = place(sources, span);
        properties.push(format!("file={}", property(&file)));
        properties.push(format!("line={line}"));
        properties.push(format!("endLine={end_line}"));
        // Columns are those of one line.
        if line == end_line {
            properties.push(format!("col={column}"));
            properties.push(format!("endColumn={}", end_column.saturating_sub(1).max(column)));
        }
    }
    properties.push(format!("title={}", property(finding.code.as_str())));
    let mut lines = vec![printable(&finding.message).into_owned()];
    for label in &finding.labels {
        let (file, (line, column), _) = place(sources, label.span);
        let is_main = Some(label.span) == finding.span();
        match (label.text.is_empty(), is_main) {
            (true, _) => {}
            (false, true) => lines.push(printable(&label.text).into_owned()),
            (false, false) => lines.push(format!("{} ({file}:{line}:{column})", printable(&label.text))),
        }
    }
    lines.extend(finding.help.iter().map(|help| format!("help: {}", printable(help))));
    format!("::{word} {}::{}\n", properties.join(","), data(&lines.join("\n")))
}

/// What could not be read, as a workflow command, with a line break at its end.
#[must_use]
pub fn unreadable(message: &str, help: &str) -> String {
    format!("::error title=yardstick::{}\n", data(&format!("{}\nhelp: {}", printable(message), printable(help))))
}

/// The file of a place, its first line and column, and its last, from 1; the last column is the one
/// behind it.
fn place(sources: &Sources, span: Span) -> (String, (usize, usize), (usize, usize)) {
    let file = sources.file(span.file);
    let path = file.path.display().to_string();
    (path, file.line_column(span.start), file.line_column(span.end.max(span.start)))
}

/// The message of a command: a line break would end it.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property, which also ends with a comma or a colon.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::code;

    #[test]
    fn nothing_in_a_text_ends_a_command() {
        let mut sources = Sources::default();
        let file = sources.add("a,b:c%.ind", "one\ntwo three\n");
        let finding = Diagnostic::new(code::SYNTAX, Span::new(file, 4, 7), "100% of\n::error::it, a: b\r")
            .because("here")
            .also(Span::new(file, 0, 3), "there")
            .help("write x");
        assert_eq!(
            command(&sources, &finding),
            "::error file=a%2Cb%3Ac%25.ind,line=2,endLine=2,col=1,endColumn=3,title=E0101::100%25 of%0A::error::it, a: b%0Dhere\
             %0Athere (a,b:c%25.ind:1:1)%0Ahelp: write x\n"
                .replace("%0Dhere", &format!("{}%0Ahere", data(&printable("\r"))))
        );
        let long = Diagnostic::new(code::UNUSED_LET, Span::new(file, 0, 7), "m");
        assert_eq!(command(&sources, &long), "::warning file=a%2Cb%3Ac%25.ind,line=1,endLine=2,title=W0801::m\n");
    }
}
