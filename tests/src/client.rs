use auth_core::http::Route;
use serde_json::Value;

use crate::answer::Answer;
use crate::guesses::Guesses;
use crate::request::Request;
use crate::world::World;

/// Somebody who talks to the server, and remembers the last token.
#[derive(Debug, Clone)]
pub struct Client {
    world: World,
    token: Option<String>,
    address: Option<String>,
}

impl Client {
    pub(crate) fn new(world: World) -> Self {
        Self { world, token: None, address: None }
    }

    /// Comes from this address, through a proxy that says so.
    #[must_use]
    pub fn at(self, address: impl Into<String>) -> Self {
        Self { address: Some(address.into()), ..self }
    }

    /// The last token that was given.
    #[must_use]
    #[track_caller]
    pub fn token(&self) -> &str {
        self.token.as_deref().expect("a token")
    }

    /// Comes back with another token.
    pub fn holds(&mut self, token: &str) {
        self.token = Some(token.to_owned());
    }

    /// Sends a request as it is.
    pub async fn send(&self, request: Request) -> Answer {
        let request = self.addressed(request);
        let answer = self.world.send(&request).await;
        let path = request.target.split('?').next().unwrap_or_default();
        let below = path.strip_prefix(&self.world.path("")).unwrap_or_default().trim_end_matches('/');
        if Route::ALL.iter().any(|route| route.path() == below) {
            answer.keeps_the_contract(request.method == "HEAD");
        }
        answer
    }

    /// Sends this body to a route, as JSON.
    pub async fn post(&self, route: &str, body: &str) -> Answer {
        self.send(Request::post(&self.world.path(route)).json(body)).await
    }

    /// Tries so many wrong passwords, one after the other; the transcript has one line for all.
    pub async fn guesses(&self, username: &str, times: usize) -> Guesses {
        let mut guesses = Guesses::default();
        for _ in 0..times {
            guesses += self.guesses_untold(username).await;
        }
        self.world.tell(format!("{times} wrong passwords for {username}: {guesses}\n"));
        guesses
    }

    /// Tries one wrong password, and the transcript has nothing of it.
    pub async fn guesses_untold(&self, username: &str) -> Guesses {
        let body = format!(r#"{{"username":{},"password":"an entirely wrong one"}}"#, text(username));
        let request = self.addressed(Request::post(&self.world.path("/signin")).json(body));
        Guesses::of(&self.world.send_untold(&request).await)
    }

    fn addressed(&self, request: Request) -> Request {
        match &self.address {
            Some(address) => request.header("x-forwarded-for", address.as_str()),
            None => request,
        }
    }

    /// Makes an account with an address as name.
    pub async fn signup_email(&self, email: &str, password: &str) -> Answer {
        let (email, password) = (text(email), text(password));
        self.post("/signup", &format!(r#"{{"email":{email},"password":{password},"email_as_name":true}}"#)).await
    }

    /// Makes an account with a username.
    pub async fn signup_username(&self, username: &str, password: &str) -> Answer {
        let (username, password) = (text(username), text(password));
        self.post("/signup", &format!(r#"{{"username":{username},"password":{password}}}"#)).await
    }

    /// Signs in, and remembers the token.
    pub async fn signin(&mut self, username: &str, password: &str) -> Answer {
        let (username, password) = (text(username), text(password));
        let answer = self.post("/signin", &format!(r#"{{"username":{username},"password":{password}}}"#)).await;
        self.remember(answer)
    }

    /// Makes an account and signs in, as somebody who needs to be there first.
    pub async fn joins_as(&mut self, username: &str, password: &str) {
        self.signup_username(username, password).await.is_ok();
        self.signin(username, password).await.is_ok();
    }

    /// The same with an address as name.
    pub async fn joins_with_email(&mut self, email: &str, password: &str) {
        self.signup_email(email, password).await.is_ok();
        self.signin(email, password).await.is_ok();
    }

    /// Replaces the token, and remembers the new one.
    pub async fn refresh(&mut self) -> Answer {
        let answer = self.send(Request::post(&self.world.path("/refresh")).bearer(self.token())).await;
        self.remember(answer)
    }

    /// Ends the session.
    pub async fn signout(&self) -> Answer {
        self.send(Request::post(&self.world.path("/signout")).bearer(self.token())).await
    }

    /// Asks until when the token is good.
    pub async fn validation(&self) -> Answer {
        self.post("/validation", &format!(r#"{{"token":"{}"}}"#, self.token())).await
    }

    /// Asks whose the token is.
    pub async fn get_user(&self) -> Answer {
        self.post("/get_user", &format!(r#"{{"token":"{}"}}"#, self.token())).await
    }

    /// Asks for a mail with a link.
    pub async fn asks_to_restore(&self, email: &str) -> Answer {
        self.post("/restore", &format!(r#"{{"email":{}}}"#, text(email))).await
    }

    /// Opens the link and chooses a password.
    pub async fn restores(&self, token: &str, new_password: &str) -> Answer {
        let (token, new_password) = (text(token), text(new_password));
        self.post("/restore", &format!(r#"{{"token":{token},"new_password":{new_password}}}"#)).await
    }

    /// Asks for a link and reads it in the mail.
    pub async fn gets_a_link(&self, email: &str) -> String {
        self.asks_to_restore(email).await.is_ok();
        self.world.mail().await.restoring_token()
    }

    /// Visits a page of the host with the token, if there is one.
    pub async fn visits(&self, page: &str) -> Answer {
        let request = Request::get(page);
        let request = match &self.token {
            Some(token) => request.bearer(token),
            None => request,
        };
        self.send(request).await
    }

    fn remember(&mut self, answer: Answer) -> Answer {
        if answer.status() == 200 {
            self.token = Some(answer.token());
        }
        answer
    }
}

/// A JSON text.
fn text(value: &str) -> String {
    Value::from(value).to_string()
}
