//! The same through both adapters, where the store is slower for those whom it knows.

use std::rc::Rc;
use std::time::Duration;

use auth_core::http::Route;
use auth_tests::Transport;

use crate::pairs::{Failure, PLANTED, Pair, address, credentials, newcomer, taken};
use crate::stage::{Stage, WRONG};

impl Pair {
    pub(crate) async fn over_http() -> Result<Vec<Self>, Failure> {
        let mut pairs = Vec::new();
        for transport in Transport::HTTP {
            let even = stage(transport, Duration::ZERO).await?;
            let name = |what: &str| format!("{}, {what}", transport.as_str());
            let (known, unknown) = (("ann", WRONG), ("nobody", WRONG));
            let (known_address, unknown_address) = ("ann@example.org", "nobody@example.org");
            let signin =
                |what, stage| Self::new(name(what), stage, Route::Signin, credentials(known), credentials(unknown));
            let restore = |what, stage| {
                Self::new(name(what), stage, Route::Restore, address(known_address), address(unknown_address))
            };
            pairs.extend([signin("sign-in: known, unknown", &even), restore("restore: known, unknown", &even)]);
            let slow = stage(transport, PLANTED).await?;
            pairs.extend([
                restore("slow hits, restore: known, unknown", &slow),
                Self::new(name("slow hits, safe sign-up: free, taken"), &slow, Route::Signup, newcomer(), taken()),
                signin("slow hits, sign-in: known, unknown", &slow).but_told_apart(),
            ]);
        }
        Ok(pairs)
    }
}

async fn stage(transport: Transport, hits_take: Duration) -> Result<Rc<Stage>, Failure> {
    let stage = Stage::served(transport, hits_take).await?;
    for name in ["ann", "ann@example.org"] {
        stage.has_an_account(name).await?;
    }
    Ok(Rc::new(stage))
}
