//! Books: every format says what the cells say, and no text of the data becomes markup.

use super::sample::{Asked, report};
use yardstick::report::book::{BookFormat, FORMATS, find};
use yardstick::scorecard::book::{Sentence, Turn, Words};
use yardstick::scorecard::review::Review;
use yardstick::scorecard::{Book, Judged, State};

/// A text that would be markup in any format, with a sign that acts.
pub(crate) const HOSTILE: &str = "<script>alert(\"1\")</script> & ]]> | *b* =1+1 \u{202e}\u{1}'";

/// The sample by groups, one of which has a hostile name.
pub(crate) fn judged(months: u32) -> Judged {
    let mut judged = report(&Asked { months, groups: true, ..Asked::default() }).judged;
    let groups = judged.tables.iter_mut().filter_map(|table| table.group.as_mut());
    groups.filter(|group| group.value == "1 & over").for_each(|group| HOSTILE.clone_into(&mut group.value));
    judged
}

/// Words with hostile texts, for every column.
pub(crate) fn words(judged: &Judged) -> Words {
    let sentence = |depth, text: &str| Sentence { depth, text: text.to_owned() };
    let review = Review {
        outcome: "unmet",
        seed: HOSTILE.to_owned(),
        of: 9,
        head: vec!["id".to_owned(), HOSTILE.to_owned()],
        rows: vec![vec![HOSTILE.to_owned(), "-".to_owned()], vec!["c2".to_owned(), HOSTILE.to_owned()]],
    };
    Words {
        english: vec![vec![sentence(0, "Who counts"), sentence(1, HOSTILE)]; judged.indicators.len()],
        reviews: vec![Some(review); judged.indicators.len()],
        plans: Vec::new(),
    }
}

/// Forty points, each with one under it, that find no room on a sheet.
pub(crate) fn long_description() -> Vec<Sentence> {
    let sentence = |depth, text: String| Sentence { depth, text };
    let point =
        |n: usize| [sentence(1, format!("point {n} {}", "word ".repeat(60))), sentence(2, format!("under {n}"))];
    std::iter::once(sentence(0, "Who counts".to_owned())).chain((0..40).flat_map(point)).collect()
}

pub(crate) fn of(format: &BookFormat, id: &str, months: u32) -> Vec<u8> {
    let judged = judged(months);
    let entity = judged.hierarchy.find(id).next().unwrap();
    let words = words(&judged);
    format.bytes(&Book::of(&judged, entity, &words, None).unwrap()).unwrap()
}

pub(crate) fn text(format: &str, id: &str, months: u32) -> String {
    String::from_utf8(of(find(format).unwrap(), id, months)).unwrap()
}

#[test]
fn markdown() {
    super::snapshot("book_markdown", &text("md", "o2", 3));
}

#[test]
fn no_text_becomes_markup() {
    let page = text("html", "o2", 24);
    assert!(!page.contains("<b>") && !page.contains("<script") && !page.contains("<soon>"));
    assert!(page.contains("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; ]]&gt;"));
    assert!(!page.contains(['\u{202e}', '\u{1}']));
    // Every element that is opened is closed.
    for name in ["section", "table", "tr", "td", "th", "ul", "li", "dl", "svg", "details", "p", "h2", "h3", "div"] {
        let opened = page.matches(&format!("<{name}>")).count() + page.matches(&format!("<{name} ")).count();
        assert_eq!(opened, page.matches(&format!("</{name}>")).count(), "{name}");
    }
    let page = text("md", "o2", 24);
    assert!(!page.contains("<b>") && !page.contains("<script") && !page.contains(['\u{202e}', '\u{1}']));
    assert!(page.contains("\\| \\*b\\*"), "a bar would end the cell of a table");
}

