import Encodings
import OpenSSL
import Records
import Verification

extension HealthExamination {
    /// What a provider reported of the copies that it keeps.
    mutating func examine(_ observations: Observations) {
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
        if let end = freshness.end(from: observations.at), end < report.asOf {
            add(
                .observation, "\(provider) at \(observations.at)",
                "is older than \(freshness), so nothing is known of its copies", source,
                status: .unknown)
            skipped += observations.copies.count
            return
        }
        for copy in observations.copies {
            observed += 1
            let object = "\(observations.provider) \(printable(Array(copy.name.utf8)))"
            examineContent(of: copy, object, source)
            examineLock(of: copy, object, source)
            examineSurroundings(of: copy, object, source)
        }
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
        hashed += 1
        guard let hashedAt = copy.hashedAt else {
            add(.fixityAge, object, "it was not reported when it was hashed", source)
            return
        }
        guard let end = Period(days: 90).end(from: hashedAt), end < report.asOf else { return }
        add(.fixityAge, object, "was last hashed at \(hashedAt)", source)
    }

    /// What keeps the copy, against what the bundle's records ask for.
    private mutating func examineLock(
        of copy: Observations.Copy, _ object: String, _ source: [SHA256Digest]
    ) {
        if let until = copy.until {
            if let needed = state.retention.until, until < needed {
                add(.short, object, "is kept until \(until) and not until \(needed)", source)
            }
        } else {
            add(
                .observation, object, "it was not reported how long it is kept", source,
                status: .unknown)
        }
        let needed = state.retention.approved.compactMap(\.request.mode).max() ?? .none
        if needed > .none {
            if let mode = copy.mode {
                if mode < needed {
                    add(.unlocked, object, "is of a weaker mode than \(needed.rawValue)", source)
                }
            } else {
                add(.unlocked, object, "its mode was not reported", source, status: .unknown)
            }
            flag(copy.isLocked, is: true, .unlocked, object, "its rule is not locked", source)
            flag(copy.canBypass, is: false, .bypass, object, "somebody may bypass its rule", source)
        }
        if state.isHeld {
            flag(copy.isHeld, is: true, .holdMissing, object, "is not held", source)
        }
    }

    private mutating func examineSurroundings(
        of copy: Observations.Copy, _ object: String, _ source: [SHA256Digest]
    ) {
        if copy.isHidden == true {
            add(.version, object, "another version or a delete marker lies above it", source)
        }
        if let end = copy.lifecycleEnd, copy.isLocked != true,
            let needed = state.retention.until, end < needed
        {
            add(.lifecycle, object, "a rule deletes it at \(end)", source)
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

    /// A yes or no that is needed: another is a finding, and none is unknown.
    private mutating func flag(
        _ value: Bool?, is good: Bool, _ check: HealthCheck, _ object: String, _ reason: String,
        _ source: [SHA256Digest]
    ) {
        if value == nil {
            add(check, object, "it was not reported whether \(reason)", source, status: .unknown)
        } else if value != good {
            add(check, object, reason, source)
        }
    }
}
