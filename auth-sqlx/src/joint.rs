use async_trait::async_trait;
use auth_core::account::User;
use auth_core::session::{Session, SessionId};
use auth_core::store::{JointStore, StoreError};

use crate::SqlStore;
use crate::driver::Statement;
use crate::row::{Inconsistent, Row};
use crate::{session, user};

/// The columns in the order in which either is read alone. Without `(SELECT $1)` SQLite would plan it
/// anew for each id once somebody has run `ANALYZE`, since it looks at the value where tables are
/// joined: that takes longer than a second statement.
const SESSION_AND_USER: &str = "SELECT s.id, s.user_id, s.epoch, s.generation, s.jti, s.issued_at, s.expires_at, \
    s.created_at, s.rotated_at, s.absolute_end, s.client_ip, s.user_agent, \
    u.id, u.username, u.email, u.password, u.epoch, u.is_active, u.date_joined, u.last_login, u.roles, u.attributes \
    FROM auth_sessions s LEFT JOIN auth_users u ON u.id = s.user_id WHERE s.id = (SELECT $1)";

#[async_trait]
impl JointStore for SqlStore {
    async fn session_and_user(&self, id: &SessionId) -> Result<Option<(Session, Option<User>)>, StoreError> {
        let row = self.driver.find(Statement::new(SESSION_AND_USER).bind(id.as_str())).await?;
        Ok(row.map(session_and_user).transpose()?)
    }
}

fn session_and_user(row: Row) -> Result<(Session, Option<User>), Inconsistent> {
    let mut cells = row.of("auth_sessions");
    let session = session::read(&mut cells)?;
    Ok((session, cells.joined("auth_users").map(|mut cells| user::read(&mut cells)).transpose()?))
}
