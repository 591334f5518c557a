//! The command that generates a county; [`generate`] says what it makes.
//!
//! `cargo run --release --example county -- --scale 1 --months 120 --seed 1 --out DIR`

// Its parts lie beside it.
#[path = "generate.rs"]
mod generate;

use clap::Parser;
use std::io::Write as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    let flags = generate::Flags::parse();
    let done = generate::generate(&flags).and_then(|tables| {
        let mut out = anstream::stdout();
        tables.iter().try_for_each(|(name, rows)| Ok(writeln!(out, "{name:<14} {rows:>12} rows")?))
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nothing more can be done when even this cannot be written.
            let _ = writeln!(anstream::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}
