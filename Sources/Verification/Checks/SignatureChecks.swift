package import CloseoutBundles
import CloseoutEncodings
package import CloseoutOpenSSL
package import CloseoutSignatures

/// One signature file with its result.
package struct SignatureFileResult: Sendable {
    /// Its path in the bundle.
    package let path: [UInt8]
    /// The digest of its bytes; nil where it lies in no bundle.
    package let digest: SHA256Digest?
    /// The result of each signature in the file, in its order.
    package let results: [SignatureResult]
}

/// Verifies every signature file of a bundle over its seal.
///
/// - Parameters:
///   - contents: the bundle.
///   - seal: the exact bytes that the signatures are to be over.
///   - verifier: the policy, and the verification time.
///   - proofs: what proves the time of the file of a log entry.
///   - stamps: time-stamps, of which each dates what it covers.
/// - Returns: the results of the files that could be read, in log order; of more files than a
///   subject may have, only the first ones are verified.
/// - Throws: `OpenSSLError` where libcrypto could not look.
package func verifySealSignatures(
    in contents: BundleContents, seal: [UInt8], by verifier: SignatureVerifier,
    proofs: (LogEntry) -> [TimeProof] = { _ in [] }, stamps: TimeStamps = []
) throws -> [SignatureFileResult] {
    var work = CheckingWork(materialSize: contents.materialSize)
    return try verifySealSignatures(
        SortedSignatures(contents).seal, seal: seal, by: verifier, proofs: proofs, stamps: stamps,
        &work)
}

/// Verifies signature files that cover the seal.
func verifySealSignatures(
    _ files: [LoggedFile], seal: [UInt8], by verifier: SignatureVerifier,
    proofs: (LogEntry) -> [TimeProof],
    stamps: TimeStamps, _ work: inout CheckingWork
) throws -> [SignatureFileResult] {
    var checked: [SignatureFileResult] = []
    var operators = KeyOperators()
    for file in files.prefix(BundleLimits.signaturesPerSubject) {
        guard let bytes = file.trueBytes,
            let format = SignatureFormat(mediaType: file.entry.mediaType),
            work.take(verifier.units(for: bytes, as: format, over: .seal(seal), work))
        else { continue }
        let seeksReasons = work.takeReasons(
            verifier.unitsOfReasons(for: bytes, as: format, over: .seal(seal)))
        checked.append(
            SignatureFileResult(
                path: file.entry.path, digest: file.entry.digest,
                results: try verifier.verify(
                    bytes, as: format, over: .seal(seal), proofs: proofs(file.entry),
                    stamps: stamps, seekingReasons: seeksReasons
                ).map { operators.result($0) }))
    }
    return checked
}

/// The family `signature`: what each signature is found to be, and whether the roles that are
/// demanded have enough of them (docs/signatures.md, "Effects").
extension Findings {
    /// Checks what does not need a policy: formats that are known, and how many files there are.
    mutating func checkSignatureFiles(_ signatures: SortedSignatures) {
        for file in signatures.seal where SignatureFormat(mediaType: file.entry.mediaType) == nil {
            unknown(
                .signatureFormat, printable(file.entry.path),
                "is of the type \(printable(file.entry.mediaType)), which is not known")
        }
        checkCount(signatures.seal.count, of: "seal.json")
        let many = signatures.records.filter { $0.value.count > BundleLimits.signaturesPerSubject }
        for (digest, files) in many.sorted(by: { $0.key < $1.key }) {
            checkCount(files.count, of: "record \(digest.hex)")
        }
    }

    /// Ends the check of how many signatures there are.
    mutating func concludeSignatureFiles(_ signatures: SortedSignatures) {
        conclude(
            .signatureLimits, "seal.json", "has \(signatures.seal.count) signature files")
    }

    /// Checks how many signature files a subject has, of which no more than the limit are verified.
    mutating func checkCount(_ count: Int, of subject: String) {
        let limit = BundleLimits.signaturesPerSubject
        guard count > limit else { return }
        fail(
            .signatureLimits, subject,
            "has \(count) signature files, of which only the first \(limit) are verified")
    }

    /// Reports that signatures or time-stamps were not verified, because there are too many.
    mutating func checkWork(_ work: CheckingWork) {
        guard work.leftOut > 0 else { return }
        fail(
            .signatureLimits, "signatures",
            "need more than \(grouped(work.limit)) units of work to be checked, so "
                + "\(grouped(work.leftOut)) files of signatures or time-stamps are not verified",
            hint: "name the key in each signature, so that no other key is tried")
    }

