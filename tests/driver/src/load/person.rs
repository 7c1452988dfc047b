use std::ops::AddAssign;
use std::sync::Mutex;

use serde_json::{Value, json};

use super::{Dice, Postbox};
use crate::http::{Answer, Unanswered};
use crate::mailbox::eventually;
use crate::program::Running;

/// Somebody with an account of their own, and what they know of it from answers.
#[derive(Debug)]
pub(crate) struct Person {
    address: String,
    /// Where they come from: each client has its own share of the server.
    ip: String,
    password: String,
    signed_up: bool,
    /// The tokens of the present session, the newest last.
    tokens: Vec<String>,
    /// What ended with the last change of the password.
    ended: Option<Past>,
    /// The mails whose links were used. A mail that is sent again after a crash has another link, and
    /// both are of one token.
    used: Vec<String>,
    /// How many mails with links and how many notices they have got or are owed.
    links: usize,
    notices: usize,
    owed: usize,
    /// One more of each may come, since what asks for it was not answered.
    maybe: Maybe,
    /// What they sent last, where the server was killed before it answered.
    pending: Option<Step>,
    /// What was acknowledged since the last check.
    fresh: Acknowledged,
    touched: bool,
    /// This check has used the password already.
    proven: bool,
}

#[derive(Debug, Clone, Copy, Default)]
struct Maybe {
    link: bool,
    notice: bool,
}

#[derive(Debug)]
struct Past {
    password: String,
    link: String,
    tokens: Vec<String>,
}

#[derive(Debug)]
enum Step {
    SignUp,
    SignIn,
    Refresh,
    Ask,
    Restore { mail: String, link: String, password: String },
}

/// How much a server has answered with success.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Acknowledged {
    pub(crate) sign_ups: usize,
    pub(crate) refreshes: usize,
    pub(crate) asked: usize,
    pub(crate) restored: usize,
}

/// What a check has found of it.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) acknowledged: Acknowledged,
    pub(crate) there: usize,
    pub(crate) lost: Vec<String>,
}

impl Acknowledged {
    pub(crate) fn total(self) -> usize {
        self.sign_ups + self.refreshes + self.asked + self.restored
    }
}

impl AddAssign for Acknowledged {
    fn add_assign(&mut self, other: Self) {
        self.sign_ups += other.sign_ups;
        self.refreshes += other.refreshes;
        self.asked += other.asked;
        self.restored += other.restored;
    }
}

impl Found {
    pub(crate) fn add(&mut self, other: Self) {
        self.acknowledged += other.acknowledged;
        self.there += other.there;
        self.lost.extend(other.lost);
    }

    /// Counts `count` acknowledged things as found, or as lost.
    fn count(&mut self, count: usize, holds: bool, what: impl FnOnce() -> String) {
        if holds { self.there += count } else { self.lost.push(what()) }
    }
}

impl Person {
    pub(crate) fn new(name: &str, ip: String) -> Self {
        Self {
            address: format!("{name}@x.example"),
            ip,
            password: format!("the first one of {name}"),
            signed_up: false,
            tokens: Vec::new(),
            ended: None,
            used: Vec::new(),
            links: 0,
            notices: 0,
            owed: 0,
            maybe: Maybe::default(),
            pending: None,
            fresh: Acknowledged::default(),
            touched: false,
            proven: false,
        }
    }

    /// Does whatever somebody in their place may do.
    pub(crate) fn acts(
        &mut self,
        server: &Running,
        mails: &Mutex<&mut Postbox>,
        dice: &mut Dice,
    ) -> Result<(), Unanswered> {
        let step = {
            let mut mails = mails.lock().unwrap();
            if self.awaits_mail(&mails) {
                mails.look();
            }
            self.choose(&mails, dice)
        };
        self.touched = true;
        match self.send(server, &step) {
            Ok(answer) if answer.status == 503 => answer.fails(503, "busy"),
            Ok(answer) => self.acknowledged(step, &answer),
            Err(Unanswered::NotSent) => return Err(Unanswered::NotSent),
            Err(Unanswered::Lost) => {
                self.pending = Some(step);
                return Err(Unanswered::Lost);
            }
        }
        Ok(())
    }

