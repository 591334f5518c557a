//! The page: the numbers that it carries are those of the result rows, and a browser shows them.

use super::sample::{Asked, report};
use base64::prelude::{BASE64_STANDARD, Engine};
use flate2::read::DeflateDecoder;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Read;
use std::process::Command;
use yardstick::report::{Report, find};

fn page(report: &Report) -> String {
    String::from_utf8(find("html").unwrap().bytes(report).unwrap()).unwrap()
}

fn unpacked(page: &str, id: &str) -> Vec<u8> {
    let packed = page.split(&format!("id=\"{id}\">")).nth(1).unwrap().split('<').next().unwrap();
    let mut bytes = Vec::new();
    DeflateDecoder::new(&BASE64_STANDARD.decode(packed).unwrap()[..]).read_to_end(&mut bytes).unwrap();
    bytes
}

/// What stands on the page itself.
pub(super) fn without_style_and_script(page: &str) -> String {
    let mut out = page.to_owned();
    for (begin, end) in [("<style>", "</style>"), ("<script", "</script>")] {
        while let Some((before, after)) = out.split_once(begin) {
            out = format!("{before}{}", after.split_once(end).unwrap().1);
        }
    }
    out
}

/// What the page has in words.
pub(crate) fn words(page: &str) -> Value {
    serde_json::from_slice(&unpacked(page, "words")).unwrap()
}

/// The rows behind the latest cells, where the page has them.
pub(crate) fn listed(page: &str) -> Value {
    serde_json::from_slice(&unpacked(page, "cases")).unwrap()
}

/// The fields of a cell that every column has, before and after the exclusions.
const BEFORE: [&str; 7] = ["kind", "number", "above", "below", "undetermined", "unsure", "unread"];
const AFTER: [&str; 5] = ["low", "high", "least", "most", "reason"];

type Fields = BTreeMap<String, u64>;

/// The cells by column, row and window.
fn cells(page: &str) -> BTreeMap<(usize, usize, usize), Fields> {
    let (words, bytes) = (words(page), unpacked(page, "cells"));
    let (mut at, mut found) = (0, BTreeMap::new());
    let mut next = || {
        let (mut number, mut shift) = (0_u64, 0);
        loop {
            let byte = bytes[at];
            at += 1;
            number |= u64::from(byte & 0x7f) << shift;
            shift += 7;
            if byte < 0x80 {
                return number;
            }
        }
    };
    for (column, head) in words["columns"].as_array().unwrap().iter().enumerate() {
        let (tracks, windows) = (next() as usize, next() as usize);
        let mut row = 0;
        let rows: Vec<usize> = (0..tracks)
            .map(|_| {
                row += next() as usize;
                row
            })
            .collect();
        let excluded = head["exclusions"].as_array().unwrap().len();
        let excluded = (0..excluded).map(|n| format!("excluded {n}"));
        let own = if head["own"].as_bool().unwrap() { ["aim least", "aim most"].as_slice() } else { &[] };
        let after = AFTER.iter().chain(own).map(|field| (*field).to_owned());
        let fields: Vec<String> = BEFORE.map(str::to_owned).into_iter().chain(excluded).chain(after).collect();
        for field in fields {
            for row in &rows {
                for window in 0..windows {
                    found.entry((column, *row, window)).or_insert_with(Fields::new).insert(field.clone(), next());
                }
            }
        }
        // What stands below the value of each row, its change, and what its chart says.
        for _ in &rows {
            let said = [next(), next(), next()];
            (0..if said[2] > 0 { windows + 1 } else { 0 }).for_each(|_| {
                next();
            });
        }
    }
    found
}

/// A figure as it is written; `None` of none.
fn figure(written: u64) -> Option<f64> {
    let written = written.checked_sub(1)?;
    let (behind, folded) = (written % 8, written / 8);
    let digits = (folded >> 1).cast_signed() ^ -(folded & 1).cast_signed();
    Some(digits as f64 / 10_f64.powi(i32::try_from(behind).unwrap()))
}

