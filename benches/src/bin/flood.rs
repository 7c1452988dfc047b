//! A flood of sign-ins: how many are served, what it does to a light route beside it, what memory
//! it takes, and who is turned away. Every client has the right password, an account of its own
//! and, behind the proxy, an address of its own: no limit of a client or an account is in the way.

use std::num::NonZeroUsize;
use std::thread;
use std::time::Duration;

use benches::accounts::Accounts;
use benches::load::{Crowd, Latencies, Request, Served, Steady, crowd, steady};
use benches::measure::{Goal, ROUNDS, Ratio, Report, median, rounds};
use benches::process::{Place, Server, is_there};
use benches::setup::{Framework, Setup};
use benches::{Result, kernel, machine, scratch};
use serde_json::json;

const CROWDS: [usize; 3] = [64, 256, 1_000];
const IDLE: Duration = Duration::from_millis(1_500);
const WARM_UP: Duration = Duration::from_millis(700);
const FLOOD: Duration = Duration::from_secs(2);
/// The program of a library of the field, built by `benches/run`.
const PEER: &str = "peer-torii";

/// One flood, or the loop that it is measured by.
#[derive(Debug, Clone, PartialEq)]
enum Case {
    /// The hash alone on every core, right before the flood that is measured by it: half a minute later a
    /// shared machine may be another one.
    Kernel {
        before: Framework,
    },
    Library {
        framework: Framework,
        hashing_threads: usize,
        clients: usize,
    },
    Naive {
        clients: usize,
    },
    Peer {
        clients: usize,
    },
}

/// What one flood did.
#[derive(Debug, Clone, Default)]
struct Figures {
    per_second: f64,
    idle: Latencies,
    light: Latencies,
    served: Served,
    memory: f64,
    at_start: f64,
}

fn main() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let report = Report;
    report.line(&machine::describe());
    let database = scratch::Sqlite::new()?;
    let accounts = runtime.block_on(Accounts::fill(&database.url(), 1_000, 1_000))?;

    let cases = cases(&report);
    let figures = rounds(ROUNDS, &cases, |case| {
        report.progress(&format!("{case:?}"));
        measure(case, &accounts)
    })?;
    let results = Results { cases, figures };
    results.ratios(&report)?;
    results.table(&report);
    Ok(())
}

fn cases(report: &Report) -> Vec<Case> {
    let cores = machine::cores();
    let mut cases = Vec::new();
    for framework in Framework::ALL {
        cases.push(Case::Kernel { before: framework });
        let library = |hashing_threads, clients| Case::Library { framework, hashing_threads, clients };
        cases.extend(CROWDS.map(|clients| library(cores, clients)));
        cases.push(library(spared(cores), 64));
    }
    cases.extend(CROWDS.map(|clients| Case::Naive { clients }));
    if is_there(PEER) {
        cases.extend(CROWDS.map(|clients| Case::Peer { clients }));
    } else {
        report.progress(&format!("{PEER} was not built, so it is not measured: see benches/README.md"));
    }
    cases
}

fn spared(cores: usize) -> usize {
    cores.saturating_sub(1).max(1)
}

fn measure(case: &Case, accounts: &Accounts) -> Result<Figures> {
    let setup = |framework| Setup { workers: machine::cores(), ..Setup::new(framework, &accounts.url) };
    match case {
        Case::Kernel { .. } => {
            let per_second = kernel::hashes_per_second(machine::cores(), FLOOD)?;
            Ok(Figures { per_second, ..Figures::default() })
        }
        Case::Library { framework, hashing_threads, clients } => {
            let hashing_threads = NonZeroUsize::new(*hashing_threads);
            let server = Server::start(&Setup { hashing_threads, ..setup(*framework) }, Place::AnyCore)?;
            flood(&server, sign_ins(accounts, *clients), validation(accounts)?)
        }
        Case::Naive { clients } => {
            let server = Server::start(&Setup { naive: true, ..setup(Framework::Axum) }, Place::AnyCore)?;
            flood(&server, sign_ins(accounts, *clients), validation(accounts)?)
        }
        Case::Peer { clients } => {
            let server = Server::program(PEER, &[], Place::AnyCore)?;
            let body = |number| json!({ "email": format!("user{number}@example.org"), "password": benches::accounts::PASSWORD });
            let requests = (1..=*clients).map(|number| Request::post("/auth/login", &[], &body(number)));
            flood(&server, requests.collect(), Request::get("/auth/health", &[]))
        }
    }
}

fn sign_ins(accounts: &Accounts, clients: usize) -> Vec<Request> {
    let people = accounts.people.iter().take(clients).enumerate();
    people.map(|(number, person)| person.sign_in("/auth/signin", number)).collect()
}

fn validation(accounts: &Accounts) -> Result<Request> {
    let person = accounts.people.first().ok_or("nobody has an account")?;
    Ok(Request::post("/auth/validation", &[], &json!({ "token": person.token })))
}

#[expect(clippy::cast_precision_loss, reason = "memory is far below 2^52")]
fn flood(target: &Server, clients: Vec<Request>, light: Request) -> Result<Figures> {
    let light = Steady { request: light, rate: 500, connections: 8 };
    let idle = steady(target.address(), &light, IDLE)?;
    let flood = Crowd { clients, warm_up: WARM_UP, time: FLOOD };
    let (crowded, beside) = thread::scope(|scope| {
        let light = scope.spawn(|| {
            thread::sleep(WARM_UP);
            steady(target.address(), &light, FLOOD)
        });
        let crowded = crowd(target.address(), &flood);
        (crowded, light.join().map_err(|_| "a panic in the light load"))
    });
    let (served, light) = (crowded?, beside??);
    Ok(Figures {
        per_second: served.per_second(),
        idle,
        light,
        served,
        memory: target.resident_at_most()? as f64,
        at_start: target.resident_at_start() as f64,
    })
}

