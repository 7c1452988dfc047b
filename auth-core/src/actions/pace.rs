use std::time::Duration;

/// What is left to wait before a failed sign-in is answered.
///
/// Hashes of several programs cost differently, so the time of an answer would tell what kind of
/// hash an account has, and that there is none. It is therefore the next multiple of a fixed step.
/// The step is counted from the moment in which a thread began: the time in the queue before that,
/// counted in, would move the work across a step or not, which tells again. Whoever queues several
/// tries at one name still sees the work of the earlier ones in the wait of the later ones.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
#[must_use = "a failed sign-in waits before it is answered"]
pub(super) struct Pace(Duration);

impl Pace {
    /// After a verification that took so long.
    pub(super) fn after(took: Duration, step: Option<Duration>) -> Self {
        let Some(step) = step.filter(|step| !step.is_zero()) else { return Self::default() };
        let into_the_step = u64::try_from(took.as_nanos() % step.as_nanos()).unwrap_or(0);
        Self(step.saturating_sub(Duration::from_nanos(into_the_step)))
    }

    pub(super) async fn hold(self) {
        if !self.0.is_zero() {
            tokio::time::sleep(self.0).await;
        }
    }
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
        for (took, left) in [(0, 250), (20, 230), (132, 118), (249, 1), (250, 250), (251, 249), (1_300, 200)] {
            assert_eq!(Pace::after(millis(took), Some(millis(250))), Pace(millis(left)), "{took}");
        }
    }

    #[test]
    fn without_a_step_nobody_waits() {
        assert_eq!(Pace::after(millis(20), None), Pace::default());
        assert_eq!(Pace::after(millis(20), Some(Duration::ZERO)), Pace::default());
    }

    #[tokio::test(start_paused = true)]
    async fn the_answer_waits_for_what_is_left() {
        let before = tokio::time::Instant::now();
        Pace::after(millis(20), Some(millis(250))).hold().await;
        assert_eq!(before.elapsed(), millis(230));
        Pace::default().hold().await;
        assert_eq!(before.elapsed(), millis(230));
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
