//! The program from outside: exit codes, what goes to standard output and what to standard error,
//! and bad input.

mod book;
mod censored;
mod checked;
mod definitions;
mod extracts;
mod files;
mod fix;
mod fmt;
mod hierarchies;
mod intake;
mod interrupt;
mod memory;
mod missing_words;
mod own_standards;
mod plans;
mod provisional;
mod refresh;
mod relate;
mod results;
mod rules;
mod shown;
mod stands_still;
mod suggest;
mod threads;
mod trend;
mod unread;
mod unsure;
mod windows;
mod with_cases;
mod world;
mod zones;
