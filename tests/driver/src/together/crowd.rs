use std::sync::Barrier;
use std::thread::scope;

/// Everybody begins at one moment, each in a thread of its own.
pub(super) fn contend<T: Send>(contenders: usize, run: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let (barrier, run) = (&Barrier::new(contenders), &run);
    scope(|scope| {
        let begin = |number| {
            scope.spawn(move || {
                barrier.wait();
                run(number)
            })
        };
        let running: Vec<_> = (0..contenders).map(begin).collect();
        running.into_iter().map(|contender| contender.join().unwrap()).collect()
    })
}
