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
//! | `messages` | the loop: requests, notifications, what is cancelled |
//! | `answers` | each kind of request, a file each |

mod address;
mod answers;
mod capabilities;
mod document;
mod files;
mod messages;
mod session;

use lsp_server::Connection;

/// Why a session ended in another way than by the editor's word.
pub type Broken = Box<dyn std::error::Error + Send + Sync>;

/// Serves an editor over standard input and output, until it says `exit` or goes away. Whether it
/// said `shutdown` before, as it should.
///
/// # Errors
/// When what comes in is no message of the protocol.
pub fn serve() -> Result<bool, Broken> {
    let (connection, threads) = Connection::stdio();
    let orderly = messages::run(&connection)?;
    drop(connection);
    threads.join()?;
    Ok(orderly)
}
