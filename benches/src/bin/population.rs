//! A request among a million accounts beside the same request among a thousand, on SQLite and on
//! PostgreSQL.

use std::net::{IpAddr, Ipv4Addr};

use auth_core::account::Login;
use auth_core::actions::Credentials;
use auth_core::{Auth, ClientInfo};
use auth_sqlx::SqlStore;
use benches::accounts::{Accounts, PASSWORD};
use benches::measure::{Goal, Ratio, Report, Stopwatch};
use benches::setup::{Framework, Setup};
use benches::{Result, machine, scratch};

const FEW: u32 = 1_000;
const MANY: u32 = 1_000_000;
/// Who asks, one after the other.
const PEOPLE: usize = 400;
/// Short rounds and many of them: a neighbour on the machine slows seconds.
const ROUNDS: usize = 25;
/// Calls in one round on one database, each about somebody else; a sign-in costs a hash.
const CALLS: usize = 100;
const SIGN_INS: usize = 8;

/// What is asked of the library.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Call {
    SignIn,
    LookUp,
    GetUser,
    Refresh,
    RequestRestore,
}

const CALLS_OF_ALL_KINDS: [(Call, &str, Goal); 5] = [
    (Call::SignIn, "`/signin`", Goal::AtMost(1.2)),
    (Call::LookUp, "– its look-up alone", Goal::Told),
    (Call::GetUser, "`/get_user`", Goal::AtMost(1.2)),
    (Call::Refresh, "`/refresh`", Goal::AtMost(1.2)),
    (Call::RequestRestore, "request to restore", Goal::AtMost(1.2)),
];

fn main() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let report = Report;
    report.line(&machine::describe());
    report.ratios();
    let (few, many) = (scratch::Sqlite::new()?, scratch::Sqlite::new()?);
    runtime.block_on(compare("SQLite", &few.url(), &many.url(), &report))?;
    drop((few, many));
    match runtime.block_on(scratch::Postgres::new("few")) {
        Ok(few) => runtime.block_on(async {
            let many = scratch::Postgres::new("many").await?;
            let compared = compare("PostgreSQL", &few.url(), &many.url(), &report).await;
            few.drop().await?;
            many.drop().await?;
            compared
        }),
        Err(error) => {
            report.progress(&format!("no PostgreSQL, so it is not measured: {error}"));
            Ok(())
        }
    }
}

async fn compare(name: &str, few: &str, many: &str, report: &Report) -> Result<()> {
    let watch = Stopwatch::start();
    let (mut few, mut many) = (Town::settle(few, FEW).await?, Town::settle(many, MANY).await?);
    report.progress(&format!("{name}: filled in {:.0} s", watch.elapsed().as_secs_f64()));
    for (call, what, goal) in CALLS_OF_ALL_KINDS {
        let (mut among_few, mut among_many) = (Vec::new(), Vec::new());
        for round in 0..=ROUNDS {
            let figures = if round % 2 == 0 {
                (few.ask(call).await?, many.ask(call).await?)
            } else {
                let among_many = many.ask(call).await?;
                (few.ask(call).await?, among_many)
            };
            // The first round warms up.
            if round > 0 {
                among_few.push(figures.0);
                among_many.push(figures.1);
            }
        }
        let ratio = Ratio::of(&among_many, &among_few);
        report.ratio(&format!("{what} among {MANY} accounts to {FEW}, {name}"), goal, &ratio);
    }
    Ok(())
}

/// The library on a database of some size.
struct Town {
    auth: Auth,
    accounts: Accounts,
    tokens: Vec<String>,
    /// Who asks next.
    next: usize,
    /// How many requests there were: each comes from another address, so that no limit of a client
    /// is in the way.
    requests: u32,
}

impl Town {
    async fn settle(url: &str, accounts: u32) -> Result<Self> {
        let people = u32::try_from(PEOPLE)?;
        let accounts = Accounts::fill(url, accounts, people).await?;
        let settings = Setup::new(Framework::Axum, url).settings();
        let auth = Auth::builder(settings, SqlStore::connect(url).await?).background_worker(false).build()?;
        let tokens = accounts.people.iter().map(|person| person.token.clone()).collect();
        Ok(Self { auth, accounts, tokens, next: 0, requests: 0 })
    }

    /// The mean time of a call, in microseconds.
    async fn ask(&mut self, call: Call) -> Result<f64> {
        let calls = if call == Call::SignIn { SIGN_INS } else { CALLS };
        let watch = Stopwatch::start();
        for _ in 0..calls {
            let at = self.next % PEOPLE;
            self.next += 1;
            let (Some(person), Some(token)) = (self.accounts.people.get(at), self.tokens.get_mut(at)) else {
                return Err("nobody asks".into());
            };
            self.requests += 1;
            let client = ClientInfo::new(Some(IpAddr::V4(Ipv4Addr::from_bits(self.requests))), None);
            match call {
                Call::SignIn => {
                    let credentials = Credentials::new(person.username.as_str(), PASSWORD);
                    drop(self.auth.signin(credentials, &client).await?);
                }
                Call::LookUp => {
                    let login = Login::parse(&person.username).ok_or("a name that is none")?;
                    self.auth.stores().users.by_login(&login).await?.ok_or("nobody of that name")?;
                }
                Call::GetUser => drop(self.auth.get_user(token, &client).await?),
                Call::Refresh => self.auth.refresh(token, &client).await?.token.expose().clone_into(token),
                Call::RequestRestore => self.auth.request_restore(&person.email(), &client).await?,
            }
        }
        Ok(watch.elapsed().as_secs_f64() * 1e6 / f64::from(u32::try_from(calls)?))
    }
}
