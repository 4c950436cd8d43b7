/// Whether tests that repeat something do so as often as they can: `CLOSEOUT_EXHAUSTIVE`, which
/// `scripts/test --exhaustive` sets.
package let isExhaustive: Bool = environmentVariable("CLOSEOUT_EXHAUSTIVE")?.isEmpty == false

/// How often a test repeats something.
///
/// - Parameters:
///   - all: How often where everything is to be tried.
///   - usually: How often else.
/// - Returns: One of them.
package func repetitions(_ all: Int, usually: Int) -> Int {
    isExhaustive ? all : min(all, usually)
}
