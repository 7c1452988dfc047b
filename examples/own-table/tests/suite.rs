//! Every property of a store of accounts, on the table of this application.

#![expect(clippy::unwrap_used, reason = "what does not hold is a panic that says so")]

use own_table::{Members, open};
use tempfile::TempDir;

auth_core::user_store_suite!(fresh);

/// Two processes would open the file twice, so the races are run between two pools.
async fn fresh() -> ([Members; 2], TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("members.db");
    ([Members(open(&file).await.unwrap()), Members(open(&file).await.unwrap())], folder)
}
