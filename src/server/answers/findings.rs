//! What is wrong with the texts, told where it has changed.

use crate::session::{Session, Set};
use gen_lsp_types::{
    Code, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, Message, PublishDiagnosticsParams,
};
use std::collections::BTreeMap;
use std::path::PathBuf;
use yardstick_language::diag;

/// What was told last, by text.
#[derive(Debug, Default)]
pub(crate) struct Told {
    last: BTreeMap<PathBuf, Vec<Diagnostic>>,
}

impl Told {
    /// What has changed since it was told last: all findings of each text where some are new or
    /// gone.
    pub(crate) fn news(&mut self, session: &Session) -> Vec<PublishDiagnosticsParams> {
        let now: BTreeMap<PathBuf, Vec<Diagnostic>> =
            session.sets().iter().flat_map(|set| of_set(session, set)).collect();
        let known = std::mem::take(&mut self.last);
        let news = |path: &PathBuf, diagnostics: &[Diagnostic]| {
            let (uri, version) = (session.uri(path), session.version(path));
            PublishDiagnosticsParams { uri, version, diagnostics: diagnostics.to_vec() }
        };
        let nothing = Vec::new();
        let changed = now.iter().filter(|(path, found)| known.get(*path).unwrap_or(&nothing) != *found);
        let mut all: Vec<_> = changed.map(|(path, found)| news(path, found)).collect();
        let gone = known.iter().filter(|(path, found)| !found.is_empty() && !now.contains_key(*path));
        all.extend(gone.map(|(path, _)| news(path, &[])));
        self.last = now;
        all
    }
}

fn of_set(session: &Session, set: &Set) -> Vec<(PathBuf, Vec<Diagnostic>)> {
    let of_file = |(file, source): (_, &yardstick_language::source::SourceFile)| {
        let found = set.definitions.findings(file).iter().map(|finding| diagnostic(session, set, finding)).collect();
        (source.path.clone(), found)
    };
    let unreadable = set.unreadable.iter().map(|(path, problem)| {
        let message = Message::String(problem.clone());
        let severity = Some(DiagnosticSeverity::Error);
        let found = Diagnostic { severity, source: Some(SOURCE.to_owned()), message, ..Diagnostic::default() };
        (path.clone(), vec![found])
    });
    set.definitions.sources().iter().map(of_file).chain(unreadable).collect()
}

const SOURCE: &str = "yardstick";

/// A finding as the protocol says it.
pub(crate) fn diagnostic(session: &Session, set: &Set, finding: &diag::Diagnostic) -> Diagnostic {
    let severity = match finding.severity {
        diag::Severity::Error => DiagnosticSeverity::Error,
        diag::Severity::Warning => DiagnosticSeverity::Warning,
    };
    let first = finding.labels.first();
    let because = first.map(|label| label.text.as_str()).filter(|text| !text.is_empty());
    let help = finding.help.as_ref().map(|help| format!("help: {help}"));
    let lines = [Some(finding.message.as_str()), because, help.as_deref()];
    let message = lines.into_iter().flatten().collect::<Vec<_>>().join("\n");
    let related = finding.labels.iter().skip(1).map(|label| DiagnosticRelatedInformation {
        location: set.location(session, label.span),
        message: if label.text.is_empty() { "also here".to_owned() } else { label.text.clone() },
    });
    let related: Vec<_> = related.collect();
    Diagnostic {
        range: first.map_or_else(Default::default, |label| set.range(label.span, session.columns)),
        severity: Some(severity),
        code: Some(Code::String(finding.code.as_str().to_owned())),
        source: Some(SOURCE.to_owned()),
        message: Message::String(message),
        related_information: (!related.is_empty()).then_some(related),
        ..Diagnostic::default()
    }
}