    mutating func checkResults(_ checked: [SignatureFileResult]) {
        for file in checked {
            for result in file.results { checkResult(result, at: file.path) }
        }
        checkOwnTimeStamps(checked)
        let isByCertificate = checked.flatMap(\.results).contains { $0.key?.format == .x509 }
        leaveOut(
            [.certificateChain, .certificatePurpose, .certificateRevocation], "certificates",
            isByCertificate ? "no signature got this far" : "no signature relies on one")
        leaveOut(
            family: CheckID.sigstoreForm.family, "Sigstore bundles",
            "no signature is one with a certificate")
        guard checked.contains(where: { !$0.results.isEmpty }) else { return }
        let subject = "signatures"
        conclude(.signatureFormat, subject, "are of the formats that the log names")
        conclude(.signatureSubject, subject, "cover this seal")
        conclude(.signatureValid, subject, "are valid where they name a key of the policy")
    }

    private mutating func checkResult(_ result: SignatureResult, at path: [UInt8]) {
        let subject = printable(path) + result.numberSuffix
        let reason = result.outcome.reason
        let key = result.keyPrefix
        func single(_ id: CheckID, _ status: CheckStatus) -> Finding {
            Finding(id, status, subject, key + reason, isRequired: false)
        }
        checkSteps(result, subject)
        switch result.outcome {
        case .malformed where !result.steps.isEmpty: fail(.sigstoreForm, subject, reason)
        case .malformed: fail(.signatureFormat, subject, reason)
        case .keyless(let found, _) where result.effect == .fails:
            fail(found.step.check, subject, key + reason)
        case .invalid: fail(.signatureValid, subject, key + reason)
        case .otherContent: fail(.signatureSubject, subject, key + reason)
        case .keyless: break
        case .unknownKey, .notAcceptable, .revoked, .outsideWindow, .timeUnknown, .certificate:
            checkUncounted(result, at: path)
        case .accepted:
            for id in [
                CheckID.signatureKeyKnown, .signatureKeyStrength, .signatureKeyRevoked,
                .signatureKeyWindow,
            ] {
                add(single(id, .pass))
            }
            guard result.key?.format == .x509 else { return }
            for id in [CheckID.certificateChain, .certificatePurpose, .certificateRevocation] {
                add(single(id, .pass))
            }
        }
    }

    /// Reports what each step of a Sigstore bundle with a certificate found; what fails the verdict is reported
    /// beside that.
    private mutating func checkSteps(_ result: SignatureResult, _ subject: String) {
        for step in result.steps {
            if case .keyless(step, _) = result.outcome, result.effect == .fails { continue }
            if case .malformed = result.outcome { continue }
            add(
                Finding(
                    step.step.check, step.checkStatus, subject, step.reason, isRequired: false))
        }
        guard let only = result.steps.first, result.steps.count == 1 else { return }
        // Nothing was looked at behind the form.
        for step in SigstoreStep.allCases where step != only.step {
            notApplicable(step.check, subject, "the bundle cannot be read")
        }
    }

    /// Reports why a single signature does not count; that alone decides nothing.
    mutating func checkUncounted(_ result: SignatureResult, at path: [UInt8]) {
        let subject = printable(path) + (result.index > 0 ? " #\(result.index)" : "")
        let key = result.keyPrefix
        let found: (CheckID, CheckStatus)
        switch result.outcome {
        case .unknownKey: found = (.signatureKeyKnown, .unknown)
        case .notAcceptable(let reason): found = (reason.kind.check, reason.kind.status)
        case .revoked: found = (.signatureKeyRevoked, .fail)
        case .outsideWindow: found = (.signatureKeyWindow, .fail)
        case .timeUnknown: found = (.signatureKeyWindow, .unknown)
        case .certificate(let defect): found = (defect.check, defect.status)
        case .keyless(let step, _): found = (step.step.check, step.checkStatus)
        case .accepted, .malformed, .invalid, .otherContent: return
        }
        add(
            Finding(
                found.0, found.1, subject, key + result.outcome.reason, isRequired: false))
    }

    /// Compares the operators that signed with what the policy demands of each role.
    mutating func checkThresholds(
        _ results: [SignatureResult], by verifier: SignatureVerifier, demanded: [Role]?
    ) {
        guard let policy = verifier.policy else {
            unknown(
                .signatureThreshold, "roles",
                results.isEmpty
                    ? "frozen, not signed" : "nobody is trusted, so no signature counts",
                hint: "give --trust POLICY or --key PUB")
            return
        }
        let sealing: [Role] = [.release, .archive]
        for role in demanded ?? [] where role != .log && !sealing.contains(role) {
            unknown(.signatureThreshold, "role \(role.rawValue)", "no such role signs a seal")
        }
        let roles = sealing.filter { demanded?.contains($0) ?? (policy.roles[$0] != nil) }
        guard !roles.isEmpty else {
            unknown(
                .signatureThreshold, "roles",
                "neither release nor archive is \(demanded == nil ? "defined" : "required")")
            return
        }
        guard !results.isEmpty else {
            unknown(.signatureThreshold, "roles", "frozen, not signed")
            return
        }
        for role in roles {
            checkThreshold(role, verifier.tally(role, results))
        }
    }

