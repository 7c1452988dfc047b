use std::collections::HashMap;

use redis::aio::ConnectionManager;

const POLICY: &str = "maxmemory-policy";

/// Warns where Redis may throw counters away when its memory is full. Where nobody may ask,
/// nothing is said.
pub(crate) async fn warn_of_it(mut connection: ConnectionManager) {
    let ask = redis::cmd("CONFIG").arg("GET").arg(POLICY).to_owned();
    let Ok(told) = ask.query_async::<HashMap<String, String>>(&mut connection).await else { return };
    if let Some(policy) = told.get(POLICY).filter(|policy| evicts(policy)) {
        tracing::warn!(
            target: "auth",
            policy,
            "Redis may evict counts of attempts, and whoever makes it do so gets free tries; set maxmemory-policy \
             noeviction"
        );
    }
}

/// Every counter expires, so that `volatile-*` is about them too.
fn evicts(policy: &str) -> bool {
    policy.starts_with("allkeys-") || policy.starts_with("volatile-")
}
