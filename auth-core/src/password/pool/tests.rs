use std::net::Ipv4Addr;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, mpsc};

use tokio::task::{JoinHandle, yield_now};

use super::*;
use crate::password::testing::{block_on, bounded, new_password, user, weightless};
use crate::password::{PasswordHash, Refusal, Verification, Verified};
use crate::random::{OsRandom, RandomError};

/// Holds whichever thread draws a salt while it is shut.
struct Gate {
    shut: Arc<AtomicBool>,
    arrived: Mutex<mpsc::Sender<()>>,
    opened: Mutex<mpsc::Receiver<()>>,
}

impl Random for Gate {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomError> {
        if self.shut.load(Ordering::SeqCst) {
            self.arrived.lock().unwrap().send(()).ok();
            self.opened.lock().unwrap().recv().ok();
        }
        OsRandom.fill(bytes)
    }
}

/// A pool of one thread, which is in the middle of a hash until [`Held::let_go`].
struct Held {
    pool: HashingPool,
    first: JoinHandle<Result<PasswordHash, HashError>>,
    shut: Arc<AtomicBool>,
    open: mpsc::Sender<()>,
}

impl Held {
    async fn new(places: usize) -> Self {
        let (arrived, arrival) = mpsc::channel();
        let (open, opened) = mpsc::channel();
        let shut = Arc::new(AtomicBool::new(false));
        let gate = Gate { shut: Arc::clone(&shut), arrived: Mutex::new(arrived), opened: Mutex::new(opened) };
        let pool = pool(places, Arc::new(gate));
        shut.store(true, Ordering::SeqCst);
        let first = tokio::spawn(at_once(&pool, Purpose::SignUp, None).unwrap().hash(new_password("the first")));
        yield_now().await;
        arrival.recv().unwrap();
        Self { pool, first, shut, open }
    }

    fn let_go(&self) {
        self.shut.store(false, Ordering::SeqCst);
        self.open.send(()).unwrap();
    }

    /// Queues the verification of nobody's password.
    async fn queue(&self, client: Option<IpAddr>) -> JoinHandle<Result<Verified, HashError>> {
        let ticket = at_once(&self.pool, Purpose::SignIn, client).unwrap();
        let waiting = tokio::spawn(ticket.verify(None, bounded("a tree house")));
        yield_now().await;
        waiting
    }
}

fn pool(places: usize, random: Arc<dyn Random>) -> HashingPool {
    let (threads, places) = (NonZeroUsize::new(1), NonZeroUsize::new(places));
    let settings = HashingSettings { threads, places, params: weightless(), ..HashingSettings::default() };
    HashingPool::start(&settings, random).unwrap()
}

/// A place at once, or not at all.
fn at_once(pool: &HashingPool, purpose: Purpose, client: Option<IpAddr>) -> Result<Ticket, PoolFull> {
    let claimant = Claimant { client: client.into(), purpose };
    pool.0.queue.admit(claimant, None).map(Ticket::new).map_err(|_| pool.0.refuse(purpose))
}

fn client(last: u8) -> IpAddr {
    Ipv4Addr::new(10, 0, 0, last).into()
}

#[test]
fn a_hash_opens_the_account_and_a_wrong_password_does_not() {
    let pool = pool(16, Arc::new(OsRandom));
    let verify = async |hash: &PasswordHash, text: &str| {
        let ticket = at_once(&pool, Purpose::SignIn, Some(client(1))).unwrap();
        ticket.verify(Some(user(hash)), bounded(text)).await.unwrap().verification
    };
    block_on(async {
        let ticket = at_once(&pool, Purpose::SignUp, Some(client(1))).unwrap();
        let hash = ticket.hash(new_password("a tree house")).await.unwrap();
        assert!(matches!(verify(&hash, "a tree house").await, Verification::Proven { upgrade: None, .. }));
        assert!(matches!(verify(&hash, "A tree house").await, Verification::Refused(Refusal::WrongPassword)));
    });
}

#[test]
fn a_thousand_accounts_with_one_password_have_a_thousand_salts_and_hashes() {
    let pool = pool(16, Arc::new(OsRandom));
    let mut seen = std::collections::HashSet::new();
    for _ in 0..1_000 {
        let ticket = at_once(&pool, Purpose::SignUp, None).unwrap();
        let hash = block_on(ticket.hash(new_password("a tree house"))).unwrap();
        seen.extend(hash.expose().split('$').skip(4).map(str::to_owned));
    }
    assert_eq!(seen.len(), 2_000);
}

#[test]
fn a_full_pool_refuses_at_once_and_a_dropped_ticket_gives_its_place_back() {
    let pool = pool(2, Arc::new(OsRandom));
    let tickets = [(); 2].map(|()| at_once(&pool, Purpose::SignIn, None).unwrap());
    let full = at_once(&pool, Purpose::SignIn, None).unwrap_err();
    assert_eq!(full.retry_after, Duration::from_secs(1));
    assert_eq!((pool.state().held, pool.state().shed), (2, 1));
    drop(tickets);
    assert_eq!(pool.state().held, 0);
    assert!(at_once(&pool, Purpose::SignIn, None).is_ok());
}

