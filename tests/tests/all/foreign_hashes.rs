//! Accounts whose password another program stored.

use std::time::Duration;

use auth_core::Settings;
use auth_core::password::{ForeignHash, HashFormat, PasswordHash, Pbkdf2Iterations};
use auth_core::store::{Cas, EpochRule};
use auth_tests::{Case, NEW_PW, PW, World};

/// By Django 4.2 for `PW`, with low costs.
const OF_DJANGO: [(&str, &str); 6] = [
    ("pbkdf2", "pbkdf2_sha256$1000$Gf3sWFq6N1WwJ9VPwP3XAO$VtLY0mY8doJoMtei6O42ZgsuFNFDgyohCGM7bpBbh+c="),
    ("pbkdf2_sha1", "pbkdf2_sha1$1000$Ghv5ot2R1R7rzWllFrqoMW$JiwtGKLHZJO0JwUxMBYoUy8TKi4="),
    (
        "argon2",
        "argon2$argon2id$v=19$m=64,t=1,p=2$OEhOYzJ5WWhtMlJMc0drMk5SOVk1dg$Asq5NsfB27CI+tj30sBLlLx6+1Qn1S4ajPWQPEc8Rzw",
    ),
    ("bcrypt_sha256", "bcrypt_sha256$$2b$04$o8lzsokTe4jn7Ca9CGccQez9iVxl5u4V0CtSgKsFxIxZFQayl99Xi"),
    ("bcrypt", "bcrypt$$2b$04$qpDYS1sKjPeZjmiyoYehDuhXXjfO04UzK.zYCuN7Q/WnxvcRbSaC6"),
    (
        "scrypt",
        "scrypt$16$Wwhh0OseogOmmGXiookDNo$1$1$3DxuWb6FCaiWaSf7yAv2YvQcxEwkgRvSuLDf53oM7Rxt5TH2+grCgr1ORN7UvfaLpffs0VcEToLL2GMq1SY6xQ==",
    ),
];

/// What no password opens, whatever it says.
const UNUSABLE: [(&str, &str); 7] = [
    ("locked", "!8tt8A8K2nkXbRRxsqk7FYeGsY51dKkqK28ndt5LQ"),
    ("empty", ""),
    ("unknown", "sha1$salt$5baa61e4c9b93f3f0682250b6cf8331b7ee68fd8"),
    ("not-listed", "$2b$04$abcdefghijklmnopqrstuuRK/VjDLB4H6c7w/qclDZGMgzqLuGQWS"),
    ("cut", "pbkdf2_sha256$1000$Gf3sWFq6N1WwJ9VPwP3XAO$VtLY0mY8"),
    ("dear", "pbkdf2_sha256$4000000000$Gf3sWFq6N1WwJ9VPwP3XAO$VtLY0mY8doJoMtei6O42ZgsuFNFDgyohCGM7bpBbh+c="),
    (
        "huge",
        "argon2$argon2id$v=19$m=4194304,t=100,p=2$OEhOYzJ5WWhtMlJMc0drMk5SOVk1dg$Asq5NsfB27CI+tj30sBLlLx6+1Qn1S4ajPWQPEc8Rzw",
    ),
];

/// Reads what Django wrote, and writes so.
fn beside_django(format: HashFormat) -> Case {
    Case::everywhere().settings(move |settings| reads_django(settings).hash_format(format))
}

fn reads_django(settings: Settings) -> Settings {
    settings.foreign_hashes(ForeignHash::DJANGO).failed_signin_step(Duration::from_millis(1))
}

fn weak_pbkdf2() -> HashFormat {
    HashFormat::DjangoPbkdf2Sha256(Pbkdf2Iterations::danger_weak(1_000).unwrap())
}

