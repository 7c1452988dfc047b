//! The machine that figures were taken on, which they are worth nothing without.

use std::fs;
use std::process::Command;

/// One line: processor, cores, memory, kernel, compiler and how busy it is now.
#[must_use]
pub fn describe() -> String {
    let processor = field("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown processor".to_owned());
    let memory = field("/proc/meminfo", "MemTotal").unwrap_or_default();
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    format!(
        "{processor}, {} cores, {memory}, Linux {}, {}, load average {}",
        cores(),
        kernel.trim(),
        compiler(),
        load_average(),
    )
}

/// How many threads the machine runs at the same time.
#[must_use]
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// How busy the machine was in the last minute.
#[must_use]
pub fn load_average() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().unwrap_or_default().to_owned()
}

/// The day, by the system.
#[must_use]
pub fn today() -> String {
    use auth_core::Clock as _;
    auth_core::SystemClock.now().to_rfc3339().chars().take(10).collect()
}

fn compiler() -> String {
    let output = Command::new("rustc").arg("--version").output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    text.split(" (").next().unwrap_or_default().trim().to_owned()
}

fn field(path: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}
