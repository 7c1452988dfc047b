//! Services outside Rust that some tests need, and where they are on this machine.
//!
//! A test whose service is absent says so and ends; the target `zz_services` tells once more at
//! the end of the run which ones were missing.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// Set to `1`, it makes the absence of a service a failure.
pub const REQUIRE: &str = "AUTH_TESTS_REQUIRE_SERVICES";

/// Something that cannot be had from a package registry of Rust.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Service {
    /// An SMTP server: a Python that has the module `aiosmtpd`.
    Smtp,
    /// Chromium and its driver.
    Browser,
    /// The script of axe-core, which judges the accessibility of a page.
    AxeCore,
}

impl Service {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Smtp, Self::Browser, Self::AxeCore];

    /// What it is called in the output of the tests.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Smtp => "SMTP server (python3 with aiosmtpd)",
            Self::Browser => example_browser::BROWSER,
            Self::AxeCore => example_browser::AXE_CORE,
        }
    }

    /// How to get it on Debian.
    #[must_use]
    pub const fn mend(self) -> &'static str {
        match self {
            Self::Smtp => "apt-get install python3-aiosmtpd",
            Self::Browser => "apt-get install chromium chromium-driver",
            Self::AxeCore => ".ci/services.sh fetches it from npm",
        }
    }

    /// The program to start, if it is on this machine. Looked for once in a process.
    #[must_use]
    pub fn program(self) -> Option<&'static Path> {
        static SMTP: OnceLock<Option<PathBuf>> = OnceLock::new();
        static BROWSER: OnceLock<Option<PathBuf>> = OnceLock::new();
        static AXE_CORE: OnceLock<Option<PathBuf>> = OnceLock::new();
        match self {
            Self::Smtp => SMTP.get_or_init(python_with_aiosmtpd).as_deref(),
            Self::Browser => BROWSER.get_or_init(|| example_browser::programs().map(|(_, driver)| driver)).as_deref(),
            Self::AxeCore => AXE_CORE.get_or_init(example_browser::axe_core).as_deref(),
        }
    }

    /// [`Self::program`]; where it is absent, says that the calling test was not run.
    #[must_use]
    #[expect(clippy::print_stdout, reason = "a test that was not run must say so")]
    pub fn program_or_say_so(self) -> Option<&'static Path> {
        let program = self.program();
        if program.is_none() {
            println!("not run: {} not found", self.name());
        }
        program
    }
}

/// The system's own Python first: a version manager's, which `PATH` may name, has no Debian packages.
fn python_with_aiosmtpd() -> Option<PathBuf> {
    ["/usr/bin/python3", "python3"].map(PathBuf::from).into_iter().find(|python| {
        let import = Command::new(python).args(["-c", "import aiosmtpd.smtp"]).stderr(Stdio::null()).status();
        import.is_ok_and(|status| status.success())
    })
}
