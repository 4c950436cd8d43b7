/// The commands that remedies name, with the options that they need; words in capitals denote what
/// a person knows (docs/criteria.md, "Result").
package enum RemedyCommand: String, CaseIterable, Sendable {
    /// Shows what is wrong with the bundle.
    case verify = "closeout verify BUNDLE --trust POLICY --artifacts DIR"
    /// Signs the seal with a key at hand.
    case sign = "closeout sign BUNDLE --key KEY"
    /// Takes a signature over the seal that was made elsewhere.
    case attach = "closeout attach BUNDLE FILE --trust POLICY"
    /// Stores evidence of readiness, by options of its kinds.
    case readiness = "closeout record readiness BUNDLE"
    /// Delivers what the bundle has to tell.
    case deliver = "closeout deliver BUNDLE --routes FILE --outbox FILE --trust POLICY"
    /// Plans what is done about deliveries that failed.
    case plan =
        "closeout retry plan BUNDLE --owner TEXT --resolve-by INSTANT --reason TEXT --key KEY"
    /// Writes a record of a kind that has no command of its own.
    case add = "closeout record add BUNDLE --file FILE"
    /// Writes one that needs a signature.
    case addSigned = "closeout record add BUNDLE --file FILE --key KEY"
    /// Signs a record that is there.
    case signRecord = "closeout record sign BUNDLE RECORD --key KEY"
    /// Asks for retention.
    case request =
        "closeout retention request BUNDLE --class NAME --until INSTANT --reason TEXT --key KEY"
    /// Approves a request.
    case approve = "closeout retention approve BUNDLE --request RECORD --key KEY"
    /// Shows the findings of retention.
    case health = "closeout retention health BUNDLE --trust POLICY"
    /// Proposes to accept a finding on some evidence.
    case propose =
        "closeout risk propose BUNDLE --owner TEXT --reason TEXT --control TEXT --reference TEXT --expires INSTANT --key KEY"

    /// The command with more options.
    package func with(_ options: [String]) -> String {
        ([rawValue] + options).joined(separator: " ")
    }
}
