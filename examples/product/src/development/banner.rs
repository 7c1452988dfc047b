/// What the terminal says, loudly, before a server in development answers anybody.
pub(crate) fn banner(base: &str, mailbox: &str, database: &str) -> String {
    let lines = [
        "DEVELOPMENT MODE: for trying out, never for real accounts".to_owned(),
        format!("Its keys were drawn at random and lie in {database}"),
        String::new(),
        format!("Begin    {base}/app/"),
        format!("Mailbox  {base}{mailbox}"),
    ];
    let width = lines.iter().map(|line| line.chars().count()).max().unwrap_or(0);
    let rule = "=".repeat(width + 4);
    let framed: Vec<_> = lines.iter().map(|line| format!("| {line:width$} |")).collect();
    format!("{rule}\n{}\n{rule}\n", framed.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_the_mode_and_where_the_mail_is() {
        let text = banner("http://127.0.0.1:3000", "/dev/mailbox?key=k", "memory");
        assert!(text.contains("DEVELOPMENT MODE"));
        assert!(text.contains("http://127.0.0.1:3000/dev/mailbox?key=k"));
        let widths: Vec<_> = text.lines().map(str::len).collect();
        assert!(widths.iter().all(|width| *width == widths[0]), "{text}");
    }
}