#[test]
fn the_page_carries_the_numbers_of_every_result_row() {
    let report = report(&Asked { months: 6, levels: vec![0, 1, 2], groups: true, ..Asked::default() });
    let page = page(&report);
    let (words, cells) = (words(&page), cells(&page));
    let rows = &words["rows"];
    let list = |field: &str| rows[field].as_array().unwrap().clone();
    let (ids, levels, parts) = (list("id"), list("level"), list("part"));
    let mut seen = 0;
    for of in report.judged.rows().filter(|of| of.group.is_none()) {
        let column = words["columns"].as_array().unwrap().iter().position(|c| c["id"] == of.indicator).unwrap();
        let is = |row: &usize| {
            let level = words["levels"][levels[*row].as_u64().unwrap() as usize].as_str().unwrap();
            ids[*row] == of.entity_id && level == of.level && parts[*row] == 0
        };
        let Some(row) = (0..ids.len()).find(is) else { continue };
        let windows = report.judged.tables.iter().find(|t| t.windows.len() == 6).unwrap();
        assert_eq!(windows.windows.len(), 6);
        let window = report.judged.rows().filter(|r| {
            r.group.is_none() && r.indicator == of.indicator && r.entity_id == of.entity_id && r.level == of.level
        });
        let window = window.take_while(|r| r.window_end != of.window_end).count();
        let Some(cell) = cells.get(&(column, row, window)) else {
            assert_eq!(of.state, "no_cases", "{of:?}");
            continue;
        };
        let count = |count: Option<u64>| count.filter(|_| of.denominator.is_some()).map_or(0, |n| n + 1);
        assert_eq!(figure(cell["number"]).is_some(), of.value.is_some(), "{of:?} {cell:?}");
        if let Some(value) = of.value {
            assert!((figure(cell["number"]).unwrap() - value).abs() <= 0.051, "{of:?} {cell:?}");
        }
        assert_eq!(figure(cell["below"]), of.denominator, "{of:?} {cell:?}");
        assert_eq!(figure(cell["above"]), of.numerator.filter(|_| of.denominator.is_some()), "{of:?} {cell:?}");
        assert_eq!(cell["undetermined"], count(of.undetermined), "{of:?} {cell:?}");
        assert_eq!(cell["unsure"], count(of.unsure), "{of:?} {cell:?}");
        assert_eq!(cell["unread"], count(of.unread), "{of:?} {cell:?}");
        let excluded: u64 =
            cell.iter().filter(|(name, _)| name.starts_with("excluded")).map(|(_, n)| n.saturating_sub(1)).sum();
        assert_eq!(excluded, of.excluded.filter(|_| of.denominator.is_some()).unwrap_or(0), "{of:?} {cell:?}");
        for (field, end) in [("low", of.low), ("high", of.high)] {
            assert!(figure(cell[field]).zip(end).is_none_or(|(a, b)| (a - b).abs() <= 0.0501), "{of:?} {cell:?}");
            assert_eq!(cell[field] > 0, end.is_some(), "{of:?} {cell:?}");
        }
        let band = ["", "green", "yellow", "red"][(cell["kind"] >> 3) as usize & 3];
        assert_eq!(band, of.band.unwrap_or_default(), "{of:?} {cell:?}");
        if of.state == "suppressed" {
            let told = ["number", "above", "below", "undetermined", "unsure", "unread", "low", "high", "least", "most"];
            assert!(told.iter().all(|field| cell[*field] == 0), "{of:?} {cell:?}");
        }
        seen += 1;
    }
    assert!(seen > 100, "{seen}");
}

/// The least distance of two colours in CIE Lab that is told apart at a glance.
const APART: f64 = 10.0;

