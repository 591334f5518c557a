//! One small county whose files come as they come: refused with the line to write, and read right
//! with it.

use super::world::World;

const HEAD: &str = "levels agency > office\ndomains permanency \"Permanency\"\ndates 9999-12-31 mean missing\nquality at most 10% set aside\n";

const TABLES: &str = r#"
table office "an office" {
  office_id key
  name text
}
table child "a child" {
  child_id key
  born_on  date
  sex { female, male }?
  office -> office
  removals <- removal
}
table removal "a stay" {
  removal_id key
  child      -> child
  removed_on date
  exited_on  date?
  exit_type  { reunification, adoption }?
  seen_at    timestamp?
  spans removed_on until exited_on
}
"#;

const INDICATOR: &str = r#"
indicator went_home {
  title "Went home"
  domain permanency
  window 12 months
  cohort removal where exited_on in window
  numerator exit_type = reunification
  attribute child.office at exited_on
  standard at least 50% { source "test" status inferred }
}
scorecard s "S" {
  permanency: went_home
}
"#;

const CHILDREN: &str = "\
C001,2010-01-01,female,O1
C002,2011-02-03,male,O1
C003,2012-03-04,female,O2
C004,2013-04-05,male,O2
";

const STAYS: &str = "\
R1,C001,2023-01-15,2024-03-10,reunification,2024-03-09 10:00
R2,C002,2023-02-15,2024-04-10,adoption,
R3,C003,2023-03-15,2024-05-10,reunification,
R4,C004,2024-03-15,,,
";

/// The county with these rows of children and stays.
fn county(children: &str, stays: &str) -> World {
    let world = World::sound();
    world.write("indicators/model.ind", format!("{HEAD}{TABLES}"));
    world.write("indicators/seen.ind", INDICATOR);
    world.write("data/dataset.toml", "name = \"Test\"\nas_of = 2024-12-31\n");
    world.write("data/office.csv", "office_id,name\nO1,North\nO2,South\n");
    world.write("data/child.csv", format!("child_id,born_on,sex,office_id\n{children}"));
    let header = "removal_id,child_id,removed_on,exited_on,exit_type,seen_at";
    world.write("data/removal.csv", format!("{header}\n{stays}"));
    world
}

/// The model with one line of it written another way.
fn with(world: &World, changes: &[(&str, &str)]) {
    let mut model = format!("{HEAD}{TABLES}");
    for (old, new) in changes {
        assert!(model.contains(old), "no `{old}` in {model}");
        model = model.replace(old, new);
    }
    world.write("indicators/model.ind", model);
}

const RUN: &str = "scorecard indicators --data data --level all --format csv";

/// Two of three exits were to the family: one of two in the north, one of one in the south.
fn reads_right(world: &World) {
    let rows = super::results::rows(&world.run(RUN).fine().out);
    let last = rows.iter().filter(|r| r["window_end"] == "2024-12-31" && r["entity_id"] != "unassigned");
    let found: Vec<_> =
        last.map(|r| [&r["entity_id"], &r["numerator"], &r["denominator"], &r["state"]].map(String::as_str)).collect();
    assert_eq!(found, [["agency", "2", "3", "value"], ["O1", "1", "2", "value"], ["O2", "1", "1", "value"]]);
    // Nothing is set aside or left unread.
    let told = world.run("data data --strict");
    assert!(told.fine().out.contains("3 tables, 10 rows, 0 set aside\n"), "{}", told.out);
}

/// Days as the British write them.
fn day_month_year(text: &str) -> String {
    let cell = |cell: &str| {
        let (day, clock) =
            cell.split_once(' ').map_or((cell, String::new()), |(day, clock)| (day, format!(" {clock}")));
        match day.split('-').collect::<Vec<_>>()[..] {
            [year, month, day] => format!("{day}/{month}/{year}{clock}"),
            _ => cell.to_owned(),
        }
    };
    let row = |row: &str| row.split(',').map(cell).collect::<Vec<_>>().join(",");
    text.lines().map(|line| row(line) + "\n").collect()
}

#[test]
fn sound_files() {
    reads_right(&county(CHILDREN, STAYS));
}

#[test]
fn day_month_year_is_refused_with_the_form_and_read_with_it() {
    let world = county(&day_month_year(CHILDREN), &day_month_year(STAYS));
    // No birthday says which number is the month.
    world.run(RUN).stopped(
        3,
        &[
            "E0806",
            "born_on",
            "`born_on date written \"dd/mm/yyyy\"`",
            "`born_on date written \"mm/dd/yyyy\"`",
            "ask who",
        ],
    );
    let born = ("born_on  date", "born_on  date written \"dd/mm/yyyy\"");
    with(&world, &[born]);
    let said = world.run(RUN);
    said.stopped(3, &["E0806", "removed_on", "`removed_on date written \"dd/mm/yyyy\"`"]);
    assert!(!said.err.contains("mm/dd"), "{}", said.err);
    let removed = ("removed_on date\n", "removed_on date written \"dd/mm/yyyy\"\n");
    with(&world, &[born, removed]);
    world.run(RUN).stopped(3, &["E0806", "exited_on", "`exited_on date? written \"dd/mm/yyyy\"`"]);
    let exited = ("exited_on  date?", "exited_on  date? written \"dd/mm/yyyy\"");
    with(&world, &[born, removed, exited]);
    world.run(RUN).stopped(3, &["E0806", "seen_at", "`seen_at timestamp? written \"dd/mm/yyyy HH:MM\"`"]);
    let seen = ("timestamp?", "timestamp? written \"dd/mm/yyyy HH:MM\"");
    with(&world, &[born, removed, exited, seen]);
    reads_right(&world);
}

