//! `screenshots <program of an example server> <folder>`

use std::io;
use std::path::Path;

use example_browser::{Program, screenshots};

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [program, folder] = arguments.as_slice() else {
        return Err(io::Error::other("usage: screenshots <program of an example server> <folder>"));
    };
    screenshots::take(&Program::new(program), Path::new(folder))
}
