package import CloseoutEncodings
package import CloseoutOpenSSL
package import CloseoutRecords

/// What a report says of one record, on one line (docs/checks.md, "Records in a report").
package struct RecordLine: Equatable, Sendable {
    /// The digest of the record.
    package let digest: SHA256Digest
    /// Its kind.
    package let kind: RecordKind
    /// Whether its signatures make it count, or the log where it needs none.
    package let isVerified: Bool
    /// The operators whose signatures count for the roles that it needs.
    package let operators: [String]
    /// The operators of all keys of the policy that signed it, also where that does not count.
    package let signers: [String]
    /// What it is worth, in a few words.
    package let state: String
    /// Who may see it.
    package let visibility: Visibility

    /// The line as a value for canonical JSON.
    package var json: JSON {
        [
            "id": JSON(digest.hex), "kind": JSON(kind.rawValue), "verified": .bool(isVerified),
            "operators": .array(operators.map { JSON($0) }), "state": JSON(state),
            "signed_by": .array(signers.map { JSON($0) }),
            "visibility": JSON(visibility.rawValue),
        ]
    }
}

extension Report {
    /// The records that belong to the bundle, in log order.
    package var recordLines: [RecordLine] { evidence?.lines ?? [] }
}

extension EvidenceState {
    /// All records with what they are worth, in log order.
    package var lines: [RecordLine] {
        var words: [SHA256Digest: String] = [:]
        for item in retention.items { words[item.record.digest] = item.ruling.words }
        for hold in holds {
            words[hold.record.digest] = hold.isHeld ? "held" : "released"
            for release in hold.releases where release.digest != hold.release?.digest {
                words[release.digest] = "does not release"
            }
        }
        for item in acceptances { words[item.record.digest] = item.status.rawValue }
        for item in deliveries.items {
            for record in item.records { words[record.digest] = item.words }
        }
        for record in records {
            switch record.body {
            case .retentionDecision(let body): words[record.digest] = body.decision.rawValue
            case .retryReview(let body): words[record.digest] = body.decision.rawValue
            default: continue
            }
        }
        // Only a dry run waits for a review.
        for run in retries.runs where run.run.mode == .dryRun {
            words[run.record.digest] = run.ruling.words
        }
        return records.map { record in
            var operators: [String] = []
            // Nobody has to sign such a record; who does is named beside this.
            var status =
                record.signed.signers.known.isEmpty
                ? "recorded, not signed" : "recorded and signed"
            switch record.status {
            case .logged: break
            case .signed(let names):
                operators = names
                status = "signed"
            case .asserted(let shortfall): status = "asserted: \(shortfall.reason)"
            }
            return RecordLine(
                digest: record.digest, kind: record.signed.record.kind,
                isVerified: record.status.counts, operators: operators,
                signers: record.signed.signers.known.keys.sorted(),
                state: [words[record.digest], status].compactMap(\.self).joined(separator: ", "),
                visibility: record.header.visibility)
        }
    }
}

extension Ruling {
    fileprivate var words: String {
        if isApproved { return "approved" }
        return denials.isEmpty ? "pending" : "denied"
    }
}