#[test]
fn days_with_a_midnight_are_days() {
    let midnight = STAYS.replace("-15,", "-15 00:00:00.000,").replace("-10,", "-10T00:00:00,");
    reads_right(&county(CHILDREN, &midnight));
    // Another time is no day.
    let world = county(CHILDREN, &STAYS.replace("2023-01-15,", "2023-01-15 00:00:01,"));
    let told = world.run("data data").out;
    assert!(told.contains("1 set aside: unreadable value in `removed_on`"), "{told}");
    assert!(told.contains("2023-01-15 00:00:01"), "{told}");
}

/// Refused with these words; read right once the key says so.
fn ids_in_two_ways(children: &str, stays: &str, words: &[&str], clause: &str) {
    let world = county(children, stays);
    let help = format!("`child_id key {clause}` in table `child`");
    world.run(RUN).stopped(3, &[&["E0825", "links of `child_id`", &help][..], words].concat());
    with(&world, &[("child_id key", &format!("child_id key {clause}"))]);
    reads_right(&world);
}

#[test]
fn ids_as_fractions() {
    let ids = |text: &str, to: &str| {
        (1..5).fold(text.to_owned(), |t, n| t.replace(&format!("C00{n}"), &to.replace('N', &n.to_string())))
    };
    let words = ["`\"1.0\"` for `\"1\"`", "read as whole numbers"];
    ids_in_two_ways(&ids(CHILDREN, "N"), &ids(STAYS, "N.0"), &words, "as whole number");
}

#[test]
fn ids_with_zeros_before_them() {
    let ids = |text: &str, to: &str| text.replace("C00", to);
    let words = ["`\"1\"` for `\"001\"`", "read as whole numbers"];
    ids_in_two_ways(&ids(CHILDREN, "00"), &ids(STAYS, ""), &words, "as whole number");
}

#[test]
fn ids_with_blanks_around_them() {
    let padded = (1..5).fold(STAYS.to_owned(), |t, n| t.replace(&format!("C00{n},"), &format!("C00{n}  ,")));
    let words = ["`\"C001  \"` for `\"C001\"`", "without the blanks around them"];
    ids_in_two_ways(CHILDREN, &padded, &words, "trimmed");
    // The other way round, one clause at the key does it, too.
    let padded = (1..5).fold(CHILDREN.to_owned(), |t, n| t.replace(&format!("C00{n},"), &format!("C00{n}  ,")));
    ids_in_two_ways(&padded, STAYS, &["`\"C001\"` for `\"C001  \"`"], "trimmed");
}

#[test]
fn ids_in_small_letters() {
    let words = ["`\"c001\"` for `\"C001\"`", "in small letters"];
    ids_in_two_ways(CHILDREN, &STAYS.replace(",C0", ",c0"), &words, "ignoring case");
    let small = STAYS
        .replace(",C001", ",c001 ")
        .replace(",C002", ",c002 ")
        .replace(",C003", ",c003 ")
        .replace(",C004", ",c004 ");
    ids_in_two_ways(
        CHILDREN,
        &small,
        &["without the blanks around them and in small letters"],
        "trimmed, ignoring case",
    );
}

#[test]
fn headers_in_capitals() {
    let world = county(CHILDREN, STAYS);
    world.write("data/removal.csv", format!("REMOVAL_ID,CHILD_ID,REMOVED_ON,EXITED_ON,EXIT_TYPE,SEEN_AT\n{STAYS}"));
    world.run(RUN).stopped(3, &["E0805", "`REMOVAL_ID`", "write `headers ignoring case` in the model"]);
    with(&world, &[("quality", "headers ignoring case\nquality")]);
    reads_right(&world);
}

#[test]
fn codes_in_capitals_and_with_blanks() {
    let capitals = CHILDREN.replace("female", "FEMALE").replace(",male", ",MALE");
    let world = county(&capitals, STAYS);
    world.run(RUN).stopped(
        3,
        &["E0825", "`sex`", "`\"FEMALE\"` for `\"female\"`", "write `ignoring case` after the list of `sex`"],
    );
    with(&world, &[("{ female, male }?", "{ female, male }? ignoring case")]);
    reads_right(&world);
    let blanks = CHILDREN.replace("male,", "male ,");
    let world = county(&blanks, STAYS);
    world.run(RUN).stopped(3, &["E0825", "`\"female \"` for `\"female\"`", "write `trimmed` after the list of `sex`"]);
    with(&world, &[("{ female, male }?", "{ female, male }? trimmed")]);
    reads_right(&world);
}

#[test]
fn where_fewer_links_fail_the_reason_and_the_report_name_the_clause() {
    let stay =
        |n: usize| format!("R{n},C00{}{},2023-01-15,2024-03-10,adoption,\n", n % 4 + 1, if n < 5 { " " } else { "" });
    let world = county(CHILDREN, &(0..12).map(stay).collect::<String>());
    let help = "if they mean the same, write `child_id key trimmed` in table `child`";
    let rows = super::results::rows(&world.run(RUN).fine().out);
    let reasons: Vec<&str> = rows.iter().map(|r| r["reason"].as_str()).collect();
    assert!(reasons.contains(&format!("41.7% of removal was set aside; {help}").as_str()), "{reasons:?}");
    // Nothing of the data is in the reason; the report shows it.
    assert!(!world.run(RUN).out.contains("C001"));
    let told = world.run("data data").out;
    let found = "of the 5 links of `child_id` in table `removal` that lead nowhere, 5 would lead to a row without the blanks around them: \
                 `\"C001 \"` for `\"C001\"`";
    assert!(told.contains(found) && told.contains(help), "{told}");
}
