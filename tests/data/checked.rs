//! Checked copies: read instead of the files while nothing has changed, made anew when something
//! has, and never believed when damaged.

use super::world::*;
use arrow::datatypes::SchemaRef;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use yardstick::data::{self, Loaded, Options, Problem, Projection};
use yardstick::ir::reads::Reads;
use yardstick::model::{ColumnId, Hierarchy, Level, Model, TableId};
use yardstick::scratch::Scratch;

/// Some of every rule's bad rows among sound ones.
const MESSY: &str = "f4,c9,,2024-01-01,,,,true,,\nf5,,f4,2024-01-02,2024-01-01,,,true,,\nf6,,,2024-13-01,,,,true,,\nf7,,f8,2024-01-01,,pink,,true,,\n";

fn messy() -> Folder {
    Folder::sound(&[("file.csv", &format!("{FILES}{MESSY}"))])
}

/// A checked copy in a folder of its own.
struct Copy(TempDir);

impl Copy {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    fn options(&self) -> Options {
        Options { checked: Some(self.0.path().to_owned()), ..Options::default() }
    }

    fn load(&self, folder: &Folder, model: &Model, tables: &[TableId]) -> Result<Loaded, Problem> {
        self.load_with(folder, model, tables, self.options())
    }

    /// What is loaded with the copy is what is loaded without.
    fn load_with(
        &self,
        folder: &Folder,
        model: &Model,
        tables: &[TableId],
        options: Options,
    ) -> Result<Loaded, Problem> {
        let tables: BTreeSet<TableId> = tables.iter().copied().collect();
        let loaded = data::load(model, &data::Source::folder(folder.path()), &tables, &options);
        let plain = Options { checked: None, wanted: Projection::All, ..options };
        let without = data::load(model, &data::Source::folder(folder.path()), &tables, &plain);
        let told = |loaded: &Result<Loaded, Problem>| loaded.clone().map(|l| (l.report, l.settings, l.store.dated));
        assert_eq!(told(&loaded), told(&without));
        loaded
    }

    /// Its files and folders, from its own folder on.
    fn paths(&self) -> Vec<PathBuf> {
        let mut paths = Vec::new();
        let mut open = vec![self.0.path().to_owned()];
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    open.push(path.clone());
                }
                paths.push(path);
            }
        }
        paths.sort();
        paths
    }

    fn files(&self) -> Vec<PathBuf> {
        self.paths().into_iter().filter(|p| p.is_file()).collect()
    }

    /// The names of its folders, each up to the key.
    fn tables(&self) -> Vec<String> {
        let folders = self.paths().into_iter().filter(|p| p.is_dir());
        folders.map(|p| p.file_name().unwrap().to_str().unwrap().rsplit_once('-').unwrap().0.to_owned()).collect()
    }
}

/// Whether the files of the case data were read.
fn read_files(loaded: &Loaded) -> bool {
    loaded.stages.iter().any(|stage| stage.name.contains("value by value"))
}

const ALL: [TableId; 4] = [DESK, CLERK, SEAT, FILE];

#[test]
fn a_copy_is_read_instead_of_the_files() {
    let (folder, copy) = (messy(), Copy::new());
    let first = copy.load(&folder, &model(), &ALL).unwrap();
    let second = copy.load(&folder, &model(), &ALL).unwrap();
    assert!(read_files(&first) && !read_files(&second));
    assert!(!first.damaged && !second.damaged);
    assert_eq!(second.store, first.store);
    assert_eq!((first.report.aside_rows(), first.report.unknown_values()), (2, 3));
    assert_eq!(second.report, first.report);
    assert_eq!(copy.tables(), ["clerk", "desk", "file", "seat"]);
}

#[test]
fn tables_that_others_asked_for_are_there() {
    let (folder, copy) = (messy(), Copy::new());
    assert!(read_files(&copy.load(&folder, &model(), &[FILE]).unwrap()));
    // Clerks, seats and desks are what files lead to.
    assert!(!read_files(&copy.load(&folder, &model(), &[CLERK]).unwrap()));
    let copy = Copy::new();
    assert!(read_files(&copy.load(&folder, &model(), &[CLERK]).unwrap()));
    assert_eq!(copy.tables(), ["clerk", "desk", "seat"]);
    assert!(read_files(&copy.load(&folder, &model(), &ALL).unwrap()));
    assert!(!read_files(&copy.load(&folder, &model(), &ALL).unwrap()));
}

