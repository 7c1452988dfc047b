use std::fs;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

/// How long to wait between two looks, and how many looks are enough.
const PAUSE: Duration = Duration::from_millis(20);
const LOOKS: usize = 1_500;

/// All mails in the folder, the oldest first. A file is there with its whole content or not at all.
pub(super) fn mails(folder: &Path) -> Vec<String> {
    files(folder).iter().map(|file| fs::read_to_string(file).unwrap()).collect()
}

/// The files that hold them.
pub(super) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder.join("mail")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "eml"));
    files.sort();
    files
}

/// Waits until the folder holds `count` mails.
pub(super) fn wait_for(folder: &Path, count: usize) -> Vec<String> {
    eventually(|| Some(mails(folder)).filter(|mails| mails.len() >= count))
}

/// Looks again and again for what the server does in the background.
#[track_caller]
pub(super) fn eventually<T>(look: impl Fn() -> Option<T>) -> T {
    let looks = std::iter::repeat_with(|| look().or_else(|| pause(PAUSE)));
    looks.take(LOOKS).find_map(|found| found).expect("it never came")
}

fn pause<T>(time: Duration) -> Option<T> {
    sleep(time);
    None
}

/// The token in the link of a mail.
pub(super) fn token(mail: &str) -> &str {
    let (_, rest) = mail.split_once("https://app.example/restore?lang=en&restoring=").expect("the mail has the link");
    rest.split_whitespace().next().unwrap()
}
