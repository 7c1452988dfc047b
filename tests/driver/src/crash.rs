//! A server that is killed.

use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use super::load::{Acknowledged, Crowd, Dice, Found};
use super::mailbox::eventually;
use super::program::{Program, Vars, production};
use super::remains;

const KILLS: usize = 20;
/// One request each, nearly all the time.
const PEOPLE: usize = 32;
const LEAST_IN_FLIGHT: usize = 20;
/// The seed of a run that is to be repeated.
const SEED: &str = "CRASH_SEED";

/// Twenty times `kill -9` among sign-ups, refreshes, restores and mails, and after each of them
/// everything that was acknowledged is there. The one sleep is the random moment of the kill:
/// whatever the server does then is what is tested.
#[expect(clippy::print_stdout, reason = "the numbers are what is asked for")]
pub fn what_was_acknowledged_outlives_twenty_kills(program: &Program) {
    let seed = Dice::seed(SEED);
    println!("{SEED}={seed}");
    let mut dice = Dice::new(seed);
    let folder = tempfile::tempdir().unwrap();
    let vars = production(&[("TRUSTED_PROXIES", Some("1")), ("AUTH_LIMITS", Some("off"))]);
    let mut crowd = Crowd::new(folder.path(), PEOPLE, &mut dice);
    let mut told = Told::default();
    for _ in 0..KILLS {
        kill(program, folder.path(), &vars, &mut crowd, &mut dice, &mut told);
        recover(program, folder.path(), &vars, &mut crowd, &mut told);
    }
    crowd.look_at_all_again();
    recover(program, folder.path(), &vars, &mut crowd, &mut told);
    println!("{}", told.line(&crowd));
    assert_eq!(told.found.lost, Vec::<String>::new());
    assert_eq!(told.found.there, told.found.acknowledged.total());
}

/// The load, and its end at a random moment.
fn kill(program: &Program, folder: &Path, vars: Vars<'_>, crowd: &mut Crowd, dice: &mut Dice, told: &mut Told) {
    let server = program.start(folder, vars);
    let moment = Duration::from_millis(u64::try_from(200 + dice.below(800)).unwrap());
    let ended = crowd.acts(&server, |_| {
        sleep(moment);
        server.signal("KILL");
    });
    assert!(!server.end().status.success());
    assert!(ended.lost >= LEAST_IN_FLIGHT, "{ended:?} when it was killed after {moment:?}");
    told.in_flight.push(ended.lost);
    told.answered += ended.answered;
}

/// What a restart finds, without a request that could make up for what was lost.
fn recover(program: &Program, folder: &Path, vars: Vars<'_>, crowd: &mut Crowd, told: &mut Told) {
    assert_eq!(remains::integrity(folder), "ok");
    told.retaken += remains::two_minutes_go_by(folder);
    let server = program.start(folder, vars);
    eventually(|| (remains::waiting(folder) == 0).then_some(()));
    told.found.add(crowd.check(&server));
    eventually(|| (remains::waiting(folder) == 0).then_some(()));
    told.found.add(crowd.check_mail());
}

#[derive(Default)]
struct Told {
    in_flight: Vec<usize>,
    answered: usize,
    retaken: u64,
    found: Found,
}

impl Told {
    fn line(&self, crowd: &Crowd) -> String {
        let Acknowledged { sign_ups, refreshes, asked, restored } = self.found.acknowledged;
        let mails = crowd.mails();
        let (owed, sent) = (crowd.owed(), mails.len() - mails.repeated());
        format!(
            "kill -9: {} kills, in flight {} (least {}), answered {}; acknowledged {}: {sign_ups} sign-ups, \
             {refreshes} refreshes, {restored} restores, {asked} requests for a mail; found {}, lost {}; \
             mails owed {owed}, sent {sent} ({} for requests whose answer was cut off); {} taken again after a crash, \
             {} of them sent twice",
            self.in_flight.len(),
            self.in_flight.iter().sum::<usize>(),
            self.in_flight.iter().min().unwrap(),
            self.answered,
            self.found.acknowledged.total(),
            self.found.there,
            self.found.lost.len(),
            sent.saturating_sub(owed),
            self.retaken,
            mails.repeated(),
        )
    }
}
