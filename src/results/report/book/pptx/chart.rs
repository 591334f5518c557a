//! A chart as PowerPoint draws it: lines over time, or bars of several entities.

use super::workbook::SHEET;
use super::xml::{HEAD, text};
use crate::report::book::sheet::{CENTRE, Chart, EXPECTED, LIMITS, PointMark, STANDARDS, Series, VALUE};
use crate::scorecard::Band;

/// The colours of a value, of what is more than chance, of a standard, and of lines.
const INK: &str = "1F5F99";
const SPECIAL: &str = "B3470A";
const STANDARD: &str = "2B7A3D";
const LINE: &str = "666666";

/// The colour of a bar.
fn colour(band: Option<Band>) -> &'static str {
    match band {
        Some(Band::Green) => "4E9A5B",
        Some(Band::Yellow) => "D3A82A",
        Some(Band::Red) => "C25546",
        None => "9AA7B4",
    }
}

/// The part of a chart; its workbook is the first of its relationships.
pub(super) fn part(chart: &Chart) -> String {
    let is_bars = chart.is_bars();
    let series: String = chart.series.iter().enumerate().map(|(number, of)| series(chart, number, of)).collect();
    let axes = "<c:axId val=\"111111111\"/><c:axId val=\"222222222\"/>";
    let plot = match is_bars {
        true => format!(
            "<c:barChart><c:barDir val=\"bar\"/><c:grouping val=\"clustered\"/><c:varyColors val=\"0\"/>{series}<c:gapWidth \
             val=\"40\"/>{axes}</c:barChart>"
        ),
        false => format!(
            "<c:lineChart><c:grouping val=\"standard\"/><c:varyColors val=\"0\"/>{series}<c:marker val=\"1\"/>{axes}</c:lineChart>"
        ),
    };
    // Of bars the first category stands on top.
    let (order, ends) = if is_bars { ("maxMin", ["l", "t"]) } else { ("minMax", ["b", "l"]) };
    let most = chart.most.map(|most| format!("<c:max val=\"{most}\"/>")).unwrap_or_default();
    let least = if is_bars { "<c:min val=\"0\"/>" } else { "" };
    let legend = match is_bars {
        true => "",
        false => "<c:legend><c:legendPos val=\"b\"/><c:overlay val=\"0\"/></c:legend>",
    };
    let line = "<c:spPr><a:ln w=\"6350\"><a:solidFill><a:srgbClr val=\"888888\"/></a:solidFill></a:ln></c:spPr>";
    let grid = "<c:majorGridlines><c:spPr><a:ln w=\"6350\"><a:solidFill><a:srgbClr val=\"E3E3E3\"/></a:solidFill></a:ln></c:spPr></c:majorGridlines>";
    format!(
        "{HEAD}<c:chartSpace xmlns:c=\"http://schemas.openxmlformats.org/drawingml/2006/chart\" \
         xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
         xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><c:date1904 val=\"0\"/><c:roundedCorners \
         val=\"0\"/><c:chart><c:title>{title}<c:overlay val=\"0\"/></c:title><c:autoTitleDeleted val=\"0\"/><c:plotArea><c:layout/>{plot}\
         <c:catAx><c:axId val=\"111111111\"/><c:scaling><c:orientation val=\"{order}\"/></c:scaling><c:delete val=\"0\"/><c:axPos \
         val=\"{cat}\"/><c:numFmt formatCode=\"General\" sourceLinked=\"0\"/><c:majorTickMark val=\"none\"/><c:minorTickMark val=\"none\"/>\
         <c:tickLblPos val=\"low\"/>{line}<c:crossAx val=\"222222222\"/><c:crosses val=\"autoZero\"/><c:auto val=\"0\"/><c:lblAlgn \
         val=\"ctr\"/><c:lblOffset val=\"100\"/><c:noMultiLvlLbl val=\"1\"/></c:catAx>\
         <c:valAx><c:axId val=\"222222222\"/><c:scaling><c:orientation val=\"minMax\"/>{most}{least}</c:scaling><c:delete val=\"0\"/><c:axPos \
         val=\"{val}\"/>{grid}<c:numFmt formatCode=\"General\" sourceLinked=\"0\"/><c:majorTickMark val=\"none\"/><c:minorTickMark \
         val=\"none\"/><c:tickLblPos val=\"nextTo\"/>{line}<c:crossAx val=\"111111111\"/><c:crosses val=\"{crosses}\"/><c:crossBetween \
         val=\"between\"/></c:valAx></c:plotArea>{legend}<c:plotVisOnly val=\"1\"/><c:dispBlanksAs val=\"gap\"/></c:chart>\
         <c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz=\"1000\"/></a:pPr><a:endParaRPr lang=\"en-US\"/></a:p></c:txPr>\
         <c:externalData r:id=\"rId1\"><c:autoUpdate val=\"0\"/></c:externalData></c:chartSpace>",
        title = title(&chart.title),
        cat = ends[0],
        val = ends[1],
        crosses = if is_bars { "max" } else { "autoZero" },
    )
}

