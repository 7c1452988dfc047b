use auth_tests::PW;

use super::{Arena, ROUNDS, contend, nobody};

const MAILS: usize = 8;
const WORKERS: usize = 4;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn each_mail_of_the_outbox_is_sent_by_one_worker_once() {
    for arena in Arena::all().await {
        let address = |number: usize| format!("ann{number}@example.org");
        for number in 0..MAILS {
            arena.join(&address(number), PW).await;
        }
        let mut sent = 0;
        for round in 0..ROUNDS {
            for number in 0..MAILS {
                arena.auth(number).request_restore(&address(number), &nobody()).await.unwrap();
            }
            let reports = contend(WORKERS, |number| {
                let auth = arena.auth(number);
                async move { auth.deliver_mail().await.unwrap() }
            });
            let reports = reports.await;
            let delivered: usize = reports.iter().map(|report| report.done).sum();
            assert_eq!((delivered, reports.iter().all(|report| report.put_off + report.given_up == 0)), (MAILS, true));
            for number in 0..MAILS {
                assert_eq!(arena.links(&address(number)).len(), round + 1, "round {round}: number {number}");
            }
            sent += delivered;
        }
        arena.report(
            "8 mails and 4 deliveries at once",
            &[("mails", ROUNDS * MAILS), ("sent once", sent), ("twice", 0)],
        );
    }
}
