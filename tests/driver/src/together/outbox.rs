//! Mails of one outbox, which both servers send.

use serde_json::json;

use super::Pair;
use super::crowd::contend;
use crate::mailbox;
use crate::program::Program;

const MAILS: usize = 40;

/// Each job is one server's.
pub fn each_mail_of_the_outbox_is_sent_by_one_server_once(programs: [&Program; 2]) {
    let Some(pair) = Pair::start(programs, "on") else { return };
    let address = |number: usize| format!("ann{number}@x.example");
    for number in 0..MAILS {
        pair.joins(number, &address(number));
    }
    contend(MAILS, |number| {
        pair.post(number, "/auth/restore", &json!({"email": address(number)})).success();
    });
    mailbox::wait_for(pair.folder(), MAILS);
    for number in 0..MAILS {
        assert_eq!(pair.mails(&address(number)).len(), 1, "number {number}");
    }
    pair.report("two workers on one outbox", 1, &[("mails", MAILS), ("sent once", MAILS), ("twice", 0)]);
    let Pair { servers, folder, .. } = pair;
    for server in servers {
        assert!(server.terminate().status.success());
    }
    assert_eq!(mailbox::mails(folder.path()).len(), MAILS, "and none more at the end");
}