fn title(of: &str) -> String {
    format!(
        "<c:tx><c:rich><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz=\"1200\" b=\"1\"/></a:pPr><a:r><a:rPr lang=\"en-US\" \
         sz=\"1200\" b=\"1\"/><a:t>{}</a:t></a:r></a:p></c:rich></c:tx>",
        text(of)
    )
}

fn series(chart: &Chart, number: usize, of: &Series) -> String {
    let column = char::from(b'B' + number as u8);
    let last = chart.categories.len() + 1;
    let name = format!(
        "<c:tx><c:strRef><c:f>{SHEET}!${column}$1</c:f><c:strCache><c:ptCount val=\"1\"/><c:pt idx=\"0\"><c:v>{}</c:v></c:pt></c:strCache></c:strRef></c:tx>",
        text(of.name)
    );
    let categories: String = chart
        .categories
        .iter()
        .enumerate()
        .map(|(place, category)| format!("<c:pt idx=\"{place}\"><c:v>{}</c:v></c:pt>", text(category)))
        .collect();
    let values = of.values.iter().enumerate();
    let values: String = values
        .filter_map(|(place, value)| Some(format!("<c:pt idx=\"{place}\"><c:v>{}</c:v></c:pt>", (*value)?)))
        .collect();
    let data = format!(
        "<c:cat><c:strRef><c:f>{SHEET}!$A$2:$A${last}</c:f><c:strCache><c:ptCount val=\"{n}\"/>{categories}</c:strCache></c:strRef></c:cat>\
         <c:val><c:numRef><c:f>{SHEET}!${column}$2:${column}${last}</c:f><c:numCache><c:formatCode>General</c:formatCode><c:ptCount \
         val=\"{n}\"/>{values}</c:numCache></c:numRef></c:val>",
        n = chart.categories.len()
    );
    let head = format!("<c:idx val=\"{number}\"/><c:order val=\"{number}\"/>{name}");
    match chart.is_bars() {
        true => {
            let points: String = chart.bands.iter().enumerate().map(|(place, band)| bar(place, *band)).collect();
            format!(
                "<c:ser>{head}<c:spPr>{}</c:spPr><c:invertIfNegative val=\"0\"/>{points}{data}</c:ser>",
                fill(colour(None))
            )
        }
        false => format!("<c:ser>{head}{}{data}<c:smooth val=\"0\"/></c:ser>", drawn(chart, of.name)),
    }
}

fn fill(colour: &str) -> String {
    format!("<a:solidFill><a:srgbClr val=\"{colour}\"/></a:solidFill>")
}

fn bar(place: usize, band: Option<Band>) -> String {
    format!(
        "<c:dPt><c:idx val=\"{place}\"/><c:invertIfNegative val=\"0\"/><c:bubble3D val=\"0\"/><c:spPr>{}</c:spPr></c:dPt>",
        fill(colour(band))
    )
}

/// How a line is drawn; the points of the value have marks.
fn drawn(chart: &Chart, name: &str) -> String {
    let (colour, wide, dash) = match name {
        VALUE => (INK, 22_225, "solid"),
        _ if STANDARDS.contains(&name) => (STANDARD, 28_575, "solid"),
        EXPECTED => (SPECIAL, 22_225, "dash"),
        CENTRE => (LINE, 12_700, "solid"),
        _ if LIMITS.contains(&name) => (LINE, 12_700, "dash"),
        _ => (LINE, 12_700, "solid"),
    };
    let line = format!("<c:spPr><a:ln w=\"{wide}\">{}<a:prstDash val=\"{dash}\"/></a:ln></c:spPr>", fill(colour));
    if name != VALUE {
        return format!("{line}<c:marker><c:symbol val=\"none\"/></c:marker>");
    }
    let marks = chart.marks.iter().enumerate();
    let points = marks.filter_map(|(place, mark)| {
        let (symbol, inside, around) = match mark {
            PointMark::Plain => return None,
            PointMark::Special => ("diamond", SPECIAL, SPECIAL),
            PointMark::Provisional => ("circle", "FFFFFF", INK),
        };
        Some(format!(
            "<c:dPt><c:idx val=\"{place}\"/>{}<c:bubble3D val=\"0\"/></c:dPt>",
            marker(symbol, 8, inside, around)
        ))
    });
    format!("{line}{}{}", marker("circle", 6, INK, INK), points.collect::<String>())
}

fn marker(symbol: &str, size: u8, inside: &str, around: &str) -> String {
    format!(
        "<c:marker><c:symbol val=\"{symbol}\"/><c:size val=\"{size}\"/><c:spPr>{}<a:ln w=\"9525\">{}</a:ln></c:spPr></c:marker>",
        fill(inside),
        fill(around)
    )
}
