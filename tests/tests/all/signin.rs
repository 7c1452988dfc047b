use auth_tests::{Case, PW};

#[tokio::test]
async fn the_right_password_opens_a_session() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.signup_username("ann", PW).await.is_ok();
            ann.signin("ann", PW).await.is_ok();
        })
        .await;
}
