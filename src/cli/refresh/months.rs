//! The folder that holds a folder for each month: who may write there, which month came before, and
//! how a month is put in its place whole.

use super::super::failure::Failure;
use super::super::output::{self, reason};
use super::contents::RESULTS;
use super::manifest::{self, Before, Manifest};
use super::outside;
use crate::atomic_output::{UNFINISHED, take_away};
use crate::inputs;
use std::collections::BTreeMap;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The file that is locked while somebody makes a month.
const LOCK: &str = ".refresh.lock";
/// How folders begin that are not whole yet.
const DRAFT: &str = ".refresh-";
/// What stands behind the month in the name of a folder that was replaced, before a number.
const REPLACED: &str = ".replaced-";
/// The link to the newest month.
const LATEST: &str = "latest";

/// The folder, locked as long as this lives.
#[derive(Debug)]
pub(super) struct Months {
    folder: PathBuf,
    _lock: Option<File>,
}

impl Months {
    /// The folder, made when it is not there. Nobody else makes a month in it until this is gone.
    pub(super) fn open(folder: &Path) -> Result<Self, Failure> {
        let of = |e: &io::Error| refuse(folder, e);
        if folder.exists() && !folder.is_dir() {
            return Err(Failure::usage(format!("`{}` is a file", folder.display())).help("name a folder with `--to`"));
        }
        fs::create_dir_all(folder).map_err(|e| of(&e))?;
        let lock = File::options().create(true).append(true).open(folder.join(LOCK)).map_err(|e| of(&e))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Failure::usage(format!("another `refresh` is at work in `{}`", folder.display()))
                    .help("wait until it has ended"));
            }
            Err(TryLockError::Error(e)) => return Err(of(&e)),
        }
        let months = Self { folder: folder.to_path_buf(), _lock: Some(lock) };
        // A program that was killed leaves its draft behind, and nobody else is at work here.
        for name in months.names()?.iter().filter(|name| name.starts_with(DRAFT)) {
            months.put_back(name)?;
            take_away(&folder.join(name)).map_err(|e| of(&e))?;
        }
        Ok(months)
    }

    /// A program that was killed between making room for a month and putting its draft there has
    /// left no month: the one that was there is put back.
    fn put_back(&self, draft: &str) -> Result<(), Failure> {
        let Some((month, _)) = draft.strip_prefix(DRAFT).and_then(|of| of.rsplit_once('-')) else { return Ok(()) };
        let place = self.path(month);
        if !is_month(month) || place.exists() || !self.path(draft).join(manifest::NAME).exists() {
            return Ok(());
        }
        let mut kept: Option<PathBuf> = None;
        for number in 1.. {
            let path = self.folder.join(format!("{month}{REPLACED}{number}"));
            if !path.exists() {
                break;
            }
            kept = Some(path);
        }
        kept.map_or(Ok(()), |kept| fs::rename(kept, &place).map_err(|e| refuse(&place, &e)))
    }

    /// The folder, to look at only.
    pub(super) fn look(folder: &Path) -> Self {
        Self { folder: folder.to_path_buf(), _lock: None }
    }

    fn names(&self) -> Result<Vec<String>, Failure> {
        let entries = fs::read_dir(&self.folder).map_err(|e| refuse(&self.folder, &e))?;
        let names = entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
        let mut names: Vec<String> = names.collect::<io::Result<_>>().map_err(|e| refuse(&self.folder, &e))?;
        names.sort();
        Ok(names)
    }

    /// Where a month lies.
    pub(super) fn path(&self, month: &str) -> PathBuf {
        self.folder.join(month)
    }

    /// What a month was made from; nothing when there is no such month.
    pub(super) fn manifest(&self, month: &str) -> Result<Option<Manifest>, Failure> {
        let path = self.path(month).join(manifest::NAME);
        let text = match inputs::open(&path).and_then(io::read_to_string) {
            Ok(text) => text,
            Err(e) if e.kind() == io::ErrorKind::NotFound && !self.path(month).exists() => return Ok(None),
            Err(e) => return Err(refuse(&path, &e).help("a month's folder holds it; is it a folder of `refresh`?")),
        };
        let broken = |e: serde_json::Error| {
            Failure::usage(format!("`{}` is not as `refresh` writes it: {e}", path.display()))
                .help("move the month's folder away")
        };
        serde_json::from_str(&text).map(Some).map_err(broken)
    }

    /// The newest month before this one.
    pub(super) fn before(&self, month: &str) -> Result<Option<Before>, Failure> {
        let earlier = self.names()?.into_iter().filter(|name| is_month(name) && name.as_str() < month);
        let Some(before) = earlier.max() else { return Ok(None) };
        let Some(manifest) = self.manifest(&before)? else { return Ok(None) };
        self.is_whole(&manifest)?;
        let results = manifest.files.get(RESULTS).cloned().unwrap_or_default();
        Ok(Some(Before { month: before, results }))
    }

    /// What readers outside have got so far, in the months and in those that were replaced: the
    /// hash of each file of their result rows, by its folder.
    pub(super) fn publications(&self) -> Result<BTreeMap<String, String>, Failure> {
        let mut found = BTreeMap::new();
        for name in self.names()? {
            let month = name.split_once(REPLACED).map_or(name.as_str(), |(month, _)| month);
            if !is_month(month) {
                continue;
            }
            let Some(hash) = self.manifest(&name)?.and_then(|of| of.files.get(outside::RESULTS).cloned()) else {
                continue;
            };
            let path = self.path(&name).join(outside::RESULTS);
            if inputs::hash(&path).map_err(|e| refuse(&path, &e))? != hash {
                return Err(Failure::data(format!("`{}` is not the file that was written", path.display()))
                    .help("what is shown now depends on what readers outside have got; put the file back"));
            }
            found.insert(name, hash);
        }
        Ok(found)
    }

    /// The result rows that readers outside got, by their hash: a month's folder may have been
    /// replaced since.
    pub(super) fn publication(&self, (folder, hash): (&str, &str)) -> Result<PathBuf, Failure> {
        let found = self.publications()?.into_iter().find(|(_, of)| of == hash);
        let missing = || {
            Failure::data(format!(
                "what readers outside got in `{folder}` is not in `{}` any more",
                self.folder.display()
            ))
            .help("what is shown now depends on it; put the folder back")
        };
        found.map(|(name, _)| self.path(&name).join(outside::RESULTS)).ok_or_else(missing)
    }

    /// Refuses a month whose files are not those that were written.
    pub(super) fn is_whole(&self, manifest: &Manifest) -> Result<(), Failure> {
        for (name, hash) in &manifest.files {
            let path = self.path(&manifest.month).join(name);
            let found = inputs::hash(&path).map_err(|e| refuse(&path, &e))?;
            if found != *hash {
                return Err(Failure::data(format!("`{}` is not the file that was written", path.display())).help(
                    format!(
                        "`refresh --verify {}` says what it was; or move the month's folder away and make it again",
                        manifest.month
                    ),
                ));
            }
        }
        Ok(())
    }

    /// An empty folder beside the months, for a month that is not whole yet.
    pub(super) fn begin(&self, month: &str) -> Result<TempDir, Failure> {
        let make = || tempfile::Builder::new().prefix(&format!("{DRAFT}{month}-")).tempdir_in(&self.folder);
        let draft = UNFINISHED.begin(make, TempDir::path).map_err(|e| refuse(&self.folder, &e))?;
        output::as_readable(draft.path(), &self.folder).map_err(|e| refuse(draft.path(), &e))?;
        Ok(draft)
    }

    /// Puts a whole month in its place, and the newest under `latest`; gives back where the folder
    /// that was there is kept.
    pub(super) fn put(&self, draft: &TempDir, month: &str, made: &Manifest) -> Result<Option<PathBuf>, Failure> {
        let place = self.path(month);
        let of = |e: io::Error| refuse(&place, &e);
        let text = serde_json::to_string_pretty(made).map_err(|e| Failure::internal(e.to_string()))?;
        fs::write(draft.path().join(manifest::NAME), text + "\n").map_err(of)?;
        let kept = place.exists().then(|| self.free(month));
        let path = draft.path().to_path_buf();
        UNFINISHED
            .finish(&path, || {
                if let Some(kept) = &kept {
                    fs::rename(&place, kept)?;
                }
                fs::rename(draft.path(), &place).inspect_err(|_| {
                    if let Some(kept) = &kept {
                        let _where_it_was = fs::rename(kept, &place);
                    }
                })
            })
            .map_err(of)?;
        let newest = self.names()?.into_iter().filter(|name| is_month(name)).max();
        self.point(newest.as_deref().unwrap_or(month))?;
        Ok(kept)
    }

    /// A name for the folder that makes room: `2026-10.replaced-1`.
    fn free(&self, month: &str) -> PathBuf {
        let name = |number: u32| self.folder.join(format!("{month}{REPLACED}{number}"));
        (1..u32::MAX).map(name).find(|path| !path.exists()).unwrap_or_else(|| name(u32::MAX))
    }

    /// Lets `latest` lead to a month, in one step.
    fn point(&self, month: &str) -> Result<(), Failure> {
        let (link, draft) = (self.folder.join(LATEST), self.folder.join(format!("{DRAFT}{LATEST}")));
        let _none_there = fs::remove_file(&draft);
        let put = || {
            #[cfg(unix)]
            std::os::unix::fs::symlink(month, &draft)?;
            #[cfg(not(unix))]
            fs::write(&draft, month)?;
            fs::rename(&draft, &link).inspect_err(|_| {
                let _gone_if_it_can = fs::remove_file(&draft);
            })
        };
        UNFINISHED.finish(&draft, put).map_err(|e| refuse(&link, &e))
    }
}

/// Whether a folder has the name of a month: `2026-10`.
pub(super) fn is_month(name: &str) -> bool {
    chrono::NaiveDate::parse_from_str(&format!("{name}-01"), "%Y-%m-%d")
        .is_ok_and(|day| day.format("%Y-%m").to_string() == name)
}

pub(super) fn refuse(path: &Path, error: &io::Error) -> Failure {
    Failure::usage(format!("`{}` cannot be used: {}", path.display(), reason(error)))
}
