use auth_core::account::User;
use serde::Serialize;

/// A member as the handlers of this application see one: no hash, no epoch, and a plan that is one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Member {
    /// The key of the row.
    pub number: i64,
    /// The nickname as it was given.
    pub nickname: String,
    /// The column `full_name`.
    pub full_name: String,
    /// The column `plan`.
    pub plan: Plan,
}

/// What a member pays for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Plan {
    /// Nothing.
    Free,
    /// Everything.
    Paid,
}

impl TryFrom<User> for Member {
    type Error = &'static str;

    fn try_from(user: User) -> Result<Self, Self::Error> {
        let text = |column| user.attributes.get(column).and_then(|value| value.as_str()).unwrap_or_default();
        let plan = match text("plan") {
            "free" => Plan::Free,
            "paid" => Plan::Paid,
            _ => return Err("the column `plan` holds neither free nor paid"),
        };
        let number = user.id.as_i64().ok_or("the key of a member is a number")?;
        Ok(Self { number, nickname: user.username.as_str().to_owned(), full_name: text("full_name").to_owned(), plan })
    }
}
