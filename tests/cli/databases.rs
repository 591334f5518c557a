//! Databases that run: what is extracted from them, and how it ends when they do not do as they
//! should. `.ci/extract` starts them, and says where they are.

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
        "FROM pg_stat_activity WHERE application_name = 'yardstick' AND query LIKE 'COPY%\"{schema}\".\"a ward\"%' AND state = 'active'"
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

const ODD: &str = r#"
levels town > ward
domains service "Service"
times are local to America/Los_Angeles

table ward "a ward" {
  ward_id key
  name    text
}

table visit "a visit" {
  visit_id key
  ward     -> ward
  came_on  date  written "dd/mm/yyyy" or "yyyy-mm-dd"
  left_on  date?
  seen     bool?  known with the row
  at       timestamp?  known with the row
  fee      decimal(10, 2)?  known with the row
  paid     decimal(10, 2)?  known with the row
  kind     { home, away }?  known with the row
  token    text?  known with the row
  raw      text?  known with the row
  score    decimal(10, 3)?  known with the row
  many     int?  known with the row
  note     text?  known with the row
  spans    came_on until left_on
}
"#;

#[test]
#[ignore = "databases: .ci/extract"]
fn values_of_postgres_come_as_they_are() {
    let world = world(ODD);
    anew(
        "odd",
        "CREATE TYPE kind AS ENUM ('home', 'away'); CREATE DOMAIN fee AS numeric;
         CREATE TABLE ward (ward_id char(5), name varchar(20)); INSERT INTO ward VALUES ('a1', 'North'), ('A1', 'Süd');
         CREATE TABLE visit (visit_id bigint, ward_id char(5), came_on date, left_on date, seen boolean, at timestamptz, fee fee,
           paid money, kind kind, token uuid, raw bytea, score double precision, many numeric, note varchar, secret text DEFAULT 'never read');
         INSERT INTO visit VALUES
          (1, 'a1', '2024-01-31', NULL, true, '2024-03-10 01:59:59-08', '12.50', '12.50', 'home',
           'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11', '\\x00ff', 0.1, 3, ' padded '),
          (9007199254740993, 'A1', '2024-02-01', '2024-03-01', false, '2024-11-03 08:30:00+00', 1234567.10, '$1,234.00', 'away',
           NULL, NULL, 12, 40.000, ''),
          (4, 'a1', '2024-01-01', 'infinity', true, 'infinity', 'NaN', NULL, NULL, NULL, NULL, 'NaN', NULL, 'infinity');
         INSERT INTO visit SELECT 100 + n, 'a1', '2024-01-05', '2024-01-06', true FROM generate_series(1, 4) n;
         INSERT INTO visit VALUES (3, 'a1', 'infinity', NULL, true), (5, 'a1', '-infinity', NULL, true), (6, 'a1', '0044-03-15 BC', NULL, true),
          (7, 'a1', '12024-01-01', NULL, true);
         ALTER DATABASE county SET datestyle = 'SQL, DMY'; ALTER DATABASE county SET timezone = 'Asia/Tokyo';
         ALTER DATABASE county SET bytea_output = 'escape'; ALTER DATABASE county SET extra_float_digits = -3;",
    );
    let said = run(&world, &schema("odd"));
    psql("odd", "ALTER DATABASE county RESET ALL;");
    fine(&said);
    assert_eq!(rows(&world, "ward.parquet"), ["a1|North", "A1|Süd"]);
    assert_eq!(
        rows(&world, "visit.parquet"),
        [
            "1|a1|2024-01-31|-|true|2024-03-10 09:59:59+00|12.5|12.50|home|a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11|\\x00ff|0.1|3| padded ",
            "9007199254740993|A1|2024-02-01|2024-03-01|false|2024-11-03 08:30:00+00|1234567.1|1234.00|away|-|-|12|40|-",
            "4|a1|2024-01-01|infinity|true|infinity|NaN|-|-|-|-|NaN|-|infinity",
            "101|a1|2024-01-05|2024-01-06|true|-|-|-|-|-|-|-|-|-",
            "102|a1|2024-01-05|2024-01-06|true|-|-|-|-|-|-|-|-|-",
            "103|a1|2024-01-05|2024-01-06|true|-|-|-|-|-|-|-|-|-",
            "104|a1|2024-01-05|2024-01-06|true|-|-|-|-|-|-|-|-|-",
            "3|a1|infinity|-|true|-|-|-|-|-|-|-|-|-",
            "5|a1|-infinity|-|true|-|-|-|-|-|-|-|-|-",
            "6|a1|0044-03-15 BC|-|true|-|-|-|-|-|-|-|-|-",
            "7|a1|12024-01-01|-|true|-|-|-|-|-|-|-|-|-",
        ]
    );
    if cfg!(feature = "odbc") {
        let by_odbc = extract_to(&world, "by odbc", &odbc("odd"), &[]).output().unwrap();
        fine(&Said::of(by_odbc));
        same_rows(&world, "files", "by odbc");
    }
    // Days without end and of other calendars are told, and are no days of any time.
    let data = world.run("data files");
    for line in [
        "2 instants in `at`, turned into local time in America/Los_Angeles",
        "4 set aside: unreadable value in `came_on`",
        "`3`: infinity",
        "1 set aside: unreadable end in `left_on`",
    ] {
        assert!(data.out.contains(line), "{line}: {}{}", data.out, data.err);
    }
    let manifest = world.read("files/manifest.json").unwrap();
    assert!(manifest.contains("\"type\": \"character(5)\"") && manifest.contains("\"rows\": 11"), "{manifest}");
    assert!(!manifest.contains("secret"), "{manifest}");
}

