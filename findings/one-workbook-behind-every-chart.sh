#!/bin/sh
# Finding: in slides written by ppt-rs, every chart has the same workbook behind it, whatever the chart shows.
#
# What:     ppt-rs 0.2.37 says that a chart embeds a workbook, so that it can be edited in PowerPoint. The chart itself holds the figures that were
#           given; the workbook in `ppt/embeddings` is one and the same file for all charts and holds other figures, those of an example. The slide
#           looks right until somebody asks for "edit data": then the chart shows the workbook's figures.
# Why care: a data book's chart must not turn into other numbers when it is edited.
# Seen:     ppt-rs 0.2.37, Rust 1.94, on Linux.
# Guard:    `yardstick book -o FILE.pptx` writes a workbook for each chart; a test reads every one of them and compares it with the chart and with
#           the cells.
#
# Prints what the workbooks hold; exit status 1 when it is something else than was seen.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cargo init --quiet --name slides .
cargo add --quiet ppt-rs@=0.2.37
cat > src/main.rs <<'RUST'
use ppt_rs::generator::{ChartBuilder, ChartSeries, ChartType, SlideContent, create_pptx_with_content};

fn main() {
    let chart = |title: &str, values: Vec<f64>| {
        let months = vec!["Jan", "Feb"];
        ChartBuilder::new(title, ChartType::Bar).categories(months).add_series(ChartSeries::new("Share", values)).build().unwrap()
    };
    let slide = |title: &str, values| SlideContent::new(title).add_chart(chart(title, values));
    let slides = vec![slide("North", vec![71.5, 72.5]), slide("South", vec![13.25, 14.25])];
    std::fs::write("two.pptx", create_pptx_with_content("Two charts", slides).unwrap()).unwrap();
}
RUST
cargo run --quiet
python3 - <<'PY'
import io
import re
import sys
import zipfile

deck = zipfile.ZipFile("two.pptx")
names = sorted(name for name in deck.namelist() if name.startswith("ppt/embeddings/"))
books = [deck.read(name) for name in names]
same = len(books) == 2 and books[0] == books[1]
inside = zipfile.ZipFile(io.BytesIO(books[0]))
cells = " ".join(inside.read(name).decode() for name in inside.namelist() if name.startswith("xl/worksheets/sheet"))
in_book = re.findall(r"<v>([^<]*)</v>", cells)
charts = "".join(deck.read(name).decode() for name in deck.namelist() if re.match(r"ppt/charts/chart\d+\.xml", name))
in_charts = [value for value in ("71.5", "13.25") if f"<c:v>{value}</c:v>" in charts]
print(f"workbooks {names}, the same bytes: {same}")
print(f"figures in the charts: {in_charts}; numbers in the workbook: {in_book}")
sys.exit(0 if same and len(in_charts) == 2 and not {"71.5", "13.25"} & set(in_book) else 1)
PY
