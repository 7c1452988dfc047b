use std::io::{BufRead as _, BufReader, Read as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::thread::JoinHandle;

/// The program of an example server.
#[derive(Debug)]
pub struct Program {
    path: PathBuf,
}

/// A server that answers. Dropping it kills it.
pub(super) struct Running {
    child: Child,
    address: SocketAddr,
    stdout: BufReader<ChildStdout>,
    stderr: Option<JoinHandle<String>>,
}

/// A program that has ended by itself.
pub(super) struct Ended {
    pub(super) status: ExitStatus,
    pub(super) stdout: String,
    pub(super) stderr: String,
}

pub(super) type Vars<'a> = &'a [(&'a str, &'a str)];

pub(super) const SECRET: &str = "Zn4hvJq1cS7uGm0wXK2tPYd9aR5oEb8LzQ3fT6iNxUEk7Vw1HyBs4DgMp0ArCjWe";
pub(super) const ENCRYPT_KEY: &str = "cLPbWqWg7Jm5bK6bJ3m2iVq3bO1k0eM8l7y1Rk5r2XQ=";

/// Every setting that production needs, with mail in the folder `mail` of the working directory
/// and a port of the system's choice.
pub(super) const PRODUCTION: Vars<'static> = &[
    ("JWT_SECRET", SECRET),
    ("EMAIL_ENCRYPT_KEY", ENCRYPT_KEY),
    ("PATH_TO_RESTORE", "https://app.example/restore?lang=en"),
    ("EMAIL_BACKEND", "file"),
    ("EMAIL_FILE_PATH", "mail"),
    ("BIND_ADDR", "127.0.0.1:0"),
    ("DATABASE_URL", "sqlite://app.db"),
];

/// [`PRODUCTION`] with some values set, or where they are `None` unset.
pub(super) fn production<'a>(changes: &[(&'a str, Option<&'a str>)]) -> Vec<(&'a str, &'a str)> {
    let kept = PRODUCTION.iter().filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name)).copied();
    kept.chain(changes.iter().filter_map(|(name, value)| Some((*name, (*value)?)))).collect()
}

impl Program {
    /// The program at this path.
    #[must_use]
    pub fn new(path: &str) -> Self {
        Self { path: path.into() }
    }

    /// The program of this name in the same folder, which a build of the workspace makes; where only
    /// one package was built, this one again.
    #[must_use]
    pub fn beside(&self, name: &str) -> Self {
        let other = self.path.with_file_name(format!("{name}{}", std::env::consts::EXE_SUFFIX));
        Self { path: if other.is_file() { other } else { self.path.clone() } }
    }

    /// The name of its file.
    #[must_use]
    pub fn name(&self) -> String {
        self.path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
    }

    fn command(&self, folder: &Path, vars: Vars<'_>) -> Command {
        let mut command = Command::new(&self.path);
        command.env_clear().envs(vars.iter().copied()).current_dir(folder);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Starts a server in `folder` and waits for the line that says where it listens.
    pub(super) fn start(&self, folder: &Path, vars: Vars<'_>) -> Running {
        self.try_to_start(folder, vars).unwrap_or_else(|told| panic!("{told}"))
    }

    /// The same with a start that may be refused; what was then said.
    pub(super) fn try_to_start(&self, folder: &Path, vars: Vars<'_>) -> Result<Running, String> {
        std::fs::create_dir_all(folder.join("mail")).unwrap();
        let mut child = self.command(folder, vars).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut stderr = child.stderr.take().unwrap();
        let stderr = std::thread::spawn(move || {
            let mut text = String::new();
            stderr.read_to_string(&mut text).unwrap();
            text
        });
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let Some(address) = line.trim_end().strip_prefix("Listening on http://") else {
            child.wait().unwrap();
            return Err(format!("{line:?} {}", stderr.join().unwrap()));
        };
        Ok(Running { child, address: address.parse().unwrap(), stdout, stderr: Some(stderr) })
    }

    /// Runs a program that is expected to end by itself.
    pub(super) fn run(&self, folder: &Path, vars: Vars<'_>) -> Ended {
        let output = self.command(folder, vars).output().unwrap();
        Ended {
            status: output.status,
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Expects a start to be refused, with each of these settings named, and gives what it said.
    pub(super) fn refuses(&self, folder: &Path, vars: Vars<'_>, settings: &[&str]) -> String {
        let ended = self.run(folder, vars);
        assert!(!ended.status.success(), "{vars:?}");
        assert_eq!(ended.stdout, "", "{vars:?}");
        for setting in settings {
            assert!(ended.stderr.contains(setting), "{setting} is not named\n{vars:?}\n{}", ended.stderr);
        }
        ended.stderr
    }
}

impl Running {
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Asks it to stop as an operator's service manager does.
    pub(super) fn terminate(self) -> Ended {
        self.signal("TERM");
        self.end()
    }

    pub(super) fn signal(&self, name: &str) {
        // The shell has `kill` built in; the program is missing on small machines.
        let kill = format!("kill -{name} {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
    }

    /// Waits until it has ended.
    pub(super) fn end(mut self) -> Ended {
        let status = self.child.wait().unwrap();
        let mut stdout = String::new();
        self.stdout.read_to_string(&mut stdout).unwrap();
        let stderr = self.stderr.take().unwrap().join().unwrap();
        Ended { status, stdout, stderr }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
