//! A store of ours keeps any attribute. A table of a host's own has columns instead, so that this
//! is no part of the suite.

use serde_json::json;

use super::actors::{newcomer, read, sign_up};
use crate::store::UserStore;

/// Attributes of any name and depth come back as they were given.
pub async fn any_attribute_comes_back_unchanged(users: &dyn UserStore) {
    for name in ["", "plan", "'; --", "\u{5d0}\u{1f600}", "a\nb"] {
        let mut new = newcomer(&format!("attributes of {}", name.len()));
        new.attributes.insert(name.to_owned(), json!({ "deep": [name, null, 1.5, true, { "": "a\nb\0" }] }));
        let user = sign_up(users, new.clone()).await;
        assert_eq!(user.attributes, new.attributes, "{name:?}");
        assert_eq!(read(users, &user).await, user, "{name:?}");
    }
}
