package import CloseoutEncodings
package import CloseoutOpenSSL

/// Where a signature is, and what it says about its key.
struct SignaturePlace: Equatable {
    let format: SignatureFormat
    let index: Int
    let hint: [UInt8]?
    var remark: SignatureRemark?
    var algorithm: SignatureAlgorithm?
}

extension SignaturePlace {
    /// The place of a signature in a file of a format.
    init(_ signature: UnverifiedSignature, at index: Int, in format: SignatureFormat) {
        self.init(
            format: format, index: index, hint: signature.hint, remark: signature.remark,
            algorithm: signature.statedAlgorithm)
    }
}

/// The result of one signature: whose it is, what it counts for, or why it does not.
///
/// Implements the table of docs/signatures.md, "Effects".
package struct SignatureResult: Equatable, Sendable {
    let place: SignaturePlace
    /// The policy key that made it, or that it names without being made by it.
    package internal(set) var key: PolicyKey?
    /// The roles that its key serves for the release; it counts for them if it is accepted.
    package internal(set) var roles: [Role] = []
    /// The earliest proof of its time that another operator answers for; of a witness's
    /// cosignature what the witness says.
    package internal(set) var timeProof: TimeProof?
    /// The result of the time-stamps that came along with it, in their order.
    package internal(set) var timeStamps: [TimeProofResult] = []
    /// What each step found of a Sigstore bundle with a certificate, in their order; none for others.
    package internal(set) var steps: [SigstoreFinding] = []
    /// The result.
    package internal(set) var outcome: Outcome

    /// Possible results of a signature.
    package enum Outcome: Equatable, Sendable {
        /// It verifies with a key that is valid.
        case accepted
        /// The file is not of its format.
        case malformed(SignatureError)
        /// It names a policy key and does not verify with it.
        case invalid(String)
        /// A policy key made it, over something else.
        case otherContent(String)
        /// It is by nobody whom the policy knows.
        case unknownKey
        /// Nothing shows that it is wrong, and yet it cannot count.
        case notAcceptable(NotAcceptable)
        /// Its key was revoked, and nothing proves that the signature is older.
        case revoked(String)
        /// It is proven to be older than its key's window.
        case outsideWindow(String)
        /// It is unknown whether its key was in its window.
        case timeUnknown(String)
        /// The certificate of its signer is not accepted.
        case certificate(CertificateDefect)
        /// A step of verifying a Sigstore bundle keeps it from counting; an identity of the policy may have
        /// made it all the same.
        case keyless(SigstoreFinding, isOfIdentity: Bool)
    }

    /// What an outcome does to the verdict, from the best on.
    package enum Effect: Int, Sendable {
        /// It counts for its roles.
        case counts
        /// It is shown and not counted.
        case ignored
        /// It is not counted, and the verdict is FAILED if a threshold is missed thereby.
        case refused
        /// The verdict is FAILED.
        case fails
    }

    /// What this signature does to the verdict.
    package var effect: Effect { outcome.effect }

    /// The format of the file.
    package var format: SignatureFormat { place.format }

    /// The signature's place among those of its file, from 0.
    package var index: Int { place.index }

    /// What the signature says of its key; asserted, to be escaped when shown.
    package var hint: [UInt8]? { place.hint }

    /// What it says besides; asserted, to be escaped when shown.
    package var remark: SignatureRemark? { place.remark }

    /// Whether its key is known to have made it.
    ///
    /// What cannot be checked may name a key that did not.
    package var isMadeByKey: Bool {
        switch outcome {
        case .accepted, .revoked, .outsideWindow, .timeUnknown, .certificate: key != nil
        case .notAcceptable(let found): key != nil && found.isByKey
        case .malformed, .invalid, .otherContent, .unknownKey, .keyless: false
        }
    }

    /// Whether it counts for a role.
    package func counts(for role: Role) -> Bool {
        effect == .counts && roles.contains(role)
    }

    /// From when on the key has ended by its owner's own word.
    package var keyOwnEnd: Instant? {
        guard case .openPGPPart(let part)? = key?.material else { return nil }
        return part.end
    }

    /// The algorithm by which a known key made it.
    package var algorithm: SignatureAlgorithm? {
        guard let key else { return nil }
        if let algorithm = place.algorithm { return algorithm }
        // An anchor's algorithm is not that of those it certifies.
        switch key.material {
        case .x509, .sigstore, .sigstoreRoot: return nil
        default: break
        }
        return key.material.algorithm
    }
}

extension SignatureResult {
    /// Why a time-stamp that came along is wrong, which fails the verdict; nil if none is.
    package var timeStampDefect: String? {
        timeStamps.lazy.compactMap { stamp in
            switch stamp {
            case .invalid(let reason), .malformed(let reason): reason
            case .valid, .unknownAnchor, .uncounted: nil
            }
        }.first
    }
}

extension SignatureResult.Outcome {
    /// A file that cannot be read: corrupt, or only of a kind that is not accepted.
    static func unreadable(_ error: SignatureError) -> SignatureResult.Outcome {
        guard error.isUnsupported else { return .malformed(error) }
        return .notAcceptable(NotAcceptable(.form, "\(error)", remedy: error.remedy))
    }

    /// A key that is too weak, whoever has it.
    static func tooWeak(_ reason: String) -> SignatureResult.Outcome {
        .notAcceptable(NotAcceptable(.algorithm, reason, isByKey: true))
    }

    /// What it does to the verdict.
    var effect: SignatureResult.Effect {
        switch self {
        case .accepted: .counts
        case .unknownKey, .notAcceptable, .timeUnknown, .outsideWindow,
            .certificate(.revocationUnknown), .certificate(.chain), .certificate(.purpose):
            .ignored
        case .revoked, .certificate(.revoked): .refused
        case .malformed, .invalid, .otherContent: .fails
        case .keyless(let finding, let isOfIdentity):
            isOfIdentity && finding.status == .fail ? .fails : .ignored
        }
    }

    /// The outcome in one sentence without a full stop.
    package var reason: String {
        switch self {
        case .accepted: "verifies"
        case .malformed(let error): "the file is malformed: \(error)"
        case .unknownKey: "no key of the policy made it"
        case .certificate(let defect): defect.reason
        case .keyless(let finding, _): finding.reason
        case .notAcceptable(let found): found.reason
        case .invalid(let reason), .otherContent(let reason), .revoked(let reason),
            .outsideWindow(let reason), .timeUnknown(let reason):
            reason
        }
    }
}
