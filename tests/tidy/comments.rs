//! What stands in comments.

use super::{COLUMNS, fail_if_any, files, read};

#[test]
fn comments_are_narrow() {
    let mut found = Vec::new();
    for path in ["src", "tests", "examples"].iter().flat_map(|f| files(f, "rs")) {
        let mut drawing = false;
        for (number, line) in read(&path).lines().enumerate() {
            let Some(comment) = line.trim_start().strip_prefix("//") else { continue };
            let comment = comment.trim_start_matches(['/', '!', ' ']);
            drawing ^= comment.starts_with("```");
            if !drawing && !comment.starts_with('|') && line.chars().count() > COLUMNS {
                found.push(format!("{path}:{}", number + 1));
            }
        }
    }
    fail_if_any(&format!("Break these lines of comments; they have {COLUMNS} columns at most:"), &found);
}

/// Code in comments would have to be built for each crate, and there is none.
#[test]
fn comments_hold_no_code() {
    let mut found = Vec::new();
    for path in files("src", "rs") {
        let text = read(&path);
        let comments = text.lines().enumerate().filter_map(|(number, line)| {
            let comment = line.trim_start().strip_prefix("//")?.trim_start_matches(['/', '!', ' ']);
            Some((number + 1, comment.strip_prefix("```")?))
        });
        let begins = comments.step_by(2).filter(|(_, what)| what.is_empty() || what.starts_with("rust"));
        found.extend(begins.map(|(line, _)| format!("{path}:{line}")));
    }
    fail_if_any("Say what these blocks are, such as ```text; an example of code is a test:", &found);
}
