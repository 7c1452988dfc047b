use std::fs;
use std::hash::{BuildHasher as _, RandomState};
use std::net::{Ipv4Addr, TcpListener};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::Duration;

use tempfile::TempDir;

use crate::Service;

/// How long to wait between two looks at a server that is starting, and how many looks are enough.
const PAUSE: Duration = Duration::from_millis(50);
const LOOKS: usize = 1_200;
const PORTS: Range<u16> = 20_000..32_768;

/// A server of a test's own, on data and a port of its own, which the test may stop and start
/// again. Dropping it ends it and removes its data.
#[derive(Debug)]
pub struct OwnServer {
    service: Service,
    folder: TempDir,
    port: u16,
    identity: Option<Identity>,
    running: Option<Child>,
}

/// What a server proves itself with over TLS, in PEM.
#[derive(Debug, Clone)]
pub struct Identity {
    /// Its certificate.
    pub certificate: String,
    /// The key of that.
    pub key: String,
}

impl OwnServer {
    /// Starts one of the same kind as `service`. `None`, and said so, where its programs are not
    /// on this machine.
    #[must_use]
    pub fn start(service: Service) -> Option<Self> {
        Self::start_as(service, None)
    }

    /// Starts one that speaks TLS.
    #[must_use]
    pub fn start_with_tls(service: Service, identity: Identity) -> Option<Self> {
        Self::start_as(service, Some(identity))
    }

    fn start_as(service: Service, identity: Option<Identity>) -> Option<Self> {
        let program = service.own()?.program_or_say_so()?;
        let folder = tempfile::tempdir().expect("a folder");
        let mut server = Self { service, folder, port: free_port(), identity, running: None };
        server.make(program);
        server.start_again();
        Some(server)
    }

    /// Its URL, with a database to be in.
    #[must_use]
    pub fn url(&self) -> String {
        let port = self.port;
        match self.service {
            Service::Postgres => format!("postgres://postgres@127.0.0.1:{port}/postgres"),
            Service::MariaDb => format!("mysql://root@127.0.0.1:{port}/auth"),
            _ => format!("redis://127.0.0.1:{port}"),
        }
    }

    /// Ends it as a crash would: what it has not written down is lost.
    pub fn stop(&mut self) {
        let Some(mut running) = self.running.take() else { return };
        if self.service == Service::Postgres {
            // Killed, it would leave its other processes behind for a moment.
            shell(&format!("kill -QUIT {}", running.id()));
        } else {
            running.kill().expect("a process that can be killed");
        }
        running.wait().expect("a process that ends");
    }

    /// Starts it on the data that it had, and waits until it answers.
    pub fn start_again(&mut self) {
        let program = self.service.own().and_then(Service::program).expect("the program that was there before");
        self.running = Some(self.command(program).spawn().expect("a server that starts"));
        for _ in 0..LOOKS {
            if self.answers(program) {
                return;
            }
            sleep(PAUSE);
        }
        panic!("{} does not answer", self.service.name());
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Makes its data.
    fn make(&self, program: &Path) {
        let data = self.data();
        fs::create_dir(&data).expect("a folder for data");
        if let Some(identity) = &self.identity {
            fs::write(self.folder.path().join("certificate.pem"), &identity.certificate).expect("a certificate");
            fs::write(self.folder.path().join("key.pem"), &identity.key).expect("a key");
            shell(&format!("chmod 600 {}/key.pem", self.folder.path().display()));
        }
        match self.service {
            Service::Postgres => {
                if is_root() {
                    shell(&format!("chown -R postgres: {}", self.folder.path().display()));
                }
                let mut initdb = unprivileged(&program.with_file_name("initdb"));
                initdb.args(["--username=postgres", "--auth=trust", "--no-locale", "--encoding=UTF8", "--pgdata"]);
                succeeds(initdb.arg(&data).current_dir(self.folder.path()));
            }
            Service::MariaDb => {
                let mut install = Command::new("mariadb-install-db");
                install.args(["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db"]);
                install.arg(format!("--datadir={}", data.display()));
                succeeds(install.args(if is_root() { &["--user=root"][..] } else { &[] }));
                fs::create_dir(data.join("auth")).expect("a database");
            }
            _ => {}
        }
    }

    fn command(&self, program: &Path) -> Command {
        let (folder, data) = (self.folder.path().display(), self.data());
        let mut command = match self.service {
            Service::Postgres => {
                let mut command = unprivileged(program);
                command.arg("-D").arg(&data).args(["-c", "listen_addresses=127.0.0.1", "-c", "shared_buffers=16MB"]);
                command.arg("-p").arg(self.port.to_string()).arg("-c").arg(format!("unix_socket_directories={folder}"));
                if self.identity.is_some() {
                    command.args(["-c", "ssl=on", "-c"]).arg(format!("ssl_cert_file={folder}/certificate.pem"));
                    command.arg("-c").arg(format!("ssl_key_file={folder}/key.pem"));
                }
                command
            }
            Service::MariaDb => {
                let mut command = Command::new(program);
                command.args(["--no-defaults", "--bind-address=127.0.0.1", "--innodb-buffer-pool-size=16M"]);
                command.arg(format!("--datadir={}", data.display())).arg(format!("--port={}", self.port));
                command.arg(format!("--socket={folder}/socket")).arg(format!("--pid-file={folder}/pid"));
                command.args(if is_root() { &["--user=root"][..] } else { &[] });
                if self.identity.is_some() {
                    command.arg(format!("--ssl-cert={folder}/certificate.pem"));
                    command.arg(format!("--ssl-key={folder}/key.pem"));
                }
                command
            }
            _ => {
                let mut command = Command::new(program);
                command.args(["--bind", "127.0.0.1", "--save", "", "--port"]).arg(self.port.to_string());
                command
            }
        };
        command.current_dir(self.folder.path()).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    fn answers(&self, program: &Path) -> bool {
        let port = self.port.to_string();
        let mut ask = match self.service {
            Service::Postgres => Command::new(program.with_file_name("pg_isready")),
            Service::MariaDb => Command::new("mariadb-admin"),
            _ => Command::new("redis-cli"),
        };
        ask.args(match self.service {
            Service::MariaDb => vec!["--no-defaults", "-h127.0.0.1", "-uroot", "-P", &port, "ping"],
            Service::Postgres => vec!["-q", "-h", "127.0.0.1", "-p", &port],
            _ => vec!["-p", &port, "ping"],
        });
        ask.output().is_ok_and(|output| output.status.success())
    }
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        self.stop();
    }
}

/// One below those that the system gives away: making the data takes seconds, in which another test
/// would be given it for a connection.
fn free_port() -> u16 {
    let [low, high, ..] = RandomState::new().hash_one(()).to_le_bytes();
    let mut from_anywhere = PORTS.cycle().skip(u16::from_le_bytes([low, high]).into()).take(PORTS.len());
    from_anywhere.find(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok()).expect("a free port")
}

/// PostgreSQL refuses to run as root.
fn unprivileged(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]).arg(program);
    command
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|id| id.stdout.trim_ascii() == b"0")
}

fn shell(script: &str) {
    succeeds(Command::new("sh").args(["-c", script]));
}

fn succeeds(command: &mut Command) {
    let Output { status, stderr, .. } = command.output().expect("a program that runs");
    assert!(status.success(), "{command:?}: {}", String::from_utf8_lossy(&stderr));
}
