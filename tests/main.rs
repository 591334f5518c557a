//! The one test binary that links the engine: each further one would link DataFusion again. The
//! tests of the language are in `language/`.

#[cfg(test)]
#[path = "playground/axe.rs"]
mod axe;
#[cfg(test)]
mod barriers;
#[cfg(test)]
mod bounds;
#[cfg(test)]
mod changed_county;
#[cfg(test)]
#[path = "playground/chromium.rs"]
#[expect(dead_code, reason = "the tests of the playground use the rest")]
mod chromium;
#[cfg(test)]
mod cli;
#[cfg(test)]
mod county;
#[cfg(test)]
mod data;
#[cfg(test)]
mod dates;
#[cfg(test)]
mod english;
#[cfg(test)]
mod estimates;
#[cfg(test)]
mod finality;
#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod generated;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod hidden;
#[cfg(test)]
mod instants;
#[cfg(test)]
mod laws;
#[cfg(test)]
#[path = "language/laws_of_text.rs"]
mod laws_of_text;
#[cfg(test)]
mod library;
#[cfg(test)]
mod missing_rows;
#[cfg(test)]
mod oracle;
#[cfg(test)]
mod plans;
#[cfg(test)]
mod playground_agrees;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod publications;
#[cfg(test)]
mod report;
#[cfg(test)]
mod shipped;
#[cfg(test)]
mod shuffled;
#[cfg(test)]
mod targets;
#[cfg(test)]
#[path = "language/texts.rs"]
#[expect(dead_code, reason = "the tests of the language use the rest")]
mod texts;
#[cfg(test)]
mod tidy;
#[cfg(test)]
mod tight;
#[cfg(test)]
mod tutorial;
#[cfg(test)]
mod why;
#[cfg(test)]
mod words;
