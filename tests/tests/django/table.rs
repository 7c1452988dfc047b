use auth_core::Timestamp;
use auth_core::account::UserId;
use auth_core::store::UserStore as _;
use serde_json::json;

use super::project::{PASSWORD, Project};

const COLUMNS: [&str; 12] = [
    "id",
    "password",
    "last_login",
    "is_superuser",
    "username",
    "first_name",
    "last_name",
    "email",
    "is_staff",
    "is_active",
    "date_joined",
    "restoring_token",
];

async fn row(project: &Project, name: &str) -> Vec<Option<String>> {
    let mut cells = Vec::new();
    for column in COLUMNS {
        cells.push(project.column(name, column).await);
    }
    cells
}

#[tokio::test]
async fn a_row_is_read_as_django_wrote_it_and_stays_so() {
    for project in Project::all().await {
        project.add("ann", "Ann@example.org", "!unusable").await;
        let before = row(&project, "ann").await;
        let server = project.serve().await;
        let ann = server.store.by_id(&UserId::from(1)).await.unwrap().unwrap();
        assert_eq!((ann.username.as_str(), ann.password.expose()), ("ann", "!unusable"));
        assert_eq!(ann.email.as_ref().map(auth_core::account::EmailAddress::as_str), Some("Ann@example.org"));
        assert_eq!(ann.date_joined, Timestamp::from_millis(1_704_164_645_678));
        assert_eq!((ann.last_login, ann.is_active), (None, true));
        let attributes = json!({"is_superuser": false, "first_name": "Ann", "last_name": "", "is_staff": true});
        assert_eq!(serde_json::Value::Object(ann.attributes), attributes);
        assert!(server.sign_in("ann", "whatever it is").await.is_err());
        assert_eq!(row(&project, "ann").await, before, "{}", project.url());
    }
}

#[tokio::test]
async fn a_sign_up_writes_the_row_that_django_would() {
    for project in Project::all().await {
        let server = project.serve().await;
        server.sign_up("Bob", "Bob@example.org").await.unwrap();
        let user = server.named("Bob").await.unwrap();
        assert_eq!(user.id, UserId::from(1));
        let row = row(&project, "Bob").await;
        let expected = server.store.by_id(&user.id).await.unwrap().unwrap();
        assert_eq!(expected, user);
        let [yes, no] = if project.url().starts_with("postgres") { ["true", "false"] } else { ["1", "0"] };
        let fixed = [row[2].as_deref(), row[3].as_deref(), row[5].as_deref(), row[6].as_deref(), row[8].as_deref()];
        assert_eq!(fixed, [None, Some(no), Some(""), Some(""), Some(no)]);
        assert_eq!((row[7].as_deref(), row[9].as_deref(), &row[11]), (Some("Bob@example.org"), Some(yes), &None));
    }
}

#[tokio::test]
async fn sqlite_has_the_text_that_django_writes_for_a_moment() {
    let project = Project::on_sqlite().await;
    let server = project.serve().await;
    server.sign_up("bob", "bob@example.org").await.unwrap();
    let written = project.column("bob", "date_joined").await.unwrap();
    let joined = server.named("bob").await.unwrap().date_joined;
    let expected = joined.to_rfc3339().replace('T', " ").replace('Z', "");
    assert!(written.starts_with(&expected), "{written}");
    assert!(written.len() == 19 || written.len() == 26, "{written}");
}

#[tokio::test]
async fn a_sign_in_leaves_the_row_alone() {
    for project in Project::all().await {
        let server = project.serve().await;
        server.sign_up("ann", "ann@example.org").await.unwrap();
        let before = row(&project, "ann").await;
        server.sign_in("ann", PASSWORD).await.unwrap();
        assert_eq!(row(&project, "ann").await, before);
    }
}

#[tokio::test]
async fn an_id_that_no_table_of_django_has_is_nobodys() {
    for project in Project::all().await {
        project.add("ann", "", "!").await;
        let server = project.serve().await;
        for id in ["", "01", "+1", " 1", "1 ", "1.0", "one", "9223372036854775808", "-1", "2", "4294967297"] {
            assert_eq!(server.store.by_id(&UserId::stored(id)).await.unwrap(), None, "{id:?} {}", project.url());
        }
    }
}
