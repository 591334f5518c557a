//! Writes the English return in small: `cargo run --example english` makes `examples/english/data`
//! anew, `cargo run --example english -- DIR` another folder.

mod generate;

use std::path::PathBuf;

fn main() -> std::io::Result<()> {
    let folder = std::env::args().nth(1).map_or_else(|| PathBuf::from("examples/english/data"), PathBuf::from);
    std::fs::create_dir_all(&folder)?;
    for (name, text) in generate::files() {
        std::fs::write(folder.join(name), text)?;
    }
    Ok(())
}
