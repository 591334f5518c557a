//! The slides of a book: parts that belong together, charts whose workbooks hold the cells, and no
//! text that becomes markup. That other programs open them is looked at by hand: python-pptx,
//! LibreOffice.

use super::book::{judged, long_description, of, words};
use calamine::{Data, Reader, Xlsx, open_workbook_from_rs};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};
use yardstick::report::book::find;
use yardstick::scorecard::Book;
use zip::ZipArchive;

/// The parts of the slides of an entity of the sample, by their paths.
fn parts(id: &str, months: u32) -> BTreeMap<String, Vec<u8>> {
    parts_of(of(find("pptx").unwrap(), id, months))
}

fn parts_of(bytes: Vec<u8>) -> BTreeMap<String, Vec<u8>> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).unwrap();
    assert_eq!(zip.by_index(0).unwrap().name().unwrap(), "[Content_Types].xml");
    let count = zip.len();
    let part = |number: usize| {
        let mut part = zip.by_index(number).unwrap();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        (part.name().unwrap().into_owned(), bytes)
    };
    (0..count).map(part).collect()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// Fails where an element is not closed in its order, or a sign stands where XML has none.
fn well_formed(path: &str, part: &str) {
    let mut open: Vec<&str> = Vec::new();
    let (_, mut rest) = part.split_once("?>").unwrap();
    while let Some((before, tag)) = rest.split_once('<') {
        let (tag, after) = tag.split_once('>').unwrap();
        assert!(!before.contains('>'), "{path}: {before}");
        let entities = before
            .split('&')
            .skip(1)
            .all(|rest| ["amp;", "lt;", "gt;", "quot;", "#39;"].iter().any(|entity| rest.starts_with(entity)));
        assert!(entities && !tag.contains('<'), "{path}: {before}<{tag}>");
        assert_eq!(tag.matches('"').count() % 2, 0, "{path}: {tag}");
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap();
        if let Some(closed) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(closed), "{path}");
        } else if !tag.ends_with('/') {
            open.push(name);
        }
        rest = after;
    }
    assert!(open.is_empty() && rest.trim().is_empty(), "{path}: {open:?}");
    assert!(
        !part.contains(|sign: char| sign.is_control() && sign != '\n' || ('\u{202a}'..='\u{202e}').contains(&sign)),
        "{path}"
    );
}

#[test]
fn every_part_is_well_formed_and_hostile_texts_are_texts() {
    for (id, months) in [("department", 24), ("o2", 24), ("o3", 1), ("u1", 24)] {
        let parts = parts(id, months);
        for (path, part) in parts.iter().filter(|(path, _)| !path.ends_with(".xlsx")) {
            well_formed(path, text(part));
            assert!(!text(part).contains("<script") && !text(part).contains("<b>"), "{path}");
        }
        let is_by_age = |(path, part): (&String, &Vec<u8>)| path.ends_with(".xml") && text(part).contains(": by age<");
        let by_age = parts.iter().filter(|(path, _)| path.starts_with("ppt/slides/")).filter(|of| is_by_age(*of));
        let by_age: Vec<&str> = by_age.map(|(_, part)| text(part)).collect();
        assert!(
            by_age.len() > 1
                && by_age.iter().any(|slide| slide.contains("&lt;script&gt;alert") || ["o2", "u1"].contains(&id)),
            "{id}"
        );
        let notes = text(&parts["ppt/notesSlides/notesSlide6.xml"]);
        assert!(
            months == 1 || parts.values().any(|part| String::from_utf8_lossy(part).contains("&lt;script&gt;alert")),
            "{notes}"
        );
    }
}

#[test]
fn notes_end_with_a_whole_point_and_say_where_the_rest_stands() {
    let judged = judged(24);
    let mut words = words(&judged);
    words.english = vec![long_description(); judged.indicators.len()];
    let entity = judged.hierarchy.find("o1").next().unwrap();
    let parts = parts_of(find("pptx").unwrap().bytes(&Book::of(&judged, entity, &words, None).unwrap()).unwrap());
    let notes = parts.iter().filter(|(path, _)| path.starts_with("ppt/notesSlides/") && path.ends_with(".xml"));
    let long: Vec<&str> = notes.map(|(_, part)| text(part)).filter(|part| part.contains("point 0 word")).collect();
    assert_eq!(long.len(), judged.indicators.len());
    for part in long {
        let noted = part.matches("- point ").count();
        assert!(noted > 0 && part.matches("- under ").count() == noted, "{noted}");
        assert!(part.contains(&format!("{} further points stand in what `yardstick describe ", 40 - noted)), "{noted}");
    }
}

#[test]
fn every_part_has_a_type_and_every_relationship_leads_to_a_part() {
    let parts = parts("o2", 24);
    let types = text(&parts["[Content_Types].xml"]);
    let typed: BTreeSet<&str> =
        types.split("PartName=\"/").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let by_ending = |path: &&str| path.ends_with(".rels") || path.ends_with(".xlsx") || *path == "[Content_Types].xml";
    let there: BTreeSet<&str> = parts.keys().map(String::as_str).filter(|path| !by_ending(path)).collect();
    assert_eq!(typed, there);
    let mut led: BTreeSet<String> = BTreeSet::new();
    for (path, part) in parts.iter().filter(|(path, _)| path.ends_with(".rels")) {
        let (folder, _) = path.split_once("_rels/").unwrap();
        for target in text(part).split("Target=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
            let mut at: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
            for step in target.split('/') {
                if step == ".." { at.pop().map(drop).unwrap() } else { at.push(step) }
            }
            let target = at.join("/");
            assert!(parts.contains_key(&target), "{path} leads to {target}");
            led.insert(target);
        }
    }
    let apart = parts.keys().filter(|path| !path.ends_with(".rels") && *path != "[Content_Types].xml");
    let lost: Vec<_> = apart.filter(|path| !led.contains(*path)).collect();
    assert!(lost.is_empty(), "nothing leads to {lost:?}");
    // Every slide has its notes.
    let of = |folder: &str| parts.keys().filter(|path| path.starts_with(folder) && path.ends_with(".xml")).count();
    assert!(of("ppt/slides/") > 10 && of("ppt/slides/") == of("ppt/notesSlides/"));
}

