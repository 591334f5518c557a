//! How the page's script reaches the program: it asks for room, writes its question there, and
//! reads the answer where it is told to.
//!
//! ```js
//! const at = room(bytes.length);      // then write the bytes of the question there
//! answer();                           // then read said_length() bytes at said_at()
//! ```
//!
//! A panic ends the call as a trap of WebAssembly. The script then reads what the panic said, in
//! the same place, and makes the program anew.

use std::cell::RefCell;

thread_local! {
    /// The question.
    static ASKED: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    /// The answer.
    static SAID: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Where a question of so many bytes is to be written.
#[expect(unsafe_code, reason = "the name by which the script calls it; no other function has it")]
#[unsafe(no_mangle)]
pub extern "C" fn room(bytes: usize) -> *const u8 {
    ASKED.with_borrow_mut(|asked| {
        asked.clear();
        asked.resize(bytes, 0);
        asked.as_ptr()
    })
}

/// Answers the question that was written.
#[expect(unsafe_code, reason = "the name by which the script calls it; no other function has it")]
#[unsafe(no_mangle)]
pub extern "C" fn answer() {
    std::panic::set_hook(Box::new(|panic| say(format!("{panic}").into_bytes())));
    say(Vec::new());
    let asked = ASKED.with_borrow(|asked| String::from_utf8_lossy(asked).into_owned());
    say(crate::answer(&asked).into_bytes());
}

fn say(bytes: Vec<u8>) {
    SAID.with(|said| {
        if let Ok(mut said) = said.try_borrow_mut() {
            *said = bytes;
        }
    });
}

/// Where the answer stands.
#[expect(unsafe_code, reason = "the name by which the script calls it; no other function has it")]
#[unsafe(no_mangle)]
pub extern "C" fn said_at() -> *const u8 {
    SAID.with_borrow(|said| said.as_ptr())
}

/// How many bytes the answer has.
#[expect(unsafe_code, reason = "the name by which the script calls it; no other function has it")]
#[unsafe(no_mangle)]
pub extern "C" fn said_length() -> usize {
    SAID.with_borrow(Vec::len)
}
