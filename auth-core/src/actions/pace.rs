use std::time::{Duration, Instant};

/// What a failed sign-in waits for before it is answered.
///
/// Hashes of several programs cost differently, so the time of an answer would tell what kind of
/// hash an account has, and that there is none. It is therefore the next multiple of a fixed step.
/// The step is counted from the moment in which a thread began: the time in the queue before that,
/// counted in, would move the work across a step or not, which tells again. What comes after the
/// hash is counted in, since it is slower on a machine that a long hash has let rest. Whoever queues
/// several tries at one name still sees the work of the earlier ones in the wait of the later ones.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
#[must_use = "a failed sign-in waits before it is answered"]
pub(super) struct Pace(Option<(Instant, Duration)>);

impl Pace {
    /// After a verification that began then.
    pub(super) fn since(begun: Instant, step: Option<Duration>) -> Self {
        Self(step.filter(|step| !step.is_zero()).map(|step| (begun, step)))
    }

    pub(super) async fn hold(self) {
        if let Some((begun, step)) = self.0 {
            tokio::time::sleep(left(begun.elapsed(), step)).await;
        }
    }
}

/// To the next multiple of the step.
fn left(elapsed: Duration, step: Duration) -> Duration {
    let into_the_step = u64::try_from(elapsed.as_nanos() % step.as_nanos().max(1)).unwrap_or(0);
    step.saturating_sub(Duration::from_nanos(into_the_step))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::{Credentials, SignUp, SignedUp};
    use crate::config::MailBackend;
    use crate::mail::MemoryMailer;
    use crate::password::{Argon2Params, ForeignHash, PasswordHash};
    use crate::store::{Cas, EpochRule, MemoryStore};
    use crate::{Auth, ClientInfo, Settings};

    const fn millis(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[test]
    fn work_and_wait_are_a_multiple_of_the_step() {
        for (elapsed, wait) in [(0, 250), (20, 230), (132, 118), (249, 1), (250, 250), (251, 249), (1_300, 200)] {
            assert_eq!(left(millis(elapsed), millis(250)), millis(wait), "{elapsed}");
        }
    }

    #[expect(clippy::disallowed_methods, reason = "a thread begins at a moment of the machine's")]
    fn now() -> Instant {
        Instant::now()
    }

    #[test]
    fn without_a_step_nobody_waits() {
        assert_eq!(Pace::since(now(), None), Pace::default());
        assert_eq!(Pace::since(now(), Some(Duration::ZERO)), Pace::default());
    }

    #[tokio::test(start_paused = true)]
    async fn what_comes_between_the_hash_and_the_answer_is_counted_in() {
        let before = tokio::time::Instant::now();
        let begun = now().checked_sub(millis(500)).unwrap();
        Pace::since(begun, Some(millis(10_000))).hold().await;
        assert!(before.elapsed() <= millis(9_501), "{:?}", before.elapsed());
    }

    const PASSWORD: &str = "a tree house in the rain";
    /// By Django 4.2 for [`PASSWORD`].
    const DJANGO: &str = "pbkdf2_sha256$1000$Gf3sWFq6N1WwJ9VPwP3XAO$VtLY0mY8doJoMtei6O42ZgsuFNFDgyohCGM7bpBbh+c=";

    /// Accounts of every kind: `ours`, `django`, `locked`, `inactive`.
    async fn auth(settings: Settings) -> Auth {
        let auth = Auth::builder(settings, MemoryStore::default()).background_worker(false).build().unwrap();
        for name in ["ours", "django", "locked", "inactive"] {
            let request = SignUp::with_username(name, PASSWORD);
            let SignedUp::Created(user) = auth.signup(request, &ClientInfo::default()).await.unwrap() else { panic!() };
            let users = &auth.stores().users;
            let hash = PasswordHash::stored(if name == "django" { DJANGO } else { "!" });
            match name {
                "ours" => {}
                "inactive" => auth.set_active(&user.id, false).await.unwrap(),
                _ => assert_eq!(users.set_password(&user.id, None, &hash, EpochRule::Keep).await.unwrap(), Cas::Won),
            }
        }
        auth
    }

    fn settings() -> Settings {
        let settings = Settings::development().argon2(Argon2Params::danger_weak(8, 1, 1).unwrap());
        settings.mail_backend(MailBackend::Memory(MemoryMailer::default()))
    }

    /// How far the clock of the runtime had to go until the answer came: it stands still unless
    /// somebody sleeps.
    async fn waited(auth: &Auth, name: &str, password: &str) -> (bool, Duration) {
        let before = tokio::time::Instant::now();
        let answer = auth.signin(Credentials::new(name, password), &ClientInfo::default()).await;
        (answer.is_ok(), before.elapsed())
    }

    #[tokio::test(start_paused = true)]
    async fn beside_foreign_hashes_every_failed_sign_in_waits_for_the_step_and_no_other() {
        let step = Duration::from_secs(5);
        let auth = auth(settings().foreign_hashes(ForeignHash::DJANGO).failed_signin_step(step)).await;
        for (name, password) in [
            ("ours", "another"),
            ("django", "another"),
            ("locked", PASSWORD),
            ("inactive", PASSWORD),
            ("inactive", "another"),
            ("nobody", PASSWORD),
        ] {
            let (signed_in, waited) = waited(&auth, name, password).await;
            assert!(!signed_in && waited > Duration::ZERO && waited <= step, "{name}: {waited:?}");
        }
        for name in ["ours", "django"] {
            assert_eq!(waited(&auth, name, PASSWORD).await, (true, Duration::ZERO), "{name}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn among_hashes_of_ours_alone_nobody_waits() {
        let auth = auth(settings()).await;
        for name in ["ours", "django", "locked", "inactive", "nobody"] {
            assert_eq!(waited(&auth, name, "another").await, (false, Duration::ZERO), "{name}");
        }
    }
}
