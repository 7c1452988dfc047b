//! Races over accounts.

use std::sync::Arc;

use super::{CONTENDERS, Tally, contend, first, turn};
use crate::account::NewUser;
use crate::store::{Cas, EpochRule, StoreError, Unique, UserStore};
use crate::testing::store::actors::{ask_to_restore, epoch, hash, id, newcomer, newcomer_with_email, read, sign_up};

/// One account, the rest is told that the name is taken.
pub async fn sign_ups_of_one_name(instances: &[Arc<dyn UserStore>], rounds: u32) -> Tally {
    let mut winners = 0;
    for round in 0..rounds {
        let inserted = contend(instances, CONTENDERS, |users, number| async move {
            let spelling = if number % 2 == 0 { "race NAME" } else { "Race name" };
            let new = newcomer(&format!("{spelling} {round}"));
            users.insert(NewUser { id: id(&format!("{round}/{number}")), ..new }).await
        });
        winners += the_winner(inserted.await, Unique::Login);
    }
    Tally { race: "sign-ups of one name", rounds, contenders: CONTENDERS, winners }
}

/// One account, the rest is told that the address is taken.
pub async fn sign_ups_of_one_address(instances: &[Arc<dyn UserStore>], rounds: u32) -> Tally {
    let mut winners = 0;
    for round in 0..rounds {
        let inserted = contend(instances, CONTENDERS, |users, number| async move {
            let email = format!("{}.{round}@example.org", if number % 2 == 0 { "RACE" } else { "race" });
            users.insert(newcomer_with_email(&format!("address race {round} {number}"), &email)).await
        });
        winners += the_winner(inserted.await, Unique::Email);
    }
    Tally { race: "sign-ups of one address", rounds, contenders: CONTENDERS, winners }
}

/// One winner, and only its password works.
pub async fn uses_of_one_restoring_token(instances: &[Arc<dyn UserStore>], rounds: u32) -> Tally {
    let mut winners = 0;
    for round in 0..rounds {
        let users = first(instances);
        let user = sign_up(users, newcomer(&format!("restore race {round}"))).await;
        let token = format!("restore race token {round}");
        let proof = ask_to_restore(users, &user, &token).await;
        let restored = contend(instances, CONTENDERS, |users, number| {
            let proof = proof.clone();
            async move {
                let new = format!("restored by {number}");
                users.restore_password(&proof, &hash(&new), epoch(&new)).await.expect("restore_password")
            }
        });
        let won: Vec<_> = restored.await.into_iter().flatten().collect();
        assert_eq!(won, [read(users, &user).await], "round {round}: not exactly one winner whose password works");
        winners += won.len();
    }
    Tally { race: "uses of one restoring token", rounds, contenders: CONTENDERS, winners }
}

/// One winner among changes that read the same hash.
pub async fn changes_of_one_password(instances: &[Arc<dyn UserStore>], rounds: u32) -> Tally {
    let mut winners = 0;
    for round in 0..rounds {
        let users = first(instances);
        let user = sign_up(users, newcomer(&format!("change race {round}"))).await;
        let changed = contend(instances, CONTENDERS, |users, number| {
            let user = user.clone();
            async move {
                let new = hash(&format!("changed by {number}"));
                let rule = EpochRule::New(epoch(&format!("change {round} {number}")));
                let cas = users.set_password(&user.id, Some(&user.password), &new, rule).await;
                (cas.expect("set_password") == Cas::Won).then_some(new)
            }
        });
        let won: Vec<_> = changed.await.into_iter().flatten().collect();
        assert_eq!(won, [read(users, &user).await.password], "round {round}: not exactly one winner");
        winners += won.len();
    }
    Tally { race: "changes of one password", rounds, contenders: CONTENDERS, winners }
}

/// Whoever writes first, the changed password stays.
pub async fn a_rehash_against_a_change(instances: &[Arc<dyn UserStore>], rounds: u32) -> Tally {
    let mut winners = 0;
    for round in 0..rounds {
        let users = first(instances);
        let user = sign_up(users, newcomer(&format!("rehash race {round}"))).await;
        let changer = turn(round, CONTENDERS);
        let ended = contend(instances, CONTENDERS, |users, number| {
            let user = user.clone();
            async move {
                let (read, new, rule) = if number == changer {
                    (None, "changed", EpochRule::New(epoch(&format!("rehash race {round}"))))
                } else {
                    (Some(&user.password), "rehashed", EpochRule::Keep)
                };
                users.set_password(&user.id, read, &hash(new), rule).await.expect("set_password")
            }
        });
        let ended = ended.await;
        let now = read(users, &user).await;
        assert_eq!(ended.get(changer), Some(&Cas::Won), "round {round}: the change was refused");
        assert_eq!(now.password, hash("changed"), "round {round}: a rehash overwrote the change");
        winners += 1;
    }
    Tally { race: "a rehash against a change", rounds, contenders: CONTENDERS, winners }
}

/// A change that comes first ends the link; a link that comes first is what the change then overwrites.
pub async fn a_restore_against_a_change(instances: &[Arc<dyn UserStore>], rounds: u32) -> Tally {
    let mut winners = 0;
    for round in 0..rounds {
        let users = first(instances);
        let user = sign_up(users, newcomer(&format!("link race {round}"))).await;
        let proof = ask_to_restore(users, &user, &format!("link race token {round}")).await;
        let by_mail = turn(round, 2);
        let won = contend(instances, 2, |users, number| {
            let proof = proof.clone();
            async move {
                if number == by_mail {
                    let restored = users.restore_password(&proof, &hash("restored"), epoch("restored")).await;
                    return restored.expect("restore_password").is_some();
                }
                let (new, rule) = (hash("changed"), EpochRule::New(epoch("changed")));
                let changed = users.set_password(&proof.user, Some(&proof.password), &new, rule).await;
                changed.expect("set_password") == Cas::Won
            }
        });
        let won = won.await;
        let password = read(users, &user).await.password;
        let expected = [0, 1].map(|number| password == hash(if number == by_mail { "restored" } else { "changed" }));
        assert_eq!(won, expected, "round {round}");
        winners += won.into_iter().filter(|won| *won).count();
    }
    Tally { race: "a restore against a change", rounds, contenders: 2, winners }
}

/// Exactly one insert was accepted, and `unique` refused all others.
fn the_winner<T>(inserted: Vec<Result<T, StoreError>>, unique: Unique) -> usize {
    let mut winners = 0;
    for result in inserted {
        match result {
            Ok(_) => winners += 1,
            Err(StoreError::Conflict(refused)) if refused == unique => {}
            Err(error) => panic!("a contender met {error:?}"),
        }
    }
    assert_eq!(winners, 1, "not exactly one account");
    winners
}
