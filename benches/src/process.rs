//! The servers that are measured: programs of their own, with a core and memory of their own.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::Result;
use crate::setup::{Ready, Setup};

/// A server that runs until this is dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    ready: Ready,
}

/// Where a server runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// On the first core alone, so that the load has the others.
    FirstCore,
    /// Wherever the system puts it.
    AnyCore,
}

impl Server {
    /// Starts the program `server` and waits until it listens.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start(setup: &Setup, place: Place) -> Result<Self> {
        Self::program("server", &[serde_json::to_string(setup)?], place)
    }

    /// Starts a program that lies beside this one.
    ///
    /// # Errors
    /// When it is not there or does not say where it listens.
    pub fn program(name: &str, arguments: &[String], place: Place) -> Result<Self> {
        let program = beside(name)?;
        let mut command = match place {
            Place::AnyCore => Command::new(program),
            Place::FirstCore => {
                let mut command = Command::new("taskset");
                command.args(["-c", "0"]).arg(program);
                command
            }
        };
        // Huge pages are given whole: with them the memory of a server is how many regions of two
        // mebibytes its allocator has touched.
        command.env("MIMALLOC_ALLOW_THP", "0");
        let mut child = command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
        let mut line = String::new();
        if let Some(output) = child.stdout.take() {
            BufReader::new(output).read_line(&mut line)?;
        }
        match serde_json::from_str(&line) {
            Ok(ready) => Ok(Self { child, ready }),
            Err(error) => {
                let _ = child.kill();
                let _ = child.wait();
                Err(format!("{name} did not start: {error}").into())
            }
        }
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.ready.address
    }

    /// What it held before it could hash anything, in bytes.
    #[must_use]
    pub fn resident_at_start(&self) -> u64 {
        self.ready.resident
    }

    /// The most that it ever held, in bytes.
    ///
    /// # Errors
    /// When the process has ended.
    pub fn resident_at_most(&self) -> Result<u64> {
        memory(self.child.id(), "VmHWM")
    }

    /// The time that its threads have had on a core.
    ///
    /// # Errors
    /// When the process has ended.
    pub fn cpu_time(&self) -> Result<Duration> {
        let mut nanoseconds = 0;
        for thread in fs::read_dir(format!("/proc/{}/task", self.child.id()))? {
            let text = fs::read_to_string(thread?.path().join("schedstat"))?;
            nanoseconds += text.split(' ').next().unwrap_or_default().parse::<u64>()?;
        }
        Ok(Duration::from_nanos(nanoseconds))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What this process holds now, in bytes.
///
/// # Errors
/// When the system does not say.
pub fn resident_now() -> Result<u64> {
    memory(std::process::id(), "VmRSS")
}

/// Runs a program that lies beside this one and prints one number.
///
/// # Errors
/// When it is not there or prints something else.
pub fn figure(name: &str, arguments: &[String]) -> Result<f64> {
    let output = Command::new(beside(name)?).args(arguments).stderr(Stdio::inherit()).output()?;
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}

/// Whether that program was built.
#[must_use]
pub fn is_there(name: &str) -> bool {
    beside(name).is_ok_and(|program| program.exists())
}

fn beside(name: &str) -> Result<PathBuf> {
    Ok(std::env::current_exe()?.with_file_name(name))
}

fn memory(process: u32, name: &str) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find(|line| line.starts_with(name)).ok_or("no such line")?;
    let kibibytes: u64 = line.split_ascii_whitespace().nth(1).ok_or("no figure")?.parse()?;
    Ok(kibibytes * 1024)
}
