//! Tries statements on random cases.

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, TestCaseResult, TestRunner};

/// Tries a statement on so many random cases. A failure is not recorded: add the case that failed to a table.
pub fn for_all<S: Strategy>(cases: u32, strategy: &S, statement: impl Fn(S::Value) -> TestCaseResult) {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    if let Err(failure) = TestRunner::new(config).run(strategy, statement) {
        panic!("{failure}");
    }
}
