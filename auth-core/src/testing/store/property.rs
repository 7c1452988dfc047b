use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use super::races::Tally;

type Trial<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// One property that a store has or has not: a promise of its trait, or a race that has one winner.
pub struct Property<S: ?Sized + 'static> {
    name: &'static str,
    kind: Kind<S>,
}

enum Kind<S: ?Sized + 'static> {
    Promise(for<'a> fn(&'a S) -> Trial<'a, ()>),
    Race(for<'a> fn(&'a [Arc<S>], u32) -> Trial<'a, Tally>),
}

impl<S: ?Sized> Property<S> {
    pub(super) const fn promise(name: &'static str, run: for<'a> fn(&'a S) -> Trial<'a, ()>) -> Self {
        Self { name, kind: Kind::Promise(run) }
    }

    pub(super) const fn race(name: &'static str, run: for<'a> fn(&'a [Arc<S>], u32) -> Trial<'a, Tally>) -> Self {
        Self { name, kind: Kind::Race(run) }
    }

    /// The name of the function that tries it.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Whether it is a race.
    #[must_use]
    pub const fn is_race(&self) -> bool {
        matches!(self.kind, Kind::Race(_))
    }

    /// Tries it on instances of one store: a promise on the first, a race on all of them, `rounds`
    /// times. How the race went.
    ///
    /// # Panics
    /// Where the store has not this property.
    pub async fn hold(&self, instances: &[Arc<S>], rounds: u32) -> Option<Tally> {
        match self.kind {
            Kind::Race(run) => Some(run(instances, rounds).await),
            Kind::Promise(run) => {
                run(instances.first().expect("at least one instance")).await;
                None
            }
        }
    }
}

impl<S: ?Sized> fmt::Debug for Property<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// Makes of a list of the catalogue what each module of promises offers.
macro_rules! properties {
    ($module:ident: $store:ty; promises { $($promise:ident)* } races { $($race:ident)* }) => {
        /// Every property of such a store, the races last.
        pub static PROPERTIES: &[$crate::testing::store::Property<$store>] = &[
            $($crate::testing::store::Property::promise(stringify!($promise), |store| Box::pin($promise(store))),)*
            $($crate::testing::store::Property::race(stringify!($race), |instances, rounds| {
                Box::pin($crate::testing::store::races::$module::$race(instances, rounds))
            }),)*
        ];

        /// Every promise of the trait, one after the other on one store; not the races.
        pub async fn run_all(store: &$store) {
            $($promise(store).await;)*
        }
    };
}
pub(super) use properties;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::testing::store::{Property, attempts, joint, outbox, sessions, users};

    fn catalogued<S: ?Sized>(properties: &[Property<S>]) -> BTreeSet<&'static str> {
        properties.iter().map(Property::name).collect()
    }

    /// The names of the public functions of these files, which all are properties.
    fn written(files: &[&'static str]) -> BTreeSet<&'static str> {
        let heads = files.iter().flat_map(|file| file.lines()).filter_map(|line| line.strip_prefix("pub async fn "));
        heads.filter_map(|head| head.split('(').next()).collect()
    }

    #[test]
    fn every_property_that_is_written_is_in_the_catalogue() {
        let of_users = [
            include_str!("users/lookup.rs"),
            include_str!("users/text.rs"),
            include_str!("users/conflicts.rs"),
            include_str!("users/credential.rs"),
            include_str!("users/restoring.rs"),
            include_str!("users/dropped.rs"),
            include_str!("races/users.rs"),
        ];
        assert_eq!(catalogued(users::PROPERTIES), written(&of_users));
        let of_sessions = [include_str!("sessions.rs"), include_str!("races/sessions.rs")];
        assert_eq!(catalogued(sessions::PROPERTIES), written(&of_sessions));
        assert_eq!(catalogued(joint::PROPERTIES), written(&[include_str!("joint.rs")]));
        let of_outbox = [include_str!("outbox.rs"), include_str!("races/outbox.rs")];
        assert_eq!(catalogued(outbox::PROPERTIES), written(&of_outbox));
        let of_attempts = [include_str!("attempts.rs"), include_str!("races/attempts.rs")];
        assert_eq!(catalogued(attempts::PROPERTIES), written(&of_attempts));
    }

    #[test]
    fn no_two_properties_have_one_name() {
        let names = [
            catalogued(users::PROPERTIES),
            catalogued(sessions::PROPERTIES),
            catalogued(joint::PROPERTIES),
            catalogued(outbox::PROPERTIES),
            catalogued(attempts::PROPERTIES),
        ];
        let together: BTreeSet<_> = names.iter().flatten().collect();
        assert_eq!(together.len(), names.iter().map(BTreeSet::len).sum::<usize>());
    }
}
