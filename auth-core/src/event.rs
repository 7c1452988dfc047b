//! What happened, for the operator: one event for each action.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use tracing::Span;
use tracing::field::Empty;

use crate::account::UserId;
use crate::client::ClientInfo;
use crate::clock::{Clock, Timestamp};
use crate::error::{AuthError, Revocation, with_causes};
use crate::metrics::{self, Stopwatch};
use crate::session::SessionId;
use crate::throttle::Limit;

/// One action and how it ended. No event holds a secret or anything that a client typed.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct AuthEvent {
    /// What was tried.
    pub action: Action,
    /// How it ended.
    pub outcome: Outcome,
    /// Whose account it was about, where that is known.
    pub user: Option<UserId>,
    /// The session it was about.
    pub session: Option<SessionId>,
    /// Who asked; empty for work that nobody asked for just now.
    pub client: ClientInfo,
    /// When it ended.
    pub at: Timestamp,
}

/// What was tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Action {
    /// A new account.
    SignUp,
    /// A new session by password.
    SignIn,
    /// The end of a session.
    SignOut,
    /// A new token for an old one.
    Refresh,
    /// A mail to restore a password was asked for.
    RestoreRequest,
    /// A password was restored with the token of such a mail.
    Restore,
    /// A token was checked without a database.
    Validation,
    /// A user was asked for by a token.
    GetUser,
    /// A request was let through, or not, by an extractor or a guard.
    Authenticate,
    /// A password was changed by its owner.
    ChangePassword,
    /// A password was set by an administrator.
    SetPassword,
    /// An account was activated or deactivated.
    SetActive,
    /// Every session of an account was ended.
    SignOutEverywhere,
    /// One mail of the outbox was sent, put off or given up.
    Mail,
}

impl Action {
    /// A stable name for logs and metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignUp => "signup",
            Self::SignIn => "signin",
            Self::SignOut => "signout",
            Self::Refresh => "refresh",
            Self::RestoreRequest => "restore_request",
            Self::Restore => "restore",
            Self::Validation => "validation",
            Self::GetUser => "get_user",
            Self::Authenticate => "authenticate",
            Self::ChangePassword => "change_password",
            Self::SetPassword => "set_password",
            Self::SetActive => "set_active",
            Self::SignOutEverywhere => "sign_out_everywhere",
            Self::Mail => "mail",
        }
    }
}

/// How an action ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// As asked.
    Done,
    /// As asked, and worth a look: the parent of the present token was shown within the grace, by
    /// another client than the one that holds the successor.
    RefreshGraceOtherClient,
    /// A token that had been replaced was used again: the session was ended.
    RefreshReuse,
    /// Without the mail, or not yet: as many as this limit allows were sent.
    MailWithheld(Limit),
    /// Refused by this limit.
    Throttled(Limit),
    /// Refused, for a reason that is the client's; see [`AuthError::reason`].
    Refused(&'static str),
    /// Not possible, for a reason that is ours; see [`AuthError::reason`].
    Failed(&'static str),
    /// The client went away before the answer.
    Abandoned,
}

impl Outcome {
    pub(crate) fn of(error: &AuthError) -> Self {
        match error {
            AuthError::TokenRevoked(Revocation::Reuse) => Self::RefreshReuse,
            AuthError::Throttled { limit, .. } => Self::Throttled(*limit),
            error if error.is_ours() => Self::Failed(error.reason()),
            error => Self::Refused(error.reason()),
        }
    }

    /// A stable name for logs and metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::RefreshGraceOtherClient => "refresh_grace_other_client",
            Self::RefreshReuse => "refresh_reuse",
            Self::MailWithheld(_) => "mail_withheld",
            Self::Throttled(_) => "throttled",
            Self::Refused(reason) | Self::Failed(reason) => reason,
            Self::Abandoned => "abandoned",
        }
    }
}

/// Takes events: an audit table, a metric, an alarm. It is called on the way of a request, so it
/// hands long work on. Events go to `tracing` whether there is a sink or not.
pub trait EventSink: Send + Sync + 'static {
    /// Takes one event.
    fn record(&self, event: &AuthEvent);
}

/// An action on its way: whatever happens to it, it leaves exactly one event.
pub(crate) struct Trail {
    event: AuthEvent,
    span: Span,
    begun: Stopwatch,
    sink: Option<Arc<dyn EventSink>>,
    clock: Arc<dyn Clock>,
    recorded: bool,
}

