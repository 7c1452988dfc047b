use super::{AtMost, AttemptKey, AttemptKeys, Limit, Limits, Rule, Tier, Trust};
use crate::client::ClientInfo;
use crate::mail::MessageKind;

/// The limits of one `Auth`, with the keys that it counts under: which tiers each kind of attempt
/// has.
#[derive(Clone)]
pub(crate) struct Throttling {
    limits: Limits,
    keys: AttemptKeys,
}

impl Throttling {
    pub(crate) fn new(limits: Limits, keys: AttemptKeys) -> Self {
        Self { limits, keys }
    }

    /// A try at the password of whatever was submitted as login, existing or not.
    pub(crate) fn password(&self, login: &str, client: &ClientInfo) -> Vec<Tier> {
        let (limits, keys) = (&self.limits, &self.keys);
        let own = keys.login_and_client(Limit::LoginAndClient, login, client);
        let mut tiers = vec![
            tier(Limit::Client, keys.client(Limit::Client, client), Rule::AtMost(limits.client)),
            Tier {
                trust: Trust::Given(limits.known_client),
                ..tier(Limit::LoginAndClient, own, Rule::Backoff(limits.login_and_client))
            },
            Tier {
                trust: Trust::Honoured,
                ..tier(Limit::Login, keys.login(Limit::Login, login), Rule::Backoff(limits.login))
            },
        ];
        let lock = limits.lock().map(Rule::Backoff);
        tiers.extend(lock.map(|rule| tier(Limit::Lock, keys.login(Limit::Lock, login), rule)));
        tiers
    }

    /// What a restored password of this login ends.
    pub(crate) fn restored(&self, login: &str, client: &ClientInfo) -> [AttemptKey; 3] {
        [
            self.keys.login_and_client(Limit::LoginAndClient, login, client),
            self.keys.login(Limit::Login, login),
            self.keys.login(Limit::Lock, login),
        ]
    }

    /// A new account.
    pub(crate) fn signup(&self, client: &ClientInfo) -> Vec<Tier> {
        vec![tier(Limit::SignUp, self.keys.client(Limit::SignUp, client), Rule::AtMost(self.limits.signup))]
    }

    /// A new account whose owner will read the answer in a mail.
    pub(crate) fn signup_by_mail(&self, client: &ClientInfo) -> Vec<Tier> {
        let mut tiers = self.signup(client);
        tiers.push(self.asking_for_mail(client));
        tiers
    }

    /// A mail that a client asks for.
    pub(crate) fn mail_on_request(&self, kind: MessageKind, recipient: &str, client: &ClientInfo) -> Vec<Tier> {
        let mut tiers = vec![self.asking_for_mail(client)];
        tiers.extend(self.mail(kind, recipient));
        tiers
    }

    /// A mail to somebody who has not asked for it.
    pub(crate) fn mail(&self, kind: MessageKind, recipient: &str) -> Vec<Tier> {
        let mut tiers = vec![self.notice(kind, recipient)];
        if !self.limits.mail_pause.is_zero() {
            let key = self.keys.recipient(Limit::MailPause, kind.as_str(), recipient);
            tiers.push(tier(Limit::MailPause, key, Rule::AtMost(AtMost::new(1, self.limits.mail_pause))));
        }
        tiers
    }

    /// A notice about something that has happened: two in a minute are two things.
    pub(crate) fn notice(&self, kind: MessageKind, recipient: &str) -> Tier {
        let key = self.keys.recipient(Limit::MailAddress, kind.as_str(), recipient);
        tier(Limit::MailAddress, key, Rule::AtMost(self.limits.mail_address))
    }

    /// A mail that is about to be sent, to whomever. It is counted there and not where it is asked
    /// for: otherwise requests for addresses that do not exist would use up everybody's mails.
    pub(crate) fn sending(&self) -> [Tier; 1] {
        [tier(Limit::Mail, self.keys.everybody(Limit::Mail), Rule::AtMost(self.limits.mail))]
    }

    fn asking_for_mail(&self, client: &ClientInfo) -> Tier {
        let key = self.keys.client(Limit::MailClient, client);
        tier(Limit::MailClient, key, Rule::AtMost(self.limits.mail_client))
    }
}

fn tier(limit: Limit, key: AttemptKey, rule: Rule) -> Tier {
    Tier { limit, key, rule, trust: Trust::Ignored }
}
