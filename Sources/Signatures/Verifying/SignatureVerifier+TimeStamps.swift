import CloseoutEncodings
package import CloseoutOpenSSL

extension SignatureVerifier {
    /// Verifies a token, whatever it covers, at its own time.
    ///
    /// - Throws: `OpenSSLError` when libcrypto could not look.
    package func verify(_ token: TimeStampToken) throws(OpenSSLError) -> TimeProofResult {
        guard token.imprint.isStrong else {
            return .uncounted("its digest is by an algorithm weaker than SHA-256")
        }
        guard let signer = try token.signer(among: material.certificates) else {
            return token.isSignerNamed
                ? .unknownAnchor : .invalid("it does not name its signer's certificate by digest")
        }
        guard let time = Instant(secondsSince1970: token.genTime),
            let earliest = Instant(secondsSince1970: token.earliest),
            let latest = Instant(secondsSince1970: token.latest)
        else { return .invalid("its time is out of range") }
        var refusal = TimeProofResult.unknownAnchor
        for key in policy?.keys ?? [] {
            guard case .timestamp(let anchor) = key.material else { continue }
            let issue = TokenIssue(
                token: token, signer: signer, time: time, bounds: min(earliest, latest)...latest,
                anchor: anchor, key: key)
            switch try verify(issue) {
            case .unknownAnchor: continue
            case .valid(let proof): return .valid(proof)
            case let result: refusal = result
            }
        }
        return refusal
    }

    /// Verifies a token that has to be over these bytes.
    ///
    /// - Throws: `OpenSSLError` when libcrypto could not look.
    package func verify(
        _ token: TimeStampToken, over bytes: [UInt8]
    ) throws(OpenSSLError) -> TimeProofResult {
        let result = try verify(token)
        guard token.imprint.isStrong, try !token.imprint.isOf(bytes) else { return result }
        return .invalid("it covers other bytes")
    }

    /// Verifies the tokens that came along with a signature; one that cannot be read is wrong.
    func verify(
        timeStamps: [[UInt8]], over bytes: [UInt8]
    ) throws(OpenSSLError) -> [TimeProofResult] {
        var results: [TimeProofResult] = []
        for file in timeStamps {
            results.append(try verify(timeStamp: file, over: bytes))
        }
        return results
    }

    private func verify(
        timeStamp file: [UInt8], over bytes: [UInt8]
    ) throws(OpenSSLError) -> TimeProofResult {
        let token: TimeStampToken
        do throws(CMSError) { token = try TimeStampToken(parsing: file) } catch {
            return .malformed("is no time-stamp: \(error)")
        }
        return try verify(token, over: bytes)
    }

    /// One anchor's word on a token.
    private func verify(_ issue: TokenIssue) throws(OpenSSLError) -> TimeProofResult {
        let builder = ChainBuilder(
            anchor: issue.anchor.anchor,
            untrusted: issue.token.certificates + material.certificates)
        let chain: [Certificate]
        switch try builder.chain(
            from: issue.signer, for: .timeStamping, at: issue.time.secondsSince1970)
        {
        case .chain(let built): chain = built
        case .notAnchored: return .unknownAnchor
        case .refused(let reason): return .invalid("its authority's certificate: \(reason)")
        }
        guard issue.signer.extendedKeyUsage?.isTimeStampingAlone == true else {
            return .invalid("its authority's certificate is not for time-stamps alone")
        }
        switch try issue.token.verdict(by: issue.signer) {
        case .verifies(let algorithm):
            if let refusal = issue.anchor.algorithms.refusal(of: algorithm) {
                return .uncounted(refusal.reason)
            }
        case .wrong, .otherContent: return .invalid("its signature does not verify")
        case .notAcceptable(let reason): return .uncounted(reason)
        }
        if let policies = issue.anchor.policies, !policies.contains(issue.token.policy) {
            return .uncounted("it was issued under policy \(issue.token.policy)")
        }
        let rule = RevocationRule(
            asOf: asOf, provenTime: issue.time, needsLists: issue.anchor.needsRevocationLists,
            isOwnTime: true)
        switch try rule.defect(of: chain, builder, material) {
        case .revocationUnknown(let reason)?: return .uncounted(reason)
        case let defect?: return .invalid(defect.reason)
        case nil:
            let ends = chain.compactMap { Instant(secondsSince1970: $0.notAfter) }
            return status(of: issue, end: ends.min())
        }
    }

    /// What the policy says of the anchor at the token's time, and whether that time is possible.
    private func status(of issue: TokenIssue, end: Instant?) -> TimeProofResult {
        let source = TimeProof.Source.timestamp(keyID: issue.key.id)
        let name = issue.key.operator
        let proof = TimeProof(
            instant: issue.time, bounds: issue.bounds, source: source, operator: name, end: end)
        guard let policy, policy.roles(ofKey: issue.key.id, release: release).contains(.timestamp)
        else { return .uncounted("the policy gives \(issue.key.id) no role timestamp") }
        if let reason = impossibility(of: proof) { return .uncounted(reason) }
        // Whoever has the key of an anchor can stamp any time.
        let isCompromised = issue.key.revocation?.reason == .compromised
        // A proof later than the verification time makes what it dates unknown: the signature says so, not the token.
        if proof.earliest > asOf, !isCompromised { return .valid(proof) }
        // The authority's own status is that of its own time, however precise that is.
        let own = TimeProof(instant: issue.time, source: source, operator: name)
        let outcome = issue.key.status(
            asOf: isCompromised ? asOf : max(asOf, issue.time), proof: isCompromised ? nil : own)
        return outcome == .accepted ? .valid(proof) : .uncounted(outcome.reason)
    }

    /// Why a proof of time proves nothing: it is from before there was what it dates, by more than
    /// clocks differ; nil for a possible one.
    package func impossibility(of proof: TimeProof) -> String? {
        guard let created, let limit = created.adding(seconds: -Self.clockTolerance),
            proof.latest < limit
        else { return nil }
        return
            "its time, \(proof.instant), is more than \(Self.clockTolerance / 60) minutes before "
            + "the seal was created, \(created): its clock was wrong, or the sealing one was"
    }

    /// How many seconds two clocks may differ.
    package static let clockTolerance: Int64 = 300
}

/// A token, the certificate that its signer names, and an anchor that may lead to it.
private struct TokenIssue {
    let token: TimeStampToken
    let signer: Certificate
    let time: Instant
    /// What the time may be as precisely as the token states it.
    let bounds: ClosedRange<Instant>
    let anchor: TimeStampKey
    let key: PolicyKey
}
