//! What searches cost: how far each one looks, and how long it takes for a byte.
//!
//! The engine does not say. Short texts are charged for the worst that may happen to them; of long
//! ones an automaton of our own, stepped byte by byte, tells how far the engine's must have gone,
//! which may be to the end of the text for each of many matches. It tells the same each time,
//! whatever was searched before.

use std::cell::OnceCell;

use gotmpl::function::Failure;
use gotmpl::machine::Machine;
use regex_automata::Input;
use regex_automata::hybrid::LazyStateID;
use regex_automata::hybrid::dfa::{Cache, Config, DFA};
use regex_automata::nfa::thompson;
use regex_automata::util::syntax;

/// Longer texts are looked at by the automaton.
const LONG_BYTES: usize = 4096;

/// So many bytes does an automaton go through in a step.
const BYTES_PER_STEP: u64 = 8;

/// What beginning a search takes.
const STEPS_PER_LOOK: u64 = 5;

/// What filling an automaton's memory takes, over and over where nearly each byte has a state of its
/// own.
const STEPS_PER_CLEARING: u64 = 100_000;

/// What one expression costs.
pub struct Effort {
    pattern: String,
    nest_limit: u32,
    /// See [`super::syntax::Translated::size`].
    size: u64,
    groups: u64,
    /// None where the engine has none either.
    automaton: OnceCell<Option<DFA>>,
}

impl Effort {
    /// The effort of a translated pattern.
    pub fn new(pattern: String, nest_limit: u32, size: u64, groups: usize) -> Self {
        let automaton = OnceCell::new();
        Self { pattern, nest_limit, size, groups: groups as u64, automaton }
    }

    /// Begins to search a text.
    pub fn meter<'a>(
        &'a self,
        machine: &mut Machine<'_>,
        bytes: &'a [u8],
    ) -> Result<Meter<'a>, Failure> {
        let is_long = bytes.len() > LONG_BYTES;
        let each = if is_long { 0 } else { 1 + self.size / 512 };
        machine.charge(bytes.len() as u64 * each)?;
        let automaton = if is_long { self.automaton() } else { None };
        let cache = automaton.map(|automaton| (automaton, automaton.create_cache()));
        Ok(Meter { effort: self, bytes, is_long, cache })
    }

    fn automaton(&self) -> Option<&DFA> {
        let build = || {
            // What the engine's own is made with.
            let config =
                Config::new().minimum_cache_clear_count(Some(3)).minimum_bytes_per_state(Some(10));
            DFA::builder()
                .configure(config)
                .syntax(syntax::Config::new().utf8(false).nest_limit(self.nest_limit))
                .thompson(thompson::Config::new().utf8(false))
                .build(&self.pattern)
                .ok()
        };
        self.automaton.get_or_init(build).as_ref()
    }
}

/// Charges for the searches in one text.
pub struct Meter<'a> {
    effort: &'a Effort,
    bytes: &'a [u8],
    is_long: bool,
    /// The automaton, until it gives up.
    cache: Option<(&'a DFA, Cache)>,
}

impl Meter<'_> {
    /// Charges for a search from `at`, before it is done.
    pub fn look(&mut self, machine: &mut Machine<'_>, at: usize) -> Result<(), Failure> {
        machine.charge(STEPS_PER_LOOK)?;
        let rest = self.bytes.len().saturating_sub(at) as u64;
        if !self.is_long {
            return machine.charge(rest / BYTES_PER_STEP);
        }
        if let Some((automaton, cache)) = &mut self.cache {
            let clearings = cache.clear_count();
            let looked = looked_at(automaton, cache, self.bytes, at);
            let cleared = cache.clear_count().saturating_sub(clearings) as u64;
            machine.charge(cleared * STEPS_PER_CLEARING)?;
            if let Some(looked) = looked {
                return machine.charge(looked / BYTES_PER_STEP);
            }
            self.cache = None;
        }
        // Without an automaton, all states that are possible are gone through for each byte.
        machine.charge(rest * (8 + self.effort.size / 16))
    }

    /// Charges for the groups of a match of so many bytes.
    pub fn groups(&self, machine: &mut Machine<'_>, bytes: usize) -> Result<(), Failure> {
        machine.charge(bytes as u64 * (1 + self.effort.size * self.effort.groups / 300))
    }
}

/// How many bytes the automaton goes through, until a match cannot become another one or the text
/// ends; none when it gives up.
fn looked_at(automaton: &DFA, cache: &mut Cache, bytes: &[u8], at: usize) -> Option<u64> {
    cache.search_start(at);
    let mut state = automaton.start_state_forward(cache, &Input::new(bytes).range(at..)).ok()?;
    for (index, byte) in bytes.iter().enumerate().skip(at) {
        if index % LONG_BYTES == 0 {
            cache.search_update(index);
        }
        state = automaton.next_state(cache, state, *byte).ok()?;
        if ends(state) {
            cache.search_finish(index);
            return Some((index - at) as u64);
        }
    }
    cache.search_finish(bytes.len());
    Some((bytes.len() - at) as u64)
}

fn ends(state: LazyStateID) -> bool {
    state.is_tagged() && (state.is_dead() || state.is_quit())
}
