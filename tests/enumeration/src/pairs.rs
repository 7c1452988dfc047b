//! Which answers are compared.

use std::rc::Rc;
use std::time::{Duration, Instant};

use auth_core::Random as _;
use auth_core::http::Route;
use auth_core::testing::SeededRandom;

use crate::stage::{PASSWORD, Said, Stage, WRONG};
use crate::statistic::{Finding, PAIRS};

/// How many pairs are made before the first that counts.
const WARM_UP: usize = 20;
pub(crate) const PLANTED: Duration = Duration::from_millis(1);

/// An Argon2id that costs eight times what the others do.
const DEAR: &str = "$argon2id$v=19$m=4096,t=2,p=1$c29tZSBzYWx0IG9mIDE2IA$nj5Rr6HHnVMPRZUHwYpzDQ1tlWSr7kHf9HG1T7sxCBY";

pub(crate) type Failure = Box<dyn std::error::Error>;
/// The body of one side's request with this number.
pub(crate) type Body = Box<dyn Fn(usize) -> String>;

/// Two requests whose answers should be the same in every byte and take the same time.
pub(crate) struct Pair {
    name: String,
    stage: Rc<Stage>,
    route: Route,
    sides: [Body; 2],
    planted: Duration,
    told_apart: bool,
}

impl Pair {
    pub(crate) async fn all() -> Result<Vec<Self>, Failure> {
        let open = Rc::new(Stage::open().await?);
        for name in ["ann", "inactive", "unusable", "ann@example.org", "inactive@example.org"] {
            open.has_an_account(name).await?;
        }
        open.is_inactive("inactive").await?;
        open.is_inactive("inactive@example.org").await?;
        open.has_the_hash("unusable", "!").await?;
        let old = Rc::new(Stage::with_old_hashes().await?);
        for name in ["ann", "outdated"] {
            old.has_an_account(name).await?;
        }
        old.has_the_hash("outdated", DEAR).await?;
        let limited = Rc::new(Stage::limited().await?);
        limited.has_an_account("ann").await?;
        for name in ["ann", "nobody"] {
            limited.has_tried(name, 5).await;
        }
        let signin = |name, one: (&'static str, &'static str), other: (&'static str, &'static str)| {
            Self::new(name, &open, Route::Signin, credentials(one), credentials(other))
        };
        let restore = |name, one, other| Self::new(name, &open, Route::Restore, address(one), address(other));
        let wrong = |login| (login, WRONG);
        let mut pairs = vec![
            signin("sign-in: the same request twice", wrong("ann"), wrong("ann")),
            signin("sign-in: the same, a millisecond planted", wrong("ann"), wrong("ann")).with(PLANTED),
            signin("sign-in: known, unknown", wrong("ann"), wrong("nobody")),
            signin("sign-in: known, a name that nobody can have", wrong("ann"), wrong("no@body")),
            signin("sign-in: active and wrong, inactive and right", wrong("ann"), ("inactive", PASSWORD)),
            signin("sign-in: known, without a usable hash", wrong("ann"), wrong("unusable")),
            Self::new(
                "sign-in, old hashes read: new hash, old hash",
                &old,
                Route::Signin,
                credentials(wrong("ann")),
                credentials(wrong("outdated")),
            ),
            Self::new(
                "sign-in, old hashes read: old hash, unknown",
                &old,
                Route::Signin,
                credentials(wrong("outdated")),
                credentials(wrong("nobody")),
            ),
            Self::new(
                "sign-in put off: known, unknown",
                &limited,
                Route::Signin,
                credentials(wrong("ann")),
                credentials(wrong("nobody")),
            ),
            restore("restore: known, unknown", "ann@example.org", "nobody@example.org"),
            restore("restore: active, inactive", "ann@example.org", "inactive@example.org"),
            restore("restore: the same, a millisecond planted", "ann@example.org", "ann@example.org").with(PLANTED),
            Self::new("safe sign-up: free, taken", &open, Route::Signup, newcomer(), taken()),
        ];
        pairs.extend(Self::over_http().await?);
        Ok(pairs)
    }

    pub(crate) fn new(name: impl Into<String>, stage: &Rc<Stage>, route: Route, one: Body, other: Body) -> Self {
        let (name, stage, sides) = (name.into(), stage.clone(), [one, other]);
        Self { name, stage, route, sides, planted: Duration::ZERO, told_apart: false }
    }

    fn with(self, planted: Duration) -> Self {
        Self { planted, told_apart: true, ..self }
    }

    /// The difference is known, and told in the documents.
    pub(crate) fn but_told_apart(self) -> Self {
        Self { told_apart: true, ..self }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Whether the second answer is held up on purpose, or one is known to take longer.
    pub(crate) fn is_told_apart(&self) -> bool {
        self.told_apart
    }

    /// Measures the pairs, after some that do not count.
    pub(crate) async fn measure(&self) -> Result<Finding, Failure> {
        let coin = SeededRandom::new(7);
        let mut times = Vec::new();
        for number in 0..WARM_UP + PAIRS {
            let mut byte = [0];
            coin.fill(&mut byte)?;
            let pair = if byte[0] % 2 == 0 {
                let first = self.ask(0, number).await;
                (first, self.ask(1, number).await)
            } else {
                let second = self.ask(1, number).await;
                (self.ask(0, number).await, second)
            };
            let ((first, one), (second, other)) = pair;
            if one != other {
                return Err(format!("{}: the answers differ in what they say", self.name).into());
            }
            times.push((first, second));
        }
        Ok(Finding::of(times.get(WARM_UP..).unwrap_or_default()))
    }

    /// How many microseconds one answer takes.
    #[expect(clippy::disallowed_methods, reason = "this program is about real time")]
    async fn ask(&self, side: usize, number: usize) -> (f64, Said) {
        let body = self.sides.get(side).map(|body| body(number)).unwrap_or_default();
        let begun = Instant::now();
        let answer = self.stage.answer(self.route, body).await;
        if side == 1 {
            wait(begun.elapsed() + self.planted, begun);
        }
        (begun.elapsed().as_secs_f64() * 1e6, answer)
    }
}

/// Busy, since a sleep is not exact.
fn wait(until: Duration, begun: Instant) {
    while begun.elapsed() < until {
        std::hint::spin_loop();
    }
}

pub(crate) fn credentials((login, password): (&'static str, &'static str)) -> Body {
    Box::new(move |_| format!(r#"{{"username":"{login}","password":"{password}"}}"#))
}

pub(crate) fn address(email: &'static str) -> Body {
    Box::new(move |_| format!(r#"{{"email":"{email}"}}"#))
}

/// An address that nobody has yet.
pub(crate) fn newcomer() -> Body {
    Box::new(|number| signup(&format!("new{number}@example.org")))
}

/// As long as a new one.
pub(crate) fn taken() -> Body {
    Box::new(|_| signup("ann@example.org"))
}

fn signup(email: &str) -> String {
    format!(r#"{{"email":"{email}","password":"{PASSWORD}"}}"#)
}
