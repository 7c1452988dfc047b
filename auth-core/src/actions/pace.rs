use std::time::Duration;

/// What is left to wait before a failed sign-in is answered.
///
/// Hashes of several programs cost differently, so the time of an answer would tell what kind of
/// hash an account has, and that there is none. It is therefore the next multiple of a fixed step.
/// The step is counted from the moment in which a thread began: the time in the queue before that
/// is the same for everybody, and counted in, it would move the work across a step or not, which
/// tells again.
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
}
