use async_trait::async_trait;
use auth_core::account::{Epoch, UserId};
use auth_core::session::{
    NewSession, Presented, Rotation, RotationPolicy, Session, SessionId, Successor, TokenId, Verdict, judge,
};
use auth_core::store::{Revoke, SessionStore, StoreError};
use auth_core::{ClientInfo, Timestamp};

use crate::SqlStore;
use crate::driver::Statement;
use crate::row::{Cells, Inconsistent, Row};

macro_rules! columns {
    () => {
        "id, user_id, epoch, generation, jti, issued_at, expires_at, created_at, rotated_at, absolute_end, \
         client_ip, user_agent"
    };
}

const OPEN: &str =
    concat!("INSERT INTO auth_sessions (", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)");
const GET: &str = concat!("SELECT ", columns!(), " FROM auth_sessions WHERE id = $1");
/// `rotated_at > $9` with `$9 = now - idle` is [`judge`]'s rule about rest.
const ROTATE: &str = concat!(
    "UPDATE auth_sessions SET generation = generation + 1, jti = $1, issued_at = $2, expires_at = $3, \
     rotated_at = $4, client_ip = $5, user_agent = $6 \
     WHERE id = $7 AND generation = $8 AND rotated_at > $9 AND absolute_end > $4 RETURNING ",
    columns!()
);
const END: &str = "DELETE FROM auth_sessions WHERE id = $1";
const END_GENERATION: &str = "DELETE FROM auth_sessions WHERE id = $1 AND generation = $2";
const LIST: &str =
    concat!("SELECT ", columns!(), " FROM auth_sessions WHERE user_id = $1 ORDER BY created_at DESC, id");
const REVOKE_ONE: &str = "DELETE FROM auth_sessions WHERE id = $1 AND user_id = $2";
const REVOKE_ALL: &str = "DELETE FROM auth_sessions WHERE user_id = $1";
const PURGE: &str = "DELETE FROM auth_sessions WHERE id IN \
    (SELECT id FROM auth_sessions WHERE absolute_end < $1 ORDER BY absolute_end LIMIT $2)";

#[async_trait]
impl SessionStore for SqlStore {
    async fn open(&self, session: NewSession) -> Result<(), StoreError> {
        self.driver.execute(opening(session.record())).await.map(drop)
    }

    async fn get(&self, id: &SessionId) -> Result<Option<Session>, StoreError> {
        self.session(Statement::new(GET).bind(id.as_str())).await
    }

    async fn rotate(
        &self,
        presented: Presented,
        next: Successor,
        now: Timestamp,
        policy: &RotationPolicy,
    ) -> Result<Rotation, StoreError> {
        let read = Statement::new(GET).bind(presented.session.as_str());
        let rotated = self.driver.update(rotation(&presented, &next, now, policy), read).await?.pop();
        if let Some(rotated) = rotated {
            return Ok(Rotation::Rotated(session(rotated)?));
        }
        let Some(session) = self.get(&presented.session).await? else { return Ok(Rotation::Unknown) };
        match judge(&session, presented.generation, now, policy) {
            Verdict::Repeat => {
                let other_client = session.client != presented.client;
                Ok(Rotation::Repeated { session, other_client })
            }
            Verdict::Reuse => {
                self.driver.execute(Statement::new(END).bind(session.id.as_str())).await?;
                Ok(Rotation::Reused(session))
            }
            Verdict::Expired => {
                // A server whose clock is behind may have rotated it meanwhile.
                let end = Statement::new(END_GENERATION).bind(session.id.as_str()).bind(session.generation);
                self.driver.execute(end).await?;
                Ok(Rotation::Expired(session))
            }
            // `Rotate` was tried, and lost.
            Verdict::Rotate | Verdict::Foreign => Ok(Rotation::Unknown),
        }
    }

    async fn list(&self, user: &UserId) -> Result<Vec<Session>, StoreError> {
        let rows = self.driver.fetch(Statement::new(LIST).bind(user.as_str())).await?;
        Ok(rows.into_iter().map(session).collect::<Result<_, _>>()?)
    }

    async fn revoke(&self, what: Revoke<'_>) -> Result<u64, StoreError> {
        let end = match what {
            Revoke::One(user, id) => Statement::new(REVOKE_ONE).bind(id.as_str()).bind(user.as_str()),
            Revoke::All(user) => Statement::new(REVOKE_ALL).bind(user.as_str()),
        };
        self.driver.execute(end).await
    }

    async fn purge_expired(&self, now: Timestamp, limit: u32) -> Result<u64, StoreError> {
        self.driver.execute(Statement::new(PURGE).bind(now).bind(limit)).await
    }
}

impl SqlStore {
    async fn session(&self, statement: Statement) -> Result<Option<Session>, StoreError> {
        Ok(self.driver.find(statement).await?.map(session).transpose()?)
    }
}

pub(crate) fn opening(session: &Session) -> Statement {
    Statement::new(OPEN)
        .bind(session.id.as_str())
        .bind(session.user.as_str())
        .bind(session.epoch.as_str())
        .bind(session.generation)
        .bind(session.current.jti.as_str())
        .bind(session.current.issued_at)
        .bind(session.current.expires_at)
        .bind(session.created_at)
        .bind(session.rotated_at)
        .bind(session.absolute_end)
        .bind(session.client.ip.map(|ip| ip.to_string()))
        .bind(session.client.user_agent.as_deref())
}

fn rotation(presented: &Presented, next: &Successor, now: Timestamp, policy: &RotationPolicy) -> Statement {
    Statement::new(ROTATE)
        .bind(next.jti.as_str())
        .bind(next.issued_at)
        .bind(next.expires_at)
        .bind(now)
        .bind(presented.client.ip.map(|ip| ip.to_string()))
        .bind(presented.client.user_agent.as_deref())
        .bind(presented.session.as_str())
        .bind(presented.generation)
        .bind(now.minus(policy.idle))
}

fn session(row: Row) -> Result<Session, Inconsistent> {
    read(&mut row.of("auth_sessions"))
}

pub(crate) fn read(row: &mut Cells) -> Result<Session, Inconsistent> {
    Ok(Session {
        id: SessionId::stored(row.text("id")?),
        user: UserId::stored(row.text("user_id")?),
        epoch: Epoch::stored(row.text("epoch")?),
        generation: row.integer("generation")?,
        current: Successor {
            jti: TokenId::stored(row.text("jti")?),
            issued_at: row.moment("issued_at")?,
            expires_at: row.moment("expires_at")?,
        },
        created_at: row.moment("created_at")?,
        rotated_at: row.moment("rotated_at")?,
        absolute_end: row.moment("absolute_end")?,
        client: {
            let ip = row.optional_text("client_ip")?.map(|text| text.parse()).transpose();
            let ip = ip.map_err(|_| row.fault("client_ip", "is not an IP address"))?;
            ClientInfo::new(ip, row.optional_text("user_agent")?.as_deref())
        },
    })
}
