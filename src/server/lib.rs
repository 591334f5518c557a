//! The language server: what an editor asks about definitions, over standard input and output.
//!
//! ```text
//!  editor ──messages──▶ session ──texts──▶ yardstick_language::ide ──answers──▶ editor
//! ```
//!
//! The crate knows the protocol, files and how editors count columns. What it answers comes from
//! [`yardstick_language::ide`]; it names no engine. One thread works through the messages in their
//! order: an answer never speaks of a text that is older than the question.
//!
//! | file | knows |
//! |---|---|
//! | `session` | which texts are open, and which belong together |
//! | `document` | one text as the editor has it, and its lines and columns |
//! | `files` | the disk |
//! | `address` | paths as the editor writes them |
//! | `capabilities` | what is agreed on at the start |
//! | `frames` | how messages follow one another in a stream |
//! | `messages` | the loop: requests, notifications, what is cancelled |
//! | `answers` | each kind of request, a file each |

mod address;
mod answers;
mod capabilities;
mod document;
mod files;
mod frames;
mod messages;
mod session;

use yardstick_language::ir::{Program, Test};
use yardstick_language::source::Span;

/// Runs one test of a program: the expectations that do not hold, or why it cannot be run. It is
/// given by the program that serves, as the server itself adds no rows up.
pub type RunTest = fn(&Program, &Test) -> Result<Vec<Miss>, String>;

/// An expectation that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Miss {
    /// Where it stands.
    pub span: Span,
    /// What the test says.
    pub expected: String,
    /// What was found.
    pub found: String,
    /// Of a row: what each clause found.
    pub because: Vec<String>,
}

/// Why a session ended in another way than by the editor's word.
pub type Broken = Box<dyn std::error::Error + Send + Sync>;

/// Serves an editor over standard input and output, until it says `exit` or goes away. Whether it
/// said `shutdown` before, as it should. Without `tests`, none can be run in the editor.
///
/// # Errors
/// When what comes in is no message of the protocol.
pub fn serve(tests: Option<RunTest>) -> Result<bool, Broken> {
    let (connection, mut threads) = frames::stdio()?;
    let done = messages::run(&connection, tests);
    drop(connection);
    // What was answered is written, also where the session ends otherwise than it should.
    threads.written()?;
    let orderly = done?;
    threads.read()?;
    Ok(orderly)
}
