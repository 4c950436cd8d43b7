import CloseoutEncodings
import CloseoutOpenSSL

/// Verifies a bundle with a certificate under one trusted root, step by step; every step runs.
///
/// No step uses what a later one proves, and nothing in the bundle leaves a step out. Implements "The steps"
/// of docs/sigstore.md.
struct KeylessCheck {
    let signature: KeylessSignature
    let content: CheckedContent
    let root: SigstoreRoot
    /// The entry of the policy that has the root.
    let entry: PolicyKey
    let demands: SigstoreDemands
    let asOf: Instant
    /// The signer's certificate; nil where it cannot be read.
    let certificate: Certificate?

    /// What the steps found, in their order.
    var findings: [SigstoreFinding] = []
    /// The times that the root proves.
    var times: [Time] = []
    /// Which of the tokens the root's authorities issued.
    var ownTokens: Set<Int> = []
    /// The certificate that certified the signer.
    var issuer: Certificate?
    /// When logs of certificates saw the certificate.
    var certificateTimes: [SigstoreInstant] = []
    /// The signer's name, where the certificate has exactly one.
    var name: GeneralName?
    /// What else the certificate says of the signer.
    var claims: FulcioClaims?
    /// Why that cannot be read.
    var malformedClaims: String?
    /// The digest of the message that a proven entry names.
    var loggedDigest: DigestAlgorithm?
    /// The signer's key with its algorithm.
    var key: (PublicKey, SignatureAlgorithm)?

    /// A time that the root proves.
    struct Time {
        let instant: SigstoreInstant
        let proof: TimeProof
        let isOfLog: Bool
    }

    init(
        _ signature: KeylessSignature, over content: CheckedContent, root: SigstoreRoot,
        of entry: PolicyKey, _ demands: SigstoreDemands, asOf: Instant
    ) {
        self.signature = signature
        self.content = content
        self.root = root
        self.entry = entry
        self.demands = demands
        self.asOf = asOf
        certificate = signature.certificate
    }

    /// Runs all steps.
    ///
    /// - Parameter identify: Finds who of the policy the signer is.
    /// - Throws: `OpenSSLError` when libcrypto could not look.
    mutating func run(
        identifying identify: (KeylessCheck) -> SigstoreFinding
    ) throws(OpenSSLError) {
        findings = [SigstoreFinding(.form, .pass, "is a bundle with one signer and one signature")]
        findings.append(try checkContent())
        findings.append(checkLeaf())
        findings.append(try checkTimes())
        findings.append(try checkChain())
        findings.append(try checkCertificateTimestamps())
        findings.append(checkProfile())
        findings.append(identify(self))
        findings.append(try checkLog())
        findings.append(try checkBinding())
        findings.append(try checkSignature())
        findings.append(checkOrder())
    }

    func finding(_ step: SigstoreStep) -> SigstoreFinding? { findings.first { $0.step == step } }

    /// Whether no step keeps the signature from counting.
    var isSound: Bool {
        findings.map(\.step) == SigstoreStep.allCases && !findings.contains(where: \.isObstacle)
    }

    /// What steps say that have nothing to look at, where the step of the certificate has failed.
    static let noCertificate = "there is no certificate that can be read"
}

// MARK: Content, certificate, profile, order

extension KeylessCheck {
    private func checkContent() throws(OpenSSLError) -> SigstoreFinding {
        guard case .envelope(let type, let payload) = signature.content else {
            return SigstoreFinding(.content, .pass, "it signs the content itself")
        }
        guard try content.message.equals(payload) else {
            return SigstoreFinding(
                .content, .fail, "the envelope's payload is not the content in question")
        }
        if let wanted = content.payloadType, wanted != type {
            return SigstoreFinding(
                .content, .fail, "the payload type is \(printable(type)), not \(printable(wanted))")
        }
        return SigstoreFinding(.content, .pass, "the envelope's payload is the content")
    }

    private func checkLeaf() -> SigstoreFinding {
        guard let certificate, let extensions = certificate.extensions else {
            return SigstoreFinding(.leaf, .fail, "the signer's certificate cannot be read")
        }
        guard !certificate.isAuthority else {
            return SigstoreFinding(.leaf, .fail, "the signer's certificate is an authority's")
        }
        let identifiers = extensions.map(\.identifier)
        guard Set(identifiers).count == identifiers.count else {
            return SigstoreFinding(.leaf, .fail, "an extension of the certificate appears twice")
        }
        guard let key = certificate.publicKey, SigstoreBody.algorithm(of: key) != nil else {
            return SigstoreFinding(.leaf, .fail, "the certificate's key is none that is supported")
        }
        if let weakness = key.weakness {
            return SigstoreFinding(.leaf, .fail, "the certificate's key is \(weakness)")
        }
        return SigstoreFinding(.leaf, .pass, "one certificate, no authority's")
    }

    private mutating func checkProfile() -> SigstoreFinding {
        guard let certificate, let extensions = certificate.extensions else {
            return SigstoreFinding(.profile, .notApplicable, Self.noCertificate)
        }
        let names = extensions.filter { $0.identifier == "2.5.29.17" }
        guard names.count == 1, let list = names[0].generalNames, list.count == 1 else {
            return SigstoreFinding(.profile, .fail, "the certificate has not exactly one name")
        }
        if case .unread = list[0] {
            return SigstoreFinding(
                .profile, .fail, "the certificate's name is neither a URI nor a mail address")
        }
        name = list[0]
        do throws(FulcioClaims.Malformed) { claims = try FulcioClaims(extensions) } catch {
            malformedClaims = error.reason
        }
        guard certificate.statesDigitalSignature else {
            return SigstoreFinding(.profile, .fail, "the certificate's key is not for signatures")
        }
        guard
            certificate.extendedKeyUsage?.purposes.contains(ExtendedKeyUsage.codeSigning) == true
        else {
            return SigstoreFinding(.profile, .fail, "the certificate is not for signing code")
        }
        return SigstoreFinding(.profile, .pass, "for signing code, by one name")
    }