/// The words of all formats are the same: each value and each fact of one stands in the other.
#[test]
fn the_page_says_what_the_markdown_says() {
    let (page, markdown) = (text("html", "o1", 24), text("md", "o1", 24));
    let plain = |line: &str| line.replace(['\\', '*', '🟢', '🟡', '🔴'], "").trim().to_owned();
    let mut seen = 0;
    for line in markdown.lines().filter(|line| line.starts_with("| ") || line.starts_with("- ")) {
        let cells: Vec<&str> = match line.strip_prefix("- ") {
            Some(fact) => fact.splitn(2, ": ").collect(),
            None => line.split(" | ").map(|cell| cell.trim_matches(['|', ' '])).collect(),
        };
        for cell in cells.into_iter().map(plain).filter(|cell| !cell.is_empty() && !cell.contains(['`', '&', '\''])) {
            let escaped = cell.replace('"', "&quot;").replace('>', "&gt;");
            assert!(page.contains(&escaped), "the page does not say `{cell}`");
            seen += 1;
        }
    }
    assert!(seen > 500, "{seen}");
}

#[test]
fn the_same_bytes_from_run_to_run() {
    for format in FORMATS {
        for id in ["department", "o1", "o2", "u1"] {
            assert!(of(format, id, 24) == of(format, id, 24), "{} {id}", format.name);
        }
    }
}

#[test]
fn what_a_book_shows_are_the_cells_of_the_run() {
    let judged = report(&Asked { months: 24, levels: vec![0, 1, 2], ..Asked::default() }).judged;
    let rows: Vec<_> = judged.rows().collect();
    let words = Words::default();
    let (mut worse, mut values) = (0, 0);
    for entity in 0..judged.hierarchy.entities.len() {
        let book = Book::of(&judged, entity, &words, None).unwrap();
        for page in &book.pages {
            let of = |level: &str, id: &str| {
                let is = |row: &&yardstick::scorecard::ResultRow| {
                    row.indicator == page.column.id && row.level == level && row.entity_id == id
                };
                rows.iter().filter(is).collect::<Vec<_>>()
            };
            let own = of(&book.entity.level, &book.entity.id);
            for (shown, row) in page.cells.iter().zip(&own) {
                assert_eq!((shown.cell.value, shown.cell.state.id()), (row.value, row.state));
                assert_eq!(shown.cell.band.map(|band| band.id()), row.band);
                values += usize::from(row.value.is_some());
            }
            for line in page.peers.lines.iter().chain(&page.below.lines).chain(&page.above) {
                let row = of(&line.who.level, &line.who.id).last().copied().unwrap();
                assert_eq!((line.shown.cell.value, line.shown.cell.state.id()), (row.value, row.state));
                assert!(line.is_own || line.shown.cell.state != State::NoCases || page.above.contains(line));
            }
            if let Some(change) = &page.change {
                let [.., before, now] = own.as_slice() else { panic!("a change without two windows") };
                assert_eq!((change.before.value, change.now.value), (before.value, now.value));
                let rank = |band: Option<&str>| ["green", "yellow", "red"].iter().position(|of| Some(*of) == band);
                let is_worse = rank(before.band).zip(rank(now.band)).is_some_and(|(old, new)| new > old);
                assert_eq!(change.turn == Turn::Worse, is_worse);
                worse += usize::from(is_worse);
            }
        }
    }
    assert!(worse > 0 && values > 300, "{worse} {values}");
}

