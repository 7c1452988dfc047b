//! Names are compared in one form, kept in another, and are nothing but text.

use crate::account::{NewUser, Username};
use crate::store::{Cas, EpochRule, StoreError, UserStore};
use crate::testing::store::actors::{hash, login, newcomer, read, sign_up};

/// Lookups compare canonical forms; the name is kept as its owner wrote it.
pub async fn a_name_is_found_in_any_spelling_and_shown_as_given(users: &dyn UserStore) {
    for (given, other) in [
        ("Stra\u{df}e", "STRASSE"),
        ("\u{c9}cole", "e\u{301}COLE"),
        ("\u{39c}\u{3ac}\u{3ca}\u{3bf}\u{3c2}", "\u{39c}\u{386}\u{3aa}\u{39f}\u{3a3}"),
        ("\u{fb01}nch", "FINCH"),
        ("\u{212b}ngstr\u{f6}m", "\u{e5}NGSTR\u{d6}M"),
    ] {
        sign_up(users, newcomer(given)).await;
        let found = users.by_login(&login(other)).await.expect("by_login").expect("the name in another spelling");
        assert_eq!(found.username.as_str(), given);
    }
}

/// No collation makes two names one: accents, trailing spaces and look-alikes tell accounts apart.
pub async fn names_are_compared_byte_by_byte(users: &dyn UserStore) {
    for name in ["resume", "r\u{e9}sum\u{e9}", "resume ", " resume", "re\u{200b}sume", "\u{440}esume", "re\u{323}sume"]
    {
        let user = sign_up(users, newcomer(name)).await;
        let found = users.by_login(&login(name)).await.expect("by_login");
        assert_eq!(found.map(|found| found.id), Some(user.id), "{name:?}");
    }
}

/// Nobody is found by a pattern.
pub async fn a_wildcard_in_a_name_stands_for_itself(users: &dyn UserStore) {
    sign_up(users, newcomer("wild card")).await;
    for pattern in ["wild%", "%", "wild_card", "wild*", "*", "wild?card", "wild.card", "wild[ ]card"] {
        assert_eq!(users.by_login(&login(pattern)).await.expect("by_login"), None, "{pattern:?}");
    }
}

/// Quotes, other scripts and the longest name are only text.
pub async fn odd_text_comes_back_unchanged(users: &dyn UserStore) {
    let longest = "\u{10348}".repeat(150);
    for name in [
        "'; DROP TABLE auth_users; --",
        "%_\\\"`$1?:a",
        "\u{5d0}\u{5d1} \u{627}\u{644}",
        "\u{1f9d1}\u{200d}\u{1f680}",
        &longest,
    ] {
        let user = sign_up(users, newcomer(name)).await;
        assert_eq!(user.username.as_str(), name);
        assert_eq!(read(users, &user).await, user, "{name:?}");
        assert_eq!(users.by_login(&login(name)).await.expect("by_login"), Some(user), "{name:?}");
    }
}

/// A NUL is refused long before a store, and a store that meets one may refuse it: it may not
/// panic, nor cut the text there.
pub async fn a_nul_does_no_harm(users: &dyn UserStore) {
    let cut = sign_up(users, newcomer("nul")).await;
    let new = NewUser { username: Username::stored("nul\0 and more"), ..newcomer("with nul") };
    if let Ok(user) = users.insert(new).await {
        assert_eq!(read(users, &user).await.username.as_str(), "nul\0 and more");
    }
    assert_eq!(read(users, &cut).await, cut);
}

/// What a column has no room for is a failure, not a conflict, and never cut.
pub async fn an_over_long_text_is_kept_whole_or_refused(users: &dyn UserStore) {
    let overlong = "x".repeat(20_000);
    match users.insert(NewUser { username: Username::stored(&*overlong), ..newcomer("over-long") }).await {
        Ok(user) => assert_eq!(read(users, &user).await.username.as_str(), overlong),
        Err(StoreError::Conflict(unique)) => panic!("an over-long name is told as a conflict of {unique}"),
        Err(_) => assert_eq!(users.by_login(&login("over-long")).await.expect("by_login"), None),
    }
    let user = sign_up(users, newcomer("over-long hash")).await;
    let hash = hash(&overlong);
    let written = users.set_password(&user.id, None, &hash, EpochRule::Keep).await;
    let expected = if matches!(written, Ok(Cas::Won)) { hash } else { user.password.clone() };
    assert_eq!(read(users, &user).await.password, expected);
}
