import Encodings
import OpenSSL
import Signatures

/// Gives each record its standing, in log order, because some depend on what they link to.
struct Standings {
    private(set) var byDigest: [SHA256Digest: StandingRecord] = [:]

    /// The record of this digest, among those already seen.
    subscript(digest: SHA256Digest) -> StandingRecord? { byDigest[digest] }

    /// Gives the next record of the log its standing.
    mutating func add(_ signed: SignedRecord) -> StandingRecord {
        let result = StandingRecord(signed: signed, standing: standing(of: signed))
        byDigest[signed.digest] = result
        return result
    }

    private func standing(of signed: SignedRecord) -> RecordStanding {
        let rules = signed.record.signingRules
        guard !rules.isEmpty else { return unsigned(signed.record.header) }
        let excluded: Set<String>
        let excludedWords: String
        switch exclusion(signed.record) {
        case .operators(let names, let words): (excluded, excludedWords) = (names, words)
        case .everybody(let shortfall): return .asserted(shortfall)
        }
        var all: Set<String> = []
        for rule in rules {
            if let shortfall = shortfall(rule, signed.signers, excluded, excludedWords) {
                return .asserted(shortfall)
            }
            all.formUnion(rule.operators(signed.signers).subtracting(excluded))
        }
        // Several rules need several people: as many in all as the rules have together.
        let needed = rules.compactMap { $0.threshold(signed.signers) }.reduce(0, +)
        guard all.count >= needed else {
            return asserted(
                .samePerson,
                "\(all.count) of \(needed) different operators signed it for "
                    + rules.map(\.words).joined(separator: " and "))
        }
        return .signed(by: all.sorted())
    }

    /// Who cannot sign a record, because they stand on the other side of it.
    private enum Exclusion {
        /// These operators, and what they did.
        case operators(Set<String>, String)
        /// No signature counts.
        case everybody(RecordStanding.Shortfall)
    }

    private func exclusion(_ record: Record) -> Exclusion {
        let header = record.header
        switch record.body {
        case .retentionDecision:
            let request = header.links(RetentionDecision.link).first.flatMap { self[$0] }
            guard let request, request.standing.counts else {
                return .everybody(
                    .init(
                        cause: .linked, reason: "the request that it decides on is only asserted"))
            }
            return .operators(request.signed.signers.known, "signed the request")
        case .retryReview:
            let run = header.links(RetryReview.link).first.flatMap { self[$0] }
            let plan = run?.header.links(RetryRun.plan).first.flatMap { self[$0] }
            let made = [run, plan].compactMap(\.self)
            guard made.allSatisfy({ !$0.makers.isEmpty }) else {
                return .everybody(
                    .init(cause: .linked, reason: "nobody tells who made the run or its plan"))
            }
            let makers = made.reduce(into: Set()) { $0.formUnion($1.makers) }
            if let by = header.by, makers.contains(by) {
                return .everybody(
                    .init(
                        cause: .samePerson,
                        reason: "\(printable(Array(by.utf8))) also made the run or its plan"))
            }
            return .operators(makers, "made the run or its plan")
        default: return .operators([], "")
        }
    }

    /// The standing of a record that nobody has to sign.
    private func unsigned(_ header: RecordHeader) -> RecordStanding {
        guard header.links(LinkRule.source.kind).isEmpty else {
            return asserted(.imported, "it was taken from a file of another system")
        }
        return .logged
    }

    /// What one rule lacks.
    private func shortfall(
        _ rule: SigningRule, _ signers: RecordSigners, _ excluded: Set<String>, _ words: String
    ) -> RecordStanding.Shortfall? {
        guard signers.count > 0 else {
            return RecordStanding.Shortfall(cause: .tooFew, reason: "nobody signed it")
        }
        guard let threshold = rule.threshold(signers) else {
            return RecordStanding.Shortfall(
                cause: .tooFew, reason: "the policy defines no role \(rule.words)")
        }
        let filling = rule.operators(signers)
        let left = filling.subtracting(excluded)
        guard left.count < threshold else { return nil }
        if filling.count >= threshold {
            return RecordStanding.Shortfall(
                cause: .samePerson,
                reason: "\(filling.intersection(excluded).sorted().joined(separator: ", ")) "
                    + "also \(words)")
        }
        let counted = signers.counted.values.joined()
        let cause: RecordStanding.Cause = left.isEmpty && !counted.isEmpty ? .role : .tooFew
        return RecordStanding.Shortfall(
            cause: cause,
            reason: "\(left.count) of \(threshold) operators signed it for \(rule.words)")
    }

    private func asserted(_ cause: RecordStanding.Cause, _ reason: String) -> RecordStanding {
        .asserted(RecordStanding.Shortfall(cause: cause, reason: reason))
    }
}

extension StandingRecord {
    /// Who made the record: the operators that signed it, and whom it names itself.
    package var makers: Set<String> {
        signed.signers.known.union(header.by.map { [$0] } ?? [])
    }
}
