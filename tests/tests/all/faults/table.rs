use auth_tests::Transport;

/// Prints one row of the table of faults: what was done, on which adapter and store, what a client saw,
/// and what became of everything that had been acknowledged.
#[expect(clippy::print_stdout, reason = "a row of the table of faults")]
pub(crate) fn row(fault: &str, adapter: &str, store: &str, seen: &str, kept: &str) {
    println!("fault | {fault} | {adapter} | {store} | {seen} | {kept}");
}

/// The same for an adapter that serves HTTP.
pub(crate) fn row_on(transport: Transport, fault: &str, store: &str, seen: &str, kept: &str) {
    row(fault, transport.as_str(), store, seen, kept);
}
