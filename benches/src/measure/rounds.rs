use crate::Result;

/// How often everything is measured.
pub const ROUNDS: usize = 5;

/// Measures each case once a round, in turns, each round beginning with another case. Gives the
/// figures of each case, in the order of the cases.
///
/// # Errors
/// With the first error of `measure`.
pub fn rounds<C, T>(rounds: usize, cases: &[C], mut measure: impl FnMut(&C) -> Result<T>) -> Result<Vec<Vec<T>>> {
    let mut figures: Vec<Vec<T>> = cases.iter().map(|_| Vec::with_capacity(rounds)).collect();
    for round in 0..rounds {
        let order = (0..cases.len()).map(|step| (step + round) % cases.len());
        for index in order {
            if let (Some(case), Some(figures)) = (cases.get(index), figures.get_mut(index)) {
                figures.push(measure(case)?);
            }
        }
    }
    Ok(figures)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_case_has_its_turn_in_every_round_and_begins_one() {
        let mut order = String::new();
        let figures = rounds(2, &['a', 'b'], |case| {
            order.push(*case);
            Ok(order.len())
        });
        assert_eq!(figures.unwrap(), [[1, 4], [2, 3]]);
        assert_eq!(order, "abba");
    }
}
