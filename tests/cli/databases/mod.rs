//! Databases that run: what is extracted from them, and how it ends when they do not do as they
//! should. `.ci/extract` starts them, and says where they are.

mod ends;
mod lakes;
mod values;

use super::world::{INDICATOR, MODEL, Said, World};
use arrow::array::{Array, AsArray};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::env;
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// What `.ci/extract` says.
fn said(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| panic!("{name} is not said: run .ci/extract"))
}

/// The address of a database of the server, with a schema.
fn server(user: &str, database: &str, schema: &str) -> String {
    let host = said("EXTRACT_HOST");
    format!("postgresql://{user}@/{database}?host={host}&options=-csearch_path%3D{schema}")
}

/// The address of a schema of the county's database, as its owner.
fn schema(name: &str) -> String {
    server(&said("EXTRACT_USER"), "county", name)
}

/// The address of the same schema by way of ODBC.
fn odbc(schema: &str) -> String {
    let (host, user) = (said("EXTRACT_HOST"), said("EXTRACT_USER"));
    let first = format!("ConnSettings=SET search_path = {schema}");
    format!("odbc:Driver={{PostgreSQL Unicode}};Server={host};Database=county;UID={user};{first}")
}

/// Begins to run statements on the server, in a schema of their own.
fn begin(schema: &str, database: &str, sql: &str) -> Child {
    let mut psql = Command::new(said("EXTRACT_PSQL"));
    psql.args([
        "-q",
        "-A",
        "-t",
        "-v",
        "ON_ERROR_STOP=1",
        "-h",
        &said("EXTRACT_HOST"),
        "-U",
        &said("EXTRACT_USER"),
        database,
    ]);
    let mut child = psql.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let sql = format!("SET client_min_messages = error; SET search_path = {schema};\n{sql}\n");
    child.stdin.take().unwrap().write_all(sql.as_bytes()).unwrap();
    child
}