#[test]
#[ignore = "databases: .ci/extract"]
fn values_of_sqlite_come_as_they_are() {
    let world = world(ODD);
    let file = world.path().join("data/odd.db");
    sqlite(
        &file,
        "CREATE TABLE ward (ward_id TEXT, name TEXT); INSERT INTO ward VALUES ('a1', 'North'), ('A1', 'Süd');
         CREATE TABLE visit (visit_id INTEGER, ward_id TEXT, came_on DATE, left_on DATE, seen BOOLEAN, at TIMESTAMP, fee REAL, paid NUMERIC,
           kind TEXT, token TEXT, raw BLOB, score REAL, many INTEGER, note TEXT);
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1100)
         INSERT INTO visit (visit_id, ward_id, came_on, left_on) SELECT 100000 + i, 'a1', '2023-12-01', '2023-12-02' FROM n;
         INSERT INTO visit VALUES
          (1, 'a1', '2024-01-31', NULL, 1, '2024-03-10T01:59:59-08:00', 12.50, 12.50, 'home', 'A0EE', x'00FF', 0.1, 3, ' padded '),
          (9007199254740993, 'A1', '2024-02-01', '2024-03-01', 0, '2024-11-03 08:30:00Z', 1234567.10, 1234, 'away', NULL, NULL, 12, 4294967297, ''),
          (3, 'a1', '2024-02-30', NULL, 'true', NULL, NULL, NULL, NULL, NULL, NULL, 0.1 + 0.2, 'many', '='),
          (4, 'a1', '2024-01-01', 'unknown', 'yes', NULL, -0.0, 9007199254740993.0, NULL, NULL, NULL, 1e300, NULL, NULL);",
    );
    fine(&run(&world, "sqlite:data/odd.db"));
    if cfg!(feature = "odbc") {
        let by_odbc =
            extract_to(&world, "by odbc", "odbc:Driver={SQLite3};Database=data/odd.db", &[]).output().unwrap();
        fine(&Said::of(by_odbc));
        same_rows(&world, "files", "by odbc");
    }
    let rows = rows(&world, "visit.parquet");
    assert_eq!((rows.len(), rows[0].as_str()), (1104, "100001|a1|2023-12-01|2023-12-02|-|-|-|-|-|-|-|-|-|-"));
    assert_eq!(
        rows[1100..],
        [
            "1|a1|2024-01-31|-|1|2024-03-10T01:59:59-08:00|12.5|12.5|home|A0EE|\\x00ff|0.1|3| padded ",
            "9007199254740993|A1|2024-02-01|2024-03-01|0|2024-11-03 08:30:00Z|1234567.1|1234|away|-|-|12|4294967297|-",
            "3|a1|2024-02-30|-|true|-|-|-|-|-|-|0.30000000000000004|many|=",
            "4|a1|2024-01-01|unknown|yes|-|0|9007199254740992|-|-|-|1.0e+300|-|-",
        ]
    );
    let data = world.run("data files");
    for line in [
        "1 set aside: unreadable value in `came_on`",
        "2024-02-30",
        "1 set aside: unreadable end in `left_on`",
        "unknown",
    ] {
        assert!(data.out.contains(line), "{line}: {}{}", data.out, data.err);
    }
}

