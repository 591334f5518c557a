//! Data that cannot be used: always a code, the file, the cause and what to do.

use super::world::*;
use yardstick::data;

#[test]
fn folders_that_are_none() {
    let folder = Folder::sound(&[]);
    for path in [folder.path().join("nowhere"), folder.path().join("desk.csv")] {
        let problem =
            data::load(&model(), &data::Source::folder(&path), &[FILE].into(), &data::Options::default()).unwrap_err();
        assert_eq!(problem.code.as_str(), "E0801");
        assert!(problem.to_string().contains(path.to_str().unwrap()));
        assert_eq!(data::settings(&path).unwrap_err().code.as_str(), "E0801");
    }
}

#[test]
fn an_empty_folder_names_every_table() {
    let (code, message, help) = Folder::new(&[]).refused();
    assert_eq!(code, "E0802");
    assert_eq!(message, "there is no file for tables `desk`, `clerk`, `seat`, `file`");
    assert!(help.contains("`desk.parquet`, `desk.csv`, `desk.xlsx` and the folder `desk/`"), "{help}");
}

#[test]
fn a_missing_table_and_what_may_have_been_meant() {
    let folder = Folder::sound(&[("clerks.csv", CLERKS)]);
    folder.remove("clerk.csv");
    let (code, message, help) = folder.refused();
    assert_eq!((code.as_str(), message.as_str()), ("E0802", "there is no file for table `clerk`"));
    assert!(help.contains("did you mean `clerks.csv`?"), "{help}");
}

#[test]
fn two_files_for_one_table() {
    let folder = Folder::sound(&[("desk.parquet", "x")]);
    let (code, message, _) = folder.refused();
    assert_eq!(
        (code.as_str(), message.as_str()),
        ("E0803", "table `desk` has more than one source: `desk.parquet` and `desk.csv`")
    );
    folder.remove("desk.parquet");
    folder.write("desk/part-0.parquet", b"x");
    assert_eq!(folder.refused().0, "E0803");
}

#[test]
fn a_folder_of_something_else() {
    let folder = Folder::sound(&[]);
    folder.remove("desk.csv");
    folder.write("desk/_SUCCESS", b"");
    let (code, message, _) = folder.refused();
    assert_eq!((code.as_str(), message.as_str()), ("E0802", "the folder of table `desk` holds no Parquet file"));
    folder.write("desk/part.csv", b"");
    assert_eq!(folder.refused().1, "the folder of table `desk` holds `part.csv`, which is not a Parquet file");
}

#[test]
fn a_missing_column_and_a_column_twice() {
    let (code, message, help) = Folder::sound(&[("desk.csv", "desk_id,nam\nd1,front\n")]).refused();
    assert_eq!((code.as_str(), message.as_str()), ("E0805", "table `desk` has no column `name` in its file"));
    assert_eq!(help, "did you mean `nam`?");
    let (code, message, _) = Folder::sound(&[("desk.csv", "desk_id,name,name\nd1,front,x\n")]).refused();
    assert_eq!((code.as_str(), message.as_str()), ("E0807", "column `name` of table `desk` stands in the file twice"));
    let (_, message, _) = Folder::sound(&[("seat.csv", "clerk,desk,from,until\n")]).refused();
    assert_eq!(message, "table `seat` has no columns `clerk_id`, `desk_id` in its file");
}

#[test]
fn a_file_that_cannot_be_read() {
    let folder = Folder::sound(&[]);
    folder.remove("desk.csv");
    folder.write("desk.csv/inside", b"");
    let (code, message, _) = folder.refused();
    assert_eq!(code, "E0811");
    assert!(message.starts_with("the file cannot be read: "), "{message}");
}

#[test]
fn settings() {
    let folder = Folder::sound(&[]);
    assert_eq!(data::settings(folder.path()).unwrap(), None);
    folder.write("dataset.toml", b"\xef\xbb\xbfas_of = 2026-10-31\nname = \"Our department\"\nseed = 1\n");
    let settings = data::settings(folder.path()).unwrap().unwrap();
    assert_eq!((settings.name.as_str(), settings.as_of.to_string().as_str()), ("Our department", "2026-10-31"));
    assert_eq!(settings.complete_from, None);
    folder.write("dataset.toml", b"as_of = \"2026-10-31\"\ncomplete_from = 2016-11-01\n");
    let settings = folder.load().unwrap().settings.unwrap();
    assert_eq!(settings.complete_from.unwrap().to_string(), "2016-11-01");
    assert!(!settings.name.is_empty());
    let wrong = [
        ("name = \"x\"", "the settings do not say through which day the data is complete"),
        ("as_of = 2026-02-30", "line 1 of the settings cannot be read"),
        ("name = \"x\"\nas_of = ", "line 2 of the settings cannot be read"),
        ("as_of = \"2026-02-30\"", "`as_of` is not a day: `2026-02-30`"),
        ("as_of = 2026-10-31T10:00:00", "`as_of` is not a day"),
        ("as_off = 2026-10-31", "unknown setting `as_off`"),
        ("as_of = 2026-10-31\nname = 3", "`name` is not text"),
    ];
    for (text, message) in wrong {
        folder.write("dataset.toml", text.as_bytes());
        let problem = data::settings(folder.path()).unwrap_err();
        assert_eq!(problem.code.as_str(), "E0804");
        assert!(problem.message.starts_with(message), "{text}: {}", problem.message);
    }
    folder.write("dataset.toml", b"as_of = \xff");
    assert_eq!(data::settings(folder.path()).unwrap_err().message, "the settings are not UTF-8 text");
}
