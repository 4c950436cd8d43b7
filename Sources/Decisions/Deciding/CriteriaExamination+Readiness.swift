import CloseoutOpenSSL
import CloseoutRecords
import CloseoutVerification

/// Evidence of readiness: files that are in the bundle, each for one thing
/// (docs/criteria.md, "Readiness").
extension CriteriaExamination {
    /// The kinds of evidence that all criteria together demand, in the order in which they are
    /// given
    /// files where there are too few.
    ///
    /// First come those whose lack nobody has accepted, last those for which a reference is
    /// enough. So
    /// no file that is taken away makes the release better, and none that is added makes it worse.
    func readinessDemand(
        _ criteria: Criteria, _ isAbsenceAccepted: (Criterion) -> Bool
    ) -> [Readiness.Evidence] {
        enum Need: Int { case unmet, accepted, nothing }
        var needs: [Readiness.Evidence: Need] = [:]
        for criterion in criteria.criteria {
            guard case .readinessComplete(let kinds) = criterion.check else { continue }
            for kind in kinds {
                let isReferenceEnough =
                    state.readiness.asserted[kind] != nil && !criterion.severity.isAtLeast(.high)
                let need: Need =
                    isReferenceEnough ? .nothing : isAbsenceAccepted(criterion) ? .accepted : .unmet
                let known = needs[kind] ?? .nothing
                needs[kind] = need.rawValue < known.rawValue ? need : known
            }
        }
        return [Need.unmet, .accepted, .nothing].flatMap { need in
            Readiness.Evidence.allCases.filter { needs[$0] == need }
        }
    }

    /// A file is there for each kind.
    ///
    /// - Parameters:
    ///   - kinds: What is demanded.
    ///   - severity: How grave the lack of it is.
    ///   - served: The kinds that have a file of their own, or share one for a reason.
    /// - Returns: Whether each of them does, or what lacks.
    func readiness(
        _ kinds: [Readiness.Evidence], _ severity: RetentionHealth.Severity,
        _ served: Set<Readiness.Evidence>
    ) -> CheckOutcome {
        let readiness = state.readiness
        let unserved = kinds.filter { !served.contains($0) }
        let asserted = unserved.filter { readiness.asserted[$0] != nil }
        let missing = unserved.filter { !asserted.contains($0) }
        let absent = missing.filter { !readiness.imported.contains($0) }
        let evidence =
            kinds.filter(served.contains).flatMap { readiness.evidence[$0] ?? [] }
            + readiness.records
        let words = { (kinds: [Readiness.Evidence]) in
            kinds.map(\.rawValue).joined(separator: ", ")
        }
        guard absent.isEmpty else {
            return .fail(
                "there is no evidence of: "
                    + absent.map { $0.rawValue + why($0) }.joined(separator: ", "), seal,
                remedy: RemedyCommand.readiness.with(absent.map { "--\($0.rawValue) FILE" }))
        }
        let unseen = missing + (severity.isAtLeast(.high) ? asserted : [])
        guard unseen.isEmpty else {
            var outcome = CheckOutcome.unknown(
                "only referred to, and not in the bundle: \(words(unseen))", evidence,
                remedy: "add the files: "
                    + RemedyCommand.readiness.with(unseen.map { "--\($0.rawValue) FILE" }))
            outcome.absence = seal
            return outcome
        }
        return .pass(
            asserted.isEmpty
                ? "all of it is in the bundle"
                : "it is in the bundle, but for what is only referred to: \(words(asserted))",
            evidence)
    }

    /// Why a link to a file does not show what it says.
    private func why(_ kind: Readiness.Evidence) -> String {
        if state.readiness.evidence[kind] != nil {
            return " (its file shows something else already, and no record says why it is shared)"
        }
        return state.readiness.misled.contains(kind)
            ? " (what is linked is empty or no attachment)" : ""
    }
}
