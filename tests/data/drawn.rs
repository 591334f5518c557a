//! The rows a test draws.

use super::world::*;
use yardstick::data::{Problem, drawn};
use yardstick::ir::{DrawnTable, Test};
use yardstick::model::{ColumnId, TableId};
use yardstick::store::Store;

/// A test with tables drawn as in the language, one line per row.
fn draw(tables: &[(TableId, &str)]) -> Result<Store, Problem> {
    let model = model();
    let cells = |line: &str| line.split('|').map(|c| c.trim().to_owned()).collect::<Vec<_>>();
    let table = |(id, text): &(TableId, &str)| {
        let mut lines = text.lines();
        let columns: Vec<ColumnId> =
            cells(lines.next().unwrap()).iter().map(|name| model.table(*id).find(name).unwrap()).collect();
        let rows = lines.map(|l| cells(l).into_iter().map(|c| Some(c).filter(|c| !c.is_empty())).collect()).collect();
        DrawnTable { table: *id, columns, rows }
    };
    let day = "2026-01-31".parse().unwrap();
    let tables = tables.iter().map(table).collect();
    let span = yardstick::source::Span { file: yardstick::source::FileId(0), start: 0, end: 0 };
    drawn(&model, &Test { indicator: 0, title: String::new(), span, tables, as_of: day, expects: Vec::new() })
}

#[test]
fn tables_not_drawn_are_made_up() {
    let store = draw(&[(FILE, "file_id|clerk|opened\nf2|c7|2024-01-01\nf1|c3|2024-02-29\nf3||2024-01-01")]).unwrap();
    assert_eq!(ids(&store, FILE), ["f1", "f2", "f3"]);
    assert_eq!(values(&store, FILE, "clerk"), ["0", "1", "-"]);
    assert_eq!(values(&store, FILE, "urgent"), ["-", "-", "-"]);
    assert_eq!(ids(&store, CLERK), ["c3", "c7"]);
    assert_eq!(values(&store, CLERK, "hired"), ["-", "-"]);
    assert_eq!(store.tables[&DESK].rows.num_rows(), 0);
    assert_eq!(store.tables.len(), 4);
    assert_eq!(store.dated[&(CLERK, 0)].num_rows(), 0);
}

#[test]
fn dated_links_and_missing_days() {
    let seats = "clerk|desk|from|until\nc1|d1|2024-01-01|2024-02-01\nc1|d2|2024-02-01|9999-12-31";
    let store = draw(&[(SEAT, seats)]).unwrap();
    assert_eq!(shown(store.dated[&(CLERK, 0)].column_by_name("until").unwrap()), ["2024-02-01", "-"]);
}

#[test]
fn ids_may_be_left_out() {
    let store = draw(&[(FILE, "opened|seen\n2024-01-01|2024-03-10 14:30\n2024-01-01|2024-03-10T14:30")]).unwrap();
    assert_eq!(ids(&store, FILE), ["row 001", "row 002"]);
}

#[test]
fn bad_rows_are_mistakes_of_the_test() {
    let cases = [
        (
            "file_id|opened\nf1|2024-02-30",
            "row 1 (`f1`) of the drawn table `file` breaks the model: unreadable value in `opened` `2024-02-30`",
        ),
        (
            "file_id|opened\nf1|2024-02-01\nf2|",
            "row 2 (`f2`) of the drawn table `file` breaks the model: missing value in `opened`",
        ),
        (
            "file_id|kind\nf1|pink",
            "row 1 (`f1`) of the drawn table `file` breaks the model: unknown code in `kind` `pink`",
        ),
        (
            "file_id|opened|closed\nf1|2024-02-02|2024-02-01",
            "row 1 (`f1`) of the drawn table `file` breaks the model: end before start in `closed` `2024-02-01 is before 2024-02-02`",
        ),
        (
            "file_id|opened\nf1|2024-02-02\nf1|2024-02-01",
            "row 1 (`f1`) of the drawn table `file` breaks the model: duplicate key in `file_id` `2 rows have this id and differ`",
        ),
        (
            "file_id|opened\nf1|2024-02-02\nf1|2024-02-02",
            "row 2 (`f1`) of the drawn table `file` breaks the model: repeated row",
        ),
        (
            "file_id|after\nf1|f2\nf3|f1",
            "row 1 (`f1`) of the drawn table `file` breaks the model: link to nothing in `after_id` `f2`",
        ),
    ];
    for (text, message) in cases {
        let problem = draw(&[(FILE, text)]).unwrap_err();
        assert_eq!((problem.code.as_str(), problem.message.as_str()), ("E0814", message));
        assert!(problem.help.is_some());
    }
    // Wrong throughout, and still a mistake of rows.
    let problem = draw(&[(FILE, "file_id|opened\nf1|May\nf2|June\nf3|July")]).unwrap_err();
    assert_eq!(problem.code.as_str(), "E0814");
}
