//! Frames: how messages follow one another in a stream. What a frame says of its length is not
//! believed: memory is taken as bytes come in, and only so much of it.

use crate::Broken;
use lsp_server::{Connection, Message};
use std::io::{self, BufRead, Cursor, Read};
use std::thread::{Builder, JoinHandle};

/// No message of an editor has more bytes.
const LARGEST: u64 = 256 << 20;
/// No line of the head of a frame has more bytes.
const LONGEST_LINE: u64 = 4 << 10;

/// The threads that read and write.
pub(crate) struct Threads {
    reader: Option<JoinHandle<io::Result<()>>>,
    writer: Option<JoinHandle<io::Result<()>>>,
}

/// A connection over standard input and output.
pub(crate) fn stdio() -> io::Result<(Connection, Threads)> {
    let (ours, Connection { sender, receiver }) = Connection::memory();
    let reader = Builder::new().name("reader".to_owned()).spawn(move || {
        let mut from = io::stdin().lock();
        while let Some(message) = read(&mut from)? {
            let is_exit = matches!(&message, Message::Notification(of) if of.method == "exit");
            // Whether or not the session still listens, nothing comes after this.
            if sender.send(message).is_err() || is_exit {
                break;
            }
        }
        Ok(())
    })?;
    let writer = Builder::new().name("writer".to_owned()).spawn(move || {
        let mut to = io::stdout().lock();
        receiver.into_iter().try_for_each(|message| message.write(&mut to))
    })?;
    Ok((ours, Threads { reader: Some(reader), writer: Some(writer) }))
}

impl Threads {
    /// Waits until all is written; the connection must be gone.
    pub(crate) fn written(&mut self) -> Result<(), Broken> {
        finished(self.writer.take())
    }

    /// Waits until all is read: to the end of the stream, or to `exit`.
    pub(crate) fn read(&mut self) -> Result<(), Broken> {
        finished(self.reader.take())
    }
}

fn finished(thread: Option<JoinHandle<io::Result<()>>>) -> Result<(), Broken> {
    let done = thread.map_or(Ok(Ok(())), JoinHandle::join);
    Ok(done.map_err(|_| "reading or writing broke off")??)
}

/// The next message; `None` at the end of the stream.
fn read(from: &mut impl BufRead) -> io::Result<Option<Message>> {
    let Some((head, length)) = head(from)? else { return Ok(None) };
    if length > LARGEST {
        return Err(broken(&format!("a message of {length} bytes; {} MB are the most", LARGEST >> 20)));
    }
    let mut frame = head.into_bytes();
    let before = frame.len() as u64;
    from.take(length).read_to_end(&mut frame)?;
    if frame.len() as u64 - before < length {
        return Err(broken("the stream ends in the midst of a message"));
    }
    Message::read(&mut Cursor::new(frame))
}

/// The lines of a frame before its message, and how many bytes the message has.
fn head(from: &mut impl BufRead) -> io::Result<Option<(String, u64)>> {
    let (mut head, mut length) = (String::new(), None);
    loop {
        let begin = head.len();
        let read = from.by_ref().take(LONGEST_LINE).read_line(&mut head)?;
        if read == 0 {
            return Ok(None);
        }
        let line = head.get(begin..).and_then(|line| line.strip_suffix("\r\n"));
        let line = line.ok_or_else(|| broken("a line of a head that does not end as it must"))?;
        if line.is_empty() {
            let length = length.ok_or_else(|| broken("no `Content-Length` before a message"))?;
            return Ok(Some((head, length)));
        }
        let said = line.split_once(": ").filter(|(name, _)| name.eq_ignore_ascii_case("Content-Length"));
        if let Some((_, number)) = said {
            let number = number.parse().map_err(|_| broken("a `Content-Length` that is no number"))?;
            length = Some(number);
        }
        if head.len() as u64 > 4 * LONGEST_LINE {
            return Err(broken("a head without an end"));
        }
    }
}

fn broken(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(mut text: &[u8]) -> Result<usize, String> {
        let mut messages = 0;
        while read(&mut text).map_err(|why| why.to_string())?.is_some() {
            messages += 1;
        }
        Ok(messages)
    }

    #[test]
    fn frames_follow_one_another() {
        let message = "{\"method\":\"exit\"}";
        let frame = format!("Content-Length: {}\r\n\r\n{message}", message.len());
        assert_eq!(all(b""), Ok(0));
        assert_eq!(all(format!("{frame}{frame}").as_bytes()), Ok(2));
        let other = format!("Content-Type: x\r\ncontent-length: {}\r\n\r\n{message}", message.len());
        assert_eq!(all(format!("{other}{frame}").as_bytes()), Ok(2));
    }

    #[test]
    fn what_a_frame_says_of_its_length_is_not_believed() {
        // The sum of the memory of the world is not asked for: the stream ends long before.
        let said = all(format!("Content-Length: {}\r\n\r\n{{}}", 200 << 20).as_bytes()).unwrap_err();
        assert_eq!(said, "the stream ends in the midst of a message");
        let said = all(format!("Content-Length: {}\r\n\r\n{{}}", u64::MAX).as_bytes()).unwrap_err();
        assert!(said.starts_with("a message of 18446744073709551615 bytes; 256 MB are"), "{said}");
        for (text, words) in [
            ("Content-Length: x\r\n\r\n{}", "no number"),
            ("X: 1\r\n\r\n{}", "no `Content-Length`"),
            ("Content-Length: 2\n\n{}", "does not end as it must"),
        ] {
            let said = all(text.as_bytes()).unwrap_err();
            assert!(said.contains(words), "{said}");
        }
        assert!(all("x".repeat(1 << 20).as_bytes()).is_err() && all("x: y\r\n".repeat(1 << 18).as_bytes()).is_err());
    }
}