#[test]
#[ignore = "databases: .ci/extract"]
fn tables_of_other_encodings_are_letters_or_refused() {
    for (database, encoding) in [("latin", "LATIN1"), ("ascii", "SQL_ASCII")] {
        let make = format!(
            "DROP DATABASE IF EXISTS {database};\nCREATE DATABASE {database} TEMPLATE template0 ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C';"
        );
        psql("public", &make);
        let name = if database == "latin" { "U&'S\\00fcd'" } else { "convert_from('\\x53fc64', 'SQL_ASCII')" };
        ended(begin("public", database, &format!("{WARDS}UPDATE ward SET name = {name} WHERE ward_id = 'w2';")));
    }
    let owner = said("EXTRACT_USER");
    let world = world(MODEL);
    let mut latin = extract(&world, &server(&owner, "latin", "public"), &[]);
    fine(&Said::of(latin.env("PGCLIENTENCODING", "LATIN1").output().unwrap()));
    assert_eq!(rows(&world, "ward.parquet"), ["w1|North", "w2|Süd"]);
    fs::remove_dir_all(world.path().join("files")).unwrap();
    let ascii = run(&world, &server(&owner, "ascii", "public"));
    refused(&world, &ascii, 3, &["broke off", "invalid byte sequence for encoding"]);
}

#[test]
#[ignore = "databases: .ci/extract"]
fn no_password_is_in_any_file_or_message() {
    let world = world(MODEL);
    anew("hush", WARDS);
    psql(
        "hush",
        "DROP ROLE IF EXISTS reader; CREATE ROLE reader LOGIN PASSWORD 'q7/Zx@9-k'; GRANT USAGE ON SCHEMA hush TO reader;
         GRANT SELECT ON ALL TABLES IN SCHEMA hush TO reader;",
    );
    let address = server("reader", "county", "hush");
    let with = |address: &str, variable: &str, password: &str| {
        let mut command = extract(&world, address, &[]);
        let said = Said::of(command.env(variable, password).output().unwrap());
        assert!(!format!("{}{}", said.out, said.err).contains(password), "{said:?}");
        assert!(!said.err.contains("q7%2FZx"), "{said:?}");
        said
    };
    refused(&world, &run(&world, &address), 3, &["no password supplied", "YARDSTICK_PASSWORD", "--ask-password"]);
    refused(&world, &with(&address, "YARDSTICK_PASSWORD", "q7/Zx@9-l"), 3, &["password authentication failed"]);
    refused(
        &world,
        &with(&format!("{address}&nonsense=1"), "YARDSTICK_PASSWORD", "q7/Zx@9-k"),
        3,
        &["cannot be opened"],
    );
    let in_it = address.replace("reader@", "reader:q7/Zx@9-k@");
    let said = run(&world, &in_it);
    refused(&world, &said, 2, &["the address holds a password"]);
    assert!(!said.err.contains("q7/"), "{said:?}");
    let asked = Said::of(extract(&world, &address, &["--ask-password"]).output().unwrap());
    refused(&world, &asked, 2, &["there is no terminal"]);
    for variable in ["PGPASSWORD", "YARDSTICK_PASSWORD"] {
        fine(&with(&address, variable, "q7/Zx@9-k"));
        for file in fs::read_dir(world.path().join("files")).unwrap() {
            let text = String::from_utf8_lossy(&fs::read(file.unwrap().path()).unwrap()).into_owned();
            assert!(!text.contains("q7/Zx") && !text.contains("q7%2FZx"), "{text}");
        }
        fs::remove_dir_all(world.path().join("files")).unwrap();
    }
}

