//! Files of DuckDB, and what lies behind their views: tables of a lake, folders, storage.

use super::*;
use std::io::{BufRead, BufReader};

/// Python, about to run statements on a file of DuckDB.
fn python(file: &Path, more: &[&str]) -> Child {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/extract/run_sql.py");
    let mut python = Command::new(said("EXTRACT_PYTHON"));
    let library = Path::new(&said("EXTRACT_DRIVERS")).join("libduckdb.so");
    python.arg(script).arg(library).arg(file).args(more).env("HOME", said("EXTRACT_HOME"));
    python.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn duckdb(file: &Path, sql: &str) {
    let mut child = python(file, &[]);
    child.stdin.take().unwrap().write_all(sql.as_bytes()).unwrap();
    ended(child);
}

#[test]
#[ignore = "databases: .ci/extract"]
fn values_of_duckdb_come_as_they_are() {
    let world = world(values::ODD);
    duckdb(
        &world.path().join("data/odd.duckdb"),
        "CREATE TABLE ward (ward_id VARCHAR, name VARCHAR);
         INSERT INTO ward VALUES ('a1', 'North'), ('A1', 'Süd');
         CREATE TYPE kind AS ENUM ('home', 'away');
         CREATE TABLE visit (visit_id HUGEINT, ward_id VARCHAR, came_on DATE, left_on DATE, seen BOOLEAN, \"at\" TIMESTAMPTZ, fee DECIMAL(18, 4),
           paid DECIMAL(10, 2), kind kind, token UUID, raw BLOB, score DOUBLE, many BIGINT, note VARCHAR);
         INSERT INTO visit VALUES
          (1, 'a1', '2024-01-31', NULL, true, '2024-03-10 01:59:59-08', 12.50, 12.50, 'home', 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11',
           '\\x00\\xFF'::BLOB, 0.1, 3, ' padded '),
          (9007199254740993, 'A1', '2024-02-01', '2024-03-01', false, '2024-11-03 08:30:00+00', 1234567.10, 1234, 'away', NULL, NULL, 12, 40, ''),
          (4, 'a1', '2024-01-01', 'infinity', true, 'infinity', 100, 0, NULL, NULL, NULL, 'nan', NULL, 'infinity'),
          (5, 'a1', '-infinity', NULL, true, NULL, -0.5, NULL, NULL, NULL, NULL, 0.1 + 0.2::DOUBLE, NULL, NULL),
          (6, 'a1', '0044-03-15 (BC)', NULL, true, NULL, NULL, NULL, NULL, NULL, NULL, 1e300, NULL, NULL),
          (7, 'a1', '12024-01-01', NULL, true, NULL, NULL, NULL, NULL, NULL, NULL, 3e9, NULL, NULL);
         INSERT INTO visit (visit_id, ward_id, came_on, left_on, seen, score) SELECT 100 + n, 'a1', '2024-01-05', '2024-01-06', true, 1.50 FROM range(1, 5) r(n);
         ",
    );
    let mut command = extract(&world, "duckdb:data/odd.duckdb", &[]);
    fine(&Said::of(command.env("TZ", "Asia/Tokyo").output().unwrap()));
    assert_eq!(rows(&world, "ward.parquet"), ["a1|North", "A1|Süd"]);
    assert_eq!(
        rows(&world, "visit.parquet"),
        [
            "1|a1|2024-01-31|-|true|2024-03-10 09:59:59+00|12.5|12.5|home|a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11|\\x00ff|0.1|3| padded ",
            "9007199254740993|A1|2024-02-01|2024-03-01|false|2024-11-03 08:30:00+00|1234567.1|1234|away|-|-|12|40|-",
            "4|a1|2024-01-01|infinity|true|infinity|100|0|-|-|-|nan|-|infinity",
            "5|a1|-infinity|-|true|-|-0.5|-|-|-|-|0.30000000000000004|-|-",
            "6|a1|0044-03-15 (BC)|-|true|-|-|-|-|-|-|1e+300|-|-",
            "7|a1|12024-01-01|-|true|-|-|-|-|-|-|3000000000|-|-",
            "101|a1|2024-01-05|2024-01-06|true|-|-|-|-|-|-|1.5|-|-",
            "102|a1|2024-01-05|2024-01-06|true|-|-|-|-|-|-|1.5|-|-",
            "103|a1|2024-01-05|2024-01-06|true|-|-|-|-|-|-|1.5|-|-",
            "104|a1|2024-01-05|2024-01-06|true|-|-|-|-|-|-|1.5|-|-",
        ]
    );
    let data = world.run("data files");
    for line in ["3 set aside: unreadable value in `came_on`", "1 set aside: unreadable end in `left_on`"] {
        assert!(data.out.contains(line), "{line}: {}{}", data.out, data.err);
    }
}

#[test]
#[ignore = "databases: .ci/extract"]
fn what_a_view_reads_must_stand_still() {
    let world = world(MODEL);
    let still = WARDS.replace("TABLE visit", "TABLE real_visit").replace("INTO visit", "INTO real_visit");
    duckdb(&world.path().join("data/moves.duckdb"), &format!("{still}CREATE VIEW visit AS FROM real_visit;\n"));
    fine(&run(&world, "duckdb:data/moves.duckdb"));
    assert_eq!(rows(&world, "visit.parquet"), ["v1|w1|2024-03-01|true", "v2|w2|2024-03-31|-"]);
    fs::remove_dir_all(world.path().join("files")).unwrap();
    // Each time it is read, it is another text.
    let moves = "CREATE OR REPLACE VIEW visit AS SELECT * REPLACE (visit_id || uuid() AS visit_id) FROM real_visit;\n";
    duckdb(&world.path().join("data/moves.duckdb"), moves);
    let said = run(&world, "duckdb:data/moves.duckdb");
    refused(&world, &said, 3, &["`visit` of `duckdb:data/moves.duckdb` was written while it was read", "run again"]);
}

#[test]
#[ignore = "databases: .ci/extract"]
fn a_file_of_duckdb_that_cannot_be_read_is_told() {
    let world = world(MODEL);
    let file = world.path().join("data/town.duckdb");
    duckdb(&file, WARDS);
    refused(&world, &run(&world, "duckdb:data/none.duckdb"), 3, &["there is no file `data/none.duckdb`"]);
    refused(&world, &run(&world, "duckdb:data/visit.csv"), 3, &["is it a file of DuckDB"]);
    let missing = extract(&world, "duckdb:data/town.duckdb", &["--driver", "nowhere.so"]).output().unwrap();
    refused(&world, &Said::of(missing), 2, &["the driver `nowhere.so` for DuckDB cannot be loaded", "libduckdb.so"]);
    // Another program writes.
    let mut holder = python(&file, &["hold"]);
    let mut pipe = holder.stdin.take().unwrap();
    pipe.write_all(b"SELECT 1\n").unwrap();
    let mut line = String::new();
    BufReader::new(holder.stdout.take().unwrap()).read_line(&mut line).unwrap();
    refused(&world, &run(&world, "duckdb:data/town.duckdb"), 3, &["does no other program have it open for writing"]);
    drop(pipe);
    assert!(holder.wait().unwrap().success() && line.trim() == "held");
    fine(&run(&world, "duckdb:data/town.duckdb"));
    fs::remove_dir_all(world.path().join("files")).unwrap();
    // Views of a lake, and nothing that reads one: nothing is fetched from anywhere.
    let lake = format!("duckdb:{}", said("EXTRACT_DUCKDB"));
    let indicators = Path::new(env!("CARGO_MANIFEST_DIR")).join("indicators").display().to_string();
    let mut bare = extract(&world, &lake, &["--indicators", &indicators]);
    refused(&world, &Said::of(bare.env("HOME", world.path()).output().unwrap()), 3, &["delta"]);
}
