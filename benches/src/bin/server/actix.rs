use actix_web::web::{self, Data, Json, ServiceConfig};
use actix_web::{Either, HttpResponse};
use auth_actix::RequireAuth;
use auth_core::Auth;

use crate::bare::Bare;
use crate::words::{Message, TokenBody, UserAnswer};

type Answer<T> = Either<Json<T>, HttpResponse>;

pub(crate) fn routes(bare: Bare) -> impl FnOnce(&mut ServiceConfig) {
    move |app| {
        app.app_data(Data::new(bare))
            .route("/echo", web::post().to(async |body: Json<TokenBody>| Json(Message::echo(body.into_inner()))))
            .route("/bare/validation", web::post().to(validation))
            .route("/floor/validation", web::post().to(validation_at_best))
            .route("/bare/get_user", web::post().to(get_user))
            .route("/bare/get_user_by_two", web::post().to(get_user_by_two));
    }
}

pub(crate) fn guarded(auth: Auth) -> impl FnOnce(&mut ServiceConfig) {
    move |app| {
        let club = web::resource("/club").route(web::get().to(async || "welcome"));
        app.service(club.wrap(RequireAuth::new(auth)));
    }
}

async fn validation(bare: Data<Bare>, body: Json<TokenBody>) -> Answer<Message> {
    answer(bare.validation(&body))
}

async fn validation_at_best(bare: Data<Bare>, body: Json<TokenBody>) -> Answer<Message> {
    answer(bare.validation_at_best(&body))
}

async fn get_user(bare: Data<Bare>, body: Json<TokenBody>) -> Answer<UserAnswer> {
    answer(bare.get_user(&body).await)
}

async fn get_user_by_two(bare: Data<Bare>, body: Json<TokenBody>) -> Answer<UserAnswer> {
    answer(bare.get_user_by_two(&body).await)
}

fn answer<T>(found: Option<T>) -> Answer<T> {
    found.map_or_else(|| Either::Right(HttpResponse::Unauthorized().finish()), |found| Either::Left(Json(found)))
}
