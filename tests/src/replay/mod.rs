//! The recorded cases of the Python service, played on ours: each is answered the same, byte for
//! byte around the placeholders, or stands under a difference that says how it is answered here.

mod differences;
mod effects;
mod minted;
mod ordered;
mod page;
mod pattern;
mod project;
mod recorded;
mod stage;
mod verdict;

use crate::database::StoreKind;
use crate::transport::Transport;
use stage::Stage;
use verdict::Verdict;

pub use differences::{Difference, differences};
pub use page::compatibility;
pub use recorded::Recorded;

/// What came of all cases on one server.
#[derive(Debug, Default)]
#[must_use = "a replay that nobody looks at proves nothing"]
pub struct Report {
    /// Answered as the Python service did.
    pub equal: usize,
    /// Answered as a listed difference says.
    pub listed: usize,
    /// Everything else, with what was found.
    pub unlisted: Vec<String>,
}

/// Plays every case on the table of a Django project in this store, over this adapter.
pub async fn replay(store: StoreKind, transport: Transport) -> Report {
    let recorded = Recorded::data();
    let stage = Stage::open(store, transport, recorded).await;
    let mut report = Report::default();
    for case in &recorded.cases {
        let verdict = match stage.play(case).await {
            Ok(played) => Verdict::of(case, &played),
            Err(problem) => Verdict::Unlisted(problem),
        };
        match verdict {
            Verdict::Equal => report.equal += 1,
            Verdict::Listed => report.listed += 1,
            Verdict::Unlisted(found) => report.unlisted.push(format!("{}\n{found}", case.name)),
        }
    }
    report
}