#[test]
#[ignore = "databases: .ci/extract"]
fn rows_that_change_while_they_are_read_are_those_of_one_moment() {
    let world = world(&slow_model());
    anew("moment", &slow());
    let child = extract(&world, &schema("moment"), &[]).spawn().unwrap();
    reading("moment");
    // The second of these waits until the extract is done.
    psql(
        "moment",
        "INSERT INTO real_ward VALUES ('w3', 'West'); DELETE FROM visit WHERE visit_id = 'v1'; UPDATE visit SET seen = false;",
    );
    psql("moment", "TRUNCATE visit;");
    fine(&Said::of(child.wait_with_output().unwrap()));
    let visits = rows(&world, "visit.parquet");
    assert_eq!(rows(&world, "a ward.parquet"), ["w1|North", "w2|South"]);
    assert_eq!((visits.len(), visits[0].as_str()), (50_002, "v1|w1|2024-03-01|true"));
    assert!(visits.iter().all(|visit| !visit.ends_with("false")));
}

#[test]
#[ignore = "databases: .ci/extract"]
fn an_extract_that_is_broken_off_leaves_nothing_and_begins_anew() {
    let world = world(&slow_model());
    anew("broken", &slow());
    for (end, words) in
        [("pg_terminate_backend", "terminating connection"), ("pg_cancel_backend", "canceling statement")]
    {
        let child = extract(&world, &schema("broken"), &[]).spawn().unwrap();
        reading("broken");
        psql("broken", &format!("SELECT {end}(pid) {};", reader("broken")));
        let said = Said::of(child.wait_with_output().unwrap());
        refused(&world, &said, 3, &["broke off", words, "all tables are read anew, as of one moment"]);
    }
    fine(&run(&world, &schema("broken")));
    // What is there stays as it is until the next is whole.
    let before = world.read("files/manifest.json");
    let child = extract(&world, &schema("broken"), &[]).spawn().unwrap();
    reading("broken");
    psql("broken", &format!("SELECT pg_terminate_backend(pid) {};", reader("broken")));
    assert_eq!(Said::of(child.wait_with_output().unwrap()).code, Some(3));
    assert_eq!((world.read("files/manifest.json"), world.files().len()), (before, 3));
}

#[test]
#[ignore = "databases: .ci/extract"]
fn nothing_is_waited_for_without_end() {
    let world = world(MODEL);
    anew("wait", WARDS);
    let holder = begin("wait", "county", "BEGIN; LOCK TABLE visit; SELECT pg_sleep(4); COMMIT;");
    sleep(Duration::from_millis(500));
    let locked = Said::of(extract(&world, &schema("wait"), &["--timeout", "1"]).output().unwrap());
    refused(&world, &locked, 3, &["lock timeout", "somebody holds the table", "--timeout"]);
    ended(holder);
    let nobody = run(&world, "postgresql://nobody@127.0.0.1:1/none");
    refused(&world, &nobody, 3, &["cannot be opened", "is the server running"]);
    // A server that takes the connection and says nothing.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("postgresql://nobody@127.0.0.1:{}/none", silent.local_addr().unwrap().port());
    let began = Instant::now();
    let said = Said::of(extract(&world, &address, &["--timeout", "2"]).output().unwrap());
    refused(&world, &said, 3, &["timeout expired"]);
    assert!(began.elapsed() < Duration::from_secs(12), "{:?}", began.elapsed());
}

#[test]
#[ignore = "databases: .ci/extract"]
fn a_driver_that_never_answers_is_given_up() {
    let world = world(&slow_model());
    anew("stopped", &slow());
    let child = extract(&world, &schema("stopped"), &["--timeout", "1"]).spawn().unwrap();
    reading("stopped");
    let pid = psql("stopped", &format!("SELECT pid {};", reader("stopped")));
    let signal = |name: &str| assert!(Command::new("kill").args([name, &pid]).status().unwrap().success());
    signal("-STOP");
    let said = Said::of(child.wait_with_output().unwrap());
    signal("-CONT");
    refused(&world, &said, 3, &["has not answered for 16 seconds", "--timeout"]);
}

