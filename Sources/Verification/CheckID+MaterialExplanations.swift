extension CheckID {
    var certificateExplanation: Explanation {
        switch self {
        case .certificateFormat:
            Explanation(
                "Every file of `certificates/` holds certificates or revocation lists, and no more.",
                "Store certificates and lists as PEM or DER, as their authority gives them out.")
        case .certificateChain:
            Explanation(
                "The signer's certificate leads to the anchor of the policy by a chain that keeps "
                    + "every rule, and its key is no other operator's.",
                "The reason names the rule and the certificate: get one from its authority that keeps it."
            )
        case .certificatePurpose:
            Explanation(
                "The signer's certificate is for one of the purposes that the policy names.",
                "Sign with a certificate for signing code, or name the `purposes` in the policy.")
        default:
            Explanation(
                "Nobody in the chain was revoked at the signing time, as lists that fit it say.",
                "Get the authority's current list into `certificates/`.")
        }
    }

    var timestampExplanation: Explanation {
        switch self {
        case .timestampFormat:
            Explanation(
                "Every stored time-stamp is an answer of an authority, or the token inside one.",
                "Ask the authority again, and attach its answer as it came.")
        case .timestampAnchorKnown:
            Explanation(
                "The time-stamp's authority leads to a `timestamp` anchor of the policy.",
                "If it is to be trusted, add its anchor to the policy, in the role `timestamp`.")
        case .timestampStale:
            Explanation(
                "checkpoint.tsr is over the present checkpoint; no verdict depends on it.",
                "Have the present checkpoint stamped; the old stamp is harmless.")
        default:
            Explanation(
                "A time-stamp is over something here, signed by the authority that it names, which was "
                    + "allowed to at that time.",
                "Ask for a new one: the time that this one tells proves nothing.")
        }
    }
}
