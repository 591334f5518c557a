//! Paths as an editor writes them: `file:///home/a%20b/c.ind`.

use gen_lsp_types::Uri;
use std::fmt::Write;
use std::path::{Path, PathBuf};

const FILE: &str = "file://";

/// The path of an address; `None` of one that is no file on this machine, such as a text that was
/// never saved.
pub(crate) fn path(uri: &Uri) -> Option<PathBuf> {
    let rest = uri.0.strip_prefix(FILE)?;
    let rest = rest.strip_prefix("localhost").unwrap_or(rest);
    let path = decoded(rest)?;
    // `/c:/folder` is `c:/folder` on Windows.
    let drive = path
        .strip_prefix('/')
        .filter(|p| p.chars().nth(1) == Some(':') && p.starts_with(|c: char| c.is_ascii_alphabetic()));
    Some(PathBuf::from(drive.filter(|_| cfg!(windows)).unwrap_or(&path)))
}

/// The path under which a text is known: that of its file, or its address where there is none.
pub(crate) fn known_as(uri: &Uri) -> PathBuf {
    path(uri).unwrap_or_else(|| PathBuf::from(&uri.0))
}

/// The address of a path.
pub(crate) fn uri(path: &Path) -> Uri {
    let path = path.to_string_lossy();
    if path.contains(':') && !path.starts_with('/') && !cfg!(windows) {
        return Uri(path.into_owned());
    }
    let path = if cfg!(windows) { format!("/{}", path.replace('\\', "/")) } else { path.into_owned() };
    let mut uri = FILE.to_owned();
    for byte in path.bytes() {
        let plain = byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte);
        if plain {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    Uri(uri)
}

/// The text without its `%20`; `None` when it is no text.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
        let (high, low) = (digit(rest.next())?, digit(rest.next())?);
        bytes.push(u8::try_from(high * 16 + low).ok()?);
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_the_same_there_and_back() {
        for written in ["/a/b.ind", "/a b/ö#?.ind", "/100%/x.ind"] {
            assert_eq!(path(&uri(Path::new(written))), Some(PathBuf::from(written)));
        }
        assert_eq!(path(&Uri("file:///a%20b".into())), Some(PathBuf::from("/a b")));
        assert_eq!(path(&Uri("untitled:Untitled-1".into())), None);
        assert_eq!(path(&Uri("file:///%zz".into())), None);
        assert_eq!(uri(&known_as(&Uri("untitled:Untitled-1".into()))).0, "untitled:Untitled-1");
    }
}
