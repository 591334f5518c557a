//! Fuzzing of the language, guided by coverage: the fuzzer of LLVM keeps what reaches code that
//! nothing has reached before, and goes on from there. The laws are those of `examples/fuzz`.
//!
//! `examples/guided/run parse 30`

#![no_main]

// The shared parts know the language by this name.
extern crate yardstick_language as yardstick;

#[expect(dead_code, unused_imports, reason = "the tests use the rest")]
#[path = "../../tests/generated/mod.rs"]
mod generated;
#[path = "../../tests/language/laws_of_text.rs"]
mod laws_of_text;
#[expect(dead_code, reason = "the tests use the rest")]
#[path = "../../tests/language/oracle.rs"]
mod oracle;
#[expect(dead_code, reason = "what draws inputs by chance uses the rest")]
mod targets;
#[expect(dead_code, reason = "the tests use the rest")]
#[path = "../../tests/language/texts.rs"]
mod texts;

use libfuzzer_sys::fuzz_target;
use std::cell::RefCell;
use targets::Target;

thread_local! {
    static TARGET: RefCell<Box<dyn Target>> = RefCell::new(targets::named(&std::env::var("TARGET").unwrap_or_default()));
}

fuzz_target!(|input: &[u8]| {
    TARGET.with_borrow_mut(|target| target.run(input));
});
