extension CheckID {
    var recordExplanation: Explanation {
        switch self {
        case .recordFormat:
            Explanation(
                "Every evidence record is canonical, closed and of a known kind.",
                "Records of a later version need a later closeout; others were changed.")
        case .recordRelease:
            Explanation(
                "Every evidence record names the release of this bundle.",
                "The record belongs to another release and proves nothing here.")
        case .recordSeal:
            Explanation(
                "Every evidence record names the seal of this bundle.",
                "The record belongs to another bundle and proves nothing here.")
        case .recordLink:
            Explanation(
                "Every link of a record leads to an earlier file of this log, of the right kind.",
                "The record speaks of something else: make it anew about what is here.")
        case .recordAt:
            Explanation(
                "No record claims to be made after T; no verdict depends on it.",
                "Its maker's clock was wrong, or the judging one's is.")
        case .recordSignature:
            Explanation(
                "Every signature of a record is one signature over a record of this log, and "
                    + "verifies where it names a key of the policy.",
                "The record or its signature was changed or belongs elsewhere: have it signed anew."
            )
        case .recordAsserted:
            Explanation(
                "Every record that needs signatures has them, by enough operators.",
                "Until then it is only what somebody says: have it signed.")
        case .recordRole:
            Explanation(
                "The keys that signed a record have the role that its kind needs.",
                "Have it signed by who has the role, or give the key the role in the policy.")
        default: moreRecordExplanation
        }
    }

    private var moreRecordExplanation: Explanation {
        switch self {
        case .recordOperator:
            Explanation(
                "Where a record needs a second person, another operator signed it.",
                "Nobody approves their own request: have another operator sign.")
        case .recordSupersedes:
            Explanation(
                "A record that says yes where a denial or revocation stands links to that.",
                "It is without effect: make a new one that names what it undoes.")
        case .recordWithheld:
            Explanation(
                "No file that the log names was withheld from this copy.",
                "Ask for the whole bundle: nothing can be verified without what is withheld.")
        case .retentionShortened:
            Explanation(
                "No request that is made or approved is shorter than one that was approved before.",
                "Ask for no less than was approved: retention is never shortened.")
        default:
            Explanation(
                "Every live run names an operator's approval of its plan's dry run, and goes no further.",
                "Make a dry run, have it reviewed, and name the review in the live run.")
        }
    }
}
