//! Which passwords are taken, and that they are kept exactly as sent.

use auth_core::password::PasswordPolicy;
use auth_tests::Case;

#[tokio::test]
async fn length_is_counted_in_code_points_from_8_on() {
    Case::everywhere()
        .run(async |world| {
            for (number, (taken, short)) in
                [("tree top", "tree to"), ("éàüöñçßø", "éàüöñçß"), ("😀🌲🏠🌧🚪🔑🌙🦉", "😀🌲🏠🌧🚪🔑🌙")]
                    .iter()
                    .enumerate()
            {
                let mut ann = world.client();
                let name = format!("ann {number}");
                ann.signup_username(&name, short).await.is(400, "weak_password");
                ann.joins_as(&name, taken).await;
            }
        })
        .await;
}

#[tokio::test]
async fn a_host_may_ask_for_15_code_points() {
    Case::everywhere()
        .settings(|settings| settings.password_policy(PasswordPolicy::default().min_code_points(15).unwrap()))
        .run(async |world| {
            for letter in ["é", "😀"] {
                let ann = world.client();
                ann.signup_username(&format!("ann {letter}"), &letter.repeat(14)).await.is(400, "weak_password");
                ann.signup_username(&format!("ann {letter}"), &letter.repeat(15)).await.is_ok();
            }
        })
        .await;
}

#[tokio::test]
async fn a_password_has_at_most_1024_bytes_and_every_one_counts() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            let longest = "long tree house ".repeat(64);
            assert_eq!(longest.len(), 1_024);
            ann.signup_username("ann", &format!("{longest}x")).await.is_about("invalid_field", "password");
            ann.joins_as("ann", &longest).await;
            for cut in [1_023, 99, 72, 64] {
                ann.signin("ann", &longest[..cut]).await.is(401, "credentials");
            }
        })
        .await;
}

#[tokio::test]
async fn an_over_long_password_is_refused_before_anything_is_hashed() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            let before = world.auth().hashing().computed;
            let long = "x".repeat(10_000);
            ann.signup_username("ann", &long).await.is_about("invalid_field", "password");
            ann.signin("ann", &long).await.is_about("invalid_field", "password");
            ann.restores("any token", &long).await.is_about("invalid_field", "new_password");
            assert_eq!(world.auth().hashing().computed, before);
        })
        .await;
}

#[tokio::test]
async fn there_are_no_rules_of_composition_and_nothing_is_trimmed() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_as("ann", " x y z q ").await;
            for other in ["x y z q ", " x y z q", "x y z q", " X y z q "] {
                ann.signin("ann", other).await.is(401, "credentials");
            }
            ann.joins_as("bob", "žluťoučký").await;
            ann.signin("bob", "z\u{30c}lut\u{30c}ouc\u{30c}ky\u{301}").await.is(401, "credentials");
        })
        .await;
}

#[tokio::test]
async fn nul_and_control_characters_count_and_cut_nothing() {
    Case::everywhere()
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_as("ann", "tree house tree\0b").await;
            ann.signin("ann", "tree house tree").await.is(401, "credentials");
            ann.signin("ann", "tree house tree\0c").await.is(401, "credentials");
            ann.joins_as("bob", "\0\u{1b}\n\r\t\u{7f}\u{85}\0!").await;
        })
        .await;
}

#[tokio::test]
async fn what_attackers_try_first_is_weak() {
    Case::everywhere()
        .run(async |world| {
            for password in ["password", "PassWord", "passwordpassword", "123456789012345", "iloveyou", "qwertyuiop"] {
                world.client().signup_username("ann", password).await.is(400, "weak_password");
            }
        })
        .await;
}

#[tokio::test]
async fn the_name_the_address_and_the_service_are_weak() {
    Case::everywhere()
        .run(async |world| {
            let ann = world.client();
            ann.signup_username("gardener", "gardenergardener").await.is(400, "weak_password");
            ann.signup_email("ann.gardener@example.org", "gardener-ann-gardener").await.is(400, "weak_password");
            ann.signup_email("ann@example.org", "ann@example.org").await.is(400, "weak_password");
            ann.signup_username("ann", "Notes Notes Notes").await.is(400, "weak_password");
        })
        .await;
}
