/// Which usernames and addresses an account may have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum NameRule {
    /// A username has no `@`, so that nobody can take another person's address as a name. An
    /// address can be reached on the public network: its domain has a dot and does not end in a
    /// number.
    #[default]
    Apart,
    /// What Django 4.2 takes, for a table that grew under it. Any text is a username, even the
    /// address of somebody else. An address may end in `localhost` alone, and elsewhere in a label
    /// of at least two characters; quoted local parts and numeric domains are refused all the same.
    Django,
}
