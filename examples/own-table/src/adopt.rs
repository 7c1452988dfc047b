//! Gives the members who were there before what they are found by.

use auth_core::account::{EmailAddress, Username};
use sqlx::error::DatabaseError;
use sqlx::sqlite::SqliteQueryResult;
use sqlx::{Row as _, SqlitePool, query};

/// What [`adopt`] did.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Adopted {
    /// How many names and addresses can be found now that could not be found before.
    pub keys: u64,
    /// The members whose name or address another has in another spelling. They can be found by it
    /// once one of the two has changed.
    pub contested: Vec<i64>,
}

/// Fills the columns `name_key` and `mail_key` where they are empty, the oldest member first. It can
/// be run at each start and while members sign up: the unique indexes decide.
///
/// # Errors
/// When the database does not answer.
pub async fn adopt(members: &SqlitePool) -> Result<Adopted, sqlx::Error> {
    let mut adopted = Adopted::default();
    let nameless = "SELECT member_no, nickname FROM members WHERE deleted_at IS NULL AND name_key IS NULL ORDER BY 1";
    for row in query(nameless).fetch_all(members).await? {
        let name = Username::stored(row.try_get::<String, _>(1)?);
        let fill =
            query("UPDATE members SET name_key = $1 WHERE member_no = $2 AND nickname = $3 AND name_key IS NULL");
        let fill = fill.bind(name.canonical()).bind(row.try_get::<i64, _>(0)?).bind(name.as_str());
        adopted.note(row.try_get(0)?, fill.execute(members).await)?;
    }
    let mailless = "SELECT member_no, mail FROM members \
        WHERE deleted_at IS NULL AND mail IS NOT NULL AND mail_key IS NULL ORDER BY 1";
    for row in query(mailless).fetch_all(members).await? {
        let mail = EmailAddress::stored(row.try_get::<String, _>(1)?);
        let fill = query("UPDATE members SET mail_key = $1 WHERE member_no = $2 AND mail = $3 AND mail_key IS NULL");
        let fill = fill.bind(mail.canonical().as_str()).bind(row.try_get::<i64, _>(0)?).bind(mail.as_str());
        adopted.note(row.try_get(0)?, fill.execute(members).await)?;
    }
    Ok(adopted)
}

impl Adopted {
    fn note(&mut self, member: i64, filled: Result<SqliteQueryResult, sqlx::Error>) -> Result<(), sqlx::Error> {
        match filled {
            Ok(filled) => self.keys += filled.rows_affected(),
            Err(error) if error.as_database_error().is_some_and(DatabaseError::is_unique_violation) => {
                self.contested.push(member);
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }
}