#[test]
fn the_groups_of_a_page_are_the_result_rows_of_its_latest_window() {
    let mut judged = judged(24);
    judged.selection.levels = vec![0, 1, 2];
    let rows: Vec<_> = judged.rows().filter(|row| row.group.is_some()).collect();
    let words = Words::default();
    let (mut ratios, mut hidden, mut unknown) = (0, 0, 0);
    for entity in 0..judged.hierarchy.entities.len() {
        let book = Book::of(&judged, entity, &words, None).unwrap();
        for (page, number) in book.pages.iter().zip(&judged.indicators) {
            let latest = judged.tables.iter().find(|table| table.indicator == *number).unwrap().windows.last().unwrap();
            let own = rows.iter().filter(|row| {
                let whose = (row.indicator, row.level, row.entity_id);
                whose == (page.column.id.as_str(), book.entity.level.as_str(), book.entity.id.as_str())
                    && row.window_end.date == latest.window.last_day()
            });
            let own: Vec<_> = own.collect();
            let cells: Vec<_> = page
                .groups
                .iter()
                .flat_map(|of| of.cells.iter().map(|(value, shown)| (of.by, *value, shown)))
                .collect();
            assert_eq!(cells.len(), own.len(), "{} {}", page.column.id, book.entity.id);
            for ((by, value, shown), row) in cells.into_iter().zip(own) {
                assert_eq!((Some(by), Some(value)), (row.group, row.group_value));
                let cell = &shown.cell;
                assert_eq!((cell.value, cell.numerator, cell.denominator), (row.value, row.numerator, row.denominator));
                assert_eq!((cell.state.id(), cell.reason), (row.state, row.reason));
                assert_eq!(cell.band.map(|band| band.id()), row.band);
                assert_eq!(cell.interval.map(|of| (of.low, of.high)), row.low.zip(row.high));
                let ratio = shown.ratio;
                assert_eq!(ratio.map(|(of, to)| (of.value, to)), row.ratio.zip(row.ratio_to));
                let ends = ratio.and_then(|(of, _)| of.interval).map(|of| (of.low, of.high));
                assert_eq!(ends, row.ratio_low.zip(row.ratio_high));
                ratios += usize::from(ends.is_some());
                hidden += usize::from(row.state == "suppressed");
                unknown += usize::from(value == "not known");
            }
        }
    }
    assert!(ratios > 10 && hidden > 0 && unknown > 0, "{ratios} {hidden} {unknown}");
}

#[test]
fn on_paper_a_long_description_ends_with_a_whole_point_and_says_where_the_rest_stands() {
    let judged = judged(24);
    let entity = judged.hierarchy.find("o1").next().unwrap();
    let words = Words { english: vec![long_description(); judged.indicators.len()], ..Words::default() };
    let book = Book::of(&judged, entity, &words, None).unwrap();
    let page = String::from_utf8(find("html").unwrap().bytes(&book).unwrap()).unwrap();
    let sheets: Vec<&str> = page.split("id=\"sheet").skip(1).collect();
    assert_eq!(sheets.len(), judged.indicators.len());
    for sheet in sheets {
        // On a screen all of it is there.
        assert!(sheet.contains("point 39 word") && sheet.contains("under 39"));
        let printed = sheet.matches("<li>point").count();
        assert_eq!(sheet.matches("<li>under").count(), printed, "a point goes with what stands under it");
        let further = 40 - printed;
        assert_eq!(sheet.matches("<li class=\"further\">point").count(), further);
        assert!(further > 1, "{printed}");
        let said = format!("<p class=\"on-paper\">{further} further points stand in what `yardstick describe ");
        assert!(sheet.contains(&said), "{said}");
    }
    // What has room is printed whole, and nothing is said.
    assert!(!text("html", "o1", 1).contains("class=\"on-paper\""));
}

#[test]
fn of_one_window_nothing_is_compared() {
    let judged = judged(1);
    let words = Words::default();
    let book = Book::of(&judged, 0, &words, None).unwrap();
    assert!(book.pages.iter().all(|page| page.change.is_none() && page.trend.is_none()));
    assert!(!text("md", "o1", 1).contains("What changed"));
}

#[test]
fn rows_of_cells_that_are_withheld_are_not_listed() {
    let judged = judged(1);
    let words = words(&judged);
    let hidden = judged.hierarchy.find("o3").next().unwrap();
    let book = Book::of(&judged, hidden, &words, None).unwrap();
    let states: Vec<_> =
        book.pages.iter().map(|page| (page.latest().unwrap().cell.state, page.review.is_some())).collect();
    assert!(states.contains(&(State::Suppressed, false)) && states.contains(&(State::BadData, false)), "{states:?}");
    assert!(states.contains(&(State::Value, true)), "{states:?}");
}
