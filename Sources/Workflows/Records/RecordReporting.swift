import CloseoutEncodings
package import CloseoutOpenSSL
import CloseoutRecords
import CloseoutVerification

/// Says what a record that was written is worth, and what can be done about that
/// (docs/command-line.md, "Evidence").
struct RecordReporting {
    let evidence: BundleEvidence
    /// The path of the bundle, quoted for a shell.
    let bundle: String

    init(_ evidence: BundleEvidence, of bundle: [UInt8]) {
        self.evidence = evidence
        self.bundle = shellQuoted(bundle)
    }

    /// Says what a record is worth.
    func note(worthOf digest: SHA256Digest, _ receipt: inout Receipt) {
        guard let record = evidence.state.record(digest),
            let line = evidence.state.lines.first(where: { $0.digest == digest })
        else { return }
        let isUnreported = isUnreported(record)
        let names = line.operators.isEmpty ? "" : " by \(line.operators.joined(separator: ", "))"
        receipt.note(
            "\(evidence.path(of: digest)): "
                + (isUnreported
                    ? "signed; what that counts for, --trust POLICY shows"
                    : "\(line.state)\(names)"))
        guard !warnOfObjection(record, &receipt), !isUnreported else { return }
        warnOfShortfall(record, &receipt)
    }

    /// Warns of what a record does against the release although its signer has no role for it, and of what
    /// nothing undoes; `name` begins the warning.
    ///
    /// - Returns: Whether the record is one that does.
    @discardableResult
    func warnOfObjection(
        _ record: ResolvedRecord, as name: String = "it", _ receipt: inout Receipt
    ) -> Bool {
        guard let objection = evidence.state.objection(of: record) else { return false }
        guard !record.status.counts || objection.isFinal else { return true }
        if case .notReviewed = objection, !evidence.hasPolicy,
            !record.header.links(RetryRun.review).isEmpty
        {
            receipt.warn(
                "no policy was given, so it is not known whether its review counts; if it does not, "
                    + "nothing undoes that",
                hint: "closeout status \(bundle) --trust POLICY shows it")
            return true
        }
        let clause = objection.isFinal ? "and nothing undoes it" : "whoever signed it"
        receipt.warn(
            "\(name) takes effect at once, \(clause): \(words(objection, record))",
            hint: undoing(objection, record))
        return true
    }

    /// What an objection leads to.
    private func words(_ objection: Objection, _ record: ResolvedRecord) -> String {
        switch objection {
        case .denial: return "retention is denied"
        case .runDenial: return "the run is denied"
        case .revocation(let finding, _):
            return "\(printable(finding)) is no longer accepted"
        case .hold(let matter):
            return "everything is held for \(printable(matter))" + lack(record)
        case .open(let body):
            return "the delivery \(body.delivery) to \(body.route) is \(body.state.rawValue)"
        case .shortened(let reason): return reason
        case .notReviewed(let reason):
            return
                "\(reason), and what was sent cannot be unsent, so retries.planned fails for good"
        }
    }

    /// What a hold does not do that lacks signatures; without a policy nobody knows which count.
    private func lack(_ record: ResolvedRecord) -> String {
        guard let reason = record.status.shortfall?.reason else { return "" }
        return isUnreported(record)
            ? "; no policy was given: --trust POLICY shows whether it keeps what has run out"
            : "; but it does not keep what has run out, as \(reason)"
    }

    /// Whether only a policy shows what a record is worth: somebody signed it, and none was given.
    func isUnreported(_ record: ResolvedRecord) -> Bool {
        !evidence.hasPolicy && !record.signed.signers.entries.isEmpty
    }

    /// How an objection is undone, or how it would have been kept from.
    private func undoing(_ objection: Objection, _ record: ResolvedRecord) -> String {
        switch objection {
        case .denial(let request, let status):
            return "closeout retention approve \(bundle) --request \(request.hex) "
                + "\(supersedesOptions(status)) --key KEY undoes it"
        case .runDenial(let status):
            return "a retry-review that approves the run undoes it: closeout record add \(bundle) "
                + "--file FILE \(supersedesOptions(status)) --key KEY"
        case .revocation(_, let status):
            return "it is proposed anew by closeout risk propose \(bundle) with "
                + supersedesOptions(status)
        case .hold(let matter):
            return "\(signing(record.digest)) signs it; closeout hold release \(bundle) "
                + "--matter \(shellQuoted(Array(matter.utf8))) --reason TEXT --key KEY ends it"
        case .open:
            return "a delivery record that settles it: closeout record add \(bundle) --file FILE"
        case .shortened: return "retention is never shortened; only a new bundle is without it"
        case .notReviewed:
            return "make a new bundle; there a live run names the approval of its plan's dry run"
        }
    }

    /// Warns of what keeps a record that speaks for the release from taking effect.
    func warnOfShortfall(_ record: ResolvedRecord, _ receipt: inout Receipt) {
        let acceptance = evidence.state.acceptances.first { $0.record.digest == record.digest }
        if let acceptance, acceptance.status == .expired {
            receipt.warn(
                "it is without effect: it expired at \(acceptance.acceptance.expires)",
                hint: "closeout risk propose \(bundle) with a later --expires proposes it anew")
            return
        }
        for issue in evidence.state.issues where issue.record == record.digest {
            if case .notUndone(let reason) = issue.problem {
                let undoing = evidence.state.demandedUndoings(by: record)
                receipt.warn(
                    "it is without effect: \(reason)",
                    hint: "write it anew with \(supersedesOptions(undoing))")
            } else {
                receipt.warn(
                    "it does not count yet: \(issue.problem.reason)", hint: hint(record))
            }
        }
    }

    /// What gives a record the signatures that it lacks; nil where nothing does.
    private func hint(_ record: ResolvedRecord) -> String? {
        switch record.status.shortfall?.cause {
        case .tooFew?, .role?: return signing(record.digest)
        case .samePerson?:
            if case .retryReview = record.body {
                return "another operator reviews it: closeout record add \(bundle) --file FILE "
                    + "--by NAME --key KEY"
            }
            return "another operator signs it: \(signing(record.digest))"
        case .linked?:
            return needed(by: record).map { signing($0) }.joined(separator: "; ")
        case .imported?, nil: return nil
        }
    }

    /// What has to be signed before a record can count.
    private func needed(by record: ResolvedRecord) -> [SHA256Digest] {
        let state = evidence.state
        let request = record.header.links(RetentionDecision.link)
        let runs = record.header.links(RetryReview.link).compactMap(state.record)
        let plans = runs.flatMap { $0.header.links(RetryRun.plan) }.compactMap(state.record)
        return request + (runs + plans).filter { $0.makers.isEmpty }.map(\.digest)
    }

    private func signing(_ record: SHA256Digest) -> String {
        "closeout record sign \(bundle) \(record.hex) --key KEY"
    }
}

/// The option by which a record undoes others, as a person writes it, for each of them.
package func supersedesOptions(_ records: [SHA256Digest]) -> String {
    records.map { "--supersedes \($0.hex)" }.joined(separator: " ")
}
