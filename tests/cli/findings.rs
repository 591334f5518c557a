//! The formats of `check`, and the levels of warnings.

use super::schema::breaks;
use super::world::{INDICATOR, MODEL, World};
use serde_json::Value;
use yardstick::diag::code::LINTS;

/// A world with a mistake that has a text to write instead, one in two files, and a warning.
fn broken() -> World {
    let world = World::sound();
    let other = INDICATOR.split("scorecard").next().unwrap();
    world.write(
        "indicators/a b.ind",
        other.replace("seen_share", "other").replace("numerator seen", "numerator seen == true"),
    );
    world.write("indicators/twice.ind", other);
    world
}

/// The schema of SARIF 2.1.0 with its errata, as OASIS publishes it.
fn schema() -> Value {
    let text = include_str!("../published/sarif-schema-2.1.0.json");
    serde_json::from_str(text.trim_start_matches('\u{feff}')).unwrap()
}

/// What SARIF 2.1.0 asks of a document: its schema, and what the schema leaves to words.
fn sarif(text: &str) -> Value {
    let document: Value = serde_json::from_str(text).unwrap();
    assert_eq!(breaks(&schema(), &document), Vec::<String>::new());
    assert_eq!(document["$schema"], schema()["id"]);
    assert_eq!(document["version"], "2.1.0");
    let run = &document["runs"][0];
    let driver = &run["tool"]["driver"];
    assert_eq!(
        (driver["name"].as_str(), driver["version"].as_str()),
        (Some("yardstick"), Some(env!("CARGO_PKG_VERSION")))
    );
    let rules = driver["rules"].as_array().unwrap();
    for rule in rules {
        assert!(rule["id"].is_string() && !rule["shortDescription"]["text"].as_str().unwrap().is_empty(), "{rule}");
        let level = rule["defaultConfiguration"]["level"].as_str().unwrap();
        assert!(["none", "note", "warning", "error"].contains(&level), "{rule}");
    }
    let region = |region: &Value| {
        let number = |name: &str| region[name].as_u64().unwrap();
        assert!(number("startLine") >= 1 && number("startColumn") >= 1, "{region}");
        let (start, end) = ((number("startLine"), number("startColumn")), (number("endLine"), number("endColumn")));
        assert!(end >= start, "{region}");
    };
    let location = |location: &Value| {
        let uri = location["artifactLocation"]["uri"].as_str().unwrap();
        assert!(!uri.contains([' ', '\\', '"']), "{uri}");
        region(&location["region"]);
    };
    for result in run["results"].as_array().unwrap() {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"], "{result}");
        assert!(["warning", "error"].contains(&result["level"].as_str().unwrap()), "{result}");
        assert!(!result["message"]["text"].as_str().unwrap().is_empty(), "{result}");
        result["locations"].as_array().unwrap().iter().for_each(|of| location(&of["physicalLocation"]));
        for related in result["relatedLocations"].as_array().into_iter().flatten() {
            assert!(related["id"].is_u64() && related["message"]["text"].is_string(), "{related}");
            location(&related["physicalLocation"]);
        }
        for change in
            result["fixes"].as_array().into_iter().flatten().flat_map(|fix| fix["artifactChanges"].as_array().unwrap())
        {
            assert!(change["artifactLocation"]["uri"].is_string(), "{change}");
            for replacement in change["replacements"].as_array().unwrap() {
                region(&replacement["deletedRegion"]);
                assert!(replacement["insertedContent"]["text"].is_string(), "{replacement}");
            }
        }
    }
    document
}

/// The schema is looked at: a document that is changed so breaks it there.
#[test]
fn a_document_that_is_no_sarif_breaks_its_schema() {
    let sound: Value = serde_json::from_str(&broken().run("check --format sarif").out).unwrap();
    let result = "/runs/0/results/0";
    for (place, value, at) in [
        ("/version", serde_json::json!("2.0.0"), "/version: enum"),
        ("/runs/0/tool/driver/name", Value::Null, "/runs/0/tool/driver/name: type"),
        ("/runs/0/columnKind", serde_json::json!("bytes"), "/runs/0/columnKind: enum"),
        (&format!("{result}/level"), serde_json::json!("bad"), "/runs/0/results/0/level: enum"),
        (&format!("{result}/message"), serde_json::json!({}), "/runs/0/results/0/message: anyOf"),
        (&format!("{result}/ruleIndex"), serde_json::json!(-2), "/runs/0/results/0/ruleIndex: minimum"),
        (
            &format!("{result}/locations/0/physicalLocation/artifactLocation/uri"),
            serde_json::json!("a b.ind"),
            "/runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri: format",
        ),
        (
            &format!("{result}/locations/0/physicalLocation/region"),
            serde_json::json!({ "startLine": 1, "begin": 1 }),
            "/runs/0/results/0/locations/0/physicalLocation/region: additionalProperties",
        ),
    ] {
        let mut document = sound.clone();
        *document.pointer_mut(place).unwrap() = value;
        let found = breaks(&schema(), &document);
        assert!(found.iter().any(|said| said.starts_with(at)), "{place}: {found:?}");
    }
}

