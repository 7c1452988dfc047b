//! More work than the machine has time for, and runtimes that the host keeps busy.

use std::net::{IpAddr, Ipv4Addr};
use std::num::NonZeroUsize;
use std::sync::mpsc;
use std::time::Duration;

use auth_core::actions::{Credentials, SignUp};
use auth_core::password::{Argon2Params, HashingSettings};
use auth_core::{Auth, AuthError, ClientInfo};
use auth_tests::{Case, Database, NEW_PW, PW, Request, StoreKind, World, settings};

const PLACES: usize = 32;

/// A pool of few places, whose hashes take long enough to queue.
fn narrow() -> HashingSettings {
    HashingSettings {
        threads: NonZeroUsize::new(2),
        places: NonZeroUsize::new(PLACES),
        params: Argon2Params::danger_weak(512, 1, 1).unwrap(),
        ..HashingSettings::default()
    }
}

/// One of many clients, each with an address of its own.
fn client(number: usize) -> ClientInfo {
    let [.., high, low] = number.to_be_bytes();
    ClientInfo::new(Some(IpAddr::V4(Ipv4Addr::new(10, 0, high, low))), None)
}

/// Returns when no place of the pool is held any more.
async fn everybody_has_left(auth: &Auth) {
    let empty = async {
        while auth.hashing().held > 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), empty).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_a_thousand_sign_ins_at_once_each_is_served_or_told_when_to_come_again() {
    let database = Database::new(StoreKind::Memory);
    let auth = Auth::builder(settings().hashing(narrow()), database.open().await).build().unwrap();
    auth.signup(SignUp::with_username("ann", PW), &client(0)).await.unwrap();
    let one = |number| {
        let auth = auth.clone();
        tokio::spawn(async move {
            let answer = auth.signin(Credentials::new("ann", PW), &client(number)).await;
            (answer, auth.hashing())
        })
    };
    let tasks: Vec<_> = (0..1_000).map(one).collect();
    let (mut served, mut shed) = (0_u64, 0);
    for task in tasks {
        let (answer, pool) = task.await.unwrap();
        assert!(pool.held <= PLACES && pool.running <= 2, "{pool:?}");
        match answer {
            Ok(_) => served += 1,
            Err(AuthError::Busy { retry_after }) if retry_after >= Duration::from_secs(1) => shed += 1,
            Err(other) => panic!("{other:?}"),
        }
    }
    everybody_has_left(&auth).await;
    assert!(served >= PLACES as u64, "{served}");
    assert_eq!((served + shed, auth.hashing().shed), (1_000, shed));
    assert!(auth.signin(Credentials::new("ann", PW), &client(0)).await.is_ok());
}

#[tokio::test]
async fn whoever_hangs_up_while_a_hash_is_computed_leaves_nothing_behind() {
    Case::over_http()
        .settings(|settings| settings.hashing(narrow()).without_limits())
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_as("ann", PW).await;
            // As many as one client may have waiting: one more is served in its turn, and not refused.
            for number in 0..16 {
                let (name, password) = if number % 2 == 0 { ("ann", PW) } else { ("ann", NEW_PW) };
                world.hangs_up(&signin(&world, name, password)).await;
            }
            everybody_has_left(&world.auth()).await;
            ann.signin("ann", PW).await.is_ok();
        })
        .await;
}

fn signin(world: &World, name: &str, password: &str) -> Request {
    let body = serde_json::json!({ "username": name, "password": password });
    Request::post(&world.path("/signin")).json(body.to_string())
}

/// The pool has threads of its own.
#[test]
fn a_host_that_keeps_every_blocking_thread_busy_keeps_nobody_from_signing_in() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().max_blocking_threads(1).build().unwrap();
    let (release, held) = mpsc::channel::<()>();
    let host = runtime.spawn_blocking(move || held.recv());
    for store in StoreKind::found() {
        runtime.block_on(async {
            let database = Database::new(store);
            let auth = Auth::builder(settings(), database.open().await).build().unwrap();
            auth.signup(SignUp::with_username("ann", PW), &client(0)).await.unwrap();
            assert!(auth.signin(Credentials::new("ann", PW), &client(0)).await.is_ok(), "{}", store.as_str());
        });
    }
    release.send(()).unwrap();
    runtime.block_on(host).unwrap().unwrap();
}
