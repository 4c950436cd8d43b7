extension HealthCheck {
    /// What a finding of it says (docs/retention.md, "Checks").
    package var explanation: String { Self.explanations[self] ?? rawValue }

    /// What each finding says.
    ///
    /// A test holds that none is missing, and that docs/retention.md has
    /// the
    /// same words.
    package static let explanations: [Self: String] = [
        .missing: "no retention was requested",
        .approval: "no request is approved, or one was denied",
        .short:
            "the retention ends before the minimum of its class, or a copy before the "
            + "retention; or the retention waits for its event while a copy that is not held "
            + "ends; unknown where the class or its event is not known",
        .expired: "the retention has ended",
        .expiring: "the retention ends within the warning period",
        .shortened:
            "a request was made or approved that ends before one that was approved earlier, "
            + "even if that was denied since; or one with an end, after one that waits for an "
            + "event that it does not name",
        .eventOpen: "the retention waits for an event",
        .modeDown: "a weaker mode was approved after a stricter one, even if that was denied since",
        .holdRelease: "a release of a hold does not count, or is for another matter",
        .clockBack:
            "something is proven to be more than 5 minutes later than the verification time",
        .clockForward: "a record claims to be more than 5 minutes later than the verification time",
        .observation:
            "an observation is in doubt, partial, empty, or does not say how long a copy is "
            + "kept",
        .fixity: "a copy has another SHA-256; unknown where none was reported",
        .fixityAge:
            "a copy was last hashed more than 90 days ago, more than 5 minutes after the "
            + "verification time, or at an unknown time",
        .unlocked: "the mode or lock is weaker than approved or than the class requires",
        .bypass: "someone has permission to delete a copy despite its lock",
        .holdMissing: "a hold is in force, or only asserted, and a copy has none",
        .version: "another version or a delete marker hides a copy",
        .lifecycle:
            "a rule deletes a copy too early, and no lock prevents it; or at any time, "
            + "while the retention waits for its event and no hold is in force",
        .encryptionKey:
            "the encryption key of a copy cannot be used, now or before the retention ends",
        .replica: "the replica of a copy is missing or weaker",
        .standard: "what is stored beside a copy from now on is kept less strictly",
        .budget: "the retention of a copy cannot be extended any more",
        .signature:
            "the key or certificate of a signature that counts ends before the retention, "
            + "and nothing proves the signature's time; or a check of signatures fails",
        .renewal:
            "the certificates that prove the time of a signature end within 90 days, and "
            + "before the retention",
        .chain: "a check of the log fails",
    ]
}
