//! What is the same in every file: the presentation, the masters of slides and notes, the layout
//! and the theme.

use super::slide::{EDGE, SIZE};
use super::xml::{HEAD, SPACES};

/// The relationships of the presentation before those of its slides: two masters and a theme.
const BEFORE: usize = 3;

const TREE: &str = "<p:nvGrpSpPr><p:cNvPr id=\"1\" name=\"\"/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>";

const COLOURS: &str = "bg1=\"lt1\" tx1=\"dk1\" bg2=\"lt2\" tx2=\"dk2\" accent1=\"accent1\" accent2=\"accent2\" accent3=\"accent3\" \
     accent4=\"accent4\" accent5=\"accent5\" accent6=\"accent6\" hlink=\"hlink\" folHlink=\"folHlink\"";

/// The presentation with so many slides.
pub(super) fn presentation(slides: usize) -> String {
    let ids =
        (0..slides).map(|number| format!("<p:sldId id=\"{}\" r:id=\"rId{}\"/>", 256 + number, BEFORE + 1 + number));
    format!(
        "{HEAD}<p:presentation {SPACES} saveSubsetFonts=\"1\"><p:sldMasterIdLst><p:sldMasterId id=\"2147483648\" r:id=\"rId1\"/>\
         </p:sldMasterIdLst><p:notesMasterIdLst><p:notesMasterId r:id=\"rId2\"/></p:notesMasterIdLst><p:sldIdLst>{}</p:sldIdLst>\
         <p:sldSz cx=\"{}\" cy=\"{}\"/><p:notesSz cx=\"6858000\" cy=\"9144000\"/></p:presentation>",
        ids.collect::<String>(),
        SIZE.0,
        SIZE.1
    )
}

/// The master of the slides: the title at the top, in 22 points.
pub(super) fn slide_master() -> String {
    let level = |size: u32| {
        format!(
            "<a:lvl1pPr algn=\"l\"><a:defRPr sz=\"{size}\" kern=\"1200\"><a:solidFill><a:schemeClr val=\"tx1\"/></a:solidFill><a:latin \
             typeface=\"+mn-lt\"/></a:defRPr></a:lvl1pPr>"
        )
    };
    format!(
        "{HEAD}<p:sldMaster {SPACES}><p:cSld><p:bg><p:bgRef idx=\"1001\"><a:schemeClr val=\"bg1\"/></p:bgRef></p:bg><p:spTree>{TREE}{}\
         </p:spTree></p:cSld><p:clrMap {COLOURS}/><p:sldLayoutIdLst><p:sldLayoutId id=\"2147483649\" r:id=\"rId1\"/></p:sldLayoutIdLst>\
         <p:txStyles><p:titleStyle>{title}</p:titleStyle><p:bodyStyle>{body}</p:bodyStyle><p:otherStyle>{body}</p:otherStyle></p:txStyles>\
         </p:sldMaster>",
        title(true),
        title = level(2200).replace("kern=", "b=\"1\" kern="),
        body = level(1400),
    )
}

/// The place of the title.
fn title(with_place: bool) -> String {
    let place = format!(
        "<a:xfrm><a:off x=\"{EDGE}\" y=\"200000\"/><a:ext cx=\"{}\" cy=\"760000\"/></a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom>",
        SIZE.0 - 2 * EDGE
    );
    format!(
        "<p:sp><p:nvSpPr><p:cNvPr id=\"2\" name=\"Title\"/><p:cNvSpPr><a:spLocks noGrp=\"1\"/></p:cNvSpPr><p:nvPr><p:ph type=\"title\"/>\
         </p:nvPr></p:nvSpPr><p:spPr>{}</p:spPr><p:txBody><a:bodyPr anchor=\"ctr\"><a:normAutofit/></a:bodyPr><a:lstStyle/><a:p><a:r><a:rPr \
         lang=\"en-US\"/><a:t>Title</a:t></a:r></a:p></p:txBody></p:sp>",
        if with_place { place.as_str() } else { "" }
    )
}

