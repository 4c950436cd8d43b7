import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutVerification

extension HealthExamination {
    /// What a provider reported of the copies that it keeps.
    ///
    /// What it says against a copy stays; what it says for one counts only where the whole report
    /// is
    /// not in doubt.
    mutating func examine(_ observations: Observations, isDoubted: Bool) {
        let source = [observations.digest]
        let provider = "provider \(observations.provider)"
        expected += max(observations.expected, observations.copies.count)
        if observations.copies.isEmpty {
            add(.observation, provider, "reported no copy at all", source, status: .unknown)
        } else if observations.copies.count < observations.expected {
            add(
                .observation, provider,
                "reported \(observations.copies.count) of \(observations.expected) copies", source,
                status: .unknown)
        }
        skipped += max(0, observations.expected - observations.copies.count)
        let lasting = LockEvidence(
            time: Self.ascending(source + approved),
            mode: Self.ascending(source + approved + table), hold: Self.ascending(source + held))
        for copy in observations.copies {
            let object = "\(observations.provider) \(printable(copy.name))"
            examineContent(of: copy, object, source)
            examineLock(of: copy, object, source, lasting)
            examineSurroundings(of: copy, object, source, lasting)
        }
        guard let doubt = doubt(observations, isDoubted: isDoubted) else {
            observed += observations.copies.count
            hashed += observations.copies.count { $0.digest == $0.original }
            return
        }
        add(
            .observation, "\(provider) at \(observations.at)",
            "\(doubt), so nothing that it says for its copies counts", source, status: .unknown)
        skipped += observations.copies.count
    }

    /// On what findings rest that are about what keeps the copies of one report: each made once,
    /// and
    /// shared by all of them.
    private struct LockEvidence {
        let (time, mode, hold): ([SHA256Digest], [SHA256Digest], [SHA256Digest])

        init(time: [SHA256Digest], mode: [SHA256Digest], hold: [SHA256Digest]) {
            (self.time, self.mode, self.hold) = (time, mode, hold)
        }
    }

    private static func ascending(_ evidence: [SHA256Digest]) -> [SHA256Digest] {
        Set(evidence).sorted()
    }

    /// Why a report cannot be relied on; nil where it can.
    private func doubt(_ observations: Observations, isDoubted: Bool) -> String? {
        if isDoubted { return "is in the log for a decision that does not count" }
        if observations.isFuture(report.asOf) { return "is dated after the instant of judgement" }
        guard let end = freshness.end(from: observations.at), end < report.asOf else { return nil }
        return "is older than \(freshness)"
    }

    private mutating func examineContent(
        of copy: Observations.Copy, _ object: String, _ source: [SHA256Digest]
    ) {
        guard let digest = copy.digest else {
            add(.fixity, object, "its SHA-256 was not reported", source, status: .unknown)
            return
        }
        guard digest == copy.original else {
            add(.fixity, object, "has another SHA-256 than the original", source)
            return
        }
        guard let hashedAt = copy.hashedAt else {
            add(.fixityAge, object, "it was not reported when it was hashed", source)
            return
        }
        if let latest = report.asOf.adding(seconds: Self.tolerance), hashedAt > latest {
            add(
                .fixityAge, object, "says that it was hashed at \(hashedAt), which has not come",
                source)
        }
        guard let end = Period(days: 90).end(from: hashedAt), end < report.asOf else { return }
        add(.fixityAge, object, "was last hashed at \(hashedAt)", source)
    }

    /// What keeps the copy, against what the bundle's records ask for.
    private mutating func examineLock(
        of copy: Observations.Copy, _ object: String, _ source: [SHA256Digest],
        _ lasting: LockEvidence
    ) {
        if let end = copy.until {
            if let needed = until, end < needed {
                add(
                    .short, object, "is kept until \(end) and not until \(needed)", lasting.time,
                    inOrder: true)
            } else if isOpenEnded, copy.isHeld != true {
                add(
                    .short, object,
                    "is kept until \(end) and not held, and the retention has no end yet",
                    lasting.time, inOrder: true)
            }
        } else {
            add(
                .observation, object, "it was not reported how long it is kept", source,
                status: .unknown)
        }
        examineMode(of: copy, object, lasting.mode)
        if isHeld {
            flag(
                copy.isHeld, is: true, .holdMissing, object,
                isProtected
                    ? "it is not held" : "it is not held, as a hold asks that is only asserted",
                lasting.hold)
        }
    }

    /// How strictly the copy is kept, against the strictest that is approved.
    private mutating func examineMode(
        of copy: Observations.Copy, _ object: String, _ source: [SHA256Digest]
    ) {
        let needed = neededMode
        if copy.canBypass == true, needed == .none {
            add(.bypass, object, "somebody may bypass its rule", source, inOrder: true)
        }
        if needed > .none {
            if let mode = copy.mode {
                if mode < needed {
                    add(
                        .unlocked, object, "is of a weaker mode than \(needed.rawValue)", source,
                        inOrder: true)
                }
            } else {
                add(
                    .unlocked, object, "its mode was not reported", source, status: .unknown,
                    inOrder: true)
            }
            flag(copy.isLocked, is: true, .unlocked, object, "its rule is not locked", source)
            flag(copy.canBypass, is: false, .bypass, object, "somebody may bypass its rule", source)
        }
    }

    private mutating func examineSurroundings(
        of copy: Observations.Copy, _ object: String, _ source: [SHA256Digest],
        _ lasting: LockEvidence
    ) {
        if copy.isHidden == true {
            add(.version, object, "another version or a delete marker lies above it", source)
        }
        if let end = copy.lifecycleEnd, deletesTooEarly(end, copy) {
            add(.lifecycle, object, "a rule deletes it at \(end)", lasting.time, inOrder: true)
        }
        if copy.hasKey == false {
            add(.encryptionKey, object, "its encryption key is or will be unusable", source)
        }
        if copy.hasReplica == false {
            add(.replica, object, "its replica is missing or weaker", source)
        }
        if copy.hasDefault == false {
            add(.standard, object, "what is stored beside it next is kept less strictly", source)
        }
        if copy.changesLeft == 0 {
            add(.budget, object, "its retention cannot be extended any more", source)
        }
    }

    /// Whether a rule deletes a copy while it is to be kept, and no lock or hold keeps it.
    private func deletesTooEarly(_ end: Instant, _ copy: Observations.Copy) -> Bool {
        guard copy.isLocked != true else { return false }
        if let needed = until { return end < needed }
        return isOpenEnded && copy.isHeld != true
    }

    /// A yes or no that is needed: another is a finding, and none is unknown; the evidence ascends.
    private mutating func flag(
        _ value: Bool?, is good: Bool, _ check: HealthCheck, _ object: String, _ reason: String,
        _ source: [SHA256Digest]
    ) {
        if value == nil {
            add(
                check, object, "it was not reported whether \(reason)", source, status: .unknown,
                inOrder: true)
        } else if value != good {
            add(check, object, reason, source, inOrder: true)
        }
    }
}
