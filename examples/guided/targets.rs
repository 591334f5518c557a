//! The targets of `examples/fuzz` that need no more than the language.

#[path = "../fuzz/targets/bytes.rs"]
mod bytes;
#[path = "../fuzz/targets/check.rs"]
mod check;
#[path = "../fuzz/targets/format.rs"]
mod format;
#[path = "../fuzz/targets/ind.rs"]
mod ind;
#[path = "../fuzz/targets/parse.rs"]
mod parse;
#[path = "../fuzz/targets/target.rs"]
mod target;

pub(crate) use target::Target;
// What tests are run by, which `check` takes from here.
use yardstick_results::trial;

/// The target of this name.
pub(crate) fn named(name: &str) -> Box<dyn Target> {
    match name {
        "parse" => Box::new(parse::Parse::new()),
        "format" => Box::new(format::Format::new()),
        "check" => Box::new(check::Check::new()),
        _ => panic!("`{name}` is none of `parse`, `format` and `check`"),
    }
}