/// The figures of each case, round by round.
struct Results {
    cases: Vec<Case>,
    figures: Vec<Vec<Figures>>,
}

impl Results {
    fn of(&self, case: &Case, figure: impl Fn(&Figures) -> f64) -> Result<Vec<f64>> {
        let index = self.cases.iter().position(|known| known == case).ok_or("a case is missing")?;
        Ok(self.figures.get(index).ok_or("a case is missing")?.iter().map(figure).collect())
    }

    fn ratios(&self, report: &Report) -> Result<()> {
        report.ratios();
        for framework in Framework::ALL {
            self.ratios_on(framework, report)?;
        }
        Ok(())
    }

    fn ratios_on(&self, framework: Framework, report: &Report) -> Result<()> {
        let cores = machine::cores();
        let case = |hashing_threads, clients| Case::Library { framework, hashing_threads, clients };
        let (few, more, many) = (case(cores, 64), case(cores, 256), case(cores, 1_000));
        let tell =
            |what: &str, goal, ratio: &Ratio| report.ratio(&format!("{what}, {}", framework.name()), goal, ratio);

        let kernel = self.of(&Case::Kernel { before: framework }, |figures| figures.per_second)?;
        let goodput = self.of(&few, |figures| figures.per_second)?;
        tell(
            "6: sign-ins of 64 clients to the bare hash on every core",
            Goal::AtLeast(0.92),
            &Ratio::of(&goodput, &kernel),
        );

        let (light, idle) =
            (|figures: &Figures| figures.light.percentile(99), |figures: &Figures| figures.idle.percentile(99));
        let (in_flood, alone) = (self.of(&few, light)?, self.of(&few, idle)?);
        tell(
            "9: p99 of a light route in that flood to its idle p99",
            Goal::AtMost(10.0),
            &Ratio::of(&in_flood, &alone),
        );
        tell("9: the same in milliseconds", Goal::AtMost(5.0), &Ratio::plain(&in_flood));
        let one_spared = case(spared(cores), 64);
        let ratio = Ratio::of(&self.of(&one_spared, light)?, &self.of(&one_spared, idle)?);
        tell("10: the same with a core spared", Goal::AtMost(2.0), &ratio);

        let cost = 19_456.0 * 1024.0 * f64::from(u32::try_from(cores)?);
        let taken = self.of(&few, |figures| (figures.memory - figures.at_start) / cost)?;
        tell("11: memory taken in that flood to threads × memory of a hash", Goal::AtMost(1.25), &Ratio::plain(&taken));
        let memory = |case| self.of(case, |figures| figures.memory);
        tell(
            "12: peak memory of 1,000 clients to that of 64",
            Goal::AtMost(2.0),
            &Ratio::of(&memory(&many)?, &memory(&few)?),
        );
        let shed = self.of(&more, |figures| figures.served.shed.percentile(99))?;
        tell("13: p99 of a refusal with 256 clients, in milliseconds", Goal::AtMost(25.0), &Ratio::plain(&shed));
        let crowded = self.of(&many, |figures| figures.per_second)?;
        tell("14: sign-ins of 1,000 clients to those of 64", Goal::AtLeast(0.80), &Ratio::of(&crowded, &goodput));
        Ok(())
    }

    fn table(&self, report: &Report) {
        report.head(&[
            "flood",
            "clients",
            "sign-ins a second",
            "light p50 ms",
            "light p99 ms",
            "peak MiB",
            "refused a second",
            "other",
        ]);
        for (case, figures) in self.cases.iter().zip(&self.figures) {
            let middle = |figure: fn(&Figures) -> f64| median(&figures.iter().map(figure).collect::<Vec<_>>());
            let (name, clients) = case.told();
            if matches!(case, Case::Kernel { .. }) {
                let per_second = format!("{:.0}", middle(|figures| figures.per_second));
                let nothing = [const { String::new() }; 5];
                report.row(&[name, clients, per_second].into_iter().chain(nothing).collect::<Vec<_>>());
                continue;
            }
            report.row(&[
                name,
                clients,
                format!("{:.0}", middle(|figures| figures.per_second)),
                format!("{:.2}", middle(|figures| figures.light.percentile(50))),
                format!("{:.2}", middle(|figures| figures.light.percentile(99))),
                format!("{:.0}", middle(|figures| figures.memory / 1024.0 / 1024.0)),
                format!("{:.0}", middle(Figures::refused)),
                figures.iter().map(|figures| figures.served.other).sum::<usize>().to_string(),
            ]);
        }
    }
}

impl Figures {
    #[expect(clippy::cast_precision_loss, reason = "a count of answers is far below 2^52")]
    fn refused(&self) -> f64 {
        self.served.shed.count() as f64 / FLOOD.as_secs_f64()
    }
}

impl Case {
    fn told(&self) -> (String, String) {
        match self {
            Self::Kernel { before } => {
                (format!("the bare hash on every core, before {}", before.name()), String::new())
            }
            Self::Library { framework, hashing_threads, clients } => {
                (format!("library, {}, {hashing_threads} hashing", framework.name()), clients.to_string())
            }
            Self::Naive { clients } => ("`spawn_blocking`, fresh memory".to_owned(), clients.to_string()),
            Self::Peer { clients } => ("torii".to_owned(), clients.to_string()),
        }
    }
}