    private mutating func checkThreshold(_ role: Role, _ tally: RoleTally?) {
        let subject = "role \(role.rawValue)"
        guard let tally else {
            unknown(.signatureThreshold, subject, "the policy does not define it")
            return
        }
        let words = tally.words
        if tally.isMet {
            add(Finding(.signatureThreshold, .pass, subject, words))
        } else if tally.isMissedByRefusal {
            fail(.signatureThreshold, subject, "\(words); a signature was refused")
        } else if tally.isForOtherReleases {
            unknown(.signatureThreshold, subject, "the policy has it for other releases only")
        } else {
            unknown(.signatureThreshold, subject, words)
        }
    }
}

extension RoleTally {
    /// How many people the role needs signatures of, and of whom there are some, in words.
    var words: String {
        let needed = "needs signatures of \(counted(threshold, "person", "people"))"
        guard !operators.isEmpty else { return "\(needed), none is there" }
        let verb = operators.count == 1 ? "is" : "are"
        return "\(needed), \(grouped(operators.count)) \(verb) there "
            + "(\(operators.joined(separator: ", ")))"
    }
}

extension SigstoreStep {
    /// The check that reports it.
    var check: CheckID {
        switch self {
        case .form: .sigstoreForm
        case .content: .sigstoreContent
        case .leaf: .sigstoreLeaf
        case .times: .sigstoreTimes
        case .chain: .sigstoreChain
        case .sct: .sigstoreSCT
        case .profile: .sigstoreProfile
        case .identity: .sigstoreIdentity
        case .log: .sigstoreLog
        case .binding: .sigstoreBinding
        case .signature: .sigstoreSignature
        case .asOf: .sigstoreAsOf
        }
    }
}

extension SigstoreFinding {
    /// What its check finds.
    fileprivate var checkStatus: CheckStatus {
        switch status {
        case .pass: .pass
        case .fail: .fail
        case .unknown: .unknown
        case .notApplicable: .notApplicable
        }
    }
}

extension NotAcceptable.Kind {
    /// The check that reports it.
    fileprivate var check: CheckID {
        switch self {
        case .algorithm: .signatureKeyStrength
        case .form: .signatureFormat
        case .key: .signatureKeyKnown
        case .missingCertificate, .corruptCertificate: .certificateChain
        }
    }

    /// What that check finds; it decides nothing by itself.
    fileprivate var status: CheckStatus {
        switch self {
        case .algorithm, .corruptCertificate: .fail
        case .form, .key, .missingCertificate: .unknown
        }
    }
}

extension SignatureResult {
    /// What sets it apart from the first signature of its file, in a finding's subject.
    var numberSuffix: String { index > 0 ? " #\(index)" : "" }

    /// The key that a reason is about, where the reason does not name it itself.
    var keyPrefix: String {
        key.map { outcome.reason.hasPrefix("key \($0.id) ") ? "" : "key \($0.id): " } ?? ""
    }
}

extension SignatureLine {
    /// What a report says about one verified signature of the seal.
    package init(
        _ result: SignatureResult, at path: [UInt8], digest: SHA256Digest? = nil
    ) {
        let made = result.isMadeByKey
        let roles = result.roles.filter { [.release, .archive].contains($0) }
        let isCounted = result.effect == .counts && !roles.isEmpty
        self.init(
            path: printable(path), format: result.format.name,
            claimedKey: result.hint.map { printable($0) },
            key: made ? result.key?.id : nil, operator: made ? result.key?.operator : nil,
            algorithm: made ? result.algorithm?.rawValue : nil,
            roles: isCounted ? roles.map(\.rawValue) : [],
            provenTime: result.timeProof?.instant,
            provenBy: result.timeProof.map { printable($0.origin) },
            proofEnd: result.timeProof?.end, keyEnd: made ? result.key?.notAfter : nil,
            keyOwnEnd: made ? result.keyOwnEnd : nil,
            counts: isCounted,
            reason: result.effect == .counts && roles.isEmpty
                ? "the policy gives its key no role for this release" : result.outcome.reason,
            remark: result.remarkLine, digest: digest,
            fingerprint: made ? result.key?.fingerprint : nil)
    }
}