impl Trail {
    pub(crate) fn begin(
        action: Action,
        client: &ClientInfo,
        clock: Arc<dyn Clock>,
        sink: Option<Arc<dyn EventSink>>,
    ) -> Self {
        let event = AuthEvent {
            action,
            outcome: Outcome::Abandoned,
            user: None,
            session: None,
            client: client.clone(),
            // Said when it ends, to whoever asks.
            at: Timestamp::from_millis(0),
        };
        Self { span: span(action, client), begun: Stopwatch::start(), event, sink, clock, recorded: false }
    }

    /// What the steps of the action are traced in.
    pub(crate) fn span(&self) -> Span {
        self.span.clone()
    }

    pub(crate) fn user(&mut self, id: UserId) {
        self.trace("user.id", id.as_str());
        self.event.user = Some(id);
    }

    pub(crate) fn session(&mut self, id: SessionId) {
        self.trace("session.id", id.as_str());
        self.event.session = Some(id);
    }

    /// A span that nobody looks at would still be searched for the field.
    fn trace(&self, field: &'static str, value: &str) {
        if !self.span.is_disabled() {
            self.span.record(field, value);
        }
    }

    /// A success that is not the plain one.
    pub(crate) fn note(&mut self, outcome: Outcome) {
        self.event.outcome = outcome;
    }

    /// Ends the action with its result, which is handed through.
    pub(crate) fn end<T>(mut self, result: Result<T, AuthError>) -> Result<T, AuthError> {
        match &result {
            Ok(_) if self.event.outcome == Outcome::Abandoned => self.event.outcome = Outcome::Done,
            Ok(_) => {}
            Err(error) => {
                self.event.outcome = Outcome::of(error);
                log_fault(self.event.action, error);
            }
        }
        self.record();
        result
    }

    fn record(&mut self) {
        self.recorded = true;
        metrics::action(self.event.action.as_str(), self.event.outcome.as_str(), &self.begun);
        finish(&self.span, self.event.outcome);
        log_event(&self.event);
        if let Some(sink) = &self.sink {
            self.event.at = self.clock.now();
            sink.record(&self.event);
        }
    }
}

impl Drop for Trail {
    fn drop(&mut self) {
        // A panic of a host's store may be on its way here, and a second one would abort the process.
        if !self.recorded && catch_unwind(AssertUnwindSafe(|| self.record())).is_err() {
            tracing::error!(target: "auth", action = self.event.action.as_str(), "a panic in the event sink");
        }
    }
}

/// A span by the semantic conventions of OpenTelemetry. It is finer than `info`, so that it is
/// there for who traces and no line of a log carries it.
fn span(action: Action, client: &ClientInfo) -> Span {
    tracing::debug_span!(
        target: "auth",
        "auth",
        otel.name = action.as_str(),
        otel.kind = "internal",
        otel.status_code = Empty,
        error.type = Empty,
        user.id = Empty,
        session.id = Empty,
        client.address = client.ip.map(tracing::field::display),
        user_agent.original = client.user_agent.as_deref(),
    )
}

/// Only what is our fault is an error of the span; a wrong password is an answer.
fn finish(span: &Span, outcome: Outcome) {
    match outcome {
        Outcome::Done => {}
        Outcome::Failed(reason) => {
            span.record("otel.status_code", "ERROR");
            span.record("error.type", reason);
        }
        _ => {
            span.record("error.type", outcome.as_str());
        }
    }
}

fn log_event(event: &AuthEvent) {
    let action = event.action.as_str();
    let outcome = event.outcome.as_str();
    let user = event.user.as_ref().map(UserId::as_str);
    let session = event.session.as_ref().map(SessionId::as_str);
    let client = event.client.ip.map(tracing::field::display);
    let user_agent = event.client.user_agent.as_deref();
    match event.outcome {
        Outcome::RefreshReuse | Outcome::RefreshGraceOtherClient => {
            tracing::warn!(target: "auth", action, outcome, user, session, client, user_agent, "suspicious");
        }
        Outcome::Throttled(limit) | Outcome::MailWithheld(limit) => {
            let limit = limit.as_str();
            tracing::warn!(target: "auth", action, outcome, limit, user, session, client, user_agent, "too often");
        }
        // Load is no fault: a full queue and a stopping server refuse by design.
        Outcome::Failed("busy") => {
            tracing::warn!(target: "auth", action, outcome, user, session, client, user_agent, "refused");
        }
        Outcome::Failed(_) => {
            tracing::error!(target: "auth", action, outcome, user, session, client, user_agent, "failed");
        }
        _ => tracing::info!(target: "auth", action, outcome, user, session, client, user_agent),
    }
}

/// The chain of causes of what is ours; a client's mistakes are in the event alone.
fn log_fault(action: Action, error: &AuthError) {
    if let AuthError::Unavailable(_) | AuthError::Internal(_) = error {
        tracing::error!(target: "auth", action = action.as_str(), "{}", with_causes(error));
    }
}
