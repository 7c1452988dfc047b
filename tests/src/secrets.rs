//! The search for what nobody may read.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::sync::LazyLock;

use auth_core::{AuthEvent, EventSink};

use crate::log::Log;

/// The secret that signs the tokens of these tests.
pub(crate) const JWT_SECRET: &str = "tq7TzP2vXn4Jc8LkR0sYb6WmGd1HfUe9";
/// The key of their restoring tokens, as bytes and as it would be set.
pub(crate) const ENCRYPT_KEY: [u8; 32] = *b"the key of these tests, 32 bytes";
const ENCRYPT_KEY_SET: &str = "dGhlIGtleSBvZiB0aGVzZSB0ZXN0cywgMzIgYnl0ZXM=";

/// Strings, and places in which none of them may be.
#[derive(Default)]
pub(crate) struct Search {
    secrets: BTreeSet<Vec<u8>>,
    places: Vec<(&'static str, Vec<u8>)>,
}

impl Search {
    /// The keys of these tests at least.
    pub(crate) fn new() -> Self {
        let mut search = Self::default();
        search.secrets([JWT_SECRET.as_bytes(), ENCRYPT_KEY_SET.as_bytes(), &ENCRYPT_KEY]);
        search
    }

    pub(crate) fn secrets<S: AsRef<[u8]>>(&mut self, secrets: impl IntoIterator<Item = S>) {
        self.secrets.extend(secrets.into_iter().map(|secret| secret.as_ref().to_vec()));
    }

    pub(crate) fn place(&mut self, name: &'static str, content: impl Into<Vec<u8>>) {
        self.places.push((name, content.into()));
    }

    #[expect(clippy::print_stdout, reason = "how much was searched is what is asked for")]
    pub(crate) fn finds_nothing(&self, here: &str) {
        for (place, content) in &self.places {
            for secret in &self.secrets {
                let found = content.windows(secret.len()).any(|window| window == secret);
                assert!(!found, "{here}: {} is in {place}", secret.escape_ascii());
            }
        }
        println!("secrets: {here}: {} strings in {} places, 0 hits", self.secrets.len(), self.places.len());
    }
}

/// Every event, as a host might log it.
impl EventSink for Log {
    fn record(&self, event: &AuthEvent) {
        // Writing to memory does not fail.
        let _ = writeln!(self.clone(), "{event:?}");
    }
}

/// Every panic of this process, whichever thread it ended. Servers have threads of their own.
static PANICS: LazyLock<Log> = LazyLock::new(|| {
    let told = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let _ = writeln!(PANICS.clone(), "{panic}");
        told(panic);
    }));
    Log::default()
});

/// Hears panics from now on.
pub(crate) fn listen_to_panics() {
    LazyLock::force(&PANICS);
}

/// What was heard.
pub(crate) fn panics() -> String {
    PANICS.text()
}
