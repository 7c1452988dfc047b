use serde::Serialize;
use serde_json::{Map, Value};

use super::moment::as_django;
use crate::account::{User, UserId};

/// An account as Django's `AbstractUser` has it: its columns in their order, without those that
/// are nobody's business, and after them what the host lists as public.
#[derive(Serialize)]
pub(super) struct DjangoUser<'a> {
    id: Key<'a>,
    last_login: Option<String>,
    is_superuser: bool,
    username: &'a str,
    first_name: &'a str,
    last_name: &'a str,
    email: &'a str,
    is_staff: bool,
    is_active: bool,
    date_joined: String,
    #[serde(flatten)]
    listed: Map<String, Value>,
}

/// The columns of the model that are attributes to us.
const COLUMNS: [&str; 4] = ["is_superuser", "first_name", "last_name", "is_staff"];

#[derive(Serialize)]
#[serde(untagged)]
enum Key<'a> {
    Number(i64),
    Text(&'a str),
}

impl<'a> From<&'a UserId> for Key<'a> {
    fn from(id: &'a UserId) -> Self {
        id.as_i64().map_or(Self::Text(id.as_str()), Self::Number)
    }
}

impl<'a> From<&'a User> for DjangoUser<'a> {
    fn from(user: &'a User) -> Self {
        let flag = |name| user.attributes.get(name).and_then(Value::as_bool).unwrap_or_default();
        let text = |name| user.attributes.get(name).and_then(Value::as_str).unwrap_or_default();
        let mut listed = user.public_attributes.clone();
        listed.retain(|name, _| !COLUMNS.contains(&name.as_str()));
        Self {
            id: Key::from(&user.id),
            last_login: user.last_login.map(as_django),
            is_superuser: flag("is_superuser"),
            username: user.username.as_str(),
            first_name: text("first_name"),
            last_name: text("last_name"),
            email: user.email.as_ref().map_or("", |address| address.as_str()),
            is_staff: flag("is_staff"),
            is_active: user.is_active,
            date_joined: as_django(user.date_joined),
            listed,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::account::{Epoch, Username};
    use crate::clock::Timestamp;
    use crate::password::PasswordHash;

    fn user(id: &str) -> User {
        let (name, hash) = (Username::stored("ann"), PasswordHash::stored("hush"));
        let joined = Timestamp::from_unix_seconds(1_700_000_000);
        User::new(UserId::stored(id), name, hash, Epoch::stored("hush"), joined)
    }

    fn shown(user: &User) -> String {
        serde_json::to_string(&DjangoUser::from(user)).unwrap()
    }

    #[test]
    fn the_ten_keys_stand_in_the_order_of_the_model() {
        let bare = r#"{"id":7,"last_login":null,"is_superuser":false,"username":"ann","first_name":"","last_name":"","email":"","is_staff":false,"is_active":true,"date_joined":"2023-11-14T22:13:20Z"}"#;
        assert_eq!(shown(&user("7")), bare);
    }

    #[test]
    fn an_id_is_a_number_where_it_is_one() {
        assert!(shown(&user("007")).starts_with(r#"{"id":"007","#));
    }

    #[test]
    fn what_the_host_lists_comes_last_and_no_key_comes_twice() {
        let mut ann = user("7");
        for (name, value) in [("is_staff", json!(true)), ("plan", json!("free")), ("secret", json!(1))] {
            ann.attributes.insert(name.to_owned(), value);
        }
        let ann = ann.with_public_attributes(&["is_staff".to_owned(), "plan".to_owned()]);
        let shown = shown(&ann);
        assert!(shown.contains(r#""is_staff":true,"#) && shown.ends_with(r#","plan":"free"}"#), "{shown}");
        assert_eq!(shown.matches("is_staff").count(), 1);
        assert!(!shown.contains("secret") && !shown.contains("hush"));
    }
}
