//! Values of databases come as they are, whatever their drivers would make of them.

use super::*;

pub(super) const ODD: &str = r#"
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