    private func checkOrder() -> SigstoreFinding {
        let judged = SigstoreInstant(seconds: asOf.secondsSince1970)
        let late = (times.map(\.instant) + certificateTimes).filter { $0 > judged }.max()
        guard let late else {
            return SigstoreFinding(.asOf, .pass, "nothing is later than the verification time")
        }
        return SigstoreFinding(.asOf, .unknown, "\(late) is later than the verification time")
    }
}

// MARK: Chain

extension KeylessCheck {
    private mutating func checkChain() throws(OpenSSLError) -> SigstoreFinding {
        guard let certificate else {
            return SigstoreFinding(.chain, .notApplicable, Self.noCertificate)
        }
        var refusal: String?
        for authority in root.authorities {
            let builder = ChainBuilder(
                anchor: authority.anchor, untrusted: Array(authority.chain.dropLast()))
            switch try builder.chain(from: certificate, for: .signing, at: nil) {
            case .notAnchored: continue
            case .refused(let reason): refusal = refusal ?? reason
            case .chain(let chain):
                guard chain.count > 1 else {
                    refusal = refusal ?? "the signer's certificate is the authority's own"
                    continue
                }
                issuer = issuer ?? chain[1]
                if let reason = misuse(of: chain) {
                    refusal = refusal ?? reason
                } else if let reason = lapse(of: authority, chain) {
                    refusal = refusal ?? reason
                } else {
                    issuer = chain[1]
                    return times.isEmpty
                        // The step before says so, and keeps it from counting.
                        ? SigstoreFinding(
                            .chain, .notApplicable,
                            "no time is proven at which it would have to hold")
                        : SigstoreFinding(
                            .chain, .pass, "leads to an authority of the root at every time")
                }
            }
        }
        if let refusal { return SigstoreFinding(.chain, .fail, refusal) }
        return SigstoreFinding(
            .chain, .unknown,
            "no authority of the root certified the signer; is the root older than the bundle?")
    }

    /// Why a chain does not hold at one of the times.
    private func lapse(
        of authority: SigstoreRoot.Authority, _ chain: [Certificate]
    ) -> String? {
        for time in times.map(\.instant) {
            guard authority.window.contains(time) else {
                return "\(time) is outside of the authority's time, \(authority.window)"
            }
            if let index = chain.firstIndex(where: { !$0.isValid(at: time) }) {
                return "certificate \(index) of the chain is not valid at \(time)"
            }
        }
        return nil
    }

    private func misuse(of chain: [Certificate]) -> String? {
        let isLimited = chain.dropFirst().dropLast().contains { authority in
            authority.extendedKeyUsage.map {
                !$0.purposes.contains(ExtendedKeyUsage.codeSigning)
            } ?? false
        }
        return isLimited ? "an authority of the chain is not for signing code" : nil
    }
}

// MARK: Time-stamps of the certificate

extension KeylessCheck {
    private mutating func checkCertificateTimestamps() throws(OpenSSLError) -> SigstoreFinding {
        guard let certificate, let extensions = certificate.extensions else {
            return SigstoreFinding(.sct, .notApplicable, Self.noCertificate)
        }
        let lists = extensions.filter { $0.identifier == CertificateTimestamp.listIdentifier }
        guard let list = lists.first else {
            return demands.certificateTimestamp
                ? SigstoreFinding(.sct, .unknown, "the certificate has no time-stamp of a log")
                : SigstoreFinding(.sct, .notApplicable, "there is none, and none is demanded")
        }
        guard lists.count == 1, let bytes = list.octetString,
            let stamps = CertificateTimestamp.list(bytes),
            let body = certificate.toBeSigned(without: CertificateTimestamp.listIdentifier)
        else {
            return SigstoreFinding(.sct, .fail, "the certificate's time-stamps cannot be read")
        }
        guard let issuer else {
            // The step before says so, and keeps it from counting.
            return SigstoreFinding(.sct, .notApplicable, "who certified the signer is not known")
        }
        let issuerKey = try SHA256Digest.of(issuer.spki)
        var tally = SigstoreTally()
        for stamp in stamps {
            let logs = root.certificateLogs.filter { $0.identifier == stamp.logIdentifier }
            guard !logs.isEmpty else {
                tally.doubt(
                    "a log of certificates is not known to the root; is it older than the bundle?")
                continue
            }
            guard let time = stamp.instant else {
                tally.fail("a time-stamp of the certificate has no time that can be")
                continue
            }
            let signed = stamp.signedBytes(of: body, issuerKey: issuerKey)
            var isSigned = false
            for log in logs where try stamp.isSigned(by: log, over: signed) { isSigned = true }
            if !isSigned {
                tally.fail("a time-stamp of the certificate is not signed by the log that it names")
            } else if !logs.contains(where: { $0.window.contains(time) }) {
                tally.fail("the certificate's time-stamp, \(time), is outside of its log's time")
            } else {
                certificateTimes.append(time)
            }
        }
        let isMet = !certificateTimes.isEmpty || !demands.certificateTimestamp
        return tally.finding(
            .sct, isMet: isMet, "the certificate was logged",
            otherwise: "the certificate has no time-stamp that is read here")
    }
}

extension Certificate {
    /// Whether an instant is inside its validity, whose two ends are included (RFC 5280, 4.1.2.5).
    func isValid(at instant: SigstoreInstant) -> Bool {
        SigstoreWindow(
            start: SigstoreInstant(seconds: notBefore), end: SigstoreInstant(seconds: notAfter)
        ).contains(instant)
    }
}
