//! The page as it is written, in a real browser and opened from its file: typed into, broken,
//! shared, and checked for those who do not see it or have no mouse.
//!
//! These tests need a compiler for WebAssembly, Chromium and axe-core, and are left out otherwise,
//! which the run says. `.ci/run` has all: `.ci/wasm`, `.ci/axe`, and then
//! `cargo test -p yardstick-playground -- --ignored`.

use super::asked::{answer, read, root};
use super::axe::nothing_bars_anyone;
use super::chromium::Page;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// All steps in one test: the program is built for the browser once.
#[test]
#[ignore = "needs WebAssembly, Chromium and axe-core: `.ci/wasm`, `.ci/axe`, then `cargo test -p yardstick-playground -- --ignored`"]
fn the_page_in_a_browser() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("playground.html");
    let done = Command::new(env!("CARGO_BIN_EXE_yardstick-playground")).arg(&file).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    println!("{}", String::from_utf8_lossy(&done.stdout));
    assert!(fs::metadata(&file).unwrap().len() < 2_000_000, "{}", String::from_utf8_lossy(&done.stdout));
    says_what_the_native_program_says(&file);
    one_types_and_the_cell_changes(&file);
    any_text_can_be_shared(&file);
    it_stays_at_hand(&file);
    keys_and_names(&file);
    nothing_bars_anyone(&mut opened(&file), root(), "the playground");
}

/// The page with the first example answered.
fn opened(file: &Path) -> Page {
    let mut page = Page::open(file, "");
    page.until("document.documentElement.dataset.answered >= 1");
    page
}

const CELLS: &str = "[...document.querySelectorAll('table.cells td .value')].map((cell) => cell.textContent)";

/// Waits for the answer to what comes next.
fn answered(page: &mut Page, change: impl Fn(&mut Page)) {
    let before = page.value("Number(document.documentElement.dataset.answered)");
    change(page);
    // The page waits for a pause in the typing.
    std::thread::sleep(Duration::from_millis(300));
    page.until(&format!("document.documentElement.dataset.answered > {before} && !waiting && !pending"));
}

fn set(page: &mut Page, text: &str) {
    let text = json!(text);
    answered(page, |page| {
        page.value(&format!(
            "(() => {{ const it = document.getElementById('text'); it.value = {text}; it.dispatchEvent(new Event('input')); }})()"
        ));
    });
}

/// Every example, and every cell of it: the page shows what the same program says natively.
fn says_what_the_native_program_says(file: &Path) {
    let mut page = opened(file);
    let listed: Value = serde_json::from_str(&read("examples/playground/examples.json")).unwrap();
    for (number, of) in listed.as_array().unwrap().iter().enumerate() {
        answered(&mut page, |page| {
            page.value(&format!(
                "(() => {{ const it = document.getElementById('examples'); it.value = {number}; it.dispatchEvent(new Event('change')); }})()"
            ));
        });
        let files = of["files"].as_array().unwrap().iter().map(|file| file.as_str().unwrap());
        let texts: Vec<(&str, String)> = files.map(|file| (file.rsplit('/').next().unwrap(), read(file))).collect();
        let texts: Vec<(&str, &str)> = texts.iter().map(|(path, text)| (*path, text.as_str())).collect();
        let said = answer(&texts);
        let all = |of: &Value, field: &str| of[field].as_array().unwrap().clone();
        let lines = all(&said, "tests").into_iter().flat_map(|test| all(&test, "lines"));
        let cells: Vec<Value> = lines.flat_map(|line| all(&line, "cells")).map(|cell| cell["shown"].clone()).collect();
        assert!(!cells.is_empty());
        assert_eq!(page.value(CELLS), Value::Array(cells), "{}", of["title"]);
        let english: Vec<Value> = all(&said, "indicators").into_iter().map(|of| of["english"].clone()).collect();
        let shown = page.value("[...document.querySelectorAll('pre.english')].map((of) => of.textContent)");
        assert_eq!(shown, Value::Array(english));
        let mut rows = 0;
        for window in all(&said, "tests").iter().flat_map(|test| all(test, "windows")) {
            rows += all(&window, "rows").len();
        }
        assert_eq!(page.value("document.querySelectorAll('table.rows td .value').length"), json!(rows));
    }
    assert_eq!(page.complaints, Vec::<String>::new());
    if let Some(picture) = std::env::var_os("YARDSTICK_PICTURE") {
        fs::write(picture, page.picture()).unwrap();
    }
}