/// Accounts with these hashes, as if another program had made them.
async fn accounts(world: &World, hashes: &[(&'static str, &str)]) {
    for (name, hash) in hashes {
        world.client().signup_username(name, NEW_PW).await.is_ok();
        let id = world.user(name).await.id;
        let auth = world.auth();
        let hash = PasswordHash::stored(*hash);
        let stored = auth.stores().users.set_password(&id, None, &hash, EpochRule::Keep).await;
        assert_eq!(stored.unwrap(), Cas::Won);
    }
}

async fn stored(world: &World, name: &str) -> String {
    world.user(name).await.password.expose().to_owned()
}

#[tokio::test]
async fn whoever_django_knows_signs_in_and_has_argon2_from_then_on() {
    beside_django(HashFormat::Argon2id)
        .run(async |world| {
            accounts(&world, &OF_DJANGO).await;
            for (name, hash) in OF_DJANGO {
                let mut client = world.client();
                client.signin(name, NEW_PW).await.is(401, "credentials");
                assert_eq!(stored(&world, name).await, hash, "a wrong password replaces nothing");
                client.signin(name, PW).await.is_ok();
                assert!(stored(&world, name).await.starts_with("$argon2id$v=19$m=8,t=1,p=1$"));
                client.signin(name, PW).await.is_ok();
                client.signin(name, NEW_PW).await.is(401, "credentials");
                client.get_user().await.is_ok();
            }
        })
        .await;
}

#[tokio::test]
async fn without_the_list_nobody_of_them_signs_in() {
    Case::everywhere()
        .run(async |world| {
            accounts(&world, &OF_DJANGO).await;
            for (name, hash) in OF_DJANGO {
                world.client().signin(name, PW).await.is(401, "credentials");
                assert_eq!(stored(&world, name).await, hash);
            }
        })
        .await;
}

#[tokio::test]
async fn an_unusable_hash_is_refused_like_a_wrong_password_after_one_computation() {
    beside_django(HashFormat::Argon2id)
        .run(async |world| {
            accounts(&world, &UNUSABLE).await;
            accounts(&world, &OF_DJANGO).await;
            let names = UNUSABLE.iter().chain(&OF_DJANGO).map(|(name, _)| *name).chain(["nobody"]);
            let mut answers = Vec::new();
            for name in names {
                let before = world.auth().hashing().computed;
                let answer = world.client().signin(name, "another password").await;
                answer.is(401, "credentials");
                assert_eq!(world.auth().hashing().computed, before + 1, "{name}");
                answers.push(answer.text().to_owned());
            }
            assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{answers:?}");
            // Why is told by the hashing thread, whose log is not this test's.
            let told = world.log().matches("outcome=\"unusable_hash\"").count();
            assert_eq!(told, UNUSABLE.len(), "{}", world.log());
        })
        .await;
}

#[tokio::test]
async fn beside_a_django_that_reads_pbkdf2_alone_nothing_else_is_written() {
    beside_django(weak_pbkdf2())
        .run(async |world| {
            let mut ann = world.client();
            ann.joins_with_email("ann@example.org", PW).await;
            let first = stored(&world, "ann@example.org").await;
            let link = ann.gets_a_link("ann@example.org").await;
            ann.restores(&link, NEW_PW).await.is_ok();
            ann.signin("ann@example.org", NEW_PW).await.is_ok();
            let second = stored(&world, "ann@example.org").await;
            for hash in [first, second] {
                assert!(hash.starts_with("pbkdf2_sha256$1000$") && hash.len() == 86, "{hash}");
            }
            accounts(&world, &OF_DJANGO).await;
            for (name, hash) in OF_DJANGO {
                world.client().signin(name, PW).await.is_ok();
                assert_eq!(stored(&world, name).await, hash);
            }
        })
        .await;
}

#[tokio::test]
async fn beside_a_django_that_reads_argon2_the_other_hashes_are_replaced() {
    beside_django(HashFormat::DjangoArgon2)
        .run(async |world| {
            world.client().signup_username("ann", PW).await.is_ok();
            assert!(stored(&world, "ann").await.starts_with("argon2$argon2id$v=19$m=8,t=1,p=1$"));
            accounts(&world, &OF_DJANGO).await;
            for (name, hash) in OF_DJANGO {
                world.client().signin(name, PW).await.is_ok();
                let now = stored(&world, name).await;
                assert!(now.starts_with("argon2$argon2id$"), "{now}");
                assert_eq!(now == hash, name == "argon2", "{name}");
                world.client().signin(name, PW).await.is_ok();
            }
        })
        .await;
}

#[tokio::test]
async fn a_change_that_straddles_the_replacement_wins() {
    beside_django(HashFormat::Argon2id)
        .run(async |world| {
            accounts(&world, &OF_DJANGO[..1]).await;
            world.store().hold("set_password");
            let id = world.user("pbkdf2").await.id;
            let mut ann = world.client();
            let (signed_in, ()) = tokio::join!(ann.signin("pbkdf2", PW), async {
                world.store().someone_waits_at("set_password").await;
                let changed = world.auth().set_password(&id, auth_core::password::Password::new(NEW_PW)).await;
                assert!(changed.unwrap());
                world.store().release("set_password");
            });
            signed_in.is_ok();
            ann.get_user().await.is(401, "token_revoked");
            ann.signin("pbkdf2", PW).await.is(401, "credentials");
            ann.signin("pbkdf2", NEW_PW).await.is_ok();
        })
        .await;
}