#[test]
fn what_changes_in_the_data_or_the_model_is_read_anew() {
    let (folder, copy) = (messy(), Copy::new());
    copy.load(&folder, &model(), &ALL).unwrap();
    folder.write("desk.csv", b"desk_id,name\nd1,front\nd2,side\n");
    let loaded = copy.load(&folder, &model(), &ALL).unwrap();
    assert!(read_files(&loaded));
    assert_eq!(values(&loaded.store, DESK, "name"), ["front", "side"]);
    // A file that a table leads to decides about its rows.
    folder.write("clerk.csv", b"clerk_id,hired\nc2,2021-06-30\n");
    let loaded = copy.load(&folder, &model(), &ALL).unwrap();
    assert_eq!(values(&loaded.store, FILE, "clerk"), ["-", "0", "-", "-", "-"]);
    // The same text in another form of the model is something else.
    let mut other = model();
    other.missing_dates.push("2024-05-01".parse().unwrap());
    assert!(read_files(&copy.load(&folder, &other, &ALL).unwrap()));
    other.tables[3].columns[5].ty = yardstick::model::ColumnType::Codes(vec!["blue".into()]);
    assert!(read_files(&copy.load(&folder, &other, &ALL).unwrap()));
    assert!(!read_files(&copy.load(&folder, &other, &ALL).unwrap()));
    assert_eq!(copy.tables(), ["clerk", "desk", "file", "seat"], "of what is out of date nothing is left");
}

#[test]
fn a_damaged_copy_is_not_believed() {
    let (folder, copy) = (messy(), Copy::new());
    let first = copy.load(&folder, &model(), &ALL).unwrap();
    for file in copy.files() {
        let sound = fs::read(&file).unwrap();
        let mut flipped = sound.clone();
        let middle = flipped.len() / 2;
        flipped[middle] ^= 1;
        for damage in [Some(flipped), Some(sound[..sound.len() - 1].to_vec()), Some(Vec::new()), None] {
            match &damage {
                Some(bytes) => fs::write(&file, bytes).unwrap(),
                None => fs::remove_file(&file).unwrap(),
            }
            let whole = file.ends_with("checked.txt");
            let again = copy.load(&folder, &model(), &ALL).unwrap();
            assert!(read_files(&again), "{}", file.display());
            assert_eq!(again.damaged, damage.is_some() || !whole, "{}", file.display());
            assert_eq!(again.store, first.store);
            assert_eq!(fs::read(&file).unwrap(), sound, "made again as it was");
        }
    }
    assert!(!read_files(&copy.load(&folder, &model(), &ALL).unwrap()));
}

#[test]
fn a_report_that_was_changed_is_not_believed() {
    let (folder, copy) = (messy(), Copy::new());
    copy.load(&folder, &model(), &ALL).unwrap();
    for file in copy.files().into_iter().filter(|file| file.ends_with("checked.txt")) {
        let said = fs::read_to_string(&file).unwrap();
        let told = said.replacen("\"read\": ", "\"read\": 1", 1);
        assert_ne!(told, said);
        fs::write(&file, told).unwrap();
        assert!(copy.load(&folder, &model(), &ALL).unwrap().damaged);
    }
}

#[test]
fn with_little_memory_the_same_is_kept() {
    let (folder, scratch) = (messy(), Scratch::new(&std::env::temp_dir(), 1 << 11).unwrap());
    for (writes, reads) in [(true, false), (false, true), (true, true)] {
        let copy = Copy::new();
        let options = |frugal| {
            let scratch = if frugal { scratch.clone() } else { Scratch::MEMORY };
            Options { scratch, ..copy.options() }
        };
        let first = copy.load_with(&folder, &model(), &ALL, options(writes)).unwrap();
        let second = copy.load_with(&folder, &model(), &ALL, options(reads)).unwrap();
        assert!(!read_files(&second));
        assert_eq!(first.store, second.store);
    }
}

#[test]
fn columns_and_ids_are_there_where_they_are_asked_for() {
    let mut model = model();
    let level = |name: &str, table| Level { name: name.to_owned(), table, up: None };
    model.levels = vec![level("all", None), level("desk", Some(DESK))];
    model.hierarchies = vec![Hierarchy { name: None, levels: model.levels.clone() }];
    let (folder, copy) = (messy(), Copy::new());
    let reads = Reads::from([(FILE, [ColumnId(3), ColumnId(5)].into()), (CLERK, BTreeSet::new())]);
    let few = Options { wanted: Projection::Only(reads), ..copy.options() };
    // Each table with its columns, and whether its ids are there.
    let has = |loaded: &Loaded| {
        let names = |schema: SchemaRef| schema.fields().iter().map(|f| f.name().clone()).collect::<Vec<_>>().join(" ");
        let tables = loaded.store.tables.values();
        tables.map(|t| (names(t.rows.schema()), t.rows.num_rows(), t.keys.is_some())).collect::<Vec<_>>()
    };
    let expected = [("__row name", 2, true), ("__row", 2, false), ("__row", 2, false), ("__row opened kind", 5, false)];
    let expected = expected.map(|(columns, rows, ids)| (columns.to_owned(), rows, ids));
    let made = copy.load_with(&folder, &model, &ALL, few.clone()).unwrap();
    let read = copy.load_with(&folder, &model, &ALL, few.clone()).unwrap();
    assert!(!read_files(&read));
    assert_eq!(read.store, made.store);
    let plain = copy.load_with(&folder, &model, &ALL, Options { checked: None, ..few }).unwrap();
    assert_eq!(has(&plain), expected);
    assert_eq!(has(&made), expected);
    // A copy that was made when few were asked for has all.
    let all = copy.load(&folder, &model, &ALL).unwrap();
    assert!(!read_files(&all));
    assert_eq!(has(&all).iter().map(|(_, _, ids)| *ids).collect::<Vec<_>>(), [true, true, false, true]);
    assert_eq!(values(&all.store, FILE, "pages"), ["12", "-", "-1", "-", "-"]);
}

