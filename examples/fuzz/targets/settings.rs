//! Settings: `yardstick.toml` by the whole program, and the same text as `dataset.toml` of a folder
//! of case data.

use super::Target;
use super::bytes::{self, below, one_of};
use super::process::{self, Program};
use rand_chacha::ChaCha8Rng;
use tempfile::TempDir;
use yardstick::data;
use yardstick::diag::code;

/// Longer texts are cut.
const LONGEST: usize = 1 << 15;

const LINES: [&str; 28] = [
    "definitions = \"indicators\"",
    "definitions = [\"indicators\", \"nowhere\"]",
    "definitions = []",
    "data = \"data\"",
    "data = \"../data\"",
    "data = 1",
    "scorecard = \"a\"",
    "scorecard = [\"a\", \"b\"]",
    "level = \"office\"",
    "zone = \"America/Chicago\"",
    "zone = \"Nowhere/Else\"",
    "[lints]",
    "no-tests = \"error\"",
    "unused-set = \"off\"",
    "always-true = \"warn\"",
    "as_of = 2026-10-31",
    "as_of = 2026-02-30",
    "as_of = \"2026-10-31\"",
    "as_of = 2026-10-31T00:00:00Z",
    "complete_from = 2016-01-01",
    "name = \"\"\"a\nb\"\"\"",
    "[tables.file]",
    "[[tables]]",
    "tables.file.as_of = 9999-12-31",
    "a.b.c.d = { e = [1, 2.5, inf, nan, -0x1, 1e999] }",
    "# said",
    "\"\\u0000\\U0010ffff\" = '\\'",
    "x = 99999999999999999999999999",
];

/// A small world: settings are read together with definitions that they fit, or do not.
const DEFINITIONS: &str = "levels office > clerk\ntable office \"offices\" { office_id key }\n\
    table clerk \"clerks\" { clerk_id key  office -> office }\n";

pub(super) struct Settings {
    program: Program,
    folder: TempDir,
}

impl Settings {
    pub(super) fn new(program: &Program) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["indicators", "data"] {
            std::fs::create_dir(folder.path().join(name)).unwrap();
        }
        std::fs::write(folder.path().join("indicators/model.ind"), DEFINITIONS).unwrap();
        Self { program: program.clone(), folder }
    }
}

impl Target for Settings {
    fn draw(&self, rng: &mut ChaCha8Rng) -> Vec<u8> {
        let mut lines: Vec<String> = (0..below(rng, 7)).map(|_| one_of(rng, &LINES).to_owned()).collect();
        if below(rng, 12) == 0 {
            let depth = [3, 60, 3_000][below(rng, 3)];
            lines.push(match below(rng, 3) {
                0 => format!("x = {}1{}", "[".repeat(depth), "]".repeat(depth)),
                1 => format!("x = {}1{}", "{a=".repeat(depth), "}".repeat(depth)),
                _ => format!("[{}]", vec!["a"; depth].join(".")),
            });
        }
        let mut input = lines.join(["\n", "\n", "\r\n", "\r"][below(rng, 4)]).into_bytes();
        if below(rng, 2) == 0 {
            bytes::mutate(rng, &mut input, LINES.join("\n").as_bytes());
        }
        bytes::at_most(&mut input, LONGEST);
        input
    }

    fn run(&mut self, input: &[u8]) -> u64 {
        let (here, data) = (self.folder.path(), self.folder.path().join("data"));
        std::fs::write(data.join("dataset.toml"), input).unwrap();
        let of_data = data::settings(&data);
        if let Err(problem) = &of_data {
            assert!(problem.code != code::DATA_INTERNAL && !problem.message.is_empty(), "{problem:?}");
        }
        std::fs::write(here.join("yardstick.toml"), input).unwrap();
        let ended = process::run(self.program.command(&["check"], here), b"");
        assert!((0..=2).contains(&ended.code), "exit code {}: {}", ended.code, ended.err);
        let said = ended.code == 0 || ended.code == 1 || ended.err.contains("error: ");
        assert!(said, "exit code {} without a word: {}", ended.code, ended.err);
        u64::from(ended.code < 2) + u64::from(of_data.is_ok())
    }
}
