//! What axe-core finds on a page: barriers for those who do not see it, or have no mouse. `.ci/axe`
//! installs it.

use super::chromium::Page;
use serde_json::json;
use std::path::Path;

/// Fails on what axe calls serious or critical on the page as it is now; `root` is that of the
/// workspace.
pub(super) fn nothing_bars_anyone(page: &mut Page, root: &Path, what: &str) {
    let file = root.join("target/axe/node_modules/axe-core/axe.min.js");
    let axe = std::fs::read_to_string(&file).unwrap_or_else(|e| panic!("{}: {e}; run `.ci/axe`", file.display()));
    page.value(&format!("(() => {{ {axe}\n}})()"));
    let found = page.value(
        "axe.run(document).then((found) => ({ looked: found.passes.length, barriers: found.violations \
         .filter((it) => it.impact === 'serious' || it.impact === 'critical') \
         .map((it) => ({ rule: it.id, impact: it.impact, help: it.help, at: it.nodes.slice(0, 5).map((at) => at.html) })) }))",
    );
    assert_eq!(found["barriers"], json!([]), "{what}: {:#}", found["barriers"]);
    // A page that did not come has nothing to look at.
    assert!(found["looked"].as_u64().is_some_and(|rules| rules > 5), "{what}: {found}");
}
