import CloseoutBundles
import CloseoutDecisions
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures
package import CloseoutVerification

/// What closing takes beside what all appends have in common.
package struct CloseTerms: Sendable {
    /// With the policy under which is decided.
    package var append: AppendOptions
    /// What signs the decision.
    package var signer: EnvelopeSigner
    /// The files of retention classes and observations that were given, which are stored.
    package var files: [GivenDocument]

    /// Closes under the options of an append.
    package init(_ append: AppendOptions, signer: EnvelopeSigner, files: [GivenDocument] = []) {
        self.append = append
        self.signer = signer
        self.files = files
    }
}

/// A decision on a release that was recorded.
package struct ClosedRelease: Sendable {
    /// What was decided.
    package let decision: Decision
    /// The verification before it, with the decision and all that were recorded.
    package let report: Report
    /// What was stored.
    package let receipt: Receipt
}

extension BundleSession {
    /// Verifies the bundle and rechecks every decision that it has, under this session's lock; nothing of
    /// it is read twice.
    ///
    /// - Parameters:
    ///   - request: What the verification is asked.
    ///   - recheck: What the recheck is given.
    /// - Returns: The report, and what decides on the bundle.
    /// - Throws: `WorkflowError` where something could not be looked at.
    package mutating func verify(
        _ request: VerificationRequest, _ recheck: RecheckRequest = RecheckRequest()
    ) async throws(WorkflowError) -> RecheckedBundle {
        do {
            let checked = try await RecheckedBundle(
                appending.reader, try appending.contents(hashingAttachments: true), request,
                recheck)
            appending.know(checked.inspection.readings)
            return checked
        } catch {
            throw WorkflowError(error)
        }
    }

    /// Decides on the release, signs the decision and records it.
    ///
    /// - Parameters:
    ///   - checked: What `verify` of this session gave; nothing was appended since.
    ///   - terms: Who decides, under which policy.
    /// - Returns: The decision.
    /// - Throws: `WorkflowError` where the bundle is not good enough to decide on, there are no
    ///   criteria, the policy does not let the key decide, or a recheck would say something else;
    ///   nothing is stored then.
    package mutating func close(
        _ checked: RecheckedBundle, _ terms: CloseTerms
    ) async throws(WorkflowError) -> ClosedRelease {
        let options = terms.append
        guard let policy = options.policy else {
            throw .refused(
                .usage, "a decision is made under a trust policy, and none is given",
                hint: "give --trust POLICY, or set CLOSEOUT_TRUST")
        }
        let criteria = try checked.demandedCriteria(pinned: policy.criteria)
        if let refusal = checked.refusal {
            throw .refused(
                .failed, "nothing was recorded: \(refusal.reason)", hint: refusal.hint)
        }
        try checked.demandTime()
        guard checked.report.asOf <= options.now else {
            throw .refused(
                .usage, "\(checked.report.asOf) has not come yet", hint: "give no --as-of")
        }
        do {
            let step = DecisionStep(
                checked: checked, criteria: criteria, policy: policy, files: terms.files,
                signer: terms.signer, by: options.by, now: options.now)
            var receipt = Receipt()
            let (decision, digest) = try await step.append(to: &appending, &receipt)
            let recorded = try await step.demandRecomputed(
                digest, in: try appending.contents(hashingAttachments: true))
            receipt.stored = try pathsOfAdded()
            try await commit(options, &receipt)
            return ClosedRelease(
                decision: decision,
                report: checked.report.adding(
                    DecisionPart(now: decision, recorded: recorded), []),
                receipt: receipt)
        } catch {
            throw takeBack(because: error)
        }
    }

    /// Clears what an interrupted command left: unfinished files are removed, and whole ones that the log
    /// does not name are moved out.
    ///
    /// - Returns: Where those lie now.
    /// - Throws: `WorkflowError` where something cannot be moved.
    package mutating func repair() async throws(WorkflowError) -> Receipt {
        var receipt = Receipt()
        let result = try reportingErrors { try appending.repair(at: path) }
        for path in result.removed {
            receipt.note("removed \(printable(path)), which was never finished")
        }
        for path in result.moved {
            receipt.stored.append(path)
            receipt.note("moved out \(printable(path))")
        }
        if result.removed.isEmpty, result.moved.isEmpty {
            receipt.note("there is nothing to repair")
        }
        return receipt
    }
}
