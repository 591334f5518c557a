//! The pages that the program writes, in a browser, looked at by axe-core.

use crate::axe::nothing_bars_anyone;
use crate::chromium::Page;
use std::path::Path;
use std::process::Command;

/// Every kind of page of the libraries' example.
#[test]
#[ignore = "needs Chromium and axe-core: `.ci/axe`, then `cargo test barriers -- --ignored`"]
fn no_page_bars_anyone() {
    let folder = tempfile::tempdir().unwrap();
    let run = |words: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_yardstick"));
        let done = command.args(words.split(' ')).current_dir(folder.path()).output().unwrap();
        assert!(done.status.success(), "{words}: {}", String::from_utf8_lossy(&done.stderr));
    };
    run("init . --example library");
    run("catalog -o catalog");
    run("why returned_in_time L0004 -o why.html");
    run("scorecard -o scorecard.html");
    run("book --entity B4 -o book.html");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for name in [
        "catalog/index.html",
        "catalog/indicator-returned_in_time.html",
        "catalog/table-loan.html",
        "why.html",
        "scorecard.html",
        "book.html",
    ] {
        let mut page = Page::open(&folder.path().join(name), "");
        page.until("document.readyState === 'complete' && document.title && location.protocol === 'file:'");
        nothing_bars_anyone(&mut page, root, name);
    }
}
