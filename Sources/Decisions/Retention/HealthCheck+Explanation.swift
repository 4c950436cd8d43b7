extension HealthCheck {
    /// What a finding of it says (docs/retention.md, "Checks").
    package var explanation: String {
        switch self {
        case .missing: "nobody asked for retention"
        case .approval: "no request is approved, or one was denied"
        case .short:
            """
            the retention ends before its class's minimum, or a copy before the retention; a \
            copy that is not held ends, and the retention waits for its event; unknown where \
            the class or its event is not known
            """
        case .expired: "the retention ran out"
        case .expiring: "the retention runs out within the warning period"
        case .shortened:
            """
            a request was made or approved that ends before one that somebody had approved, also \
            where that was denied since; or one with an end, after one that waits for an event of \
            which it does not tell
            """
        case .eventOpen: "the retention waits for an event"
        case .modeDown:
            """
            a weaker mode was approved after somebody had approved a stricter one, also where that \
            was denied since
            """
        case .holdRelease: "a release of a hold that does not count, or is of another matter"
        case .clockBack: "something is proven to be more than 5 minutes later than T"
        case .clockForward: "a record says that it is more than 5 minutes later than T"
        case .observation:
            """
            an observation is in doubt, partial, empty, or does not say how long a copy is \
            kept
            """
        case .fixity: "a copy has another SHA-256; unknown where none was reported"
        case .fixityAge:
            """
            a copy was last hashed more than 90 days ago, more than 5 minutes after T, or \
            nobody knows when
            """
        case .unlocked: "mode or lock is weaker than approved or than the class asks"
        case .bypass: "somebody may delete a copy all the same"
        case .holdMissing:
            """
            something is held, also by a hold that is only asserted, and a copy is not
            """
        case .version: "another version or a delete marker lies above a copy"
        case .lifecycle:
            """
            a rule deletes a copy too early, and no lock keeps it; while the retention waits \
            for its event, at any time, and no hold either
            """
        case .encryptionKey: "a copy's encryption key is or will be unusable"
        case .replica: "a copy's replica is missing or weaker"
        case .standard: "what is stored beside a copy next is kept less strictly"
        case .budget: "a copy's retention cannot be extended any more"
        case .signature:
            """
            the key or certificate of a signature that counts ends before the retention, and \
            nothing proves the signature's time; or a check of signatures fails
            """
        case .renewal:
            """
            the certificates that prove a signature's time end within 90 days, and before the \
            retention
            """
        case .chain: "a check of the log fails"
        }
    }
}
