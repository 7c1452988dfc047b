use std::fs;
use std::path::Path;

use auth_sqlx::SqlStore;
use auth_tests::services::{OwnServer, Service};

use super::SERVERS;
use crate::authority::Authority;

/// The parameters that ask for TLS and for a certificate of this authority.
fn checked(service: Service, authority: &Path) -> String {
    let authority = authority.display();
    match service {
        Service::Postgres => format!("?sslmode=verify-full&sslrootcert={authority}"),
        _ => format!("?ssl-mode=VERIFY_IDENTITY&ssl-ca={authority}"),
    }
}

async fn cipher(store: &SqlStore) -> String {
    use auth_sqlx::sqlx::query_scalar;
    if let Some(pool) = store.postgres_pool() {
        let sql = "SELECT coalesce(version, '') FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
        query_scalar(sql).fetch_one(pool).await.unwrap()
    } else {
        let sql = "SELECT variable_value FROM information_schema.session_status WHERE variable_name = 'Ssl_version'";
        query_scalar(sql).fetch_one(store.mysql_pool().unwrap()).await.unwrap()
    }
}

async fn refusal(url: &str) -> String {
    format!("{:?}", SqlStore::connect(url).await.unwrap_err())
}

#[tokio::test]
async fn a_certificate_is_checked_where_the_url_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let files = ["trusted.pem", "other.pem"].map(|name| folder.path().join(name));
    let (authority, other) = (Authority::new(), Authority::new());
    fs::write(&files[0], authority.pem()).unwrap();
    fs::write(&files[1], other.pem()).unwrap();
    for service in SERVERS {
        for host in ["127.0.0.1", "db.example"] {
            let Some(server) = OwnServer::start_with_tls(service, authority.identity_of(host)) else { continue };
            let [trusting, doubting] = files.each_ref().map(|file| server.url() + &checked(service, file));
            if host == "127.0.0.1" {
                let store = SqlStore::connect(&trusting).await.unwrap();
                assert!(cipher(&store).await.starts_with("TLSv1."), "{service:?}");
                assert!(refusal(&doubting).await.contains("ertificate"), "{service:?}");
            } else {
                assert!(refusal(&trusting).await.contains("ertificate"), "{service:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_server_without_tls_is_refused_where_the_url_demands_it() {
    for service in SERVERS {
        let Some(server) = OwnServer::start(service) else { continue };
        let store = SqlStore::connect(&server.url()).await.unwrap();
        assert_eq!(cipher(&store).await, "", "it speaks none");
        let demanded =
            server.url() + if service == Service::Postgres { "?sslmode=require" } else { "?ssl-mode=REQUIRED" };
        let refusal = refusal(&demanded).await;
        assert!(refusal.to_lowercase().contains("tls"), "{service:?}: {refusal}");
    }
}
