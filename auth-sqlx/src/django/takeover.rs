use async_trait::async_trait;
use auth_core::Timestamp;
use auth_core::account::{Epoch, UserId};
use auth_core::restore::LegacyRestoreToken;
use auth_core::session::{NewSession, SessionId};
use auth_core::store::{Cas, StoreError, TakeoverStore};

use super::DjangoStore;
use super::sql::statement;
use crate::driver::Statement;
use crate::session::opening;

const SNAPSHOT: &str = "SELECT snapshot FROM auth_takeover_users WHERE user_id = $1";
const IS_SPENT: &str = "SELECT user_id FROM auth_takeover_tokens WHERE session_id = $1";
const SPEND: &str = "INSERT INTO auth_takeover_tokens (session_id, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING";
const FORGET_SPENT: &str = "DELETE FROM auth_takeover_tokens WHERE session_id IN \
    (SELECT session_id FROM auth_takeover_tokens ORDER BY session_id LIMIT $1)";

#[async_trait]
impl TakeoverStore for DjangoStore {
    fn taken_at(&self) -> Timestamp {
        self.taken_at
    }

    async fn snapshot(&self, user: &UserId) -> Result<Option<Epoch>, StoreError> {
        let Some(id) = user.as_i64() else { return Ok(None) };
        if let Some(epoch) = self.noted_snapshot(id).await? {
            return Ok(Some(epoch));
        }
        self.file_one(id).await?;
        self.noted_snapshot(id).await
    }

    async fn is_spent(&self, token: &SessionId) -> Result<bool, StoreError> {
        Ok(!self.sql.driver.fetch(Statement::new(IS_SPENT).bind(token.as_str())).await?.is_empty())
    }

    async fn adopt(&self, session: NewSession) -> Result<Cas, StoreError> {
        let session = session.record();
        let mut transaction = self.sql.driver.begin_beside().await?;
        if transaction.execute(spend(&session.user, &session.id)).await? == 0 {
            return Ok(Cas::Lost);
        }
        transaction.execute(opening(session)).await?;
        transaction.commit().await?;
        Ok(Cas::Won)
    }

    async fn end(&self, user: &UserId, token: &SessionId) -> Result<Cas, StoreError> {
        Ok(if self.sql.driver.execute(spend(user, token)).await? == 0 { Cas::Lost } else { Cas::Won })
    }

    async fn forget_spent(&self, limit: u32) -> Result<u64, StoreError> {
        self.sql.driver.execute(Statement::new(FORGET_SPENT).bind(limit)).await
    }

    async fn forget_restoring_token(&self, token: &LegacyRestoreToken) -> Result<Cas, StoreError> {
        let forget = statement(&self.queries.forget_restoring_token).bind(token.expose());
        Ok(if self.sql.driver.execute(forget).await? == 0 { Cas::Lost } else { Cas::Won })
    }
}

impl DjangoStore {
    async fn noted_snapshot(&self, id: i64) -> Result<Option<Epoch>, StoreError> {
        let rows = self.sql.driver.fetch(Statement::new(SNAPSHOT).bind(id)).await?;
        let epoch = rows.into_iter().next().map(|row| row.of("auth_takeover_users").text("snapshot"));
        Ok(epoch.transpose()?.map(Epoch::stored))
    }
}

fn spend(user: &UserId, token: &SessionId) -> Statement {
    Statement::new(SPEND).bind(token.as_str()).bind(user.as_i64().unwrap_or_default())
}
