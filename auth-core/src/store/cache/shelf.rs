use std::hash::Hash;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use quick_cache::sync::Cache;

use super::ReadCache;
use crate::clock::{Clock, Timestamp};
use crate::store::StoreError;

/// Rows of one table by their key, each as it was read a moment ago.
pub(super) struct Shelf<K, V> {
    rows: Cache<K, Row<V>>,
    /// How many writes there were. A row that was read while this changed is not kept: the write
    /// may have come between.
    writes: RwLock<u64>,
    staleness: Duration,
    clock: Arc<dyn Clock>,
}

#[derive(Clone)]
struct Row<V> {
    value: V,
    read_at: Timestamp,
}

impl<K: Eq + Hash + Clone, V: Clone> Shelf<K, V> {
    pub(super) fn new(settings: &ReadCache, clock: &Arc<dyn Clock>) -> Self {
        let (rows, staleness) = (Cache::new(settings.entries), settings.staleness);
        Self { rows, writes: RwLock::new(0), staleness, clock: Arc::clone(clock) }
    }

    /// The row, remembered or read. That there is none is not remembered.
    pub(super) async fn get<F>(&self, key: &K, read: impl FnOnce() -> F) -> Result<Option<V>, StoreError>
    where
        F: Future<Output = Result<Option<V>, StoreError>>,
    {
        if let Some(value) = self.fresh(key) {
            return Ok(Some(value));
        }
        let (writes, read_at) = (*self.writes.read().unwrap_or_else(PoisonError::into_inner), self.clock.now());
        let value = read().await?;
        if let Some(value) = &value {
            let now = self.writes.read().unwrap_or_else(PoisonError::into_inner);
            if *now == writes {
                self.rows.insert(key.clone(), Row { value: value.clone(), read_at });
            }
        }
        Ok(value)
    }

    /// One that was read in the future is none either: the clock was set back.
    fn fresh(&self, key: &K) -> Option<V> {
        let row = self.rows.get(key)?;
        let now = self.clock.now();
        (row.read_at <= now && now.since(row.read_at) < self.staleness).then_some(row.value)
    }

    /// A write to this row is on its way. It is forgotten when the guard goes: also when the write
    /// fails or its future is dropped, since the store may have done it all the same.
    pub(super) fn writing<'a>(&'a self, key: &'a K) -> impl Drop + 'a {
        OnDrop(move || self.forget(|shelf| drop(shelf.rows.remove(key))))
    }

    /// The same for every row that is alike.
    pub(super) fn writing_all<'a>(&'a self, is_written: impl Fn(&V) -> bool + 'a) -> impl Drop + 'a {
        OnDrop(move || self.forget(|shelf| shelf.rows.retain(|_, row| !is_written(&row.value))))
    }

    fn forget(&self, what: impl FnOnce(&Self)) {
        let mut writes = self.writes.write().unwrap_or_else(PoisonError::into_inner);
        *writes = writes.wrapping_add(1);
        what(self);
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }
}

struct OnDrop<F: Fn()>(F);

impl<F: Fn()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}
