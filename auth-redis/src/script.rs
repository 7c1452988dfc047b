use std::sync::LazyLock;
use std::time::Duration;

use auth_core::Timestamp;
use auth_core::throttle::{Rule, Tier, Trust};
use redis::{Script, ScriptInvocation};

pub(crate) static RESERVE: LazyLock<Script> =
    LazyLock::new(|| Script::new(concat!(include_str!("scripts/counter.lua"), include_str!("scripts/reserve.lua"))));
pub(crate) static SETTLE: LazyLock<Script> =
    LazyLock::new(|| Script::new(concat!(include_str!("scripts/counter.lua"), include_str!("scripts/settle.lua"))));
pub(crate) static FORGET: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("scripts/forget.lua")));
pub(crate) static PURGE: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("scripts/purge.lua")));

/// Hands a tier to a script, as its `tiers` reads it. `None` for a rule that is not known here.
pub(crate) fn tell(script: &mut ScriptInvocation<'_>, tier: &Tier, mark: Timestamp) -> Option<()> {
    let rule = match tier.rule {
        Rule::AtMost(rule) => [0, rule.most.into(), millis(rule.per), 0, 0],
        Rule::Backoff(rule) => [1, rule.free.into(), millis(rule.first), millis(rule.longest), millis(rule.memory)],
        _ => return None,
    };
    let trust = match tier.trust {
        Trust::Ignored => [0, 0],
        Trust::Given(time) => [1, millis(time)],
        Trust::Honoured => [2, 0],
    };
    for number in rule.into_iter().chain(trust).chain([mark.as_millis()]) {
        script.arg(number);
    }
    Some(())
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
