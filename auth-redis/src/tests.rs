use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use auth_core::store::{AttemptStore, MemoryStore, StoreError};
use auth_core::testing::SeededRandom;
use auth_core::testing::store::attempts;
use auth_core::throttle::{AtMost, AttemptKey, Backoff, Held, Limit, Reservation, Rule, Tier, Trust, Verdict};
use auth_core::{Random as _, Timestamp};
use example_services::{OwnServer, Service};
use tokio::net::TcpListener;

use crate::RedisStore;

/// Keys of a test's own on the server; `None`, and said so, where there is none.
async fn store() -> Option<RedisStore> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    if !Service::Redis.is_found_or_say_so() {
        return None;
    }
    let store = RedisStore::connect(&Service::Redis.url()?).await.unwrap();
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let store = store.prefix(&format!("auth tests {} {number}", std::process::id()));
    emptied(&store).await;
    Some(store)
}

async fn emptied(store: &RedisStore) {
    let never = Timestamp::from_millis(i64::MAX >> 10);
    while store.purge(never, 1_000).await.unwrap() > 0 {}
}

#[tokio::test]
async fn redis_keeps_every_promise_about_attempts() {
    let Some(store) = store().await else { return };
    attempts::run_all(&store).await;
    emptied(&store).await;
}

#[expect(clippy::print_stdout, reason = "how each race went")]
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_crowd_outruns_a_counter_that_two_servers_share() {
    let Some(store) = store().await else { return };
    let other = RedisStore::connect(&Service::Redis.url().unwrap()).await.unwrap().prefix(&store.prefix);
    let instances: [Arc<dyn AttemptStore>; 2] = [Arc::new(store.clone()), Arc::new(other)];
    for race in attempts::PROPERTIES.iter().filter(|property| property.is_race()) {
        println!("redis: {}", race.hold(&instances, 50).await.unwrap());
    }
    emptied(&store).await;
}

/// Numbers that repeat in every run.
struct Dice(SeededRandom);

impl Dice {
    fn below(&self, end: u64) -> u64 {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes).unwrap();
        u64::from_be_bytes(bytes) % end
    }

    fn pick<T: Copy>(&self, from: &[T]) -> T {
        from[usize::try_from(self.below(from.len() as u64)).unwrap()]
    }
}

fn tiers_of_a_sign_in() -> [Tier; 4] {
    let seconds = Duration::from_secs;
    let backoff = |free, memory| {
        Rule::Backoff(Backoff { free, first: seconds(1), longest: seconds(40), memory: seconds(memory) })
    };
    let tier = |bits, limit, rule, trust| Tier { limit, key: AttemptKey::from_bits(bits), rule, trust };
    [
        tier(1, Limit::Client, Rule::AtMost(AtMost::new(6, seconds(60))), Trust::Ignored),
        tier(2, Limit::LoginAndClient, backoff(3, 300), Trust::Given(seconds(120))),
        tier(3, Limit::Login, backoff(5, 600), Trust::Honoured),
        tier(4, Limit::SignUp, Rule::AtMost(AtMost::new(2, seconds(7))), Trust::Ignored),
    ]
}

/// What an answer says, without what it holds.
fn told(reservation: &Reservation) -> Result<Vec<Timestamp>, (Limit, Duration)> {
    match reservation {
        Reservation::Granted(held) => Ok(held.tiers().iter().map(|(_, mark)| *mark).collect()),
        Reservation::RetryAfter(refusal) => Err((refusal.limit, refusal.retry_after)),
    }
}

/// The script and the library decide alike, over thousands of attempts at all kinds of moments.
#[tokio::test]
async fn the_script_decides_as_the_library_does() {
    let Some(redis) = store().await else { return };
    let memory = MemoryStore::default();
    let dice = Dice(SeededRandom::new(7));
    let tiers = tiers_of_a_sign_in();
    let mut now = 1_700_000_000_000;
    let mut under_way: Vec<(Held, Held)> = Vec::new();
    let (mut granted, mut refused) = (0, 0);
    for step in 0..6_000 {
        let pace = dice.pick(&[0, 400, 3_000, 3_000, 20_000, 70_000, 700_000]);
        now += i64::try_from(dice.below(pace + 1)).unwrap();
        // Another server's clock is a little behind.
        let at = Timestamp::from_millis(now - i64::try_from(dice.below(1_500)).unwrap());
        if under_way.is_empty() || dice.below(2) == 0 {
            let some = &tiers[..usize::try_from(1 + dice.below(4)).unwrap()];
            let (ours, theirs) = (redis.reserve(some, at).await.unwrap(), memory.reserve(some, at).await.unwrap());
            assert_eq!(told(&ours), told(&theirs), "step {step}");
            match (ours, theirs) {
                (Reservation::Granted(ours), Reservation::Granted(theirs)) => {
                    under_way.push((ours, theirs));
                    granted += 1;
                }
                _ => refused += 1,
            }
        } else {
            let whose = usize::try_from(dice.below(under_way.len() as u64)).unwrap();
            let (ours, theirs) = under_way.swap_remove(whose);
            let verdict = dice.pick(&[Verdict::Failure, Verdict::Failure, Verdict::Success, Verdict::Refund]);
            redis.settle(ours, verdict, at).await.unwrap();
            memory.settle(theirs, verdict, at).await.unwrap();
        }
        under_way.truncate(8); // whoever went away
    }
    assert!(granted > 1_000 && refused > 300, "{granted} granted, {refused} refused");
    emptied(&redis).await;
}

#[track_caller]
fn is_unavailable<T: std::fmt::Debug>(result: &Result<T, StoreError>) {
    assert!(matches!(result, Err(StoreError::Unavailable(_))), "{result:?}");
}

#[tokio::test]
async fn a_stopped_redis_is_unavailable_and_needs_no_restart_of_ours() {
    let Some(mut server) = OwnServer::start(Service::Redis) else { return };
    let store = RedisStore::connect(&server.url()).await.unwrap();
    let tiers = tiers_of_a_sign_in();
    let now = Timestamp::from_unix_seconds(1_700_000_000);
    for _ in 0..3 {
        let Reservation::Granted(held) = store.reserve(&tiers, now).await.unwrap() else { panic!("refused") };
        server.stop();
        is_unavailable(&store.settle(held, Verdict::Success, now).await);
        for _ in 0..3 {
            is_unavailable(&store.reserve(&tiers, now).await);
        }
        is_unavailable(&store.forget(&[tiers[0].key]).await);
        server.start_again();
    }
    assert!(matches!(store.reserve(&tiers, now).await.unwrap(), Reservation::Granted(_)));
}

#[tokio::test]
async fn a_redis_that_is_not_there_or_says_nothing_is_told_without_the_password() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = silent.local_addr().unwrap().port();
    for port in [1, port] {
        let told =
            format!("{:?}", RedisStore::connect(&format!("redis://:hunter2@127.0.0.1:{port}")).await.unwrap_err());
        assert!(told.contains("Redis does not answer") && !told.contains("hunter2"), "{told}");
    }
    for url in ["hunter2", "http://:hunter2@localhost", "redis://:hunter2@localhost:port"] {
        let told = format!("{:?}", RedisStore::connect(url).await.unwrap_err());
        assert!(told.contains("not the URL") && !told.contains("hunter2"), "{told}");
    }
    #[cfg(not(feature = "tls"))]
    assert!(format!("{:?}", RedisStore::connect("rediss://:hunter2@h").await.unwrap_err()).contains("without TLS"));
}
