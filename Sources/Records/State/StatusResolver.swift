import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures

/// Gives each record its status, in log order, because some depend on what they link to.
struct StatusResolver {
    private(set) var byDigest: [SHA256Digest: ResolvedRecord] = [:]

    /// The record of this digest, among those already seen.
    subscript(digest: SHA256Digest) -> ResolvedRecord? { byDigest[digest] }

    /// Gives the next record of the log its status.
    mutating func add(_ signed: SignedRecord) -> ResolvedRecord {
        let result: ResolvedRecord
        switch exclusion(signed.record) {
        case .operators(let others):
            let status = status(of: signed.record, signed.signers, others)
            result = ResolvedRecord(
                signed: signed, status: status, completed: completion(of: signed, status, others))
        case .everybody(let shortfall):
            result = ResolvedRecord(
                signed: signed, status: .asserted(shortfall), completed: signed.last)
        }
        byDigest[signed.digest] = result
        return result
    }

    /// The index of the log entry with which the record began to count, as far as it does.
    private func completion(
        of signed: SignedRecord, _ whole: RecordStatus, _ others: ExcludedOperators
    ) -> Int {
        let later = signed.signers.counted.values.flatMap(\.values).filter { $0 > signed.sequence }
        guard !later.isEmpty else {
            return max(whole.counts ? signed.sequence : signed.last, others.reported)
        }
        let completing = ([signed.sequence] + later.sorted()).first {
            status(of: signed.record, signed.signers.counted(through: $0), others).counts
        }
        return max(completing ?? signed.last, others.reported)
    }

    private func status(
        of record: Record, _ signers: RecordSigners, _ others: ExcludedOperators
    ) -> RecordStatus {
        let rules = record.signingRules
        guard !rules.isEmpty else { return unsigned(record.header) }
        var all: Set<String> = []
        for rule in rules {
            if let shortfall = shortfall(rule, signers, others) { return .asserted(shortfall) }
            all.formUnion(rule.operators(signers).subtracting(others.names))
        }
        // Several rules need several people: as many in all as the rules have together.
        let needed = rules.compactMap { $0.threshold(signers) }.reduce(0, +)
        guard all.count >= needed else {
            return asserted(
                .samePerson,
                "\(all.count) of \(needed) different operators signed it for "
                    + rules.map(\.words).joined(separator: " and "))
        }
        return .signed(by: all.sorted())
    }

    /// Operators on the other side of a record.
    struct ExcludedOperators {
        /// Who they are.
        var names: Set<String> = []
        /// What they did.
        var words = ""
        /// The index of the log entry with which that was complete.
        var reported = 0
    }

    /// Who cannot sign a record, because they are on the other side of it.
    enum Exclusion {
        /// These operators.
        case operators(ExcludedOperators)
        /// No signature counts.
        case everybody(RecordStatus.Shortfall)
    }

    /// Who cannot sign a record, given those before it.
    func exclusion(_ record: Record) -> Exclusion {
        let header = record.header
        switch record.body {
        case .retentionDecision:
            let request = header.links(RetentionDecision.link).first.flatMap { self[$0] }
            guard let request, request.status.counts else {
                return .everybody(
                    .init(
                        cause: .linked, reason: "the request that it decides on is only asserted"))
            }
            return .operators(
                ExcludedOperators(
                    names: Set(request.signed.signers.known.keys), words: "signed the request",
                    reported: request.completed))
        case .retryReview:
            let run = header.links(RetryReview.link).first.flatMap { self[$0] }
            let plan = run?.header.links(RetryRun.plan).first.flatMap { self[$0] }
            return exclusion([run, plan].compactMap(\.self), by: header.by)
        default: return .operators(ExcludedOperators())
        }
    }

    /// Who made what is reviewed.
    private func exclusion(_ made: [ResolvedRecord], by reviewer: String?) -> Exclusion {
        let makers = made.map(\.makers)
        guard makers.allSatisfy({ !$0.isEmpty }) else {
            return .everybody(
                .init(cause: .linked, reason: "nobody tells who made the run or its plan"))
        }
        let names = makers.reduce(into: Set()) { $0.formUnion($1.keys) }
        if let reviewer, names.contains(reviewer) {
            return .everybody(
                .init(
                    cause: .samePerson,
                    reason: "\(printable(reviewer)) also made the run or its plan"))
        }
        return .operators(
            ExcludedOperators(
                names: names, words: "made the run or its plan",
                reported: makers.compactMap { $0.values.min() }.max() ?? 0))
    }

    /// The status of a record that nobody has to sign.
    private func unsigned(_ header: RecordHeader) -> RecordStatus {
        guard header.links(LinkRule.source.kind).isEmpty else {
            return asserted(.imported, "it was taken from a file of another system")
        }
        return .logged
    }

    /// What one rule lacks.
    private func shortfall(
        _ rule: SigningRule, _ signers: RecordSigners, _ others: ExcludedOperators
    ) -> RecordStatus.Shortfall? {
        guard !signers.entries.isEmpty else {
            return RecordStatus.Shortfall(cause: .tooFew, reason: "nobody signed it")
        }
        guard let threshold = rule.threshold(signers) else {
            return RecordStatus.Shortfall(
                cause: .tooFew,
                // No policy defines a role of records where none was given.
                reason: signers.thresholds.isEmpty
                    ? "no policy was given that defines the role \(rule.words)"
                    : "the policy defines no role \(rule.words)")
        }
        let filling = rule.operators(signers)
        let left = filling.subtracting(others.names)
        guard left.count < threshold else { return nil }
        if filling.count >= threshold {
            return RecordStatus.Shortfall(
                cause: .samePerson,
                reason: "\(filling.intersection(others.names).sorted().joined(separator: ", ")) "
                    + "also \(others.words)")
        }
        let counted = signers.counted.values.joined()
        let cause: RecordStatus.Cause = left.isEmpty && !counted.isEmpty ? .role : .tooFew
        return RecordStatus.Shortfall(
            cause: cause,
            reason: left.isEmpty && threshold == 1
                ? "nobody signed it for \(rule.words)"
                : "\(left.count) of \(threshold) operators signed it for \(rule.words)")
    }

    private func asserted(_ cause: RecordStatus.Cause, _ reason: String) -> RecordStatus {
        .asserted(RecordStatus.Shortfall(cause: cause, reason: reason))
    }
}

extension ResolvedRecord {
    /// Who made the record: the operators that signed it, and whom it names itself, each with the
    /// index of the log entry that says it.
    package var makers: RecordSigners.Operators {
        let names = header.by.map { [$0: signed.sequence] } ?? [:]
        return signed.signers.known.merging(names, uniquingKeysWith: min)
    }
}

extension SignedRecord {
    /// The index of the log entry of its last signature, or its own where that is later.
    fileprivate var last: Int { max(sequence, signers.entries.last ?? 0) }
}
