//! A first model from the files alone.

use super::results::rows;
use super::threads::said;
use super::world::World;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// What a person corrects in the model that is suggested for the example county: what stands there,
/// and what to write instead. The rules of removals are the department's own, and in no file.
const CORRECTIONS: [(&str, &str); 8] = [
    ("levels whole >", "levels department >"),
    (
        "dates 0001-01-01",
        "domains safety, permanency, well_being, self_sufficiency, workforce, data_quality\ndates 0001-01-01",
    ),
    ("dates 9999-12-31", "quality at most 10% set aside\ndates 9999-12-31"),
    ("\n# 62210 rows", "\nbusiness days monday to friday except holiday.day\n"),
    ("  incident_on   date?\n", "  incident_on   date? known with the row\n"),
    ("  incident_on ", "  begins with referral\n  incident_on "),
    ("  sibling_id text", "  sibling -> child"),
    ("  siblings    <- sibling\n", "  siblings    <- sibling.child\n"),
];

fn copy(from: &Path, world: &World, to: &str) {
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{to}/{}", path.file_name().unwrap().to_str().unwrap());
        if path.is_dir() {
            copy(&path, world, &name);
        } else if name.ends_with(".ind") {
            world.write(&name, fs::read(&path).unwrap());
        }
    }
}

#[test]
fn the_shipped_numbers_are_those_of_the_suggested_model_with_eight_corrections() {
    let mut model = String::from_utf8(said("data examples/county/data --suggest")).unwrap();
    for (there, instead) in CORRECTIONS {
        assert_eq!(model.matches(there).count(), 1, "`{there}` in {model}");
        model = model.replacen(there, instead, 1);
    }
    let shipped = fs::read_to_string("indicators/model.ind").unwrap();
    let rules = shipped.split_once("  rule born_before_removed").unwrap().1;
    let rules = format!("  rule born_before_removed{}", rules.split('}').next().unwrap());
    let stay = "  spans      removed_on until exited_on";
    model = model.replacen(stay, &format!("{rules}{stay}"), 1);
    let world = World::sound();
    copy(Path::new("indicators"), &world, "county");
    world.write("county/model.ind", model);
    // Breakdowns are the county's own, and stand in its model.
    let scorecards = world.read("county/scorecard.ind").unwrap();
    let whole = scorecards.lines().filter(|line| !line.trim_start().starts_with("split by"));
    world.write("county/scorecard.ind", whole.collect::<Vec<_>>().join("\n"));
    let folder = world.path().join("county");
    let cells = |folder: &str| -> Vec<BTreeMap<String, String>> {
        let words = format!("scorecard {folder} --data examples/county/data --level all --format csv");
        let mut cells = rows(&String::from_utf8(said(&words)).unwrap());
        // The meaning is that of the whole model; peers change no number.
        for cell in &mut cells {
            cell.retain(|name, _| !matches!(name.as_str(), "meaning" | "peer_group"));
        }
        cells
    };
    let (found, expected) = (cells(folder.to_str().unwrap()), cells("indicators"));
    assert!(expected.len() > 1_000 && found.len() == expected.len(), "{} cells", found.len());
    for (found, expected) in found.iter().zip(&expected) {
        assert_eq!(found, expected);
    }
}

/// Suggests a model of the folder `files`, sees that it is right and reads the files, and gives it.
fn suggested(world: &World) -> String {
    world.run("data files --suggest -o first.ind").fine();
    world.run("check first.ind").stopped(0, &[]);
    let read = world.run("data files --indicators first.ind --as-of 2024-12-31");
    assert!(read.fine().out.contains(" 0 set aside\n"), "{}", read.out);
    world.read("first.ind").unwrap()
}

fn has(model: &str, lines: &[&str]) {
    let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let model: Vec<String> = model.lines().map(squeezed).collect();
    for line in lines {
        assert!(model.iter().any(|of| of.starts_with(line)), "`{line}` is not in {model:#?}");
    }
}

#[test]
fn files_of_clients_enrollments_and_exits() {
    let world = World::sound();
    let (mut clients, mut enrollments, mut exits) = (
        "PersonalID,DOB,VeteranStatus\n".to_owned(),
        "EnrollmentID,PersonalID,ProjectID,EntryDate\n".to_owned(),
        "ExitID,EnrollmentID,PersonalID,ExitDate,Destination\n".to_owned(),
    );
    for n in 0..60 {
        clients += &format!("P{n:04},19{}-03-09,{}\n", 50 + n % 50, n % 2);
        enrollments += &format!("E{n:04},P{:04},PR{},2023-0{}-10\n", n / 2, n % 3, 1 + n % 9);
        if n % 4 > 0 {
            exits += &format!("X{n:04},E{n:04},P{:04},2024-0{}-11,{}\n", n / 2, 1 + n % 9, 100 + n % 3);
        }
    }
    world.write("files/Client.csv", clients);
    world.write("files/Enrollment.csv", enrollments);
    world.write("files/Exit.csv", exits);
    has(
        &suggested(&world),
        &[
            "table client \"client\" from \"Client\" {",
            "personal_id key from \"PersonalID\"",
            "veteran_status bool from \"VeteranStatus\" # 0 and 1 in the file",
            "enrollments <- enrollment",
            "client -> client from \"PersonalID\"",
            "entry_date date from \"EntryDate\"",
            "enrollment -> enrollment from \"EnrollmentID\"",
            "destination int from \"Destination\" # few different numbers",
        ],
    );
}

