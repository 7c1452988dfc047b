use super::{Goal, Ratio};

/// The rows of the table, written as they come; what is only on the way goes to the error output.
#[derive(Debug, Default)]
pub struct Report;

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "the output of a bench is its result")]
impl Report {
    /// One ratio: what was compared, what it should be and what it was.
    pub fn ratio(&self, what: &str, goal: Goal, ratio: &Ratio) {
        println!("| {what} | {goal} | {ratio} | {} |", goal.verdict(ratio.median()));
    }

    /// A row of another table.
    pub fn row(&self, cells: &[String]) {
        println!("| {} |", cells.join(" | "));
    }

    /// A line between tables.
    pub fn line(&self, text: &str) {
        println!("{text}");
    }

    /// The head of the table of ratios.
    pub fn ratios(&self) {
        self.head(&["ratio", "goal", "median (range)", ""]);
    }

    /// The head of a table.
    pub fn head(&self, names: &[&str]) {
        println!("\n| {} |\n|{}", names.join(" | "), "---|".repeat(names.len()));
    }

    /// What is on the way just now.
    pub fn progress(&self, text: &str) {
        eprintln!("{text}");
    }
}