    fn choose(&self, mails: &Postbox, dice: &mut Dice) -> Step {
        let link = mails.link(&self.address).filter(|(mail, _)| !self.used.iter().any(|used| used == mail));
        match link {
            _ if !self.signed_up => Step::SignUp,
            // Once between two checks, so that each notice of it can be counted.
            Some((mail, link)) if self.fresh.restored == 0 => {
                let password = format!("number {} of {}", self.used.len() + 2, self.address);
                Step::Restore { mail: mail.to_owned(), link: link.to_owned(), password }
            }
            // Only the newest of several requests that wait is owed a mail.
            _ if dice.below(3) == 0 && !self.awaits_mail(mails) => Step::Ask,
            _ if self.tokens.is_empty() => Step::SignIn,
            _ => Step::Refresh,
        }
    }

    fn send(&self, server: &Running, step: &Step) -> Result<Answer, Unanswered> {
        match step {
            Step::SignUp => {
                let body = json!({"email": self.address, "password": self.password, "email_as_name": true});
                self.post(server, "/auth/signup", &body)
            }
            Step::SignIn => self.signs_in(server, &self.password),
            Step::Refresh => self.refreshes(server, self.tokens.last().unwrap()),
            Step::Ask => self.post(server, "/auth/restore", &json!({"email": self.address})),
            Step::Restore { link, password, .. } => self.restores(server, link, password),
        }
    }

    fn post(&self, server: &Running, path: &str, body: &Value) -> Result<Answer, Unanswered> {
        let headers = [("content-type", "application/json"), ("x-forwarded-for", &*self.ip)];
        server.attempt("POST", path, &headers, &body.to_string())
    }

    fn signs_in(&self, server: &Running, password: &str) -> Result<Answer, Unanswered> {
        self.post(server, "/auth/signin", &json!({"username": self.address, "password": password}))
    }

    fn refreshes(&self, server: &Running, token: &str) -> Result<Answer, Unanswered> {
        let authorization = format!("Bearer {token}");
        let headers = [("authorization", &*authorization), ("x-forwarded-for", &*self.ip)];
        server.attempt("POST", "/auth/refresh", &headers, "")
    }

    fn restores(&self, server: &Running, link: &str, password: &str) -> Result<Answer, Unanswered> {
        self.post(server, "/auth/restore", &json!({"token": link, "new_password": password}))
    }

    fn acknowledged(&mut self, step: Step, answer: &Answer) {
        let body = answer.success();
        let token = || body["token"].as_str().unwrap().to_owned();
        match step {
            Step::SignUp => {
                self.signed_up = true;
                self.fresh.sign_ups += 1;
            }
            Step::SignIn => self.tokens = vec![token()],
            Step::Refresh => {
                self.tokens.push(token());
                self.fresh.refreshes += 1;
            }
            Step::Ask => {
                self.links += 1;
                self.owed += 1;
                self.fresh.asked += 1;
            }
            Step::Restore { mail, link, password } => {
                self.used.push(mail);
                self.has_restored(link, password);
                self.notices += 1;
                self.owed += 1;
                self.fresh.restored += 1;
            }
        }
    }

    fn has_restored(&mut self, link: String, new: String) {
        let password = std::mem::replace(&mut self.password, new);
        self.ended = Some(Past { password, link, tokens: std::mem::take(&mut self.tokens) });
    }

    /// After a crash and a restart, before anything else is done: everything acknowledged is there,
    /// and what was not acknowledged happened as a whole or not at all. Mails are checked apart.
    pub(crate) fn check(&mut self, server: &Running, dice: &mut Dice) -> Found {
        let mut found = Found::default();
        if !std::mem::take(&mut self.touched) {
            return found;
        }
        self.check_session(server, dice, &mut found);
        match self.pending.take() {
            Some(pending @ (Step::SignUp | Step::Restore { .. })) => self.resolve(server, pending, &mut found),
            Some(Step::Ask) => self.maybe.link = true,
            _ => {}
        }
        self.check_password(server, &mut found);
        self.check_what_ended(server, &mut found);
        found
    }

    /// The newest token refreshes, to one successor however often it is shown, and an older one
    /// ends the session: it has one live head.
    fn check_session(&mut self, server: &Running, dice: &mut Dice, found: &mut Found) {
        let Some(head) = self.head() else { return };
        let (next, again) = (self.refreshes(server, &head).unwrap(), self.refreshes(server, &head).unwrap());
        let one_head = next.status == 200 && next.body == again.body;
        let refreshes = std::mem::take(&mut self.fresh.refreshes);
        found.acknowledged.refreshes += refreshes;
        found.count(refreshes, one_head, || format!("a session of {self:?}: {next:?} {again:?}"));
        if !one_head {
            return;
        }
        let next = next.token();
        let older = self.tokens.iter().rev().nth(1).cloned();
        self.tokens.push(next.clone());
        if let Some(older) = older.filter(|_| dice.below(2) == 0) {
            for token in [&older, &next] {
                let answer = self.refreshes(server, token).unwrap();
                found.count(0, answer.status == 401, || format!("a second live head of {self:?}: {answer:?}"));
            }
            self.tokens.clear();
        }
    }