/// Machado, Oliveira and Fernandes (2009), severity 1: protanopia, deuteranopia, tritanopia; and as
/// most people see.
const SIGHT: [[[f64; 3]; 3]; 4] = [
    [[0.152_286, 1.052_583, -0.204_868], [0.114_503, 0.786_281, 0.099_216], [-0.003_882, -0.048_116, 1.051_998]],
    [[0.367_322, 0.860_646, -0.227_968], [0.280_085, 0.672_501, 0.047_413], [-0.011_820, 0.042_940, 0.968_881]],
    [[1.255_528, -0.076_749, -0.178_779], [-0.078_411, 0.930_809, 0.147_602], [0.004_733, 0.691_367, 0.303_900]],
    [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
];

fn linear(hex: &str) -> [f64; 3] {
    [0, 2, 4].map(|at| {
        let part = f64::from(u8::from_str_radix(hex.get(at..at + 2).unwrap(), 16).unwrap()) / 255.0;
        if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    })
}

fn times(by: &[[f64; 3]; 3], of: [f64; 3]) -> [f64; 3] {
    by.map(|row| row.iter().zip(of).map(|(a, b)| a * b).sum::<f64>())
}

fn lab(seen: [f64; 3]) -> [f64; 3] {
    let to_xyz = [
        [0.412_456_4, 0.357_576_1, 0.180_437_5],
        [0.212_672_9, 0.715_152_2, 0.072_175_0],
        [0.019_333_9, 0.119_192_0, 0.950_304_1],
    ];
    let [x, y, z] = times(&to_xyz, seen.map(|part| part.clamp(0.0, 1.0)));
    let f = |t: f64| if t > 0.008_856 { t.cbrt() } else { 7.787 * t + 16.0 / 116.0 };
    let (x, y, z) = (f(x / 0.950_47), f(y), f(z / 1.088_83));
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

#[test]
fn colours_are_told_apart_by_all() {
    let page = page(&report(&Asked::default()));
    let colour = |name: &str| linear(page.split(&format!("--{name}: #")).nth(1).unwrap());
    let [green, yellow, red] = ["green", "yellow", "red"].map(colour);
    for sight in &SIGHT {
        for (a, b) in [(green, yellow), (green, red), (yellow, red)] {
            let [a, b] = [a, b].map(|one| lab(times(sight, one)));
            let apart = a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt();
            assert!(apart >= APART, "{apart}");
        }
    }
}

fn browser() -> Option<&'static str> {
    let runs = |browser: &&str| Command::new(browser).arg("--version").output().is_ok_and(|done| done.status.success());
    ["chromium", "chromium-browser", "google-chrome"].into_iter().find(runs)
}

/// What a browser makes of the page at this address, when these steps are done; `None` where none
/// is installed.
pub(crate) fn seen(page: &str, (name, hash, size): (&str, &str, &str), steps: &str) -> Option<Value> {
    let browser = browser()?;
    let harness = format!(
        "<script>(function ready() {{\n if (!document.documentElement.dataset.ready) return setTimeout(ready, 20);\n \
         const one = (what) => document.querySelector(what); const all = (what) => [...document.querySelectorAll(what)];\n \
         const said = {{}}; const wait = () => new Promise((done) => setTimeout(done, 50));\n \
         (async () => {{ {steps} }})().catch((error) => {{ said.error = String(error); }}).then(() => {{\n \
         const pre = document.createElement('pre'); pre.id = 'said'; pre.textContent = btoa(unescape(encodeURIComponent(JSON.stringify(said)))); document.body.append(pre); }});\n}})();</script></body>"
    );
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(format!("{name}.html"));
    std::fs::write(&path, page.replace("</body>", &harness)).unwrap();
    let done = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=10000", "--dump-dom"])
        .args([format!("--window-size={size}"), format!("--user-data-dir={}", folder.path().join("profile").display())])
        .arg(format!("file://{}{hash}", path.display()))
        .output()
        .unwrap();
    let dom = String::from_utf8_lossy(&done.stdout).into_owned();
    let said =
        dom.split("id=\"said\">").nth(1).unwrap_or_else(|| panic!("{name}: {}", String::from_utf8_lossy(&done.stderr)));
    let said = BASE64_STANDARD.decode(said.split('<').next().unwrap()).unwrap();
    let said: Value = serde_json::from_slice(&said).unwrap();
    assert!(said["error"].is_null(), "{name}: {said}");
    Some(said)
}

fn whole() -> String {
    page(&report(&Asked { months: 24, levels: vec![0, 1, 2], ..Asked::default() }))
}

#[test]
fn one_goes_down_and_back_and_the_address_says_where_one_is() {
    let steps = "
        said.start = all('.drawn tbody:last-child th').map((th) => th.textContent);
        one('.drawn tbody:last-child [data-go]').click();
        said.below = all('.drawn tbody:last-child th').map((th) => th.textContent);
        said.crumbs = one('.crumbs').textContent;
        said.hash = location.hash;
        said.text = one('#app').textContent;
        history.back(); await wait();
        said.back = all('.drawn tbody:last-child th').map((th) => th.textContent);
        said.static = one('#static').hidden;
    ";
    let Some(said) = seen(&whole(), ("down", "", "1200,900"), steps) else { return };
    assert!(said["start"][0].as_str().unwrap().contains("Norwood"), "{said}");
    assert_eq!(said["start"], said["back"]);
    assert!(said["crumbs"].as_str().unwrap().contains("Norwood") && said["static"] == true, "{said}");
    assert!(
        said["below"].to_string().contains("u1") && said["hash"].as_str().unwrap().contains("e=office%3Ao1"),
        "{said}"
    );
    let again =
        seen(&whole(), ("again", said["hash"].as_str().unwrap(), "1200,900"), "said.text = one('#app').textContent;")
            .unwrap();
    assert_eq!(again["text"], said["text"]);
}

#[test]
fn a_cell_opens_with_all_that_is_known_of_it() {
    let steps = "
        const cell = one('.drawn tbody:last-child td.yellow button') || one('.drawn tbody:last-child td button');
        said.number = cell.querySelector('.number').textContent;
        cell.click();
        said.panel = one('.panel').textContent;
        said.points = all('.panel svg .point').length;
        said.focused = document.activeElement.className;
        document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }));
        said.open = all('.panel').length;
        said.returned = document.activeElement.dataset.cell;
        one('[data-rank]').click();
        said.ranked = all('.rank tbody th').map((th) => th.textContent);
        said.values = all('.rank tbody td:nth-child(3)').map((td) => parseFloat(td.textContent));
    ";
    let Some(said) = seen(&whole(), ("cell", "", "1200,900"), steps) else { return };
    let panel = said["panel"].as_str().unwrap();
    assert!(panel.contains("Is it chance?"), "{panel}");
    for words in [said["number"].as_str().unwrap(), "Value", "Counts", "Undetermined", "Standard", "yardstick cases"] {
        assert!(panel.contains(words), "no {words} in {panel}");
    }
    assert!(said["points"].as_u64().unwrap() > 1 && said["focused"] == "panel" && said["open"] == 0, "{said}");
    assert!(said["returned"].is_string(), "{said}");
    let values: Vec<f64> = said["values"].as_array().unwrap().iter().filter_map(Value::as_f64).collect();
    assert!(values.len() > 1 && values.windows(2).all(|two| two[0] >= two[1]), "{said}");
}

