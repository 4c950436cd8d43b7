package import CloseoutEncodings
package import CloseoutOpenSSL

/// Verifies signatures by one policy at one instant; it reads no file and no clock.
///
/// Implements "Verifying" of docs/signatures.md.
package struct SignatureVerifier: Sendable {
    /// Whom to trust; without a policy every signer is unknown.
    package let policy: TrustPolicy?
    /// The verification time.
    package let asOf: Instant
    /// The name of the release at hand, for rules that are for some releases alone.
    package let release: String?
    /// Certificates and revocation lists at hand: none of them is trusted.
    package let material: UntrustedCertificates
    /// When the seal at hand says that it was created: what proves times from before that has no right
    /// clock.
    package let created: Instant?
    private let memory: SignerMemory

    /// Sets up a verifier.
    ///
    /// - Parameters:
    ///   - policy: Whom to trust.
    ///   - asOf: The verification time.
    ///   - release: The release's name; `nil`, for single files, leaves `releases` aside.
    ///   - material: Untrusted certificates and revocation lists that chains may need.
    ///   - created: When the seal says that it was created; `nil` where there is none.
    ///   - memory: What other verifiers of the same policy have found out.
    package init(
        policy: TrustPolicy?, asOf: Instant, release: String?,
        material: UntrustedCertificates = UntrustedCertificates(), created: Instant? = nil,
        memory: SignerMemory = SignerMemory()
    ) {
        self.created = created
        self.memory = memory
        self.material = material
        self.policy = policy
        self.asOf = asOf
        self.release = release
    }

    /// Verifies every signature of a file.
    ///
    /// - Parameters:
    ///   - file: The bytes of the signature file.
    ///   - format: The format that it is said to be of; no other is tried.
    ///   - content: What the signatures have to be over.
    ///   - proofs: What proves times of the whole file.
    ///   - stamps: Time-stamps, of which those over the file or a signature's value date it.
    ///   - seekingReasons: Whether to find out why no key of the policy made a signature.
    /// - Returns: One result a signature, in file order; one for a file that is malformed.
    /// - Throws: `OpenSSLError` when libcrypto could not look.
    package func verify(
        _ file: [UInt8], as format: SignatureFormat, over content: SignedContent,
        proofs: [TimeProof] = [], stamps: TimeStamps = [], seekingReasons: Bool = true
    ) throws(OpenSSLError) -> [SignatureResult] {
        try verify(
            file, as: format, over: CheckedContent(content), proofs, stamps, seekingReasons)
    }

    /// The same of an envelope that was read from the file before.
    ///
    /// - Throws: `OpenSSLError` when libcrypto could not look.
    package func verify(
        _ envelope: DSSEEnvelope, of file: [UInt8], over content: SignedContent,
        proofs: [TimeProof] = [], stamps: TimeStamps = [], seekingReasons: Bool = true
    ) throws(OpenSSLError) -> [SignatureResult] {
        try verify(file, as: .dsse, over: CheckedContent(content), proofs, stamps, seekingReasons) {
            () throws(SignatureError) in
            try SignatureFormat.confirmCount(of: envelope.unverifiedSignatures)
        }
    }

    /// The same over content whose bytes need not be at hand.
    func verify(
        _ file: [UInt8], as format: SignatureFormat, over content: CheckedContent,
        _ proofs: [TimeProof], _ stamps: TimeStamps, _ seekingReasons: Bool
    ) throws(OpenSSLError) -> [SignatureResult] {
        try verify(file, as: format, over: content, proofs, stamps, seekingReasons) {
            () throws(SignatureError) in
            try format.signatures(in: file)
        }
    }

    private func verify(
        _ file: [UInt8], as format: SignatureFormat, over content: CheckedContent,
        _ proofs: [TimeProof], _ stamps: TimeStamps, _ seekingReasons: Bool,
        reading read: () throws(SignatureError) -> [UnverifiedSignature]
    ) throws(OpenSSLError) -> [SignatureResult] {
        let signatures: [UnverifiedSignature]
        do { signatures = try read() } catch {
            let place = SignaturePlace(format: format, index: 0, hint: nil)
            var result = SignatureResult(place: place, outcome: .unreadable(error))
            if format == .sigstore, KeylessSignature.isLikely(file) {
                result.steps = [SigstoreFinding(.form, .fail, "\(error)")]
            }
            return [result]
        }
        var results: [SignatureResult] = []
        var ofFile: [TimeProof]?
        for (index, signature) in signatures.enumerated() {
            let stamped = signature.timeStampedBytes ?? file
            var keyless: KeylessResult?
            if case .keyless(let signature) = signature {
                keyless = try verify(signature, over: content)
            }
            let own = try verify(
                timeStamps: keyless?.foreignTokens ?? signature.timeStamps, over: stamped)
            var found = signature.timeStampedBytes == nil ? ofFile : nil
            if found == nil { found = try stamps.proofs(of: stamped) }
            // A file is hashed once, however many signatures it holds.
            if signature.timeStampedBytes == nil { ofFile = found }
            let proofs =
                proofs + (found ?? []) + own.compactMap(\.proof) + (keyless?.proofs ?? [])
            let signer: Signer =
                switch signature {
                case .keyless: keyless?.signer(dating: proofs, by: self) ?? .unknown
                case .certified(let signature):
                    try signer(of: signature, over: content, proofs, seekingReasons)
                case .keyed(let signature):
                    try memory.signer(of: file, as: format, at: index, over: content) {
                        () throws(OpenSSLError) in
                        try self.signer(of: signature, over: content, seekingReasons)
                    }
                }
            let place = SignaturePlace(signature, at: index, in: format)
            var result = result(of: signer, at: place, proofs, timeStamps: own, roles: roles)
            result.steps = keyless?.steps ?? []
            results.append(result)
        }
        return results
    }
}

