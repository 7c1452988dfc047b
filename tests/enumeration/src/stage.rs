//! A server, and the accounts that the answers are about.

use std::num::NonZeroUsize;
use std::time::Duration;

use auth_core::account::Login;
use auth_core::actions::{Credentials, SignUp};
use auth_core::http::{AuthRequest, AuthResponse, RequestHead, Route};
use auth_core::mail::MemoryMailer;
use auth_core::password::{Argon2Params, ForeignHash, HashingSettings, PasswordHash};
use auth_core::restore::EncryptKey;
use auth_core::store::{EpochRule, IntoStores};
use auth_core::testing::TestClock;
use auth_core::throttle::{AtMost, Limits};
use auth_core::token::KeyMaterial;
use auth_core::{Auth, ClientInfo, Settings};
use auth_sqlx::SqlStore;
use auth_tests::{Answer, Request, Rig, Rigged, Site, Transport};
use tempfile::TempDir;

pub(crate) const PASSWORD: &str = "a tree house in the rain";
pub(crate) const WRONG: &str = "an entirely wrong one";

type Failure = Box<dyn std::error::Error>;

/// One server on a file of its own.
pub(crate) struct Stage {
    auth: Auth,
    /// Without one, what the adapters call is called.
    site: Option<Site>,
    _folder: TempDir,
}

/// An answer, whole.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Said {
    ByTheCore(AuthResponse),
    OverHttp(Answer),
}

impl Stage {
    /// Limits that count and refuse nobody: what is measured is the way that everybody takes.
    pub(crate) async fn open() -> Result<Self, Failure> {
        Self::with(roomy(settings()?)).await
    }

    /// The same where old hashes are read, and failed sign-ins keep a fixed step.
    pub(crate) async fn with_old_hashes() -> Result<Self, Failure> {
        let step = Duration::from_millis(50);
        Self::with(roomy(settings()?).foreign_hashes([ForeignHash::Bcrypt]).failed_signin_step(step)).await
    }

    /// The limits as they are by default. The clock stands still, so that who is put off stays so.
    pub(crate) async fn limited() -> Result<Self, Failure> {
        Self::with(settings()?).await
    }

    /// [`Self::open`] behind a framework, on a store that takes so much longer to find somebody than
    /// to find nobody.
    pub(crate) async fn served(transport: Transport, hits_take: Duration) -> Result<Self, Failure> {
        let (folder, rig) = (tempfile::tempdir()?, Rig::default());
        rig.hits_take(hits_take);
        let stores = Rigged::new(store_in(&folder).await?.into_stores(), rig);
        let auth = Self::auth(roomy(settings()?), stores)?;
        let site = Some(Site::open(transport, &auth, "/auth"));
        Ok(Self { auth, site, _folder: folder })
    }

    async fn with(settings: Settings) -> Result<Self, Failure> {
        let folder = tempfile::tempdir()?;
        let auth = Self::auth(settings, store_in(&folder).await?)?;
        Ok(Self { auth, site: None, _folder: folder })
    }

    fn auth(settings: Settings, stores: impl IntoStores) -> Result<Auth, Failure> {
        let auth = Auth::builder(settings, stores)
            .clock(TestClock::default())
            .mailer(MemoryMailer::new())
            .background_worker(false)
            .build()?;
        Ok(auth)
    }

    pub(crate) async fn has_an_account(&self, name: &str) -> Result<(), Failure> {
        let account =
            if name.contains('@') { SignUp::with_email(name, PASSWORD) } else { SignUp::with_username(name, PASSWORD) };
        self.auth.signup(account, &ClientInfo::default()).await?;
        Ok(())
    }

    pub(crate) async fn is_inactive(&self, name: &str) -> Result<(), Failure> {
        let user = self.user(name).await?;
        Ok(self.auth.set_active(&user.id, false).await?)
    }

    pub(crate) async fn has_the_hash(&self, name: &str, hash: &str) -> Result<(), Failure> {
        let user = self.user(name).await?;
        let hash = PasswordHash::stored(hash);
        let _ = self.auth.stores().users.set_password(&user.id, None, &hash, EpochRule::Keep).await?;
        Ok(())
    }

    async fn user(&self, name: &str) -> Result<auth_core::account::User, Failure> {
        let login = Login::parse(name).ok_or("no login")?;
        Ok(self.auth.stores().users.by_login(&login).await?.ok_or("no such account")?)
    }

    pub(crate) async fn has_tried(&self, name: &str, times: usize) {
        for _ in 0..times {
            let _ = self.auth.signin(Credentials::new(name, WRONG), &ClientInfo::default()).await;
        }
    }

    pub(crate) async fn answer(&self, route: Route, body: String) -> Said {
        if let Some(site) = &self.site {
            let request = Request::post(&format!("/auth{}", route.path())).json(body);
            return Said::OverHttp(site.send(&request).await);
        }
        let head = RequestHead::read(None, [("content-type", &b"application/json"[..])]);
        Said::ByTheCore(self.auth.handle(AuthRequest::new(route, head, Ok(body.into_bytes()))).await)
    }
}

async fn store_in(folder: &TempDir) -> Result<SqlStore, Failure> {
    Ok(SqlStore::connect(&format!("sqlite://{}/auth.db", folder.path().display())).await?)
}

fn roomy(settings: Settings) -> Settings {
    let many = AtMost::new(u32::MAX, Duration::from_hours(1));
    let mut limits = Limits::default();
    (limits.client, limits.signup, limits.mail_client) = (many, many, many);
    (limits.mail_address, limits.mail, limits.mail_pause) = (many, many, Duration::ZERO);
    (limits.login.free, limits.login_and_client.free) = (u32::MAX, u32::MAX);
    settings.limits(limits)
}

/// A hash costs about a millisecond here, a twentieth of the default: noise grows with the time that
/// is measured, and a difference in the work shows just as well. That each answer takes one hash of the
/// same cost is what the tests count.
fn settings() -> Result<Settings, Failure> {
    let params = Argon2Params::danger_weak(1_024, 1, 1).map_err(|fault| fault.to_string())?;
    let hashing = HashingSettings { threads: NonZeroUsize::new(1), ..HashingSettings::default() };
    let secret = KeyMaterial::secret("Zn4hvJq1cS7uGm0wXK2tPYd9aR5oEb8LzQ3fT6iNxUE");
    let key = EncryptKey::from_bytes(*b"0123456789abcdefghijklmnopqrstuv");
    Ok(Settings::new(secret, key, "https://app.example.org/restore")
        .from_email("notes@example.org")
        .hashing(hashing)
        .argon2(params)
        .enumeration_safe_signup(true))
}
