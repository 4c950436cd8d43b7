package import CloseoutSignatures

/// Who signed a record, as one policy has it (docs/records.md, "Signatures").
package struct RecordSigners: Equatable, Sendable {
    /// Operators, each with the index of the log entry of their first signature.
    package typealias Operators = [String: Int]

    /// The operators whose signatures count, by role.
    package private(set) var counted: [Role: Operators]
    /// How many operators the policy demands of each role that it defines.
    package let thresholds: [Role: Int]
    /// The operators of all keys that made a signature over the record, also where it does not
    /// count, say because the key has expired.
    package let known: Operators
    /// The indexes of the log entries of all signatures, by whomever, ascending.
    package let entries: [Int]

    /// Nobody signed it.
    package static let nobody = RecordSigners(
        counted: [:], thresholds: [:], known: [:], entries: [])

    package init(
        counted: [Role: Operators], thresholds: [Role: Int], known: Operators, entries: [Int]
    ) {
        self.counted = counted
        self.thresholds = thresholds
        self.known = known
        self.entries = entries
    }
}

extension RecordSigners {
    /// The same with the signatures that count up to an entry of the log.
    func counted(through sequence: Int) -> RecordSigners {
        var copy = self
        copy.counted = counted.mapValues { $0.filter { $0.value <= sequence } }
        return copy
    }
}

extension SignatureVerifier {
    /// How many operators the policy demands of each role that signs records.
    package var recordThresholds: [Role: Int] {
        var thresholds: [Role: Int] = [:]
        for role in Role.signingRecords { thresholds[role] = policy?.roles[role]?.threshold }
        return thresholds
    }

    /// Combines the results of all signatures of one record.
    ///
    /// - Parameters:
    ///   - files: The results of each signature file, and the index of its log entry.
    ///   - thresholds: What `recordThresholds` gave, which all records share.
    /// - Returns: Who signed the record.
    package func signers(
        _ files: [(sequence: Int, results: [SignatureResult])],
        _ thresholds: [Role: Int]? = nil
    ) -> RecordSigners {
        let thresholds = thresholds ?? recordThresholds
        guard !files.isEmpty else {
            return RecordSigners(counted: [:], thresholds: thresholds, known: [:], entries: [])
        }
        var counted: [Role: RecordSigners.Operators] = [:]
        var known: RecordSigners.Operators = [:]
        for (sequence, results) in files {
            for result in results {
                guard let name = result.key?.operator else { continue }
                if result.isMadeByKey { known.note(name, at: sequence) }
                guard result.effect == .counts else { continue }
                for role in result.roles where thresholds[role] != nil {
                    counted[role, default: [:]].note(name, at: sequence)
                }
            }
        }
        return RecordSigners(
            counted: counted, thresholds: thresholds, known: known,
            entries: files.filter { !$0.results.isEmpty }.map(\.sequence).sorted())
    }
}

extension RecordSigners.Operators {
    /// Takes in a signature of an operator.
    fileprivate mutating func note(_ name: String, at sequence: Int) {
        self[name] = Swift.min(self[name] ?? sequence, sequence)
    }
}

extension Role {
    /// The roles that sign records.
    package static let signingRecords: [Role] = [
        .requester, .retention, .hold, .riskOwner, .riskApprover, .delivery, .decider,
    ]
}
