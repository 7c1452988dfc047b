use std::time::Duration;

use crate::password::Computed;

/// What comes between the hash and the answer is a multiple of this.
const GRAIN: Duration = Duration::from_millis(10);

/// What a failed sign-in waits for before it is answered.
///
/// Hashes of several programs cost differently, so the time of an answer would tell what kind of
/// hash an account has, and that there is none. It is therefore the next multiple of a fixed step.
/// The step is counted from the moment in which a thread began: the time in the queue before that,
/// counted in, would move the work across a step or not, which tells again. What comes after the
/// hash has a grain of its own for the same reason, and has one at all because a machine that a long
/// hash has let rest is slower afterwards. Whoever queues several tries at one name still sees the
/// work of the earlier ones in the wait of the later ones.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
#[must_use = "a failed sign-in waits before it is answered"]
pub(super) struct Pace(Option<(Computed, Duration)>);

impl Pace {
    /// After this verification.
    pub(super) fn after(computed: Computed, step: Option<Duration>) -> Self {
        Self(step.filter(|step| !step.is_zero()).map(|step| (computed, step)))
    }

    pub(super) async fn hold(self) {
        if let Some((computed, step)) = self.0 {
            let since = computed.begun.elapsed().saturating_sub(computed.took);
            tokio::time::sleep(left(computed.took, step) + left(since, GRAIN)).await;
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
    use std::time::Instant;

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

    /// A hash that took so long and was done so long ago.
    #[expect(clippy::disallowed_methods, reason = "a thread begins at a moment of the machine's")]
    fn computed(took: Duration, ago: Duration) -> Computed {
        Computed { begun: Instant::now().checked_sub(took + ago).unwrap(), took }
    }

    #[test]
    fn work_and_wait_are_a_multiple_of_the_step() {
        for (elapsed, wait) in [(0, 250), (20, 230), (132, 118), (249, 1), (250, 250), (251, 249), (1_300, 200)] {
            assert_eq!(left(millis(elapsed), millis(250)), millis(wait), "{elapsed}");
        }
    }

    #[test]
    fn without_a_step_nobody_waits() {
        assert_eq!(Pace::after(computed(millis(1), millis(0)), None), Pace::default());
        assert_eq!(Pace::after(computed(millis(1), millis(0)), Some(Duration::ZERO)), Pace::default());
    }

    #[tokio::test(start_paused = true)]
    async fn the_answer_waits_for_the_step_of_the_hash_and_for_the_grain_of_what_came_after() {
        let ten_seconds = Some(millis(10_000));
        for (took, ago) in [(100, 0), (2_000, 0), (100, 3), (2_000, 9_500)] {
            let before = tokio::time::Instant::now();
            Pace::after(computed(millis(took), millis(ago)), ten_seconds).hold().await;
            let step = millis(10_000 - took);
            assert!(
                (step..=step + GRAIN + millis(1)).contains(&before.elapsed()),
                "{took} {ago}: {:?}",
                before.elapsed()
            );
        }
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
            assert!(!signed_in && waited > Duration::ZERO && waited <= step + GRAIN, "{name}: {waited:?}");
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