#[test]
#[ignore = "databases: .ci/extract"]
fn tables_that_are_not_as_the_model_says_are_told() {
    let world = world(MODEL);
    psql("public", "DROP DATABASE IF EXISTS other;\nCREATE DATABASE other;");
    let psql = |sql: &str| ended(begin("other", "other", sql));
    psql(&format!("CREATE SCHEMA other;\n{WARDS}"));
    let owner = said("EXTRACT_USER");
    let address = server(&owner, "other", "other");
    psql("ALTER TABLE visit RENAME came_on TO came_at;");
    refused(
        &world,
        &run(&world, &address),
        3,
        &["table `visit`", "has no column `came_on`", "did you mean `came_at`?"],
    );
    psql("ALTER TABLE visit RENAME came_at TO came_on; ALTER TABLE visit RENAME TO visits;");
    refused(&world, &run(&world, &address), 3, &["has no table `visit`", "did you mean `visits`?"]);
    psql("ALTER TABLE visits RENAME TO visit;");
    refused(
        &world,
        &run(&world, &server(&owner, "other", "nowhere")),
        3,
        &["has no tables `visit`, `ward`", "write `from \"other.visit\"`"],
    );
    // A policy that hides rows is an error, and so is a right to some columns.
    psql("DROP ROLE IF EXISTS narrow; CREATE ROLE narrow LOGIN; GRANT USAGE ON SCHEMA other TO narrow; GRANT SELECT ON ward, visit TO narrow;
         ALTER TABLE visit ENABLE ROW LEVEL SECURITY; CREATE POLICY seen ON visit USING (seen);",
    );
    let narrow = server("narrow", "other", "other");
    refused(&world, &run(&world, &narrow), 3, &["row-level security", "all rows of this table"]);
    psql(
        "ALTER TABLE visit DISABLE ROW LEVEL SECURITY; REVOKE SELECT ON visit FROM narrow; GRANT SELECT (visit_id) ON visit TO narrow;",
    );
    refused(&world, &run(&world, &narrow), 3, &["permission denied for table visit", "GRANT SELECT"]);
    // A name of several words, a schema in the model, and rows that count once when all columns are
    // the same.
    psql("REVOKE ALL ON SCHEMA other FROM narrow; DROP OWNED BY narrow; DROP ROLE narrow; ALTER TABLE ward RENAME TO \"the Wards\";
                   ALTER TABLE visit ADD note text; INSERT INTO visit VALUES ('v1', 'w1', '2024-03-01', true, NULL), ('v1', 'w1', '2024-03-01', true, 'x');");
    let model = MODEL.replace("\"a ward\" {", "\"a ward\" from \"other/the Wards\" {");
    world.write(
        "indicators/model.ind",
        model.replace("\"a visit\" {\n  visit_id key", "\"a visit\" distinct {\n  visit_id text"),
    );
    fine(&run(&world, &address));
    let data = world.run("data files");
    assert!(data.out.contains("1 left out: the same as an earlier row in every column"), "{}{}", data.out, data.err);
    assert_eq!(world.run("data files --strict").code, Some(0), "{}", data.out);
    let visits = rows(&world, "visit.parquet");
    let first: Vec<&str> =
        visits.iter().filter(|row| row.starts_with("v1|")).map(|row| row.rsplit('|').next().unwrap()).collect();
    assert!(first.len() == 3 && first[0] == first[1] && first[1] != first[2], "{visits:?}");
    assert!(world.path().join("files/other/the Wards.parquet").is_file());
    // Once more in the same place.
    fine(&run(&world, &address));
}

#[test]
#[ignore = "databases: .ci/extract"]
fn files_of_sqlite_that_cannot_be_read_are_told() {
    let world = world(MODEL);
    let file = world.path().join("data/town.db");
    let wards = WARDS.replace("true", "1");
    sqlite(&file, &wards);
    fine(&run(&world, "sqlite:data/town.db"));
    fs::remove_dir_all(world.path().join("files")).unwrap();
    // A column that is not there would be read as its own name.
    sqlite(&file, "ALTER TABLE visit RENAME came_on TO came_at;");
    refused(&world, &run(&world, "sqlite:data/town.db"), 3, &["has no column `came_on`", "did you mean `came_at`?"]);
    sqlite(&file, "ALTER TABLE visit RENAME came_at TO came_on;");
    refused(&world, &run(&world, "sqlite:data/none.db"), 3, &["there is no file `data/none.db`"]);
    assert!(!world.path().join("data/none.db").exists());
    refused(&world, &run(&world, "sqlite:data/ward.csv"), 3, &["file is not a database", "name the file"]);
    let mut holder = Command::new("sqlite3").arg(&file).stdin(Stdio::piped()).spawn().unwrap();
    holder.stdin.as_mut().unwrap().write_all(b"BEGIN EXCLUSIVE; SELECT 1;\n").unwrap();
    sleep(Duration::from_millis(500));
    let locked = Said::of(extract(&world, "sqlite:data/town.db", &["--timeout", "1"]).output().unwrap());
    drop(holder.stdin.take());
    assert!(holder.wait().unwrap().success());
    refused(&world, &locked, 3, &["database is locked", "somebody is writing to the file"]);
    // A file of which a part is missing, or is not what it was.
    sqlite(
        &file,
        "INSERT INTO visit SELECT 'm' || value, 'w1', '2024-01-01', 1 FROM json_each('[' || trim(replace(hex(zeroblob(30000)), '00', '1,'), ',') || ']');",
    );
    let whole = fs::read(&file).unwrap();
    assert!(whole.len() > 400_000, "{}", whole.len());
    fs::write(&file, &whole[..whole.len() / 2]).unwrap();
    refused(&world, &run(&world, "sqlite:data/town.db"), 3, &["malformed"]);
    let mut damaged = whole;
    let middle = damaged.len() / 2 / 4096 * 4096;
    damaged[middle..middle + 4096].fill(0);
    fs::write(&file, &damaged).unwrap();
    refused(&world, &run(&world, "sqlite:data/town.db"), 3, &["malformed"]);
}

#[test]
#[ignore = "databases: .ci/extract"]
fn a_disk_that_is_full_is_told_and_nothing_is_on_it() {
    let world = world(MODEL);
    anew(
        "brim",
        &format!(
            "{WARDS}INSERT INTO visit SELECT md5(n::text), 'w1', '2024-01-01', true FROM generate_series(1, 100000) n;"
        ),
    );
    let disk = world.path().join("small");
    fs::create_dir(&disk).unwrap();
    let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=512k", "tmpfs"]).arg(&disk).status();
    if !mounted.is_ok_and(|status| status.success()) {
        return;
    }
    let said = Said::of(extract_to(&world, "small/files", &schema("brim"), &[]).output().unwrap());
    let left = fs::read_dir(&disk).unwrap().count();
    assert!(Command::new("umount").arg(&disk).status().unwrap().success());
    assert_eq!((said.code, left), (Some(2), 0), "{said:?}");
    assert!(said.err.contains("the disk is full"), "{}", said.err);
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

#[test]
#[ignore = "databases: .ci/extract"]
fn a_text_that_is_too_long_for_odbc_is_refused_and_not_cut() {
    let world = world(MODEL);
    anew("long", &format!("{WARDS}UPDATE ward SET name = repeat('x', 8191) || '☃' WHERE ward_id = 'w1';"));
    let said = run(&world, &odbc("long"));
    if !cfg!(feature = "odbc") {
        return refused(&world, &said, 2, &["built without ODBC", "--features odbc"]);
    }
    fine(&said);
    assert!(rows(&world, "ward.parquet").contains(&format!("w1|{}☃", "x".repeat(8191))));
    fs::remove_dir_all(world.path().join("files")).unwrap();
    psql("long", "UPDATE ward SET name = name || 'y';");
    refused(&world, &run(&world, &odbc("long")), 3, &["a text is longer than 8192 letters", "a view without it"]);
    let reader = odbc("long").replace("UID=", "UID=nobody");
    refused(&world, &run(&world, &reader), 3, &["cannot be opened", "odbcinst"]);
}