    /// The newest token, unless a restore may have ended it.
    fn head(&self) -> Option<String> {
        let may_have_ended = matches!(self.pending, Some(Step::Restore { .. }));
        self.tokens.last().cloned().filter(|_| !may_have_ended)
    }

    /// Finds out whether a change was made that was not acknowledged, and makes it where it was not.
    fn resolve(&mut self, server: &Running, pending: Step, found: &mut Found) {
        let password = match &pending {
            Step::Restore { password, .. } => password,
            _ => &self.password,
        };
        let done = answered(|| self.signs_in(server, password)).status == 200;
        if !done {
            let answer = answered(|| self.send(server, &pending));
            found.count(0, answer.status == 200, || format!("half of {pending:?} of {self:?}: {answer:?}"));
        }
        match pending {
            Step::Restore { mail, link, password } => {
                self.used.push(mail);
                self.has_restored(link, password);
                // The password is written first, and then its notice is queued.
                self.maybe.notice = done;
                self.notices += usize::from(!done);
                self.owed += usize::from(!done);
            }
            _ => self.signed_up = true,
        }
        self.proven = true;
    }

    fn check_password(&mut self, server: &Running, found: &mut Found) {
        if std::mem::take(&mut self.proven) || !self.signed_up {
            return;
        }
        let answer = answered(|| self.signs_in(server, &self.password));
        let sign_ups = std::mem::take(&mut self.fresh.sign_ups);
        found.acknowledged.sign_ups += sign_ups;
        found.count(sign_ups, answer.status == 200, || format!("an account of {self:?}: {answer:?}"));
    }

    /// After a restore neither the old password, nor its link, nor an older session opens anything.
    fn check_what_ended(&mut self, server: &Running, found: &mut Found) {
        let Some(past) = self.ended.take() else { return };
        let old = answered(|| self.signs_in(server, &past.password));
        let link = answered(|| self.restores(server, &past.link, "never to be the password"));
        let mut alive = past.tokens.iter().map(|token| self.refreshes(server, token).unwrap().status == 200);
        let holds = (old.status, link.status) == (401, 400) && !alive.any(|alive| alive);
        // Refreshes of a session that ended with it held if it ended.
        let (refreshes, restored) =
            (std::mem::take(&mut self.fresh.refreshes), std::mem::take(&mut self.fresh.restored));
        found.acknowledged += Acknowledged { refreshes, restored, ..Acknowledged::default() };
        let count = refreshes + restored;
        found.count(count, holds, || format!("a restore of {self:?}: {past:?} {old:?} {link:?}"));
    }

    /// Once the outbox is empty: one mail for each acknowledged request, and for one that was not
    /// answered one or none. The same for the notices of restores.
    pub(crate) fn check_mail(&mut self, mails: &Postbox) -> Found {
        let mut found = Found::default();
        let maybe = std::mem::take(&mut self.maybe);
        let (links, notices) = (mails.links(&self.address), mails.notices(&self.address));
        let holds = |owed: usize, maybe: bool, came: usize| (owed..=owed + usize::from(maybe)).contains(&came);
        let all_links = holds(self.links, maybe.link, links);
        found.acknowledged.asked = std::mem::take(&mut self.fresh.asked);
        found.count(found.acknowledged.asked, all_links, || format!("{links} mails with links for {self:?}"));
        found.count(0, holds(self.notices, maybe.notice, notices), || format!("{notices} notices for {self:?}"));
        (self.links, self.notices) = (links, notices);
        found
    }

    pub(crate) fn awaits_mail(&self, mails: &Postbox) -> bool {
        self.links > mails.links(&self.address)
    }

    /// How many mails they were owed in all, by what was acknowledged.
    pub(crate) fn owed(&self) -> usize {
        self.owed
    }

    /// The next check looks at them, whether they do anything or not.
    pub(crate) fn look_again(&mut self) {
        self.touched = true;
    }
}

/// What a server says that is not too busy: one that is tells when to come again.
fn answered(ask: impl Fn() -> Result<Answer, Unanswered>) -> Answer {
    eventually(|| Some(ask().unwrap()).filter(|answer| answer.status != 503))
}
