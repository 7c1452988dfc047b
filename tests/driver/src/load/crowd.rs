use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::scope;

use super::{Dice, Found, Person, Postbox};
use crate::http::Unanswered;
use crate::program::Running;

/// How many work at the same time while the server is checked: no faster with more.
const CHECKING: usize = 6;

/// One time in so many somebody new comes, and otherwise one of the newest few goes on.
const SOMEBODY_NEW: usize = 8;
const NEWEST: usize = 2;

/// Many people, each behind an address of their own, with one request in flight after the other.
#[derive(Debug)]
pub(crate) struct Crowd {
    seats: Vec<Seat>,
    mails: Postbox,
}

/// One connection at a time, and the people who have used it.
#[derive(Debug)]
struct Seat {
    number: usize,
    dice: Dice,
    people: Vec<Person>,
}

/// What became of the requests of a time.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Ended {
    pub(crate) answered: usize,
    /// Those of them that were in flight when nobody was to begin anything more.
    pub(crate) answered_last: usize,
    /// Sent, and the connection ended before the whole answer had come.
    pub(crate) lost: usize,
}

impl Crowd {
    pub(crate) fn new(folder: &Path, size: usize, dice: &mut Dice) -> Self {
        let mut seat = |number| Seat { number, dice: dice.split(), people: Vec::new() };
        Self { seats: (0..size).map(&mut seat).collect(), mails: Postbox::new(folder) }
    }

    /// Everybody acts until the server is gone, or until nobody is to begin anything more.
    /// Meanwhile `happens`, which may say the latter.
    pub(crate) fn acts(&mut self, server: &Running, happens: impl FnOnce(&AtomicBool)) -> Ended {
        let (mails, enough) = (Mutex::new(&mut self.mails), AtomicBool::new(false));
        let (mails, enough) = (&mails, &enough);
        scope(|scope| {
            let seats = self.seats.iter_mut();
            let acting: Vec<_> = seats.map(|seat| scope.spawn(|| seat.acts(server, mails, enough))).collect();
            happens(enough);
            acting.into_iter().map(|seat| seat.join().unwrap()).fold(Ended::default(), |all, one| Ended {
                answered: all.answered + one.answered,
                answered_last: all.answered_last + one.answered_last,
                lost: all.lost + one.lost,
            })
        })
    }

    /// Checks accounts, sessions and restores of those who did anything since the last time.
    pub(crate) fn check(&mut self, server: &Running) -> Found {
        let mut found = Found::default();
        for seats in self.seats.chunks_mut(CHECKING) {
            scope(|scope| {
                let checking: Vec<_> = seats.iter_mut().map(|seat| scope.spawn(|| seat.check(server))).collect();
                for seat in checking {
                    found.add(seat.join().unwrap());
                }
            });
        }
        found
    }

    /// Checks the mails of everybody, once the outbox is empty.
    pub(crate) fn check_mail(&mut self) -> Found {
        let Self { seats, mails } = self;
        mails.look();
        let mut found = Found::default();
        for person in seats.iter_mut().flat_map(|seat| &mut seat.people) {
            found.add(person.check_mail(mails));
        }
        found
    }

    /// The next check looks at everybody who was ever there.
    pub(crate) fn look_at_all_again(&mut self) {
        self.seats.iter_mut().flat_map(|seat| &mut seat.people).for_each(Person::look_again);
    }

    /// How many mails everybody was owed.
    pub(crate) fn owed(&self) -> usize {
        self.seats.iter().flat_map(|seat| &seat.people).map(Person::owed).sum()
    }

    pub(crate) fn mails(&self) -> &Postbox {
        &self.mails
    }
}

impl Seat {
    fn acts(&mut self, server: &Running, mails: &Mutex<&mut Postbox>, enough: &AtomicBool) -> Ended {
        let mut ended = Ended::default();
        while !enough.load(Ordering::SeqCst) {
            let (number, count) = (self.number, self.people.len());
            let newest = count.min(NEWEST);
            if newest == 0 || self.dice.below(SOMEBODY_NEW) == 0 {
                self.people.push(Person::new(&format!("p{number}-{count}"), format!("10.0.0.{number}")));
            }
            let chosen = self.people.len() - 1 - self.dice.below(newest.max(1));
            let person = &mut self.people[chosen];
            match person.acts(server, mails, &mut self.dice) {
                Ok(()) => {
                    ended.answered += 1;
                    ended.answered_last += usize::from(enough.load(Ordering::SeqCst));
                }
                Err(Unanswered::Lost) => {
                    ended.lost += 1;
                    break;
                }
                Err(Unanswered::NotSent) => break,
            }
        }
        ended
    }

    fn check(&mut self, server: &Running) -> Found {
        let mut found = Found::default();
        for person in &mut self.people {
            found.add(person.check(server, &mut self.dice));
        }
        found
    }
}
