//! A small model, folders of files, and a plain view of what was loaded.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use tempfile::TempDir;
use yardstick::data::{self, DataReport, Loaded, Options, Problem, Settings};
use yardstick::model::{
    Column, ColumnId, ColumnType, DatedLink, Encoding, Known, Model, ReadAs, Spans, Spellings, Table, TableId,
};
use yardstick::scratch::Scratch;
use yardstick::store::Store;

pub(crate) const DESK: TableId = TableId(0);
pub(crate) const CLERK: TableId = TableId(1);
pub(crate) const SEAT: TableId = TableId(2);
pub(crate) const FILE: TableId = TableId(3);

fn table(name: &str, columns: Vec<Column>) -> Table {
    let key = columns.iter().position(|c| c.ty == ColumnType::Key).map(|i| ColumnId(i as u16));
    let (title, file) = (name.to_owned(), name.to_owned());
    Table {
        words_of: None,
        name: name.to_owned(),
        title,
        file,
        sheet: None,
        encoding: Encoding::default(),
        columns,
        key,
        begins: None,
        begins_with: None,
        fed: true,
        distinct: false,
        spans: None,
        peers: None,
        dated: Vec::new(),
        backs: Vec::new(),
    }
}

/// `name type` or `name type?`; a link is `name >table`, a code column `name a|b`.
fn column(text: &str) -> Column {
    let (name, ty) = text.split_once(' ').unwrap();
    let (ty, optional) = ty.strip_suffix('?').map_or((ty, false), |ty| (ty, true));
    let (ty, file_name) = match ty {
        "key" => (ColumnType::Key, name.to_owned()),
        "text" => (ColumnType::Text, name.to_owned()),
        "bool" => (ColumnType::Bool, name.to_owned()),
        "int" => (ColumnType::Int, name.to_owned()),
        "date" => (ColumnType::Date, name.to_owned()),
        "timestamp" => (ColumnType::Timestamp, name.to_owned()),
        link if link.starts_with('>') => {
            (ColumnType::Link(TableId(link.trim_start_matches('>').parse().unwrap())), format!("{name}_id"))
        }
        codes => (ColumnType::Codes(codes.split('|').map(str::to_owned).collect()), name.to_owned()),
    };
    Column {
        name: name.to_owned(),
        file_name,
        ty,
        optional,
        not_yet: false,
        counted: None,
        known: Known::default(),
        forms: Vec::new(),
        read_as: ReadAs::default(),
        spellings: Spellings::default(),
        words: None,
        joined: None,
        parts: Vec::new(),
    }
}

pub(crate) fn tables(tables: &[(&str, &[&str])]) -> Model {
    let tables =
        tables.iter().map(|(name, columns)| table(name, columns.iter().map(|c| column(c)).collect())).collect();
    Model { tables, ..Model::default() }
}

/// Desks; clerks who sit at them for a while; files that a clerk may hold and that may follow from
/// another file.
pub(crate) fn model() -> Model {
    let mut model = tables(&[
        ("desk", &["desk_id key", "name text"]),
        ("clerk", &["clerk_id key", "hired date"]),
        ("seat", &["clerk >1", "desk >0", "from date", "until date?"]),
        (
            "file",
            &[
                "file_id key",
                "clerk >1?",
                "after >3?",
                "opened date",
                "closed date?",
                "kind red|green|blue?",
                "seen timestamp?",
                "urgent bool",
                "pages int?",
                "note text?",
            ],
        ),
    ]);
    model.tables[2].spans = Some(Spans { from: ColumnId(2), until: ColumnId(3), through: false });
    model.tables[3].spans = Some(Spans { from: ColumnId(3), until: ColumnId(4), through: false });
    let desk = DatedLink { name: "desk".into(), target: DESK, through: SEAT, owner: ColumnId(0), value: ColumnId(1) };
    model.tables[1].dated.push(desk);
    model.missing_dates = vec!["9999-12-31".parse().unwrap(), "0001-01-01".parse().unwrap()];
    model
}

/// Sound files for [`model`].
pub(crate) const DESKS: &str = "desk_id,name\nd1,front\nd2,back\n";
pub(crate) const CLERKS: &str = "clerk_id,hired\nc1,2020-01-01\nc2,2021-06-30\n";
pub(crate) const SEATS: &str = "clerk_id,desk_id,from,until\nc1,d1,2020-01-01,\nc2,d2,2021-06-30,2022-01-01\n";
pub(crate) const FILES: &str = "\
file_id,clerk_id,after_id,opened,closed,kind,seen,urgent,pages,note
f1,c1,,2024-01-01,2024-02-01,red,2024-01-01 09:30,true,12,first
f2,c2,f1,2024-03-01,,,,false,,
f3,,,2024-05-01,2024-05-01,blue,2024-05-01T10:00:30,yes,-1,\"a, \"\"b\"\"\"
";