#[test]
fn strict_refuses_a_copy_with_rows_set_aside() {
    let (folder, copy) = (messy(), Copy::new());
    let strict = Options { strict: true, ..copy.options() };
    for _ in 0..2 {
        assert_eq!(copy.load_with(&folder, &model(), &ALL, strict.clone()).unwrap_err().code.as_str(), "E0813");
    }
    assert!(!read_files(&copy.load(&folder, &model(), &ALL).unwrap()));
}

#[test]
fn what_else_lies_in_the_folder_stays() {
    let (folder, copy) = (messy(), Copy::new());
    let mine = ["desk-notes", "desk-0123456789abcdef", "clerk-0123456789abcde"].map(|name| copy.0.path().join(name));
    mine.iter().for_each(|path| fs::create_dir(path).unwrap());
    copy.load(&folder, &model(), &ALL).unwrap();
    assert!(mine.iter().all(|path| path.is_dir()));
}

#[cfg(unix)]
#[test]
fn what_a_run_left_that_was_ended_is_taken_away_by_the_next() {
    let (folder, copy) = (messy(), Copy::new());
    let [being_made, left] = [".yardstick-made.part", ".yardstick-left.part"].map(|name| copy.0.path().join(name));
    [&being_made, &left].into_iter().for_each(|part| fs::create_dir(part).unwrap());
    let lock = fs::File::open(&being_made).unwrap();
    lock.lock().unwrap();
    copy.load(&folder, &model(), &ALL).unwrap();
    assert!(being_made.exists() && !left.exists());
}

#[test]
fn a_file_in_the_place_of_a_folder_is_put_right() {
    let (folder, copy) = (messy(), Copy::new());
    copy.load(&folder, &model(), &ALL).unwrap();
    let place = copy.paths().into_iter().find(|path| path.is_dir()).unwrap();
    fs::remove_dir_all(&place).unwrap();
    fs::write(&place, "something else").unwrap();
    assert!(copy.load(&folder, &model(), &ALL).unwrap().damaged);
    assert!(!read_files(&copy.load(&folder, &model(), &ALL).unwrap()));
}

#[test]
fn a_place_that_cannot_be_written_is_told() {
    let folder = messy();
    let refused = |place: &Path| {
        let options = Options { checked: Some(place.to_owned()), ..Options::default() };
        let problem = data::load(&model(), &data::Source::folder(folder.path()), &ALL.into(), &options).unwrap_err();
        assert!(problem.to_string().starts_with(place.to_str().unwrap()), "{problem}");
        assert!(problem.help.unwrap().contains("--checked"));
        (problem.code.as_str(), problem.message)
    };
    let place = TempDir::new().unwrap();
    let file = place.path().join("file");
    fs::write(&file, "").unwrap();
    let (code, message) = refused(&file);
    assert_eq!((code, message.as_str()), ("E0817", "the checked copy cannot be written: this is a file, not a folder"));
    assert_eq!(refused(&file.join("copy")).0, "E0817");
    // Where tables are looked for.
    let before = fs::read_dir(folder.path()).unwrap().count();
    for inside in ["", "desk", "copy/here"] {
        let (code, message) = refused(&folder.path().join(inside));
        assert_eq!(code, "E0817");
        assert_eq!(message, "the checked copy cannot be written: it lies in the folder of the case data");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), before);
}

#[cfg(unix)]
#[test]
fn only_its_owner_can_look_into_a_copy() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, place) = (messy(), TempDir::new().unwrap());
    let options = Options { checked: Some(place.path().join("a/copy")), ..Options::default() };
    data::load(&model(), &data::Source::folder(folder.path()), &ALL.into(), &options).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!([mode(&place.path().join("a")), mode(&place.path().join("a/copy"))], [0o700; 2]);
    for table in fs::read_dir(place.path().join("a/copy")).unwrap().map(|entry| entry.unwrap().path()) {
        assert_eq!(mode(&table), 0o700, "{}", table.display());
        let mut files = fs::read_dir(&table).unwrap().map(|entry| entry.unwrap().path());
        assert!(files.all(|file| mode(&file) == 0o600), "{}", table.display());
    }
}

/// What is kept of the same files. When this changes, raise `FORMAT` in
/// `src/engine/data/checked/mod.rs`: copies that were made before would go on being read as they
/// are.
#[test]
fn what_is_kept_of_the_same_files() {
    let (folder, copy) = (messy(), Copy::new());
    copy.load(&folder, &model(), &ALL).unwrap();
    let mut kept = String::new();
    for file in copy.files() {
        if file.ends_with("checked.txt") {
            let said = fs::read_to_string(&file).unwrap();
            writeln!(kept, "{}", said.split_once('\n').unwrap().1).unwrap();
        }
    }
    insta::assert_snapshot!(kept);
}
