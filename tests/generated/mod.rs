//! Models, indicators over them and files, drawn by a seed: whatever can be said, over data with
//! whatever can be wrong in it.

mod condition;
pub(crate) mod days;
mod groups;
pub(crate) mod indicator;
mod leaf;
mod number;
mod order;
pub(crate) mod parsed;
pub(crate) mod plain;
pub(crate) mod world;
pub(crate) mod written;

pub(crate) use indicator::Text;
use parsed::Parsed;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use world::Files;
use yardstick::ir::Program;
use yardstick::model::Model;

/// Indicators that share one set of files.
const INDICATORS: usize = 9;
/// Sets of rows that know nothing of each other and share the files. Each is a pair with each of
/// the indicators.
const POPULATIONS: usize = 6;

/// A model, the indicators over it that the checker accepts, and files.
pub(crate) struct Generated {
    pub(crate) seed: u64,
    pub(crate) model: String,
    pub(crate) texts: Vec<Text>,
    /// With indicators that are broken down.
    pub(crate) program: Program,
    pub(crate) files: Files,
    /// What the checker said of those it did not accept, and they.
    pub(crate) refused: Vec<String>,
}

pub(crate) fn generate(seed: u64) -> Generated {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let (text, parsed, model) = model(&mut rng);
    let files = world::files(&mut rng, &model, populations(seed));
    let (texts, refused, program) = indicators(&mut rng, parsed, &model);
    let refused = refused.into_iter().map(|said| format!("{said}\nseed {seed}")).collect();
    let program = indicator::broken_down(&program, &texts);
    Generated { seed, model: text, texts, program, files, refused }
}

/// A model: its text, read, and checked.
pub(crate) fn model(rng: &mut ChaCha8Rng) -> (String, Parsed, Model) {
    let text = world::model(rng);
    let parsed = Parsed::default().add(std::slice::from_ref(&text));
    let checked = parsed.clone().program().unwrap_or_else(|e| panic!("the model is not accepted: {e:?}\n{text}"));
    (text, parsed, checked.model)
}

/// Indicators that the checker accepts, what it said of those it did not, and the program of all.
pub(crate) fn indicators(rng: &mut ChaCha8Rng, parsed: Parsed, model: &Model) -> (Vec<Text>, Vec<String>, Program) {
    let (mut texts, mut refused): (Vec<Text>, Vec<String>) = (Vec::new(), Vec::new());
    while texts.len() < INDICATORS {
        let text = indicator::indicator(rng, model, &format!("i{}", texts.len()));
        match parsed.clone().add(&[text.to_string()]).program() {
            Ok(_) => texts.push(text),
            Err(wrong) => refused.extend(wrong.into_values().map(|said| format!("{said}\n{text}"))),
        }
    }
    let all: Vec<String> = texts.iter().map(ToString::to_string).collect();
    let program = parsed.add(&all).program().unwrap_or_else(|e| panic!("not together: {e:?}"));
    (texts, refused, program)
}

/// Most worlds hold several populations; with one alone, tables are empty more often.
pub(crate) fn populations(seed: u64) -> usize {
    if seed.is_multiple_of(8) { 1 } else { POPULATIONS }
}

/// Does some work on several threads at once, as many as the machine has, until all of them are
/// done.
pub(crate) fn on_all_threads(work: impl Fn() + Sync) {
    let threads = std::thread::available_parallelism().map_or(2, |n| n.get().min(8));
    std::thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(&work))));
}
