//! Nothing is read or written where it should not be.

use super::world::{Said, World};
use std::fs;
use std::process::Stdio;
use std::time::{Duration, Instant};

/// What does not end by then does not end: a second is what people wait, and other tests may keep
/// the machine busy.
const PATIENCE: Duration = Duration::from_secs(180);

/// Runs the program; it must end soon, whatever it is given to read.
fn soon(world: &World, words: &str) -> Said {
    let mut run = world.command(words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let began = Instant::now();
    while run.try_wait().unwrap().is_none() {
        if began.elapsed() > PATIENCE {
            run.kill().unwrap();
            panic!("`{words}` does not end");
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    Said::of(run.wait_with_output().unwrap())
}

const COMMANDS: [&str; 3] = ["scorecard --data data", "cases seen_share --data data", "data data"];

#[test]
fn what_was_read_is_never_overwritten() {
    let world = World::sound();
    #[cfg(unix)]
    std::os::unix::fs::symlink(world.path().join("data"), world.path().join("linked")).unwrap();
    fs::hard_link(world.path().join("data/ward.csv"), world.path().join("ward.csv")).unwrap();
    let mut places =
        vec!["data/visit.csv", "data/dataset.toml", "indicators/seen.ind", "indicators/../indicators/model.ind"];
    if cfg!(unix) {
        places.extend(["linked/visit.csv", "ward.csv"]);
    }
    let before: Vec<_> = places.iter().map(|place| world.read(place)).collect();
    let files = world.files();
    for place in &places {
        let checked = "--checked copy";
        for words in ["scorecard --data data --format", "cases seen_share --data data --format"] {
            for (format, more) in [("csv", ""), ("json", checked), ("table", checked)] {
                let said = world.run(&format!("{words} {format} -o {place} {more}"));
                said.stopped(2, &["was read in this run, and is not overwritten", "`-o`"]);
            }
        }
    }
    for place in ["indicators/seen.ind", "indicators/model.ind"] {
        world.run(&format!("describe seen_share --format text -o {place}")).stopped(2, &["was read in this run"]);
    }
    fs::remove_dir_all(world.path().join("copy")).unwrap();
    assert_eq!(places.iter().map(|place| world.read(place)).collect::<Vec<_>>(), before);
    assert_eq!(world.files(), files);
    // A file beside them is another.
    world.measure("scorecard --format csv -o data/scorecard.csv").fine();
}

#[test]
fn a_record_without_an_end_is_refused_with_little_memory() {
    let world = World::sound();
    for name in ["data/visit.csv", "data/dataset.toml", "indicators/endless.ind"] {
        let old = world.read(name);
        // Sixteen gigabytes of zeros that take no room.
        let file = fs::File::create(world.path().join(name)).unwrap();
        file.set_len(1 << 34).unwrap();
        let words = if name.ends_with("toml") { "1 MB" } else { "16 MB" };
        for more in ["", "--checked copy"] {
            let said = soon(&world, &format!("scorecard --data data {more}"));
            assert!(matches!(said.code, Some(1 | 3)) && said.err.contains(words), "{name}: {said:?}");
        }
        match old {
            Some(old) => world.write(name, old),
            None => fs::remove_file(world.path().join(name)).unwrap(),
        }
    }
    world.measure("scorecard").fine();
}

#[test]
fn entities_do_not_have_the_names_of_those_who_hold_nothing_or_all() {
    for (id, meaning) in [("unassigned", "those whom nobody holds"), ("town", "the whole")] {
        let world = World::sound();
        world.write("data/ward.csv", format!("ward_id,name\nw1,North\nw2,South\n{id},West\n"));
        for words in COMMANDS {
            let place = format!("table `ward` has a row with the id `{id}` (ward.csv, line 4)");
            world.run(words).stopped(3, &[&place, meaning, "E0823"]);
            world.run(&format!("{words} --checked copy")).stopped(3, &["E0823"]);
        }
        // A visit may be called so.
        world.write("data/ward.csv", "ward_id,name\nw1,North\nw2,South\n");
        world.write("data/visit.csv", format!("visit_id,ward_id,came_on,seen\n{id},w1,2024-03-01,true\n"));
        world.measure("scorecard").fine();
    }
}

#[test]
fn folders_that_a_table_format_keeps_are_refused_by_name() {
    let kept = [
        ("_delta_log/0.json", "a Delta table"),
        ("metadata/v1.metadata.json", "an Iceberg table"),
        (".hoodie/x", "a Hudi table"),
    ];
    for (note, words) in kept {
        let world = World::sound();
        fs::remove_file(world.path().join("data/visit.csv")).unwrap();
        world.write(&format!("data/visit/{note}"), "{}");
        world.write("data/visit/part-0.parquet", "");
        let words = ["the folder of table `visit` is ".to_owned() + words];
        for command in COMMANDS {
            world.run(command).stopped(3, &[&words[0], "E0822"]);
        }
    }
}

#[test]
fn a_share_without_a_unit_is_asked_about() {
    let world = World::sound();
    let text = super::world::INDICATOR.replace("at least 60%", "at least 0.752");
    world.write("indicators/seen.ind", text);
    let said = world.run("check");
    assert!(said.stopped(1, &[]).out.contains("write `75.2%` if a share of 0.752 is meant"), "{said:?}");
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::os::unix::fs::symlink;
    use std::process::Command;

    fn pipe(world: &World, name: &str) {
        let path = world.path().join(name);
        let _ = fs::remove_file(&path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    }

    #[test]
    fn pipes_are_no_files() {
        let pipes = ["data/visit.csv", "data/dataset.toml", "data/visit.parquet", "data/visit/part-0.parquet"];
        for name in pipes {
            let world = World::sound();
            fs::remove_file(world.path().join("data/visit.csv")).unwrap();
            pipe(&world, name);
            for words in COMMANDS {
                soon(&world, words).stopped(3, &["it is a pipe, not a file", "E0811"]);
                soon(&world, &format!("{words} --checked copy")).stopped(3, &["it is a pipe, not a file"]);
            }
        }
        let world = World::sound();
        pipe(&world, "waits.ind");
        let inside = World::sound();
        pipe(&inside, "indicators/waits.ind");
        soon(&inside, "check").stopped(1, &["`indicators/waits.ind` cannot be read: it is a pipe"]);
        for words in ["check indicators waits.ind", "test waits.ind", "scorecard waits.ind --data data"] {
            let said = soon(&world, words);
            assert!(said.code == Some(1) && said.err.contains("`waits.ind` cannot be read: it is a pipe"), "{said:?}");
        }
        pipe(&world, "folder");
        for words in ["scorecard --data folder", "data folder"] {
            soon(&world, words).stopped(3, &["the data is not a folder"]);
        }
        soon(&world, "scorecard --data data --checked folder").stopped(2, &["not a folder"]);
        soon(&world, "check /dev/zero").stopped(1, &["it is a device, not a file"]);
    }

    #[test]
    fn a_pipe_in_a_checked_copy_is_damage() {
        for what in ["checked.txt", "came_on.arrows"] {
            for more in ["", " --memory 64MiB"] {
                let world = World::sound();
                let words = format!("scorecard --data data --checked copy{more}");
                let sound = world.run(&words).fine().out.clone();
                let copies = fs::read_dir(world.path().join("copy")).unwrap().map(|e| e.unwrap().file_name());
                let copy = copies.map(|c| c.into_string().unwrap()).find(|c| c.starts_with("visit-")).unwrap();
                pipe(&world, &format!("copy/{copy}/{what}"));
                let said = soon(&world, &words);
                assert_eq!((said.code, &said.out), (Some(0), &sound), "{said:?}");
                assert!(said.err.contains("was damaged; it has been made again"), "{said:?}");
            }
        }
    }

    #[test]
    fn links_do_not_lead_out_of_the_data_folder() {
        for name in ["visit.csv", "dataset.toml", "ward.csv"] {
            let world = World::sound();
            let path = world.path().join("data").join(name);
            fs::rename(&path, world.path().join(name)).unwrap();
            symlink(world.path().join(name), &path).unwrap();
            for words in COMMANDS {
                world.run(words).stopped(3, &[&format!("`{name}` leads out of the data folder"), "E0821"]);
            }
            // Within it, they may lead where they like; and so may the folder itself.
            fs::create_dir(world.path().join("data/kept")).unwrap();
            fs::rename(world.path().join(name), world.path().join("data/kept").join(name)).unwrap();
            fs::remove_file(&path).unwrap();
            symlink(world.path().join("data/kept").join(name), &path).unwrap();
            world.measure("scorecard").fine();
            symlink(world.path().join("data"), world.path().join("linked")).unwrap();
            world.run("scorecard --data linked").fine();
        }
        let world = World::sound();
        fs::remove_file(world.path().join("data/visit.csv")).unwrap();
        world.write("elsewhere/part-0.parquet", "");
        symlink(world.path().join("elsewhere"), world.path().join("data/visit")).unwrap();
        world.run("data data").stopped(3, &["`visit` leads out of the data folder"]);
        fs::remove_file(world.path().join("data/visit")).unwrap();
        fs::create_dir(world.path().join("data/visit")).unwrap();
        symlink(world.path().join("elsewhere/part-0.parquet"), world.path().join("data/visit/part-0.parquet")).unwrap();
        world.run("data data").stopped(3, &["`part-0.parquet` leads out of the data folder"]);
    }
}