#[test]
fn files_in_capitals_with_days_first() {
    let world = World::sound();
    let (mut header, mut episodes) =
        ("CHILD,SEX,DOB,ETHNIC\n".to_owned(), "CHILD,DECOM,RNE,PLACE,DEC,REC\n".to_owned());
    for n in 0..60 {
        header += &format!("{},{},{:02}/03/2015,{}\n", 1000 + n, 1 + n % 2, 1 + n % 28, ["WBRI", "MWAS"][n % 2]);
        for k in 0..2 {
            // The last one goes on.
            let goes_on = k == 1 && n % 3 == 0;
            let ends = if goes_on { ",".to_owned() } else { format!("{:02}/11/202{},E4A", 1 + n % 28, 2 + k) };
            episodes += &format!("{},{:02}/02/202{},{},{},{ends}\n", 1000 + n, 1 + n % 28, 2 + k, ["S", "P"][k], "U1");
        }
    }
    world.write("files/header.csv", header);
    world.write("files/episodes.csv", episodes);
    has(
        &suggested(&world),
        &[
            "child key from \"CHILD\" # guess: unique, never missing, the first column",
            "header -> header from \"CHILD\"",
            "dob date written \"dd/mm/yyyy\" from \"DOB\"",
            "ethnic { MWAS, WBRI } from \"ETHNIC\"",
            "dec date? written \"dd/mm/yyyy\" from \"DEC\"",
            "rec { E4A }? known with dec from \"REC\"",
            "spans decom until dec",
        ],
    );
}

#[test]
fn ids_of_two_columns_and_decimals() {
    let world = World::sound();
    let (mut places, mut bills) =
        ("OFFICE,CARRIER,Opened\n".to_owned(), "BillID,OFFICE,CARRIER,BilledOn,Amount,Hours,Rate,Score\n".to_owned());
    for n in 0..60 {
        places += &format!("O{:02},C{:02},2020-03-{:02}\n", n / 6, n % 6, 1 + n % 28);
        for k in 0..2 {
            let carrier = if n == 7 { String::new() } else { format!("C{:02}", n % 6) };
            bills += &format!(
                "B{n:03}{k},O{:02},{carrier},2024-0{}-10,{}{}.{}0,{}.5,0.{:07},{:02}.5\n",
                n / 6,
                1 + n % 9,
                ["", "-"][k],
                100 + n,
                n % 10,
                n % 9,
                n * 7 + k,
                n % 10,
            );
        }
    }
    world.write("files/place.csv", places);
    world.write("files/bill.csv", bills);
    let model = suggested(&world);
    has(
        &model,
        &[
            "place key from \"OFFICE\" and \"CARRIER\" # guess",
            "office { O00, O01, O02, O03, O04, O05, O06, O07, O08, O09 } from \"OFFICE\"",
            "bills <- bill.place",
            "place -> place? from \"OFFICE\" and \"CARRIER\" # guess",
            "amount decimal(12, 2) from \"Amount\"",
            "hours decimal(11, 1) from \"Hours\"",
            "rate decimal(17, 7) from \"Rate\"",
            "score text from \"Score\"",
        ],
    );
}

#[test]
fn no_files_and_broken_files() {
    let world = World::sound();
    world.run("data nowhere --suggest").stopped(3, &["the data folder is not there"]);
    world.write("empty/readme.txt", "nothing");
    world.run("data empty --suggest").stopped(3, &["there is no CSV or Parquet file"]);
    world.write("broken/visit.csv", "a|b\n1|2\n");
    world.run("data broken --suggest").stopped(3, &["separated by bars"]);
    world.write("odd/visit.csv", "a,b\n1\n");
    world.run("data odd --suggest").stopped(3, &["line 2 has 1 field"]);
    // What stands in files never becomes text of the language.
    world.write("odd/visit.csv", "visit_id,\"a \"\"b\"\" {\"\nv1,x\n");
    world.run("data odd --suggest -o first.ind").fine();
    world.run("check first.ind").stopped(0, &[]);
}
