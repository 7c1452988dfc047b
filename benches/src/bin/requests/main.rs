//! What a request to the library costs beside the bare framework and beside what a host would
//! write by hand: requests a second, one core for the server and one for the load.

mod guard;
mod slice;

use benches::accounts::Accounts;
use benches::load::{Origin, Slice, stream};
use benches::measure::{Goal, Ratio, Report, median, rounds};
use benches::process::{Place, Server};
use benches::setup::{Framework, Setup};
use benches::{Result, machine, scratch};

use crate::slice::{ROUNDS, Route, SLICE, slice};

const ACCOUNTS: u32 = 10_000;
const PEOPLE: u32 = 1_000;

fn main() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let report = Report;
    report.line(&machine::describe());
    let sqlite = scratch::Sqlite::new()?;
    let accounts = runtime.block_on(Accounts::fill(&sqlite.url(), ACCOUNTS, PEOPLE))?;
    report.ratios();
    for framework in Framework::ALL {
        on_sqlite(framework, &accounts, &report)?;
        remembered(framework, &accounts, &report)?;
    }
    guard::measure(&accounts, &report)?;
    match runtime.block_on(scratch::Postgres::new("requests")) {
        Ok(postgres) => {
            let accounts = runtime.block_on(Accounts::fill(&postgres.url(), ACCOUNTS, PEOPLE))?;
            for framework in Framework::ALL {
                on_postgres(framework, &accounts, &report)?;
            }
            runtime.block_on(postgres.drop())?;
        }
        Err(error) => report.progress(&format!("no PostgreSQL, so ratio 18 is not measured: {error}")),
    }
    Ok(())
}

fn on_sqlite(framework: Framework, accounts: &Accounts, report: &Report) -> Result<()> {
    let paths = [
        "/echo",
        "/floor/validation",
        "/bare/validation",
        "/auth/validation",
        "/bare/get_user",
        "/bare/get_user_by_two",
        "/auth/get_user",
    ];
    let slices = measure(&Setup::new(framework, &accounts.url), accounts, Origin::SecondCore, &paths, report)?;
    let [echo, floor, decode, validation, bare, by_two, get_user] = slices.as_slice() else {
        return Err("a route is missing".into());
    };
    let name = framework.name();
    let ratio = |what: &str, goal, above: &[Slice], below: &[Slice]| {
        compare(&format!("{what}, {name}"), goal, (above, below), report);
    };
    ratio("1: `/validation` to a bare echo", Goal::AtLeast(0.85), validation, echo);
    ratio("the least check of a token to a bare echo", Goal::Told, floor, echo);
    ratio("1: `/validation` to the least check of a token", Goal::AtLeast(0.97), validation, floor);
    ratio("2: `/validation` to a handler that calls `jsonwebtoken::decode`", Goal::AtLeast(1.10), validation, decode);
    ratio("15: `/get_user` on SQLite to a handler with the same statement", Goal::AtLeast(0.95), get_user, bare);
    ratio("`/get_user` on SQLite to a handler that makes two of it", Goal::Told, get_user, by_two);
    Ok(())
}

fn remembered(framework: Framework, accounts: &Accounts, report: &Report) -> Result<()> {
    let setup = Setup { read_cache: true, ..Setup::new(framework, &accounts.url) };
    let slices = measure(&setup, accounts, Origin::SecondCore, &["/echo", "/auth/get_user"], report)?;
    let [echo, get_user] = slices.as_slice() else { return Err("a route is missing".into()) };
    let what = format!("16: `/get_user` with the read cache to a bare echo, {}", framework.name());
    compare(&what, Goal::AtLeast(0.70), (get_user, echo), report);
    Ok(())
}

fn on_postgres(framework: Framework, accounts: &Accounts, report: &Report) -> Result<()> {
    let paths = ["/bare/get_user", "/bare/get_user_by_two", "/auth/get_user"];
    let slices = measure(&Setup::new(framework, &accounts.url), accounts, Origin::SharedCore, &paths, report)?;
    let [bare, by_two, get_user] = slices.as_slice() else { return Err("a route is missing".into()) };
    let name = framework.name();
    let what = format!("18: `/get_user` on PostgreSQL to a handler with the same statement, {name}");
    compare(&what, Goal::AtLeast(0.95), (get_user, bare), report);
    let what = format!("`/get_user` on PostgreSQL to a handler that makes two of it, {name}");
    compare(&what, Goal::Told, (get_user, by_two), report);
    Ok(())
}

/// Round by round, and once more by the fastest slice of each side: that one a neighbour on the machine
/// has disturbed least.
fn compare(what: &str, goal: Goal, (above, below): (&[Slice], &[Slice]), report: &Report) {
    let of = |slices: &[Slice]| slices.iter().map(|slice| slice.per_second).collect::<Vec<_>>();
    let fastest = |slices: &[Slice]| of(slices).into_iter().fold(0.0, f64::max);
    report.ratio(what, goal, &Ratio::of(&of(above), &of(below)));
    report.ratio("– the fastest slice of each", Goal::Told, &Ratio::plain(&[fastest(above) / fastest(below)]));
}

fn measure(
    setup: &Setup,
    accounts: &Accounts,
    origin: Origin,
    paths: &[&'static str],
    report: &Report,
) -> Result<Vec<Vec<Slice>>> {
    let server = Server::start(setup, Place::FirstCore)?;
    let routes: Vec<_> = paths.iter().map(|path| Route { path, origin, requests: accounts.with_token(path) }).collect();
    for route in &routes {
        stream(&server, origin, &route.requests, SLICE / 4)?;
    }
    let slices = rounds(ROUNDS, &routes, |route| slice(&server, route))?;
    for (route, slices) in routes.iter().zip(&slices) {
        let figure = |figure: fn(&Slice) -> f64| median(&slices.iter().map(figure).collect::<Vec<_>>());
        report.progress(&format!(
            "{} {}: {:.0} a second, {:.2} µs on a core each, {:.2} of the core",
            setup.framework.name(),
            route.path,
            figure(|slice| slice.per_second),
            figure(|slice| slice.cpu),
            figure(|slice| slice.share),
        ));
    }
    Ok(slices)
}