/// A folder of files.
pub(crate) struct Folder(pub(crate) TempDir);

impl Folder {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let folder = Self(TempDir::new().unwrap());
        files.iter().for_each(|(name, text)| folder.write(name, text.as_bytes()));
        folder
    }

    /// Sound files for [`model`], some of them replaced.
    pub(crate) fn sound(replaced: &[(&str, &str)]) -> Self {
        let folder = Self::new(&[("desk.csv", DESKS), ("clerk.csv", CLERKS), ("seat.csv", SEATS), ("file.csv", FILES)]);
        replaced.iter().for_each(|(name, text)| folder.write(name, text.as_bytes()));
        folder
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub(crate) fn remove(&self, name: &str) {
        fs::remove_file(self.path().join(name)).unwrap();
    }

    pub(crate) fn load(&self) -> Result<Loaded, Problem> {
        self.load_as(&model())
    }

    pub(crate) fn load_as(&self, model: &Model) -> Result<Loaded, Problem> {
        let all: BTreeSet<TableId> = model.tables().map(|(id, _)| id).collect();
        let loaded = data::load(model, &data::Source::folder(self.path()), &all, &Options::default());
        // With next to no memory, row by row through scratch files, the same is read and said.
        let scratch = Scratch::new(&std::env::temp_dir(), 1 << 11).unwrap();
        let frugal =
            data::load(model, &data::Source::folder(self.path()), &all, &Options { scratch, ..Options::default() });
        assert_eq!(found(&frugal), found(&loaded));
        // So it is when a checked copy is made, and when it is read.
        let copy = TempDir::new().unwrap();
        let checked = Options { checked: Some(copy.path().to_owned()), ..Options::default() };
        for _ in 0..2 {
            assert_eq!(found(&data::load(model, &data::Source::folder(self.path()), &all, &checked)), found(&loaded));
        }
        loaded
    }

    /// The problem this folder has: code, message and help.
    pub(crate) fn refused(&self) -> (String, String, String) {
        let problem = self.load().unwrap_err();
        (problem.code.as_str().to_owned(), problem.message, problem.help.unwrap_or_default())
    }
}

/// What was loaded, whatever way it took.
pub(crate) fn found(loaded: &Result<Loaded, Problem>) -> Result<(Store, DataReport, Option<Settings>), Problem> {
    loaded.clone().map(|l| (l.store, l.report, l.settings))
}

/// Values of a table that are not known, as `rule column: rows (word rows, ...)`.
pub(crate) fn unknown(loaded: &Loaded, table: TableId) -> Vec<String> {
    let report = loaded.report.table(table).unwrap();
    let words = |u: &yardstick::data::Unknown| {
        u.words.iter().map(|w| format!("{} {}", w.text, w.rows)).collect::<Vec<_>>().join(", ")
    };
    report.unknown.iter().map(|u| format!("{} {}: {} ({})", u.rule.words(), u.column, u.rows, words(u))).collect()
}

/// Rows set aside of a table, as `rule column: rows`.
pub(crate) fn aside(loaded: &Loaded, table: TableId) -> Vec<String> {
    let report = loaded.report.table(table).unwrap();
    assert_eq!(report.read - report.used, report.aside.iter().map(|a| a.rows).sum::<u64>());
    let show = |a: &data::Aside| format!("{} {}: {}", a.rule.words(), a.column.as_deref().unwrap_or("-"), a.rows);
    report.aside.iter().map(show).collect()
}

/// The ids in use.
pub(crate) fn ids(store: &Store, table: TableId) -> Vec<String> {
    store.tables[&table].keys.iter().flatten().map(|k| k.unwrap().to_owned()).collect()
}

/// A column's values as text, `-` where missing.
pub(crate) fn values(store: &Store, table: TableId, column: &str) -> Vec<String> {
    let array = store.tables[&table].rows.column_by_name(column).unwrap();
    shown(array)
}

pub(crate) fn shown(array: &dyn arrow::array::Array) -> Vec<String> {
    let options = arrow::util::display::FormatOptions::new().with_null("-");
    let format = arrow::util::display::ArrayFormatter::try_new(array, &options).unwrap();
    (0..array.len()).map(|i| format.value(i).to_string()).collect()
}

/// All of a store as text, to compare two.
pub(crate) fn everything(store: &Store) -> BTreeMap<String, Vec<Vec<String>>> {
    let mut all = BTreeMap::new();
    for (id, table) in &store.tables {
        let mut columns: Vec<_> = table.rows.columns().iter().map(|c| shown(c)).collect();
        columns.extend(table.keys.as_ref().map(|keys| shown(keys)));
        all.insert(format!("table {}", id.0), columns);
    }
    for ((id, link), rows) in &store.dated {
        all.insert(format!("dated {}.{link}", id.0), rows.columns().iter().map(|c| shown(c)).collect());
    }
    all
}