// MARK: Who signed

extension SignatureVerifier {
    /// Who made a signature, as far as the policy knows.
    enum Signer {
        /// These entries' key; several only where the policy has one key in several entries.
        case keys([PolicyKey])
        /// It counts for nothing, for the reason given; a key that is named or matches is known.
        case refused(PolicyKey?, SignatureResult.Outcome)
        /// Nobody whom the policy knows.
        case unknown
    }

    /// Finds who made a signature.
    ///
    /// A signature that names keys of the policy must be by one of them; any other is tried
    /// with each key that could have made it, each with its one algorithm.
    private func signer(
        of signature: any KeyedSignature, over content: CheckedContent, _ seeksReasons: Bool
    ) throws(OpenSSLError) -> Signer {
        let keys = policy?.keys ?? []
        let named = keys.filter { signature.relation(to: $0.material) == .named }
        if let reason = signature.unacceptable {
            return .refused(named.first, .notAcceptable(reason))
        }
        let candidates =
            named.isEmpty
            ? keys.filter { signature.relation(to: $0.material) == .possible } : named
        var verifying: [PolicyKey] = []
        var (wrong, notAcceptable): (Signer?, Signer?)
        for key in candidates {
            switch try signature.check(with: key.material, over: content) {
            case .verifies: verifying.append(united(key))
            case .verifiesAs(let part):
                verifying.append(united(key.narrowed(to: .openPGPPart(part))))
            case .wrong(.otherContent(let reason)): wrong = .refused(key, .otherContent(reason))
            case .wrong(.invalid(let reason)):
                guard !named.isEmpty else { continue }
                if seeksReasons, let found = try diagnosis(of: signature, by: key, over: content) {
                    notAcceptable = .refused(key, .notAcceptable(found))
                } else {
                    wrong = .refused(key, .invalid(reason))
                }
            case .notAcceptable(let reason): notAcceptable = .refused(key, .notAcceptable(reason))
            }
        }
        if !verifying.isEmpty { return .keys(verifying) }
        if let refusal = wrong ?? notAcceptable { return refusal }
        return try seeksReasons || !named.isEmpty
            ? diagnosis(of: signature, over: content)
            : .refused(nil, .notAcceptable(.reasonNotSought))
    }

    /// Why a signature does not count that no key of the policy made in a way that counts.
    private func diagnosis(
        of signature: any KeyedSignature, over content: CheckedContent
    ) throws(OpenSSLError) -> Signer {
        for entry in policy?.keys ?? [] {
            if let reason = try diagnosis(of: signature, by: entry, over: content) {
                return .refused(entry, .notAcceptable(reason))
            }
        }
        return .unknown
    }

    /// Why a signature does not count that a key of one entry made; nil where none of them did.
    private func diagnosis(
        of signature: any KeyedSignature, by entry: PolicyKey, over content: CheckedContent
    ) throws(OpenSSLError) -> NotAcceptable? {
        for key in entry.material.publicKeys {
            if let reason = try signature.diagnosis(by: key, of: entry, over: content) {
                return reason
            }
        }
        return nil
    }

    /// An entry's key with all that the policy says of its end.
    func united(_ key: PolicyKey) -> PolicyKey { policy?.united(key) ?? key }
}

// MARK: What it counts for

extension SignatureVerifier {
    func result(
        of signer: Signer, at place: SignaturePlace, _ proofs: [TimeProof],
        timeStamps: [TimeProofResult] = [], roles: ([PolicyKey]) -> [Role]
    ) -> SignatureResult {
        switch signer {
        case .unknown:
            return SignatureResult(
                place: place, timeStamps: timeStamps, outcome: .unknownKey)
        case .refused(let key, let outcome):
            return SignatureResult(
                place: place, key: key, roles: key.map { roles([$0]) } ?? [],
                timeStamps: timeStamps,
                outcome: outcome)
        case .keys(let keys):
            let proof = earliestProof(for: keys, among: proofs)
            let outcomes = keys.map { ($0, $0.status(asOf: asOf, proof: proof)) }
            let accepted = outcomes.filter { $0.1 == .accepted }
            let best = accepted.first ?? outcomes.first
            return SignatureResult(
                place: place, key: best?.0,
                roles: roles(accepted.isEmpty ? keys : accepted.map(\.0)), timeProof: proof,
                timeStamps: timeStamps, outcome: best?.1 ?? .unknownKey)
        }
    }

    /// The roles that any of these keys serves for the release.
    private func roles(of keys: [PolicyKey]) -> [Role] {
        if keys.count == 1 { return policy?.roles(ofKey: keys[0].id, release: release) ?? [] }
        let served = Set(keys.flatMap { policy?.roles(ofKey: $0.id, release: release) ?? [] })
        return Role.allCases.filter(served.contains)
    }

    /// The proofs of other operators than the signer's.
    func earliestProof(for keys: [PolicyKey], among proofs: [TimeProof]) -> TimeProof? {
        guard !proofs.isEmpty else { return nil }
        let signers = Set(keys.map(\.operator))
        return proofs.filter { !signers.contains($0.operator) }.combined
    }
}
