//! Pictures of every page, for people to look at.

use std::fs;
use std::io;
use std::path::Path;

use crate::browser::Browser;
use crate::server::Program;
use crate::tour::tour;

/// How it is looked at, with the width in CSS pixels.
const LOOKS: [(&str, bool, u32); 3] = [("light", false, 1_000), ("dark", true, 1_000), ("narrow", false, 375)];

/// Makes one PNG of each page and look in `folder`.
///
/// # Errors
/// Where a file cannot be written, or there is no Chromium.
pub fn take(program: &Program, folder: &Path) -> io::Result<()> {
    let browser = Browser::start().ok_or(io::ErrorKind::NotFound)?;
    fs::create_dir_all(folder)?;
    for (look, dark, width) in LOOKS {
        let server = program.start(&[]);
        browser.look(dark, width);
        let mut kept = Ok(());
        tour(&browser, &server, |page| {
            let file = folder.join(format!("{page}-{look}.png"));
            kept = std::mem::replace(&mut kept, Ok(())).and_then(|()| fs::write(file, browser.screenshot()));
        });
        kept?;
    }
    Ok(())
}