#[test]
fn one_client_or_a_flood_of_new_accounts_leaves_places_for_others() {
    let pool = pool(16, Arc::new(OsRandom));
    let take = |purpose, client| iter::from_fn(|| at_once(&pool, purpose, client).ok()).collect::<Vec<_>>();
    let (ann, new) = (take(Purpose::SignIn, Some(client(1))), take(Purpose::SignUp, None));
    assert_eq!((ann.len(), new.len()), (2, 4));
    assert!(at_once(&pool, Purpose::SignIn, Some(client(2))).is_ok());
}

#[test]
fn whoever_has_a_share_already_waits_for_it_and_then_is_served() {
    block_on(async {
        let pool = pool(16, Arc::new(OsRandom));
        let mut share = [(); 2].map(|()| at_once(&pool, Purpose::SignIn, Some(client(1))).ok());
        let third = tokio::spawn({
            let pool = pool.clone();
            async move { pool.ticket(Purpose::SignIn, Some(client(1))).await.is_ok() }
        });
        yield_now().await;
        assert!(!third.is_finished() && at_once(&pool, Purpose::SignIn, Some(client(2))).is_ok());
        share[0] = None;
        assert!(third.await.unwrap());
        assert_eq!(pool.state().shed, 0);
    });
}

#[test]
fn one_client_cannot_take_the_patience_of_others() {
    block_on(async {
        let pool = pool(16, Arc::new(OsRandom));
        let wait = |client| {
            let pool = pool.clone();
            tokio::spawn(async move { pool.ticket(Purpose::SignIn, Some(client)).await })
        };
        let _shares = [(1), (1), (2), (2)].map(|last| at_once(&pool, Purpose::SignIn, Some(client(last))).unwrap());
        let waiting = [(); 16].map(|()| wait(client(1)));
        yield_now().await;
        assert!(pool.ticket(Purpose::SignIn, Some(client(1))).await.is_err());
        let other = wait(client(2));
        yield_now().await;
        assert!(!other.is_finished() && waiting.iter().all(|waiting| !waiting.is_finished()));
        pool.shutdown().await;
        assert!(other.await.unwrap().is_err());
    });
}

#[test]
fn a_job_whose_client_has_gone_is_skipped() {
    block_on(async {
        let held = Held::new(16).await;
        let before = held.pool.state().computed;
        let gone = held.queue(None).await;
        assert_eq!((held.pool.state().running, held.pool.state().queued), (1, 1));
        gone.abort();
        yield_now().await;
        let stays = held.queue(None).await;
        held.let_go();
        assert!(stays.await.unwrap().is_ok());
        assert_eq!(held.pool.state().computed - before, 2);
    });
}

#[test]
fn a_job_that_has_begun_keeps_its_place_until_it_ends() {
    block_on(async {
        let held = Held::new(16).await;
        held.first.abort();
        yield_now().await;
        assert_eq!((held.pool.state().held, held.pool.state().running), (1, 1));
        held.let_go();
        held.pool.shutdown().await;
        assert_eq!((held.pool.state().held, held.pool.state().running), (0, 0));
    });
}

#[test]
fn waiting_clients_are_served_in_turns() {
    block_on(async {
        let held = Held::new(32).await;
        let served = Arc::new(Mutex::new(Vec::new()));
        let mut waiting = Vec::new();
        for (last, name) in [(1, "a1"), (1, "a2"), (1, "a3"), (2, "b1"), (3, "c1")] {
            let (job, served) = (held.queue(Some(client(last))).await, Arc::clone(&served));
            waiting.push(tokio::spawn(async move {
                assert!(job.await.unwrap().is_ok());
                served.lock().unwrap().push(name);
            }));
        }
        held.let_go();
        for job in waiting {
            job.await.unwrap();
        }
        assert_eq!(*served.lock().unwrap(), ["a1", "b1", "c1", "a2", "a3"]);
    });
}

#[test]
fn shutdown_answers_what_runs_and_refuses_the_rest() {
    block_on(async {
        let held = Held::new(16).await;
        let (waiting, late) = (held.queue(None).await, at_once(&held.pool, Purpose::SignIn, None).unwrap());
        let pool = held.pool.clone();
        let shutdown = tokio::spawn(async move { pool.shutdown().await });
        assert!(matches!(waiting.await.unwrap(), Err(HashError::Stopped)));
        assert!(matches!(late.verify(None, bounded("")).await, Err(HashError::Stopped)));
        assert!(at_once(&held.pool, Purpose::SignIn, None).is_err());
        assert!(!shutdown.is_finished());
        held.let_go();
        shutdown.await.unwrap();
        assert!(held.first.await.unwrap().is_ok());
        held.pool.shutdown().await;
    });
}

#[test]
fn with_the_last_handle_the_pool_ends() {
    let pool = pool(16, Arc::new(OsRandom));
    let ticket = at_once(&pool, Purpose::SignIn, None).unwrap();
    drop(pool.clone());
    assert!(at_once(&pool, Purpose::SignIn, None).is_ok());
    drop(pool);
    assert!(matches!(block_on(ticket.verify(None, bounded(""))), Err(HashError::Stopped)));
}

