use std::any::type_name;
use std::rc::Rc;

use auth_core::http::Route;
use auth_core::testing::SeededRandom;
use auth_core::{AuthBuilder, Settings};

use crate::database::{Database, StoreKind};
use crate::transport::{Mounted, Transport};
use crate::world::{Hooks, World, settings};

/// One story, told in several worlds, with one transcript.
#[must_use = "a case proves something only when it is run"]
pub struct Case {
    settings: Box<dyn Fn(Settings) -> Settings>,
    hooks: Hooks,
    transports: &'static [Transport],
    mounted: Mounted,
}

impl Case {
    /// On core, axum and actix.
    pub fn everywhere() -> Self {
        Self::on(&Transport::ALL)
    }

    /// On axum and actix: the story needs a host.
    pub fn over_http() -> Self {
        Self::on(&Transport::HTTP)
    }

    /// On these.
    pub fn on(transports: &'static [Transport]) -> Self {
        let mounted = Mounted::at("/auth");
        Self { settings: Box::new(|settings| settings), hooks: Rc::new(|builder| builder), transports, mounted }
    }

    /// With other settings.
    pub fn settings(mut self, change: impl Fn(Settings) -> Settings + 'static) -> Self {
        self.settings = Box::new(change);
        self
    }

    /// With hooks of the host.
    pub fn hooks(mut self, set: impl Fn(AuthBuilder) -> AuthBuilder + 'static) -> Self {
        self.hooks = Rc::new(set);
        self
    }

    /// With these routes alone.
    pub fn only(mut self, routes: &'static [Route]) -> Self {
        self.mounted.routes = routes;
        self
    }

    /// Mounted elsewhere than at `/auth`.
    pub fn mounted_at(mut self, prefix: &'static str) -> Self {
        self.mounted.prefix = prefix;
        self
    }

    /// With the account routes inside a part of the host's own.
    pub fn nested_in(mut self, nest: &'static str) -> Self {
        self.mounted.nest = nest;
        self
    }

    /// Tells the story on each transport and each store. All transcripts are equal, and equal to
    /// the snapshot that has the name of the test.
    pub async fn run<F: AsyncFn(World)>(self, story: F) {
        let mut told: Option<String> = None;
        for store in StoreKind::of_the_table() {
            let mut database = Database::new(store);
            for (number, transport) in self.transports.iter().enumerate() {
                if number > 0 {
                    database = database.renewed();
                }
                let random = SeededRandom::default();
                let world = World::build(database.clone(), *transport, self.mounted, self.hooks.clone(), random);
                world.serve((self.settings)(settings())).await;
                story(world.clone()).await;
                let here = format!("{} on {}", transport.as_str(), store.as_str());
                world.keeps_secrets(&here);
                match &told {
                    None => told = Some(world.transcript()),
                    Some(told) => assert_same(told, &world.transcript(), &here),
                }
            }
        }
        self.keep(&name_of::<F>(), &told.unwrap_or_default());
    }

    fn keep(&self, name: &[&str], told: &str) {
        let (case, folder) = name.split_last().expect("a test in a module");
        let mut kept = insta::Settings::new();
        kept.set_snapshot_path(format!("{}/snapshots/{}", env!("CARGO_MANIFEST_DIR"), folder.join("/")));
        kept.set_prepend_module_to_snapshot(false);
        kept.set_omit_expression(true);
        let worlds: Vec<_> = self.transports.iter().map(|transport| transport.as_str()).collect();
        kept.set_description(format!("{}; memory, SQLite", worlds.join(", ")));
        kept.bind(|| insta::assert_snapshot!(*case, told));
    }
}

impl std::fmt::Debug for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Case").field("transports", &self.transports).finish_non_exhaustive()
    }
}

/// The modules and the name of the test that a closure stands in.
fn name_of<F>() -> Vec<&'static str> {
    type_name::<F>().split("::").skip(1).filter(|part| *part != "{{closure}}").collect()
}

#[track_caller]
fn assert_same(first: &str, other: &str, here: &str) {
    if first == other {
        return;
    }
    let at = first.lines().zip(other.lines()).position(|(first, other)| first != other);
    let at = at.unwrap_or_else(|| first.lines().count().min(other.lines().count()));
    let line = |text: &str| text.lines().nth(at).unwrap_or("the end").to_owned();
    panic!("{here} differs in line {at}:\n  {}\n  {}\n\n{other}", line(first), line(other));
}
