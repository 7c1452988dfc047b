//! A route that only signed-in people see, beside the same behind axum-login. Both read the session
//! and the account from SQLite with every request.

use benches::Result;
use benches::accounts::{Accounts, PASSWORD};
use benches::load::{Connection, Origin, Request, run};
use benches::measure::{Goal, Ratio, Report, rounds};
use benches::process::{Place, Server, is_there};
use benches::setup::{Framework, Setup};
use serde_json::json;

use crate::slice::{ROUNDS, Route, slice};

const PEER: &str = "peer-axum-login";
/// Who has signed in at the peer: each sign-in costs a hash.
const VISITORS: usize = 32;

pub(crate) fn measure(accounts: &Accounts, report: &Report) -> Result<()> {
    if !is_there(PEER) {
        report.progress(&format!("{PEER} was not built, so it is not measured: see benches/README.md"));
        return Ok(());
    }
    let library = Server::start(&Setup::new(Framework::Axum, &accounts.url), Place::FirstCore)?;
    let peer = Server::program(PEER, &[], Place::FirstCore)?;
    let members = accounts
        .people
        .iter()
        .map(|person| Request::get("/club", &[("authorization", &format!("Bearer {}", person.token))]));
    let sides = [
        (&library, Route { path: "/club", origin: Origin::SecondCore, requests: members.collect() }),
        (&peer, Route { path: "/club", origin: Origin::SecondCore, requests: run(Origin::First, || visitors(&peer))? }),
    ];
    let figures = rounds(ROUNDS, &sides, |(server, route)| Ok(slice(server, route)?.per_second))?;
    let [above, below] = figures.as_slice() else { return Err("two were compared".into()) };
    report.ratio("`RequireAuth` to `login_required!` of axum-login, axum", Goal::Told, &Ratio::of(above, below));
    Ok(())
}

/// Requests with the cookies of people who have signed in.
async fn visitors(peer: &Server) -> Result<Vec<Request>> {
    let mut connection = Connection::open(peer.address()).await?;
    let mut requests = Vec::new();
    for number in 1..=VISITORS {
        let credentials = json!({ "username": format!("user{number}"), "password": PASSWORD });
        connection.exchange(&Request::post("/login", &[], &credentials)).await?;
        let answer = connection.answer();
        let cookie = answer.lines().find_map(|line| line.strip_prefix("set-cookie: ")).ok_or("no cookie at sign-in")?;
        let cookie = cookie.split(';').next().unwrap_or_default();
        requests.push(Request::get("/club", &[("cookie", cookie)]));
    }
    Ok(requests)
}