#[test]
fn a_panic_costs_neither_the_thread_nor_the_place() {
    struct Panics(AtomicBool);
    impl Random for Panics {
        fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomError> {
            assert!(!self.0.load(Ordering::SeqCst), "on purpose");
            OsRandom.fill(bytes)
        }
    }
    let panics = Arc::new(Panics(AtomicBool::new(false)));
    let pool = pool(1, Arc::clone(&panics) as Arc<dyn Random>);
    let hash = || block_on(at_once(&pool, Purpose::SignUp, None).unwrap().hash(new_password("a tree house")));
    panics.0.store(true, Ordering::SeqCst);
    assert!(matches!(hash(), Err(HashError::Panicked)));
    panics.0.store(false, Ordering::SeqCst);
    assert!(hash().is_ok());
    assert_eq!((pool.state().held, pool.state().running), (0, 0));
}

#[test]
fn dear_jobs_fill_the_queue_sooner_than_cheap_ones() {
    block_on(async {
        let settings = HashingSettings {
            threads: NonZeroUsize::new(1),
            queue: Duration::from_secs(3_601),
            params: weightless(),
            ..HashingSettings::default()
        };
        let pool = HashingPool::start(&settings, Arc::new(OsRandom)).unwrap();
        (0..200).for_each(|_| pool.0.queue.observe(Purpose::SignIn, Duration::from_secs(600)));
        let tickets: Vec<_> = iter::from_fn(|| at_once(&pool, Purpose::SignIn, None).ok()).collect();
        assert_eq!(tickets.len(), 6, "an hour of work");
        assert!(at_once(&pool, Purpose::Restore, None).is_ok(), "another kind is cheap");
        let full = at_once(&pool, Purpose::SignIn, None).unwrap_err();
        assert!(full.retry_after > Duration::from_secs(3_000), "{full:?}");
        drop(tickets);
        assert_eq!(pool.state().work, Duration::ZERO);
    });
}

#[test]
fn what_jobs_take_is_learnt_from_them() {
    let pool = pool(16, Arc::new(OsRandom));
    pool.0.queue.observe(Purpose::SignUp, Duration::from_secs(3_600));
    let expected = || {
        let _ticket = at_once(&pool, Purpose::SignUp, None).unwrap();
        pool.state().work
    };
    let before = expected();
    for _ in 0..20 {
        let ticket = at_once(&pool, Purpose::SignUp, None).unwrap();
        assert!(block_on(ticket.hash(new_password("a tree house"))).is_ok());
    }
    assert_ne!(expected(), before);
}

#[test]
fn a_pool_shows_numbers_and_nothing_else() {
    let shown = format!("{:?}", pool(16, Arc::new(OsRandom)));
    assert!(shown.starts_with("HashingPool(PoolState { threads: 1, capacity: 500ms, work: 0ns, held: 0,"), "{shown}");
}

#[test]
fn as_many_are_on_the_way_as_there_are_places_and_the_next_is_refused_before_a_store_is_asked() {
    block_on(async {
        let pool = pool(4, Arc::new(OsRandom));
        let approach = |last| pool.approach(Purpose::SignIn, Some(client(last)));
        let mut coming: Vec<_> = [1, 2, 3, 4].map(|last| approach(last).unwrap()).into();
        assert_eq!((approach(5).is_err(), pool.state().shed, pool.state().held), (true, 1, 0));
        let tickets = [coming.pop(), coming.pop()].map(Option::unwrap).map(|approach| pool.arrive(approach));
        let tickets = futures_util::future::join_all(tickets).await;
        assert!(tickets.iter().all(Result::is_ok) && approach(5).is_err());
        drop(coming);
        assert!(approach(5).is_ok() && pool.state().held == 2);
    });
}

#[test]
fn whoever_was_not_let_in_keeps_no_place_the_next_time() {
    let pool = pool(1, Arc::new(OsRandom));
    let approach = |last| pool.approach(Purpose::SignIn, Some(client(last)));
    drop(approach(1).unwrap());
    let again = approach(1).unwrap();
    assert!(approach(2).is_ok() && pool.state().coming == 0);
    block_on(async { assert!(pool.arrive(again).await.is_ok()) });
    assert!(approach(1).is_ok_and(|_let_in_before| pool.state().coming == 1));
}

#[test]
fn whoever_waits_for_a_share_is_no_longer_on_the_way() {
    block_on(async {
        let pool = pool(16, Arc::new(OsRandom));
        let _share = [(); 2].map(|()| at_once(&pool, Purpose::SignIn, Some(client(1))).unwrap());
        let approach = pool.approach(Purpose::SignIn, Some(client(1))).unwrap();
        let waiting = tokio::spawn({
            let pool = pool.clone();
            async move { pool.arrive(approach).await.is_ok() }
        });
        yield_now().await;
        let others = (2..=8).flat_map(|last| [last; 2]).map(|last| pool.approach(Purpose::SignIn, Some(client(last))));
        let others: Vec<_> = others.filter_map(Result::ok).collect();
        assert_eq!((others.len(), waiting.is_finished()), (14, false));
        waiting.abort();
    });
}
