//! What becomes of the members who were there, and of what other programs do to their table.

#![expect(clippy::unwrap_used, clippy::panic, reason = "what does not hold is a panic that says so")]

use auth_core::account::UserId;
use auth_core::actions::{Credentials, SignUp, SignedUp};
use auth_core::config::MailBackend;
use auth_core::mail::MemoryMailer;
use auth_core::password::{Argon2Params, Password};
use auth_core::{Auth, AuthError, ClientInfo, Settings};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use http_body_util::BodyExt as _;
use own_table::{Adopted, adopt, app, auth, open};
use sqlx::{SqlitePool, query};
use tempfile::TempDir;
use tower::ServiceExt as _;

const PW: &str = "a tree house in the rain";
const NEW_PW: &str = "the rain stopped at noon";

struct Place {
    pool: SqlitePool,
    auth: Auth,
    app: Router,
    mails: MemoryMailer,
    _folder: TempDir,
}

impl Place {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let pool = open(&folder.path().join("members.db")).await.unwrap();
        let mails = MemoryMailer::default();
        let cheap = Settings::development().argon2(Argon2Params::danger_weak(8, 1, 1).unwrap());
        let auth = auth(cheap.mail_backend(MailBackend::Memory(mails.clone())), &pool).await.unwrap();
        Self { app: app(auth.clone(), pool.clone()), pool, auth, mails, _folder: folder }
    }

    /// What another program does to the table.
    async fn elsewhere(&self, sql: &'static str) {
        query(sql).execute(&self.pool).await.unwrap();
    }

    async fn signs_up(&self, name: &str) -> UserId {
        let signed_up = self.auth.signup(SignUp::with_username(name, PW), &ClientInfo::default()).await.unwrap();
        let SignedUp::Created(user) = signed_up else { panic!("accepted only") };
        user.id
    }

    async fn signs_in(&self, name: &str, password: &str) -> Result<String, AuthError> {
        let signed_in = self.auth.signin(Credentials::new(name, password), &ClientInfo::default()).await?;
        Ok(signed_in.token.expose().to_owned())
    }

    async fn get(&self, path: &str, token: &str) -> (StatusCode, String) {
        let request = Request::get(path).header(header::AUTHORIZATION, format!("Bearer {token}"));
        let response = self.app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let status = response.status();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }
}

#[tokio::test]
async fn a_new_member_is_a_row_like_any_other() {
    let place = Place::new().await;
    place.signs_up("Ann").await;
    let token = place.signs_in("ANN", PW).await.unwrap();
    let (status, body) = place.get("/me", &token).await;
    assert_eq!((status, &*body), (StatusCode::OK, r#"{"number":1,"nickname":"Ann","full_name":"","plan":"free"}"#));
}

#[tokio::test]
async fn a_role_is_what_the_column_says_now() {
    let place = Place::new().await;
    place.signs_up("ann").await;
    let token = place.signs_in("ann", PW).await.unwrap();
    assert_eq!(place.get("/members", &token).await.0, StatusCode::FORBIDDEN);
    place.elsewhere("UPDATE members SET level = 'admin'").await;
    assert_eq!(place.get("/members", &token).await, (StatusCode::OK, r#"["ann"]"#.to_owned()));
}

#[tokio::test]
async fn members_who_were_there_before_sign_in_after_they_were_adopted() {
    let place = Place::new().await;
    place.signs_up("model").await;
    place
        .elsewhere(
            "INSERT INTO members (nickname, mail, secret, full_name) \
             SELECT 'Bert', 'Bert@Example.org', secret, 'Bert B.' FROM members",
        )
        .await;
    assert!(matches!(place.signs_in("bert", PW).await, Err(AuthError::Credentials(_))));
    assert_eq!(adopt(&place.pool).await.unwrap(), Adopted { keys: 2, contested: vec![] });
    place.signs_in("bert", PW).await.unwrap();
    assert_eq!(adopt(&place.pool).await.unwrap(), Adopted::default());
}

#[tokio::test]
async fn of_two_members_with_one_name_the_older_keeps_it() {
    let place = Place::new().await;
    place.signs_up("model").await;
    for copy in ["SELECT 'Bert'", "SELECT 'BERT'"] {
        let sql = format!("INSERT INTO members (nickname, secret) {copy}, secret FROM members WHERE member_no = 1");
        query(sqlx::AssertSqlSafe(sql)).execute(&place.pool).await.unwrap();
    }
    assert_eq!(adopt(&place.pool).await.unwrap(), Adopted { keys: 1, contested: vec![3] });
    let token = place.signs_in("bert", PW).await.unwrap();
    assert!(place.get("/me", &token).await.1.contains(r#""number":2"#));
}

#[tokio::test]
async fn a_secret_that_another_program_writes_ends_every_session_and_link() {
    let place = Place::new().await;
    place.signs_up("model").await;
    place.auth.signup(SignUp::with_email("ann@example.org", PW), &ClientInfo::default()).await.unwrap();
    let token = place.signs_in("ann@example.org", PW).await.unwrap();
    place.auth.request_restore("ann@example.org", &ClientInfo::default()).await.unwrap();
    place.auth.deliver_mail().await.unwrap();
    let mail = place.mails.sent().pop().unwrap();
    let (_, link) = mail.expose_text().split_once("restoring=").unwrap();
    let token_of_link = link.split_whitespace().next().unwrap();
    place.elsewhere("UPDATE members SET secret = (SELECT secret FROM members WHERE member_no = 1)").await;
    assert_eq!(place.get("/me", &token).await.0, StatusCode::UNAUTHORIZED);
    let restored = place.auth.restore(token_of_link, Password::new(NEW_PW), &ClientInfo::default()).await;
    assert!(restored.is_err(), "the link outlived the secret");
    place.signs_in("ann@example.org", PW).await.unwrap();
}

#[tokio::test]
async fn a_member_who_has_left_is_nobody_and_the_name_is_free() {
    let place = Place::new().await;
    place.signs_up("ann").await;
    let token = place.signs_in("ann", PW).await.unwrap();
    place.elsewhere("UPDATE members SET deleted_at = CURRENT_TIMESTAMP").await;
    assert_eq!(place.get("/me", &token).await.0, StatusCode::UNAUTHORIZED);
    assert!(matches!(place.signs_in("ann", PW).await, Err(AuthError::Credentials(_))));
    assert_eq!(place.signs_up("Ann").await.as_i64(), Some(2));
    assert_eq!(place.get("/me", &token).await.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_plan_that_is_none_is_a_fault_of_the_data() {
    let place = Place::new().await;
    place.signs_up("ann").await;
    let token = place.signs_in("ann", PW).await.unwrap();
    place.elsewhere("UPDATE members SET plan = 'platinum'").await;
    assert_eq!(place.get("/me", &token).await.0, StatusCode::INTERNAL_SERVER_ERROR);
}
