//! The example server on actix-web: the routes, and how the product's answers become actix's.
//! What it does lies in `example-product`, how it listens in `serve`.

mod connection;
mod deadline;
mod serve;
mod stop;

use std::process::ExitCode;

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Path, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use auth_actix::CurrentUser;
use auth_actix::auth_core::http::{BODY_LIMIT, BodyFault, RequestHead};
use example_product::notes::Notes;
use example_product::pages::{Pages, Visit};
use example_product::{Answer, Product};

fn main() -> ExitCode {
    actix_web::rt::System::new().block_on(example_product::run(serve::serve))
}

fn app(product: Product) -> impl FnOnce(&mut ServiceConfig) {
    move |app| {
        let notes = web::resource("/notes").route(web::get().to(list_notes)).route(web::post().to(create_note));
        let note = web::resource("/notes/{id}").route(web::get().to(read_note)).route(web::delete().to(delete_note));
        app.configure(auth_actix::mount(product.prefix.as_str(), product.auth))
            .app_data(Data::new(product.notes))
            .app_data(Data::new(product.pages))
            .service(notes.default_service(web::to(async || not_allowed("GET, POST"))))
            .service(note.default_service(web::to(async || not_allowed("GET, DELETE"))))
            .default_service(web::to(page));
    }
}

async fn list_notes(notes: Data<Notes>, user: CurrentUser) -> HttpResponse {
    respond(notes.list(&user.id).await)
}

async fn create_note(notes: Data<Notes>, user: CurrentUser, request: HttpRequest, body: Payload) -> HttpResponse {
    let head = RequestHead::read(None, request.headers().iter().map(|(name, value)| (name.as_str(), value.as_bytes())));
    respond(notes.create(&user.id, &head, read(body).await).await)
}

async fn read_note(notes: Data<Notes>, user: CurrentUser, id: Path<String>) -> HttpResponse {
    respond(notes.read(&user.id, &id).await)
}

async fn delete_note(notes: Data<Notes>, user: CurrentUser, id: Path<String>) -> HttpResponse {
    respond(notes.delete(&user.id, &id).await)
}

fn not_allowed(allow: &'static str) -> HttpResponse {
    respond(Notes::method_not_allowed(allow))
}

async fn page(pages: Data<Pages>, request: HttpRequest) -> HttpResponse {
    let headers = request.headers().iter().map(|(name, value)| (name.as_str(), value.as_bytes()));
    let uri = request.uri();
    respond(pages.answer(&Visit::new(request.method().as_str(), uri.path(), uri.query(), headers)))
}

async fn read(body: Payload) -> Result<Vec<u8>, BodyFault> {
    match body.to_bytes_limited(BODY_LIMIT).await {
        Ok(Ok(bytes)) => Ok(bytes.into()),
        Ok(Err(_)) => Err(BodyFault::Incomplete),
        Err(_) => Err(BodyFault::TooLarge),
    }
}

fn respond(answer: Answer) -> HttpResponse {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = HttpResponse::build(status);
    for header in answer.headers {
        response.append_header(header);
    }
    response.body(answer.body)
}