/// The cursor goes behind a date of the drawn table, one key is pressed and one typed.
fn one_types_and_the_cell_changes(file: &Path) {
    let mut page = opened(file);
    assert_eq!(page.value(CELLS), json!(["75.0 % Y~", "66.7 % Y~", "100.0 % G~"]));
    assert_eq!(page.value("document.getElementById('state').textContent"), "1 test, 0 failed");
    let behind = |what: &str| {
        format!(
            "(() => {{ const it = document.getElementById('text'); it.focus(); const at = it.value.indexOf({what:?}) + {}; \
             it.setSelectionRange(at, at); }})()",
            what.len()
        )
    };
    page.value(&behind("2026-03-21 | 2026-03-22"));
    answered(&mut page, |page| {
        page.press("Backspace", 8);
        page.type_text("1");
    });
    assert_eq!(page.value(CELLS), json!(["100.0 % G~", "100.0 % G~", "100.0 % G~"]));
    assert_eq!(page.value("document.getElementById('state').textContent"), "1 test, 1 failed");
    assert_eq!(page.value("document.querySelector('article .fails').textContent"), "fails");
    // A mistake, with its place; what stood there stays, and is said to be old.
    page.value(&behind("on or before due_on"));
    answered(&mut page, |page| page.type_text("x"));
    assert_eq!(page.value("document.querySelector('#messages .kind').textContent"), "error E0201");
    assert_eq!(page.value("document.querySelector('#lines b.error').textContent"), "32");
    assert_eq!(
        page.value("[document.getElementById('stale').hidden, document.querySelectorAll('.old #tests').length]"),
        json!([false, 1])
    );
    page.value("document.activeElement.blur()");
    page.click("#messages .place");
    let chosen = "document.activeElement.value.slice(document.activeElement.selectionStart, document.activeElement.selectionEnd)";
    assert_eq!(page.value(chosen), "due_onx");
    // The correction that is offered makes it right again.
    if page.value("document.querySelectorAll('#messages li button:not(.place)').length") == json!(1) {
        answered(&mut page, |page| page.click("#messages li button:not(.place)"));
        assert_eq!(page.value("document.getElementById('stale').hidden"), true);
    }
    assert_eq!(page.complaints, Vec::<String>::new());
}

/// A link holds the text; what is no link of ours, or holds what would act, changes nothing.
fn any_text_can_be_shared(file: &Path) {
    let mut page = opened(file);
    let text =
        read("examples/playground/first.ind").replace("on the day is in time", "<img src=x onerror=alert(1)> ü🙂");
    set(&mut page, &text);
    page.value("document.getElementById('link').click()");
    page.until("location.hash.length > 100");
    let hash = page.value("location.hash");
    let hash = hash.as_str().unwrap();
    let mut other = Page::open(file, hash);
    other.until("document.documentElement.dataset.answered >= 1");
    assert_eq!(other.value("document.getElementById('text').value"), json!(text));
    assert_eq!(other.value("document.querySelectorAll('main img').length"), 0);
    assert!(other.value("document.querySelector('article h3').textContent").as_str().unwrap().contains("<img src=x"));
    for broken in ["#x", "#AAAA", "#%00", "#eJwDAAAAAAE"] {
        let mut page = Page::open(file, broken);
        page.until("document.documentElement.dataset.answered >= 1");
        assert_eq!(page.value(CELLS), json!(["75.0 % Y~", "66.7 % Y~", "100.0 % G~"]), "{broken}");
        let state = page.value("document.getElementById('state').textContent");
        assert_eq!(state, "The link could not be read: an example stands here", "{broken}");
    }
}