/// The one layout: a title, and room.
pub(super) fn slide_layout() -> String {
    format!(
        "{HEAD}<p:sldLayout {SPACES} type=\"titleOnly\" preserve=\"1\"><p:cSld name=\"Title Only\"><p:spTree>{TREE}{}</p:spTree></p:cSld>\
         <p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sldLayout>",
        title(false)
    )
}

/// The master of the notes: the slide above, the text below.
pub(super) fn notes_master() -> String {
    format!(
        "{HEAD}<p:notesMaster {SPACES}><p:cSld><p:bg><p:bgRef idx=\"1001\"><a:schemeClr val=\"bg1\"/></p:bgRef></p:bg><p:spTree>{TREE}<p:sp>\
         <p:nvSpPr><p:cNvPr id=\"2\" name=\"Slide\"/><p:cNvSpPr><a:spLocks noGrp=\"1\" noRot=\"1\" noChangeAspect=\"1\"/></p:cNvSpPr><p:nvPr>\
         <p:ph type=\"sldImg\" idx=\"2\"/></p:nvPr></p:nvSpPr><p:spPr><a:xfrm><a:off x=\"685800\" y=\"500000\"/><a:ext cx=\"5486400\" \
         cy=\"3086100\"/></a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></p:spPr></p:sp><p:sp><p:nvSpPr><p:cNvPr id=\"3\" \
         name=\"Notes\"/><p:cNvSpPr><a:spLocks noGrp=\"1\"/></p:cNvSpPr><p:nvPr><p:ph type=\"body\" sz=\"quarter\" idx=\"1\"/></p:nvPr></p:nvSpPr>\
         <p:spPr><a:xfrm><a:off x=\"685800\" y=\"3800000\"/><a:ext cx=\"5486400\" cy=\"4900000\"/></a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/>\
         </a:prstGeom></p:spPr><p:txBody><a:bodyPr/><a:lstStyle/><a:p><a:r><a:rPr lang=\"en-US\"/><a:t>Notes</a:t></a:r></a:p></p:txBody></p:sp>\
         </p:spTree></p:cSld><p:clrMap {COLOURS}/></p:notesMaster>"
    )
}

/// The colours and the typeface.
pub(super) fn theme() -> String {
    let colour = |name: &str, of: &str| format!("<a:{name}><a:srgbClr val=\"{of}\"/></a:{name}>");
    let accents = ["1F5F99", "B3470A", "2B7A3D", "D3A82A", "7A4E9A", "5F6B76"];
    let accents: String =
        accents.iter().enumerate().map(|(number, of)| colour(&format!("accent{}", number + 1), of)).collect();
    let fonts = "<a:latin typeface=\"Calibri\"/><a:ea typeface=\"\"/><a:cs typeface=\"\"/>";
    let fill = "<a:solidFill><a:schemeClr val=\"phClr\"/></a:solidFill>";
    let line = format!("<a:ln w=\"6350\">{fill}</a:ln>");
    format!(
        "{HEAD}<a:theme xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" name=\"Book\"><a:themeElements><a:clrScheme \
         name=\"Book\">{}{}{}{}{accents}{}{}</a:clrScheme><a:fontScheme name=\"Book\"><a:majorFont>{fonts}</a:majorFont><a:minorFont>{fonts}\
         </a:minorFont></a:fontScheme><a:fmtScheme name=\"Book\"><a:fillStyleLst>{fills}</a:fillStyleLst><a:lnStyleLst>{lines}</a:lnStyleLst>\
         <a:effectStyleLst>{effects}</a:effectStyleLst><a:bgFillStyleLst>{fills}</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>",
        colour("dk1", "222222"),
        colour("lt1", "FFFFFF"),
        colour("dk2", "444444"),
        colour("lt2", "F3F3EE"),
        colour("hlink", "1F5F99"),
        colour("folHlink", "7A4E9A"),
        fills = fill.repeat(3),
        lines = line.repeat(3),
        effects = "<a:effectStyle><a:effectLst/></a:effectStyle>".repeat(3),
    )
}
