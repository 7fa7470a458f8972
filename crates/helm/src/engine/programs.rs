//! The texts of templates compiled, each once: whichever thread comes to it first.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use foldhash::{HashMap, HashMapExt};

use gotmpl::program::Program;
use gotmpl::set::Functions;
use gotmpl::value::SharedStr;

use super::{Dns, RenderError, functions};

/// The functions of templates, and the programs compiled with them. Threads share it.
pub struct Programs {
    dns: Dns,
    functions: Arc<Functions>,
    known: Mutex<HashMap<Arc<[u8]>, Slot>>,
}

/// Nothing inside for a text that is no template.
type Slot = Arc<OnceLock<Option<Arc<Program>>>>;

/// Where a thread begins. Two that begin at different ends meet, and have compiled each text once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Front,
    Back,
}

/// A file's name and text.
pub(super) type Text<'f> = (&'f str, &'f Arc<[u8]>);

impl Programs {
    /// No programs yet, for Helm's functions.
    pub fn new(dns: Dns) -> Self {
        let known = Mutex::new(HashMap::new());
        Self { dns, functions: functions::table(dns), known }
    }

    /// Whether `getHostByName` may ask the network.
    pub fn dns(&self) -> Dns {
        self.dns
    }

    /// The functions that templates may call.
    pub fn functions(&self) -> &Arc<Functions> {
        &self.functions
    }

    /// The programs of these texts, in their order.
    pub(super) fn of(
        &self,
        texts: &[Text<'_>],
        begin: End,
    ) -> Result<Vec<Arc<Program>>, RenderError> {
        let slots = self.slots(texts);
        if begin == End::Back {
            for (text, slot) in texts.iter().zip(&slots).rev() {
                self.compiled(text, slot)?;
            }
        }
        texts.iter().zip(&slots).map(|(text, slot)| self.compiled(text, slot)).collect()
    }

    fn slots(&self, texts: &[Text<'_>]) -> Vec<Slot> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let slot = |text: &Arc<[u8]>| match known.get(text) {
            Some(slot) => Arc::clone(slot),
            None => Arc::clone(known.entry(Arc::clone(text)).or_default()),
        };
        texts.iter().map(|(_, text)| text).copied().map(slot).collect()
    }

    fn compiled(&self, text: &Text<'_>, slot: &Slot) -> Result<Arc<Program>, RenderError> {
        let (name, text) = text;
        let compile = || {
            let text = SharedStr::from(Arc::clone(text));
            Program::compile(name, &text, &self.functions).map(Arc::new)
        };
        match slot.get_or_init(|| compile().ok()) {
            Some(program) => Ok(Arc::clone(program)),
            // The error names the file, of which there may be others with the same text.
            None => compile().map_err(|error| RenderError::parse(name, error)),
        }
    }
}