#[test]
fn findings_are_written_as_sarif() {
    let world = broken();
    let said = world.run("check --format sarif");
    said.stopped(1, &[]);
    let document = sarif(&said.out);
    let results = document["runs"][0]["results"].as_array().unwrap();
    let of = |code: &str| {
        results.iter().find(|result| result["ruleId"] == code).unwrap_or_else(|| panic!("{code}: {results:?}"))
    };
    let sign = of("E0108");
    assert_eq!(sign["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "indicators/a%20b.ind");
    assert_eq!(sign["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"], "=");
    assert!(of("E0202")["relatedLocations"][0]["physicalLocation"]["artifactLocation"]["uri"].is_string());
    assert_eq!(document["runs"][0]["invocations"][0]["executionSuccessful"], true);
    // By the ending of a file, with the summary for whoever looks on.
    let file = world.run("check -o findings.sarif");
    assert_eq!((file.code, world.read("findings.sarif").unwrap()), (Some(1), said.out));
    assert!(file.out.contains("errors"), "{}", file.out);
    // Nothing found is a document, too; a file that cannot be read is told in it.
    let sound = World::sound();
    assert_eq!(sarif(&sound.run("check --format sarif").fine().out)["runs"][0]["results"], serde_json::json!([]));
    sound.write("indicators/bad.ind", b"\xE9");
    let said = sound.run("check --format sarif");
    said.stopped(1, &["is not UTF-8"]);
    assert_eq!(sarif(&said.out)["runs"][0]["invocations"][0]["executionSuccessful"], false);
    sound.run("check --format sarif --hash").stopped(2, &["`--hash` is no finding"]);
}

#[test]
fn findings_stand_beside_their_lines_on_github() {
    let world = broken();
    let said = world.run("check --format github");
    said.stopped(1, &[]);
    let commands: Vec<&str> = said.out.lines().filter(|line| line.starts_with("::")).collect();
    assert!(commands.len() >= 2, "{}", said.out);
    let sign = commands.iter().find(|line| line.contains("title=E0108")).unwrap();
    assert!(
        sign.starts_with("::error file=indicators/a b.ind,line=11,endLine=11,col=18,endColumn=19,title=E0108::"),
        "{sign}"
    );
    assert!(sign.contains("%0Ahelp: "), "{sign}");
    assert!(said.out.lines().last().unwrap().contains("errors"), "{}", said.out);
    world.write("indicators/bad.ind", b"\xE9");
    assert!(world.run("check --format github").out.contains("::error title=yardstick::"));
    let fixed = World::sound();
    fixed.write("indicators/seen.ind", format!("{}\n", INDICATOR.replace("numerator seen", "numerator seen == true")));
    assert!(fixed.run("check --fix --format github").fine().out.contains("fixed E0108"));
}

#[test]
fn warnings_have_the_level_that_is_set() {
    let world = World::sound();
    let other = INDICATOR.split("scorecard").next().unwrap().replace("seen_share", "other");
    world.write("indicators/other.ind", other);
    let with = |lines: &str| {
        world.write("yardstick.toml", format!("[lints]\n{lines}\n"));
        world.run("check")
    };
    assert!(with("").fine().out.contains("warning W0805"));
    assert!(!with("on-no-scorecard = \"off\"").fine().out.contains("W0805"));
    let said = with("on-no-scorecard = \"error\"");
    said.stopped(1, &[]);
    assert!(said.out.contains("error W0805") && said.out.contains("1 error in "), "{}", said.out);
    // What is allowed on the command line is not told.
    world.run("check --allow on-no-scorecard").fine();
    world.run("check --allow W0805").fine();
    world.run("check --no-settings").fine();
    // Other commands go by what is right, and not by customs.
    world.run("scorecard --data data").fine();
    let said = with("no-tests = \"warn\"\ninferred-standard = \"error\"");
    said.stopped(1, &[]);
    assert!(said.out.contains("warning W0815") && said.out.contains("`other` has no test"), "{}", said.out);
    assert!(!said.out.contains("`seen_share` has no test") && said.out.contains("error W0813"), "{}", said.out);
    for lint in LINTS {
        let page = world.run(&format!("explain {}", lint.name)).fine().out.clone();
        assert_eq!(page, world.run(&format!("explain {}", lint.code.as_str())).out);
        assert!(page.contains(&format!("\n[lints]\n{} = \"", lint.name)), "{page}");
        with(&format!("{} = \"warn\"", lint.name));
    }
}

#[test]
fn a_day_that_may_be_missing_asks_for_a_choice() {
    let world = World::sound();
    world.write(
        "indicators/model.ind",
        MODEL.replace("seen     bool?", "seen     bool?\n  known_on date? known with the row"),
    );
    let with = |numerator: &str, exclude: &str| {
        let text = INDICATOR.replace("numerator seen", &format!("  {exclude}\n  numerator {numerator}"));
        world.write("indicators/seen.ind", text);
        world.run("check").out
    };
    let out = with("known_on on or before came_on + 5 days", "");
    assert!(out.contains("W0812") && out.contains("nothing says what a row without `known_on` is"), "{out}");
    for (numerator, exclude) in [
        ("known_on is known and known_on on or before came_on + 5 days", ""),
        ("known_on is missing or known_on on or before came_on + 5 days", ""),
        ("known_on on or before came_on + 5 days", "exclude \"no day\" known_on is missing"),
        ("came_on on or before came_on + 5 days", ""),
    ] {
        let out = with(numerator, exclude);
        assert!(!out.contains("W0812"), "{numerator} {exclude}: {out}");
    }
}
