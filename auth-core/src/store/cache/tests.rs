use std::cell::Cell;
use std::future::pending;
use std::time::Duration;

use futures_util::FutureExt as _;

use super::shelf::Shelf;
use super::*;
use crate::clock::Timestamp;
use crate::store::{IntoStores as _, MemoryStore, StoreError};
use crate::testing::{TestClock, store};

type Ages = Shelf<&'static str, u32>;

fn shelf(entries: usize) -> (Ages, TestClock) {
    let clock = TestClock::at(Timestamp::from_unix_seconds(1_000));
    let settings = ReadCache::new(entries, Duration::from_secs(5)).unwrap();
    (Shelf::new(&settings, &(Arc::new(clock.clone()) as Arc<dyn Clock>)), clock)
}

/// What a reader gets where the store says `stored`, and whether the store was asked.
async fn read(shelf: &Ages, stored: Option<u32>) -> (Option<u32>, bool) {
    let asked = Cell::new(false);
    let value = shelf.get(&"ann", || {
        asked.set(true);
        async move { Ok(stored) }
    });
    (value.await.unwrap(), asked.get())
}

/// A store behind a cache that nothing leaves but by a write: its time stands still.
fn cached() -> Stores {
    let clock: Arc<dyn Clock> = Arc::new(TestClock::at(Timestamp::from_unix_seconds(0)));
    MemoryStore::default().into_stores().cached(&ReadCache::default(), &clock)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_whole_suite_of_the_stores_holds_behind_the_cache() {
    store::run_all(&cached()).await;
    let tallies = store::races::run_all(&[cached()], 8).await;
    assert!(!tallies.is_empty());
}

#[tokio::test]
async fn a_row_is_remembered_for_its_staleness_and_not_a_moment_longer() {
    let (shelf, clock) = shelf(10);
    assert_eq!(read(&shelf, Some(1)).await, (Some(1), true));
    clock.advance(Duration::from_millis(4_999));
    assert_eq!(read(&shelf, Some(2)).await, (Some(1), false));
    clock.advance(Duration::from_millis(1));
    assert_eq!(read(&shelf, Some(2)).await, (Some(2), true));
}

#[tokio::test]
async fn a_clock_that_is_set_back_makes_no_row_live_longer() {
    let (shelf, clock) = shelf(10);
    assert_eq!(read(&shelf, Some(1)).await, (Some(1), true));
    clock.set(Timestamp::from_unix_seconds(10));
    assert_eq!(read(&shelf, Some(2)).await, (Some(2), true));
}

#[tokio::test]
async fn that_there_is_no_row_is_not_remembered() {
    let (shelf, _) = shelf(10);
    assert_eq!(read(&shelf, None).await, (None, true));
    assert_eq!(read(&shelf, Some(1)).await, (Some(1), true));
}

#[tokio::test]
async fn a_row_that_was_read_before_a_write_is_not_remembered_after_it() {
    let (shelf, _) = shelf(10);
    let slow = shelf.get(&"ann", || async {
        drop(shelf.writing(&"ann"));
        Ok(Some(1))
    });
    assert_eq!(slow.await.unwrap(), Some(1));
    assert_eq!(read(&shelf, Some(2)).await, (Some(2), true));
    let slow = shelf.get(&"bob", || async {
        drop(shelf.writing_all(|age| *age == 7));
        Ok(Some(7))
    });
    assert_eq!((slow.await.unwrap(), shelf.len()), (Some(7), 1));
}

#[tokio::test]
async fn a_write_whose_future_is_dropped_forgets_the_row_too() {
    let (shelf, _) = shelf(10);
    assert_eq!(read(&shelf, Some(1)).await, (Some(1), true));
    let write = async {
        let _forgotten = shelf.writing(&"ann");
        pending::<Result<(), StoreError>>().await
    };
    assert!(write.now_or_never().is_none());
    assert_eq!(read(&shelf, Some(2)).await, (Some(2), true));
}

#[tokio::test]
async fn no_more_rows_are_kept_than_there_are_entries() {
    let clock = TestClock::at(Timestamp::from_unix_seconds(0));
    let settings = ReadCache::new(100, Duration::from_secs(5)).unwrap();
    let shelf: Shelf<u32, u32> = Shelf::new(&settings, &(Arc::new(clock) as Arc<dyn Clock>));
    for key in 0..10_000 {
        shelf.get(&key, || async move { Ok(Some(key)) }).await.unwrap();
    }
    assert!((1..=100).contains(&shelf.len()), "{}", shelf.len());
}

#[test]
fn a_cache_has_room_and_an_end() {
    assert!(ReadCache::new(0, Duration::from_secs(1)).is_err());
    assert!(ReadCache::new(1, Duration::ZERO).is_err() && ReadCache::new(1, Duration::from_secs(61)).is_err());
    assert_eq!(ReadCache::new(10_000, Duration::from_secs(5)), Ok(ReadCache::default()));
}