fn ended(child: Child) -> String {
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn psql(schema: &str, sql: &str) -> String {
    ended(begin(schema, "county", sql))
}

/// A schema anew, with these statements.
fn anew(schema: &str, sql: &str) {
    psql(schema, &format!("DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema};\n{sql}"));
}

/// The wards and visits of [`MODEL`].
const WARDS: &str = "CREATE TABLE ward (ward_id text, name text); INSERT INTO ward VALUES ('w1', 'North'), ('w2', 'South');\n\
     CREATE TABLE visit (visit_id text, ward_id text, came_on date, seen boolean);\n\
     INSERT INTO visit VALUES ('v1', 'w1', '2024-03-01', true), ('v2', 'w2', '2024-03-31', NULL);\n";

/// The same, where reading the wards takes two seconds before the visits are read.
fn slow() -> String {
    let there = WARDS.replace("ward (", "real_ward (").replace("INTO ward", "INTO real_ward");
    let many =
        "INSERT INTO visit SELECT 'm' || n, 'w1', date '2024-01-01' + n % 30, true FROM generate_series(1, 50000) n;\n";
    format!("{there}{many}CREATE VIEW \"a ward\" AS SELECT w.* FROM (SELECT pg_sleep(2)) s, real_ward w;\n")
}

fn slow_model() -> String {
    MODEL.replace("table ward \"a ward\" {", "table ward \"a ward\" from \"a ward\" {")
}

fn sqlite(file: &Path, sql: &str) {
    let output = Command::new("sqlite3").arg(file).arg(sql).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn world(model: &str) -> World {
    let world = World::sound();
    world.write("indicators/model.ind", model);
    world.write("indicators/seen.ind", INDICATOR);
    world
}

/// The command, with the driver of the address.
fn extract(world: &World, address: &str, more: &[&str]) -> Command {
    extract_to(world, "files", address, more)
}

fn extract_to(world: &World, folder: &str, address: &str, more: &[&str]) -> Command {
    let mut command = world.command("extract");
    // The county is complete through a later day than the small worlds.
    let as_of = if more.contains(&"--indicators") { "2026-10-31" } else { "2024-03-31" };
    command.args([address, "-o", folder, "--as-of", as_of]).args(more);
    command.env("ADBC_DRIVER_PATH", said("EXTRACT_DRIVERS"));
    if address.starts_with("duckdb:") {
        // What reads lakes is installed there, and the keys of their storage.
        command.env("HOME", said("EXTRACT_HOME"));
    }
    command.env_remove("YARDSTICK_PASSWORD").env_remove("PGPASSWORD").stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn run(world: &World, address: &str) -> Said {
    Said::of(extract(world, address, &[]).output().unwrap())
}

/// It ends as it should, says all of this, and leaves nothing behind.
fn refused(world: &World, said: &Said, code: i32, words: &[&str]) {
    assert_eq!(said.code, Some(code), "{said:?}");
    for word in words {
        assert!(said.err.contains(word), "`{word}` is not said: {}", said.err);
    }
    assert!(said.err.contains("help: "), "{}", said.err);
    assert_eq!(world.files(), ["data", "indicators"], "{}", said.err);
}

fn fine(said: &Said) {
    assert_eq!(said.code, Some(0), "{said:?}");
}

/// Every file of two folders has the same rows.
fn same_rows(world: &World, one: &str, other: &str) {
    let files =
        fs::read_dir(world.path().join(one)).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    let files: Vec<String> = files.filter(|file| file.ends_with(".parquet")).collect();
    assert!(files.len() > 1, "{files:?}");
    for file in files {
        assert!(rows_of(world, one, &file) == rows_of(world, other, &file), "{file} of {other}");
    }
}

/// The rows of a file, each value as its text, `-` for a missing one.
fn rows(world: &World, file: &str) -> Vec<String> {
    rows_of(world, "files", file)
}

fn rows_of(world: &World, folder: &str, file: &str) -> Vec<String> {
    let file = File::open(world.path().join(folder).join(file)).unwrap();
    let mut rows = Vec::new();
    for batch in ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap() {
        let batch = batch.unwrap();
        let text = |column: usize, row: usize| {
            let texts = batch.column(column).as_string::<i32>();
            if texts.is_valid(row) { texts.value(row).to_owned() } else { "-".to_owned() }
        };
        let row = |row| (0..batch.num_columns()).map(|column| text(column, row)).collect::<Vec<_>>().join("|");
        rows.extend((0..batch.num_rows()).map(row));
    }
    rows
}

/// The connection of the program that is reading the wards of a schema.
fn reader(schema: &str) -> String {
    format!(
        "FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND query LIKE '%SELECT%\"{schema}\".\"a ward\"%' AND state = 'active'"
    )
}

/// Waits until the program has begun to read the wards of a schema.
fn reading(schema: &str) {
    let until = Instant::now() + Duration::from_secs(20);
    while psql("public", &format!("SELECT count(*) {};", reader(schema))) != "1" {
        assert!(Instant::now() < until, "nothing is read");
        sleep(Duration::from_millis(50));
    }
}

#[test]
#[ignore = "databases: .ci/extract"]
fn the_county_is_the_same_from_files_and_from_databases() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let world = World::sound();
    let indicators = root.join("indicators").display().to_string();
    let settings = fs::read(root.join("examples/county/data/dataset.toml")).unwrap();
    let mut folders = vec![root.join("examples/county/data")];
    let file = said("EXTRACT_SQLITE");
    for (folder, address) in [
        ("postgres", schema("public")),
        ("lite", format!("sqlite:{file}")),
        // Tables, views of a lake in a storage, of which rows were deleted, and of folders.
        ("duck", format!("duckdb:{}", said("EXTRACT_DUCKDB"))),
        ("postgres by odbc", odbc("public")),
        ("lite by odbc", format!("odbc:Driver={{SQLite3}};Database={file}")),
    ] {
        if address.starts_with("odbc:") && !cfg!(feature = "odbc") {
            continue;
        }
        let mut command = extract_to(&world, folder, &address, &["--indicators", &indicators]);
        command.args(["--name", "Example County", "--complete-from", "2021-11-01"]);
        let said = Said::of(command.output().unwrap());
        fine(&said);
        assert!(said.out.contains("21 tables, 480352 rows"), "{}", said.out);
        match folder.strip_suffix(" by odbc") {
            // Row by row the same texts are the same numbers.
            Some(of) => same_rows(&world, of, folder),
            None => folders.push(world.path().join(folder)),
        }
    }
    let started: Vec<[Child; 2]> = folders
        .iter()
        .map(|folder| {
            let data = folder.display().to_string();
            let start = |words: &str, more: &[&str]| {
                let mut command = world.command(words);
                command.args(["--indicators", &indicators]).args(more).stdout(Stdio::piped()).spawn().unwrap()
            };
            [start("scorecard --format csv --raw", &["--data", &data]), start("data", &[&data])]
        })
        .collect();
    let out = |child: Child| {
        ended(child).lines().filter(|line| !line.contains("complete through")).collect::<Vec<_>>().join("\n")
    };
    let said: Vec<[String; 2]> = started.into_iter().map(|both| both.map(&out)).collect();
    assert!(said[0][0].len() > 50_000 && said[0][1].len() > 1000, "{}", said[0][1]);
    // The settings say the same in other words.
    assert!(String::from_utf8_lossy(&settings).contains("complete_from = 2021-11-01"));
    for (number, other) in said.iter().enumerate().skip(1) {
        assert!(*other == said[0], "{}: {}", folders[number].display(), other[1]);
    }
}

#[test]
#[ignore = "databases: .ci/extract"]
fn a_database_can_stand_in_the_place_of_a_data_folder() {
    let world = world(MODEL);
    sqlite(&world.path().join("town.db"), &WARDS.replace("true", "1"));
    anew("direct", WARDS);
    let with = |words: &[&str], data: &str| {
        let mut command = world.command("scorecard --no-settings --months 1 --format csv --raw");
        command.args(words).args(["--data", data]).env("ADBC_DRIVER_PATH", said("EXTRACT_DRIVERS"));
        Said::of(command.env("TMPDIR", world.path()).output().unwrap())
    };
    fine(&run(&world, &schema("direct")));
    let of_folder = with(&[], "files");
    fine(&of_folder);
    for address in [schema("direct"), "sqlite:town.db".to_owned()] {
        let direct = with(&["--as-of", "2024-03-31"], &address);
        assert_eq!((direct.code, &direct.out), (Some(0), &of_folder.out), "{}", direct.err);
        let unsaid = with(&[], &address);
        assert!(unsaid.code == Some(3) && unsaid.err.contains("through which day it is complete"), "{}", unsaid.err);
    }
    assert_eq!(world.files(), ["data", "files", "indicators", "town.db"]);
    // What must be there again is made from a folder.
    let refresh = world.run("refresh --data sqlite:town.db --as-of 2024-03-31");
    assert!(refresh.code == Some(2) && refresh.err.contains("yardstick extract SOURCE -o DIR"), "{}", refresh.err);
}

/// Whether a text is another in which `...` stands for any lines, and one line for the numbers of
/// this run.
fn is_shown(shown: &[&str], said: &[&str]) -> bool {
    match shown {
        [] => said.is_empty(),
        ["...", rest @ ..] => (0..=said.len()).any(|from| is_shown(rest, &said[from..])),
        [line, rest @ ..] => {
            let start = line.split(", all as of ").next().unwrap();
            said.first()
                .is_some_and(|first| first.trim_end() == *line || line.len() > start.len() && first.starts_with(start))
                && is_shown(rest, &said[1..])
        }
    }
}

#[cfg(unix)]
#[test]
#[ignore = "databases: .ci/extract"]
fn the_page_of_the_example_says_what_its_commands_print() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let world = World::sound();
    let link = |name: &str| std::os::unix::fs::symlink(root.join(name), world.path().join(name)).unwrap();
    link("examples");
    let program = Path::new(env!("CARGO_BIN_EXE_yardstick")).parent().unwrap().display().to_string();
    let page = fs::read_to_string(root.join("examples/databases/README.md")).unwrap();
    let mut commands = 0;
    for block in page.split("```console\n").skip(1) {
        let block = block.split("```").next().unwrap();
        let mut lines = block.lines().peekable();
        while let Some(command) = lines.next().and_then(|line| line.strip_prefix("$ ")) {
            let mut shown = Vec::new();
            while let Some(line) = lines.next_if(|line| !line.starts_with("$ ")) {
                shown.push(line);
            }
            let path = format!("{program}:{}", env::var("PATH").unwrap());
            let mut shell = Command::new("bash");
            shell
                .args(["-c", command])
                .current_dir(world.path())
                .env("PATH", path)
                .env("ADBC_DRIVER_PATH", said("EXTRACT_DRIVERS"));
            let printed = Said::of(shell.output().unwrap());
            fine(&printed);
            let out: Vec<&str> = printed.out.lines().collect();
            assert!(is_shown(&shown, &out), "{command}\n{}{}", printed.out, printed.err);
            commands += 1;
        }
    }
    assert_eq!(commands, 4);
}

#[test]
fn what_cannot_be_meant_is_told_before_any_driver_is_asked() {
    let world = World::sound();
    for (words, code, said) in [
        ("extract files -o out --as-of 2024-03-31", 2, "`files` is no address of a database"),
        ("extract postgresql://a:b@db/x -o out --as-of 2024-03-31", 2, "the address holds a password"),
        ("extract odbc: -o out --as-of 2024-03-31", 2, "`odbc:` names no data source"),
        ("extract sqlite:none.db -o out --as-of 2024-03-31", 3, "there is no file `none.db`"),
        ("extract duckdb:none.db -o out --as-of 2024-03-31", 3, "there is no file `none.db`"),
        (
            "extract sqlite:data/ward.csv -o out --as-of 2024-03-31 --driver nowhere.so",
            2,
            "the driver `nowhere.so` for SQLite cannot be loaded",
        ),
        (
            "extract sqlite:data/ward.csv -o data --as-of 2024-03-31",
            2,
            "`data` holds `dataset.toml`, which is no file of this command",
        ),
        ("extract sqlite:data/ward.csv -o no/where --as-of 2024-03-31", 2, "there is no folder `no`"),
        ("scorecard --data sqlite:none.db", 3, "there is no file `none.db`"),
        ("data --suggest sqlite:none.db", 2, "yardstick extract SOURCE -o DIR"),
    ] {
        let run = world.run(words);
        assert_eq!(run.code, Some(code), "{words}: {run:?}");
        assert!(run.err.contains(said) && run.err.contains("help: "), "{words}: {}", run.err);
        assert!(!run.err.contains("a:b"), "{}", run.err);
        assert_eq!(world.files(), ["data", "indicators"], "{words}");
    }
}