/// Hostile texts, and more rows than can be reckoned: the page answers, and goes on.
fn it_stays_at_hand(file: &Path) {
    let mut page = opened(file);
    let text = read("examples/playground/first.ind");
    for broken in [
        text.replace("returned_on on or before due_on", &"(".repeat(100_000)),
        text.replace(
            "returned_on on or before due_on",
            &("returned_on is missing or ".repeat(10_000) + "returned_on is missing"),
        ),
        "{".repeat(300_000),
        "#".repeat(700_000),
    ] {
        set(&mut page, &broken);
        assert_eq!(page.value("document.querySelector('#messages .kind').textContent.startsWith('error')"), true);
        assert_eq!(
            page.value("document.getElementById('state').textContent.includes('nternal')"),
            false,
            "{:.200}",
            broken
        );
    }
    // Each row asks about every row: more than can be answered here.
    let many: String =
        (0..6_000).map(|n| format!("          | x{n} | north | 2026-02-20 | 2026-03-20 | 2026-03-20 |\n")).collect();
    let slow = text.replace("numerator  returned_on on or before due_on", "numerator  some other library.loans as other where other.lent_on after lent_on and other.returned_on before lent_on");
    let slow = slow.replace(
        "  name         text\n}\n\ntable loan",
        "  name         text\n  loans        <- loan\n}\n\ntable loan",
    );
    let slow = slow.replace("          | l5", &(many + "          | l5"));
    set(&mut page, &slow);
    let state = page.value("document.getElementById('state').textContent");
    assert_eq!(
        state,
        "This text takes too long here",
        "{}",
        page.value("document.getElementById('messages').innerText")
    );
    set(&mut page, &text);
    assert_eq!(page.value(CELLS), json!(["75.0 % Y~", "66.7 % Y~", "100.0 % G~"]));
    // A panic: the program is made anew, and answers the next question.
    answered(&mut page, |page| {
        page.value("(() => { worker.postMessage({ number: asked + 1, question: { toString: 1, valueOf: 1 } }); pending = false; waiting = { number: ++asked, timer: 0 }; })()");
    });
    assert_eq!(page.value("document.getElementById('state').textContent"), "Internal error");
    set(&mut page, &(text.clone() + "\n"));
    assert_eq!(page.value("document.getElementById('state').textContent"), "1 test, 0 failed");
    assert_eq!(page.complaints, Vec::<String>::new());
}

/// All can be done with keys; everything that is used has a name.
fn keys_and_names(file: &Path) {
    let mut page = opened(file);
    page.value("document.getElementById('text').focus(); document.getElementById('text').setSelectionRange(0, 0)");
    answered(&mut page, |page| page.press("Tab", 9));
    assert_eq!(page.value("document.getElementById('text').value.startsWith('  # A small')"), true);
    assert_eq!(page.value("document.activeElement.id"), "text");
    page.press("Escape", 27);
    page.press("Tab", 9);
    assert_ne!(page.value("document.activeElement.id"), "text");
    let nameless = page.value(
        "[...document.querySelectorAll('button, select, textarea, [role=region], [role=tablist], [role=tab]')].filter((it) => \
         !(it.getAttribute('aria-label') || it.getAttribute('aria-labelledby') || it.labels?.length || it.textContent.trim())).map((it) => it.outerHTML)",
    );
    assert_eq!(nameless, json!([]));
    assert_eq!(page.value("document.querySelectorAll('td:not(:has(*))').length"), 0);
    assert_eq!(page.value("[...document.querySelectorAll('th')].filter((it) => !it.scope).length"), 0);
    // Nothing is fetched: not from this page, and not by any text.
    assert_eq!(page.value("performance.getEntriesByType('resource').filter((of) => !/^(blob|data):/.test(of.name)).map((of) => of.name)"), json!([]));
    // On a narrow screen nothing is wider than it.
    page.call(
        "Emulation.setDeviceMetricsOverride",
        &json!({ "width": 390, "height": 800, "deviceScaleFactor": 1, "mobile": false }),
    );
    assert_eq!(page.value("document.documentElement.scrollWidth <= 390"), true);
}

#[test]
fn the_page_has_a_place_for_every_part() {
    let page = read("src/playground/page/page.html");
    for mark in ["/*STYLE*/", "/*EXAMPLES*/", "/*PROGRAM*/", "/*BACKGROUND*/", "/*PAGE*/"] {
        assert_eq!(page.matches(mark).count(), 1, "{mark}");
    }
    for script in ["page.js", "background.js"] {
        let text = fs::read_to_string(root().join("src/playground/page").join(script)).unwrap();
        assert!(!text.contains("</script") && !text.contains("innerHTML"), "{script}");
    }
}
