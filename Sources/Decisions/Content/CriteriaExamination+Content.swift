import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutVerification

/// What evidence says by itself (docs/criteria.md, "Content of evidence").
extension CriteriaExamination {
    /// Each file that is linked as one of these kinds was read and says nothing against the release.
    ///
    /// What is absent and what each file says are failures of their own, so that an acceptance of one does
    /// not lapse with the other. A file that cannot be read never passes.
    func evidenceContent(_ kinds: [Readiness.Evidence]) -> CheckOutcome {
        var (good, bad, open) = ([String](), [String](), [String]())
        var (files, failing, unread): ([SHA256Digest], [SHA256Digest], [SHA256Digest]) = (
            [], [], []
        )
        var (absent, referred): ([String], [String]) = ([], [])
        for kind in kinds {
            let linked = state.readiness.evidence[kind] ?? []
            if linked.isEmpty {
                let isReferred =
                    state.readiness.asserted[kind] != nil || state.readiness.imported.contains(kind)
                if isReferred {
                    referred.append(kind.rawValue)
                } else {
                    absent.append(kind.rawValue)
                }
            }
            // A file that is linked as two kinds must show both.
            for file in linked {
                if !files.contains(file) { files.append(file) }
                let name = name(of: file, kind)
                switch content.verdict(of: file, as: kind) {
                case .good(let reason): good.append("\(name) \(reason)")
                case .bad(let reason):
                    bad.append("\(name) \(reason)")
                    if !failing.contains(file) { failing.append(file) }
                case .unknown(let reason):
                    open.append("\(name) \(reason)")
                    if !unread.contains(file) { unread.append(file) }
                }
            }
        }
        if !absent.isEmpty || !bad.isEmpty {
            let lack = absent.map { "there is no evidence of \($0)" }
            let parts = (absent.isEmpty ? [] : [seal]) + failing.map { [$0] }
            var outcome = CheckOutcome.fail(
                (bad + lack + open).joined(separator: "; "), parts.flatMap(\.self),
                remedy: bad.isEmpty
                    ? RemedyCommand.readiness.with(absent.map { "--\($0) FILE" })
                    : "correct what the evidence reports, and seal the release anew")
            outcome.parts = open.isEmpty ? parts : []
            return outcome
        }
        guard open.isEmpty else {
            return .unknown(
                open.joined(separator: "; "), unread,
                remedy: "give files that can be read: JUnit XML, CycloneDX or SPDX JSON, SARIF")
        }
        guard referred.isEmpty else {
            var outcome = CheckOutcome.unknown(
                "only referred to, and not in the bundle: \(referred.joined(separator: ", "))",
                state.readiness.records,
                remedy: "add the files: "
                    + RemedyCommand.readiness.with(referred.map { "--\($0) FILE" }))
            outcome.absence = seal
            return outcome
        }
        return .pass(good.joined(separator: "; "), files)
    }

    /// What linked evidence says against the release although no criterion asks, in sentences.
    func contentNotes(_ criteria: Criteria) -> [String] {
        let asked = criteria.criteria.flatMap { criterion -> [Readiness.Evidence] in
            if case .evidenceContent(let kinds) = criterion.check { kinds } else { [] }
        }
        return EvidenceContent.kinds.filter { !asked.contains($0) }.flatMap { kind in
            (state.readiness.evidence[kind] ?? []).compactMap { file in
                let verdict = content.verdict(of: file, as: kind)
                return verdict.isBad
                    ? "\(name(of: file, kind)) \(verdict.reason), and no criterion asks for that"
                    : nil
            }
        }
    }

    /// What to call a file: its kind, and its name where a record has one.
    private func name(of file: SHA256Digest, _ kind: Readiness.Evidence) -> String {
        let name = state.names.names(of: file).first.map { printable($0) }
        return "\(kind.rawValue) \(name ?? String(file.hex.prefix(12)))"
    }
}
