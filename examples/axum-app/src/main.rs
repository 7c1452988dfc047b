//! The example server on axum: the routes, and how the product's answers become axum's.
//! What it does lies in `example-product`, how it listens in `serve`.

mod deadline;
mod serve;

use std::process::ExitCode;

use auth_axum::CurrentUser;
use auth_axum::auth_core::Auth;
use auth_axum::auth_core::http::{BODY_LIMIT, BodyFault, RequestHead};
use axum::Router;
use axum::body::Body;
use axum::extract::{FromRef, Path, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use axum::routing::get;
use example_product::notes::Notes;
use example_product::pages::Visit;
use example_product::{Answer, Product};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};

#[tokio::main]
async fn main() -> ExitCode {
    example_product::run(|server| {
        let app = app(server.product);
        serve::serve(app, server.listener, server.stop)
    })
    .await
}

/// The state of the application; the extractors find `Auth` in it.
#[derive(Clone)]
struct App(Product);

impl FromRef<App> for Auth {
    fn from_ref(app: &App) -> Self {
        app.0.auth.clone()
    }
}

fn app(product: Product) -> Router {
    let notes = get(list_notes).post(create_note).fallback(async || not_allowed("GET, POST"));
    let note = get(read_note).delete(delete_note).fallback(async || not_allowed("GET, DELETE"));
    Router::new()
        .merge(auth_axum::mount(product.prefix.as_str(), product.auth.clone()))
        .route("/notes", notes)
        .route("/notes/{id}", note)
        .fallback(page)
        .with_state(App(product))
}

async fn list_notes(State(app): State<App>, user: CurrentUser) -> Response {
    respond(app.0.notes.list(&user.id).await)
}

async fn create_note(State(app): State<App>, user: CurrentUser, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let head = RequestHead::read(None, parts.headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes())));
    respond(app.0.notes.create(&user.id, &head, read(body).await).await)
}

async fn read_note(State(app): State<App>, user: CurrentUser, Path(id): Path<String>) -> Response {
    respond(app.0.notes.read(&user.id, &id).await)
}

async fn delete_note(State(app): State<App>, user: CurrentUser, Path(id): Path<String>) -> Response {
    respond(app.0.notes.delete(&user.id, &id).await)
}

fn not_allowed(allow: &'static str) -> Response {
    respond(Notes::method_not_allowed(allow))
}

async fn page(State(app): State<App>, request: Request) -> Response {
    let headers = request.headers().iter().map(|(name, value)| (name.as_str(), value.as_bytes()));
    let uri = request.uri();
    respond(app.0.pages.answer(&Visit::new(request.method().as_str(), uri.path(), uri.query(), headers)))
}

async fn read(body: Body) -> Result<Vec<u8>, BodyFault> {
    let read = Limited::new(body, BODY_LIMIT).collect().await;
    read.map(|read| read.to_bytes().into())
        .map_err(|error| if error.is::<LengthLimitError>() { BodyFault::TooLarge } else { BodyFault::Incomplete })
}

fn respond(answer: Answer) -> Response {
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in answer.headers {
        if let Ok(value) = HeaderValue::try_from(value) {
            response.headers_mut().append(HeaderName::from_static(name), value);
        }
    }
    response
}