/// A workbook by its columns: the names above, the texts of the first, the values of the others.
fn sheet(bytes: &[u8]) -> (Vec<String>, Vec<String>, Vec<Vec<Option<f64>>>) {
    let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes)).unwrap();
    let range = book.worksheet_range("Sheet1").unwrap();
    let (rows, columns) = range.get_size();
    let at = |row: usize, column: usize| range.get((row, column)).cloned().unwrap_or(Data::Empty);
    let names = (1..columns).map(|column| at(0, column).to_string()).collect();
    let categories = (1..rows).map(|row| at(row, 0).to_string()).collect();
    let value = |of: Data| match of {
        Data::Float(value) => Some(value),
        Data::Int(value) => Some(value as f64),
        Data::Empty => None,
        other => panic!("no figure: {other:?}"),
    };
    let values = (1..columns).map(|column| (1..rows).map(|row| value(at(row, column))).collect()).collect();
    (names, categories, values)
}

/// The figures that a chart is drawn from before anybody opens its workbook.
fn drawn(chart: &str) -> (Vec<Vec<String>>, Vec<Vec<Option<f64>>>) {
    let points = |block: &str| -> BTreeMap<usize, String> {
        let point = |rest: &str| {
            let (place, rest) = rest.split_once("\"><c:v>").unwrap();
            (place.parse().unwrap(), rest.split("</c:v>").next().unwrap().to_owned())
        };
        block.split("<c:pt idx=\"").skip(1).map(point).collect()
    };
    let inside = |series: &str, name: &str| {
        let (_, rest) = series.split_once(&format!("<c:{name}>")).unwrap();
        rest.split(&format!("</c:{name}>")).next().unwrap().to_owned()
    };
    let (mut categories, mut values) = (Vec::new(), Vec::new());
    for series in chart.split("<c:ser>").skip(1) {
        let (cat, val) = (inside(series, "cat"), inside(series, "val"));
        let count: usize = val.split("<c:ptCount val=\"").nth(1).unwrap().split('"').next().unwrap().parse().unwrap();
        categories.push(points(&cat).into_values().collect());
        let found = points(&val);
        values.push((0..count).map(|place| found.get(&place).map(|value| value.parse().unwrap())).collect());
    }
    (categories, values)
}

#[test]
fn the_workbook_of_each_chart_holds_the_cells() {
    let judged = judged(24);
    let words = words(&judged);
    let mut values_seen = 0;
    for id in ["department", "o1", "o2", "o3", "u1"] {
        let entity = judged.hierarchy.find(id).next().unwrap();
        let book = Book::of(&judged, entity, &words, None).unwrap();
        let parts = parts(id, 24);
        let mut number = 0;
        let mut next = || {
            number += 1;
            let chart = text(&parts[&format!("ppt/charts/chart{number}.xml")]).to_owned();
            let read = sheet(&parts[&format!("ppt/embeddings/Microsoft_Excel_Sheet{number}.xlsx")]);
            let (categories, values) = drawn(&chart);
            assert_eq!(values, read.2, "the chart {number} of {id} draws its workbook");
            let escaped =
                |of: &String| of.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
            assert!(categories.iter().all(|of| *of == read.1.iter().map(escaped).collect::<Vec<_>>()));
            read
        };
        for page in &book.pages {
            if page.cells.len() > 1 {
                let (names, ends, values) = next();
                assert_eq!((names[0].as_str(), &ends), ("value", &page.column.window_ends));
                assert_eq!(values[0], page.cells.iter().map(|shown| shown.cell.value).collect::<Vec<_>>());
                values_seen += values[0].iter().flatten().count();
                for (name, values) in names.iter().zip(&values).skip(1) {
                    let expected: Vec<Option<f64>> = match name.as_str() {
                        "standard, at least" => page.cells.iter().map(|shown| shown.cell.standard?.least).collect(),
                        "standard, at most" => page.cells.iter().map(|shown| shown.cell.standard?.most).collect(),
                        "centre line" => vec![page.trend.as_ref().unwrap().centre.as_ref().ok().copied(); values.len()],
                        end => {
                            let points = &page.trend.as_ref().unwrap().points;
                            let limits = points.iter().map(|point| {
                                let judged = point.judged.as_ref()?;
                                Some(if end == "lower limit" { judged.low } else { judged.high })
                            });
                            limits.collect()
                        }
                    };
                    assert_eq!(*values, expected, "{name}");
                }
            }
            for lines in [&page.peers.lines, &page.below.lines].into_iter().filter(|lines| !lines.is_empty()) {
                let (_, who, values) = next();
                assert_eq!(values, [lines.iter().map(|line| line.shown.cell.value).collect::<Vec<_>>()]);
                // What is no figure stands beside the name, and so do the marks.
                assert!(
                    who.iter()
                        .zip(lines)
                        .all(|(who, line)| who.contains(&line.who.id) && who.contains(&line.shown.number))
                );
            }
        }
        let charts = parts.keys().filter(|path| path.starts_with("ppt/charts/chart")).count();
        assert_eq!(charts, number, "{id} has no other chart");
    }
    assert!(values_seen > 200, "{values_seen}");
}
