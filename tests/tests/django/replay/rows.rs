use serde_json::{Map, Value};
use tokio::sync::Mutex;

use crate::connection::Connection;
use crate::project::{Project, TABLE};

/// One JSON object for each row, with the names of the columns.
const ON_SQLITE: &str = "SELECT json_object('password', password, 'last_login', last_login, \
     'is_superuser', json(iif(is_superuser, 'true', 'false')), 'username', username, 'first_name', first_name, \
     'last_name', last_name, 'email', email, 'is_staff', json(iif(is_staff, 'true', 'false')), \
     'is_active', json(iif(is_active, 'true', 'false')), 'date_joined', date_joined, \
     'restoring_token', restoring_token, 'id', id) FROM accounts_user ORDER BY id";
const ON_POSTGRES: &str = "SELECT CAST(to_jsonb(accounts_user) AS text) FROM accounts_user ORDER BY id";

/// What a case leaves behind.
const LEFT_BEHIND: [&str; 8] = [
    TABLE,
    "auth_attempts",
    "auth_sessions",
    "auth_outbox",
    "auth_takeover_users",
    "auth_takeover_names",
    "auth_takeover_emails",
    "auth_takeover_tokens",
];

/// The rows of the user table, over one connection beside ours.
pub(super) struct Rows {
    connection: Mutex<Connection>,
    query: &'static str,
}

impl Rows {
    pub(super) async fn of(project: &Project) -> Self {
        let mut connection = Connection::open(&project.url()).await;
        let query = match connection {
            Connection::Sqlite(_) => ON_SQLITE,
            _ => ON_POSTGRES,
        };
        if query == ON_POSTGRES {
            // As Django's connections are.
            connection.ask("SET TIME ZONE 'UTC'").await;
        }
        Self { connection: Mutex::new(connection), query }
    }

    /// Forgets every account and what belongs to it.
    pub(super) async fn empty(&self) {
        let deletions = LEFT_BEHIND.map(|table| format!("DELETE FROM {table};")).concat();
        self.ask(&format!("BEGIN; {deletions} COMMIT;")).await;
    }

    /// Inserts a row as Django would.
    pub(super) async fn insert(&self, row: &Map<String, Value>) {
        let (names, values): (Vec<_>, Vec<_>) = row.iter().map(|(name, value)| (name.as_str(), literal(value))).unzip();
        self.ask(&format!("INSERT INTO {TABLE} ({}) VALUES ({})", names.join(", "), values.join(", "))).await;
    }

    /// Sets the column of restoring tokens as the Python service does.
    pub(super) async fn set_restoring_token(&self, username: &str, token: &str) {
        let (username, token) = (literal(&username.into()), literal(&token.into()));
        self.ask(&format!("UPDATE {TABLE} SET restoring_token = {token} WHERE username = {username}")).await;
    }

    /// Every row.
    pub(super) async fn all(&self) -> Vec<Map<String, Value>> {
        let rows = self.ask(self.query).await.into_iter().flatten();
        rows.map(|text| serde_json::from_str(&text).unwrap()).collect()
    }

    async fn ask(&self, sql: &str) -> Vec<Option<String>> {
        self.connection.lock().await.ask(sql).await
    }
}

fn literal(value: &Value) -> String {
    match value {
        Value::String(text) => format!("'{}'", text.replace('\'', "''")),
        other => other.to_string(),
    }
}
