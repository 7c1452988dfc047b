//! A host that forgot the `Auth`.

use actix_web::{App, HttpResponse, test, web};
use auth_actix::{AuthClaims, ClientInfo, CurrentUser, MaybeUser};
use auth_tests::Log;

/// axum does not compile without it; its crate shows that.
#[tokio::test]
async fn an_actix_application_without_auth_is_500_and_the_log_says_what_is_missing() {
    let log = Log::default();
    let _logging = tracing::dispatcher::set_default(&log.dispatch());
    let app = App::new()
        .route("/me", web::get().to(async |_: CurrentUser| HttpResponse::Ok()))
        .route("/claims", web::get().to(async |_: AuthClaims| HttpResponse::Ok()))
        .route("/client", web::get().to(async |_: ClientInfo| HttpResponse::Ok()))
        .route("/maybe", web::get().to(async |_: MaybeUser| HttpResponse::Ok()));
    let app = test::init_service(app).await;
    for page in ["/me", "/claims", "/client", "/maybe"] {
        let request = test::TestRequest::get().uri(page).insert_header(("authorization", "Bearer x")).to_request();
        let response = test::call_service(&app, request).await;
        assert_eq!(response.status(), 500);
        let body: serde_json::Value = test::read_body_json(response).await;
        assert_eq!(body["error"]["code"], "internal");
        let logged = log.text();
        log.clear();
        assert!(
            logged.contains("ERROR auth: the application has no `Auth`: add `.configure(auth_actix::mount("),
            "{logged}"
        );
    }
}
