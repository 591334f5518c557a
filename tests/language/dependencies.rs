//! What the program is built from: every crate of a manifest is listed with its reason, their
//! number has a limit, all come from one registry, none speaks to a network, and none
//! has a known advisory that is not listed with a reason.

use super::texts::root;
use semver::{Version, VersionReq};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Who needs more looks for what can go, makes the table of advisories anew, and raises it.
const LIMIT: usize = 570;
/// What speaks HTTP or TLS, or brings a library that does.
const NETWORK: &[&str] = &[
    "curl",
    "h2",
    "hyper",
    "isahc",
    "native-tls",
    "openssl",
    "openssl-sys",
    "quinn",
    "reqwest",
    "rustls",
    "tonic",
    "ureq",
];
/// How a program names a network.
const CONNECTIONS: &[&str] = &["std::net::", "tokio::net", "TcpStream", "TcpListener", "UdpSocket", "UnixStream"];

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

/// The value of a line `name = "value"`.
fn value<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    line.strip_prefix(name)?.trim().strip_prefix('=')?.trim().strip_prefix('"')?.strip_suffix('"')
}

/// Name, version and source of every package in `Cargo.lock`; those of this project have no source.
fn locked() -> Vec<(String, Version, Option<String>)> {
    let lock = read("Cargo.lock");
    let of = |package: &str, name: &str| package.lines().find_map(|line| value(line, name)).map(str::to_owned);
    let packages = lock.split("[[package]]").skip(1);
    packages
        .map(|package| {
            let version = of(package, "version").unwrap();
            (of(package, "name").unwrap(), Version::parse(&version).unwrap(), of(package, "source"))
        })
        .collect()
}

/// All files of this name in a folder and those below it.
fn files(folder: &Path, is_asked: &dyn Fn(&Path) -> bool, found: &mut Vec<PathBuf>) {
    for path in fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            files(&path, is_asked, found);
        } else if is_asked(&path) {
            found.push(path);
        }
    }
}

/// The crates that a manifest asks for, in whatever section, but for those of this project.
fn asked_for() -> BTreeSet<String> {
    let is_manifest = |path: &Path| path.file_name().is_some_and(|name| name == "Cargo.toml");
    let mut manifests = vec![root().join("Cargo.toml")];
    for folder in ["src", "editors", "examples"] {
        files(&root().join(folder), &is_manifest, &mut manifests);
    }
    assert!(manifests.len() > 5, "{manifests:?}");
    let mut names = BTreeSet::new();
    for manifest in manifests {
        let mut is_list = false;
        for line in fs::read_to_string(manifest).unwrap().lines() {
            if let Some(head) = line.strip_prefix('[') {
                is_list = head.trim_end_matches(']').ends_with("dependencies");
            } else if is_list && line.starts_with(|c: char| c.is_ascii_lowercase()) {
                names.insert(line.split(['.', ' ', '=']).next().unwrap().to_owned());
            }
        }
    }
    names.retain(|name| !name.contains("yardstick"));
    names
}

/// The cells of the rows of the tables in `DEPENDENCIES.md` that have so many.
fn listed(cells: usize) -> Vec<Vec<String>> {
    let text = read("DEPENDENCIES.md");
    let rows = text.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"));
    let rows = rows.map(|row| row.split(" | ").map(|cell| cell.replace('`', "")).collect::<Vec<_>>());
    rows.filter(|row| row.len() == cells && !["crate", "advisory"].contains(&row[0].as_str())).collect()
}

#[test]
fn every_crate_that_a_manifest_asks_for_is_listed_with_its_reason_and_its_version() {
    let rows = listed(5);
    let names: BTreeSet<String> = rows.iter().map(|row| row[0].clone()).collect();
    assert_eq!(names, asked_for(), "list in DEPENDENCIES.md what the manifests ask for, and nothing else");
    let locked = locked();
    for row in rows {
        let version = Version::parse(&row[2]).unwrap();
        let is_used = locked.iter().any(|(name, found, _)| *name == row[0] && *found == version);
        assert!(is_used && !row[1].is_empty(), "DEPENDENCIES.md: {} is used in another version than {version}", row[0]);
    }
}

#[test]
fn crates_are_few_enough_and_all_from_one_place() {
    let from: Vec<_> = locked().into_iter().filter_map(|(name, _, source)| Some((name, source?))).collect();
    assert!(from.len() <= LIMIT, "{} crates; the limit is {LIMIT}: see DEPENDENCIES.md", from.len());
    assert!(from.len() + 40 > LIMIT, "{} crates: lower the limit", from.len());
    let places: BTreeSet<_> = from.iter().map(|(_, source)| source).collect();
    assert!(places.len() == 1 && places.iter().all(|place| place.starts_with("registry+")), "{places:?}");
    assert!(
        read("DEPENDENCIES.md").contains(&format!("{} crates", from.len())),
        "say in DEPENDENCIES.md: {}",
        from.len()
    );
}

#[test]
fn nothing_speaks_to_a_network() {
    let found: Vec<_> = locked().into_iter().filter(|(name, _, _)| NETWORK.contains(&name.as_str())).collect();
    assert!(found.is_empty(), "TRUST.md promises that there is no network: {found:?}");
    let mut sources = Vec::new();
    files(&root().join("src"), &|path| path.extension().is_some_and(|e| e == "rs"), &mut sources);
    assert!(sources.len() > 100);
    for path in sources {
        let text = fs::read_to_string(&path).unwrap();
        let named: Vec<_> = CONNECTIONS.iter().filter(|word| text.contains(**word)).collect();
        assert!(named.is_empty(), "{}: {named:?}; TRUST.md promises that there is no network", path.display());
    }
}

/// Whether one of several ranges, `a | b`, holds a version.
fn holds(ranges: &str, version: &Version) -> bool {
    let ranges = ranges.split(" | ").filter(|range| !range.is_empty());
    ranges.into_iter().any(|range| VersionReq::parse(range).unwrap().matches(version))
}

#[test]
fn every_advisory_on_a_version_that_is_used_has_a_reason_to_stay() {
    let mut versions: BTreeMap<String, Vec<Version>> = BTreeMap::new();
    for (name, version, _) in locked() {
        versions.entry(name).or_default().push(version);
    }
    let mut looked_at = 0;
    let mut touched = BTreeSet::new();
    for line in read("tests/published/advisories.tsv").lines().skip(2) {
        let cells: Vec<&str> = line.split('\t').collect();
        let [id, name, _, mended, never] = cells[..] else { panic!("{line}") };
        for version in versions.get(name).into_iter().flatten() {
            looked_at += 1;
            if !holds(mended, version) && !holds(never, version) {
                touched.insert(id.to_owned());
            }
        }
    }
    assert!(looked_at > 50, "{looked_at}");
    let rows = listed(3);
    let accepted: BTreeSet<String> = rows.iter().map(|row| row[0].clone()).collect();
    assert!(rows.iter().all(|row| !row[2].is_empty()));
    assert_eq!(touched, accepted, "update the crate, or list the advisory in DEPENDENCIES.md with a reason");
}

#[test]
fn ranges_of_versions_are_read_as_they_are_written() {
    let version = |text: &str| Version::parse(text).unwrap();
    assert!(holds(">= 0.41.0", &version("0.42.0")) && !holds(">= 0.41.0", &version("0.38.4")));
    assert!(holds("^ 0.3.1 | >= 0.4.2", &version("0.3.5")) && !holds("^ 0.3.1 | >= 0.4.2", &version("0.4.0")));
    assert!(holds(">= 0.9.7, <0.10.0", &version("0.9.9")) && !holds("", &version("1.0.0")));
}
