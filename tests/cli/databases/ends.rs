//! What goes wrong with databases is told, and leaves nothing behind.

use super::*;

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
    let stored = "ALTER TABLE visit RENAME TO real_visit; CREATE MATERIALIZED VIEW visit AS SELECT * FROM real_visit;";
    let of_a_view = "ALTER MATERIALIZED VIEW visit RENAME TO stored; CREATE VIEW visit AS SELECT * FROM stored;";
    let (cut, made) = ("TRUNCATE visit;", "TRUNCATE real_visit; REFRESH MATERIALIZED VIEW visit;");
    for (first, then) in [
        (String::new(), cut),
        (stored.to_owned(), made),
        (format!("{stored}{of_a_view}"), "TRUNCATE real_visit; REFRESH MATERIALIZED VIEW stored;"),
    ] {
        for address in [schema("moment"), odbc("moment")] {
            if address.starts_with("odbc:") && (!cfg!(feature = "odbc") || !first.is_empty()) {
                continue;
            }
            let world = world(&slow_model());
            anew("moment", &format!("{}{first}", slow()));
            let child = extract(&world, &address, &[]).spawn().unwrap();
            reading("moment");
            let visit = if first.is_empty() { "visit" } else { "real_visit" };
            let changes = "INSERT INTO real_ward VALUES ('w3', 'West'); DELETE FROM VISIT WHERE visit_id = 'v1'; UPDATE VISIT SET seen = false;";
            psql("moment", &changes.replace("VISIT", visit));
            // This waits until the extract is done.
            psql("moment", then);
            fine(&Said::of(child.wait_with_output().unwrap()));
            let visits = rows(&world, "visit.parquet");
            assert_eq!(rows(&world, "a ward.parquet"), ["w1|North", "w2|South"]);
            assert_eq!((visits.len(), visits[0].as_str()), (50_002, "v1|w1|2024-03-01|true"), "{address} {first}");
            assert!(visits.iter().all(|visit| !visit.ends_with("false")));
        }
    }
}

#[test]
#[ignore = "databases: .ci/extract"]
fn a_file_of_sqlite_that_changes_while_it_is_read_is_of_one_moment() {
    for address in ["sqlite:town.db", "odbc:Driver={SQLite3};Database=town.db"] {
        if address.starts_with("odbc:") && !cfg!(feature = "odbc") {
            continue;
        }
        let world = world(&slow_model());
        let file = world.path().join("town.db");
        let slow = "CREATE VIEW \"a ward\" AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12000000)
             SELECT w.* FROM real_ward w, (SELECT max(i) FROM n) m;";
        sqlite(
            &file,
            &format!(
                "PRAGMA journal_mode = WAL;{}{slow}",
                WARDS.replace("ward (", "real_ward (").replace("INTO ward", "INTO real_ward")
            ),
        );
        let child = extract(&world, address, &[]).spawn().unwrap();
        sleep(Duration::from_millis(1200));
        sqlite(&file, "DELETE FROM visit WHERE visit_id = 'v1'; INSERT INTO real_ward VALUES ('w3', 'West');");
        fine(&Said::of(child.wait_with_output().unwrap()));
        assert_eq!(rows(&world, "a ward.parquet"), ["w1|North", "w2|South"], "{address}");
        assert_eq!(rows(&world, "visit.parquet").len(), 2, "{address}");
        fine(&Said::of(extract(&world, address, &[]).output().unwrap()));
        assert_eq!((rows(&world, "a ward.parquet").len(), rows(&world, "visit.parquet").len()), (3, 1), "{address}");
    }
}

#[test]
#[ignore = "databases: .ci/extract"]
fn an_interrupt_leaves_nothing() {
    let world = world(&slow_model());
    anew("interrupted", &slow());
    let child = extract(&world, &schema("interrupted"), &[]).spawn().unwrap();
    reading("interrupted");
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let said = Said::of(child.wait_with_output().unwrap());
    assert_eq!((said.code, world.files().len()), (Some(130), 2), "{said:?}");
}

#[test]
#[ignore = "databases: .ci/extract"]
fn settings_that_somebody_changed_are_not_replaced() {
    let world = world(MODEL);
    sqlite(&world.path().join("data/town.db"), &WARDS.replace("true", "1"));
    let early = Said::of(extract(&world, "sqlite:data/town.db", &["--complete-from", "2024-04-01"]).output().unwrap());
    refused(&world, &early, 2, &["cannot be complete from 2024-04-01 on and through 2024-03-31"]);
    fine(&run(&world, "sqlite:data/town.db"));
    fine(&run(&world, "sqlite:data/town.db"));
    world.write("files/dataset.toml", "as_of = 2024-03-31\n[tables.visit]\nas_of = 2024-02-29\n");
    let said = run(&world, "sqlite:data/town.db");
    assert!(
        said.code == Some(2) && said.err.contains("`files/dataset.toml` was changed after it was written"),
        "{said:?}"
    );
    assert!(world.read("files/dataset.toml").unwrap().contains("[tables.visit]"));
    let mut later = world.command("extract sqlite:data/town.db -o later --as-of 2999-01-01");
    let said = Said::of(later.env("ADBC_DRIVER_PATH", super::said("EXTRACT_DRIVERS")).output().unwrap());
    assert!(said.code == Some(2) && said.err.contains("2999-01-01 is still to come"), "{said:?}");
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