#[test]
fn one_searches_and_names_from_the_data_stay_text() {
    let steps = "
        const field = one('[name=q]'); field.focus(); field.value = 'bay'; field.dispatchEvent(new Event('input', { bubbles: true }));
        said.found = all('.drawn tbody:last-child th').map((th) => th.textContent);
        said.focused = document.activeElement.name;
        said.bold = all('#app b, #app img, #app script').length;
        said.hash = location.hash;
    ";
    let Some(said) = seen(&whole(), ("search", "", "1200,900"), steps) else { return };
    assert!(said["found"].to_string().contains("<b>"), "{said}");
    assert!(said["focused"] == "q" && said["bold"] == 0 && said["hash"] == "#q=bay", "{said}");
}

#[test]
fn it_fits_a_telephone() {
    let steps = "said.wide = document.documentElement.scrollWidth; said.room = innerWidth; said.cards = getComputedStyle(one('.drawn tbody tr')).display;";
    let Some(said) = seen(&whole(), ("telephone", "", "390,800"), steps) else { return };
    assert!(said["wide"].as_u64() <= said["room"].as_u64() && said["cards"] == "block", "{said}");
}

#[test]
fn nothing_sticks_out_of_a_page_that_is_enlarged() {
    let steps = "said.wide = document.documentElement.scrollWidth; said.room = innerWidth;";
    for size in ["641,450", "800,450"] {
        let Some(said) = seen(&whole(), ("enlarged", "", size), steps) else { return };
        assert!(said["wide"].as_u64() <= said["room"].as_u64(), "{size}: {said}");
    }
}

#[test]
fn of_the_groups_of_a_breakdown_one_can_be_looked_at_alone() {
    let page = page(&report(&Asked { levels: vec![0, 1], groups: true, ..Asked::default() }));
    let steps = "
        const parts = () => all('.drawn th.part').map((th) => th.textContent);
        said.all = parts();
        const choose = (value) => { const list = one('[name=p]'); list.value = value; list.dispatchEvent(new Event('change', { bubbles: true })); };
        said.choices = all('[name=p] option').map((option) => option.textContent);
        choose(all('[name=p] option')[2].value);
        said.one = parts();
        choose('-');
        said.none = parts();
    ";
    let Some(said) = seen(&page, ("groups", "", "1200,900"), steps) else { return };
    let count = |list: &str| said[list].as_array().unwrap().len();
    assert!(count("choices") > 3 && count("all") > count("one") && count("one") > 1 && count("none") == 0, "{said}");
    let name = said["choices"][2].as_str().unwrap();
    assert!(said["one"].as_array().unwrap().iter().all(|part| name.ends_with(part.as_str().unwrap())), "{said}");
}

#[test]
fn it_prints_on_few_pages() {
    let Some(browser) = browser() else { return };
    let folder = tempfile::tempdir().unwrap();
    let (path, printed) = (folder.path().join("page.html"), folder.path().join("page.pdf"));
    std::fs::write(&path, whole()).unwrap();
    let done = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=10000"])
        .args([format!("--print-to-pdf={}", printed.display()), format!("file://{}", path.display())])
        .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let pdf = std::fs::read(&printed).unwrap();
    let (kind, pages) = (b"/Type /Page", b"/Type /Pages");
    let count = |what: &[u8]| pdf.windows(what.len()).filter(|at| *at == what).count();
    let sheets = count(kind) - count(pages);
    assert!((1..=3).contains(&sheets), "{sheets}");
}
