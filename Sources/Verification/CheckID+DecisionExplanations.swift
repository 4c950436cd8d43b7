extension CheckID {
    var decisionExplanation: Explanation {
        switch self {
        case .criteriaGiven:
            Explanation(
                "The criteria of a recorded decision are at hand: given, pinned by the policy, or a profile.",
                "Give --criteria FILE; without it the decision is shown as asserted.")
        case .criteriaPinned:
            Explanation(
                "The criteria are those that the trust policy pins.",
                "Use the criteria that the policy names, or have the policy changed by its owner.")
        case .decisionPrefix:
            Explanation(
                "A decision pins the log before it, by size and Merkle root, and is signed after it.",
                "The decision was made on another log: decide again with `close`.")
        case .decisionAsOf:
            Explanation(
                "A decision's `as_of` is not before its seal, a record or a proven time of its log, nor after T.",
                "The decision is dated back, or the judging clock is wrong: decide again with `close`."
            )
        case .decisionComputed:
            Explanation(
                "The computed records that a decision links to are what its log gives.",
                "They were written by something else or changed: decide again with `close`.")
        case .decisionRequired:
            Explanation(
                "The last signed decision was recomputed and is ready, where --require-decision or the policy demands one.",
                "Give what the recheck needs, such as --criteria FILE or --trust-then POLICY, or decide again with `close`."
            )
        default:
            Explanation(
                "A recorded decision, recomputed on the log before it, has the same outcome and results.",
                "Believe what `decide` says and not the record; the reason names the criterion.")
        }
    }
}
