package import OpenSSL

/// What came of a time-stamp token.
///
/// Implements "Time-stamps" of docs/signatures.md.
package enum TimeProofJudgement: Equatable, Sendable {
    /// It proves that what it is over existed at its time.
    case valid(TimeProof)
    /// No anchor of the policy leads to it.
    case unknownAnchor
    /// It is genuine as far as can be told, and does not count, for the reason given.
    case uncounted(String)
    /// It is wrong, for the reason given.
    case invalid(String)
    /// It cannot be read, for the reason given.
    case malformed(String)
}

extension TimeProofJudgement {
    /// What it proves, if it counts.
    package var proof: TimeProof? {
        if case .valid(let proof) = self { proof } else { nil }
    }
}

/// A token that was found to be valid, and what it is over.
package struct TimeStamp: Equatable, Sendable {
    /// The digest of what it is over.
    package let imprint: TimeStampToken.Imprint
    /// What it proves of that.
    package let proof: TimeProof

    /// States a proof that has been checked.
    package init(imprint: TimeStampToken.Imprint, proof: TimeProof) {
        self.imprint = imprint
        self.proof = proof
    }
}

extension [TimeStamp] {
    /// The proofs of those that are over these bytes.
    ///
    /// - Throws: Only when a digest could not be computed.
    package func proofs(of bytes: [UInt8]) throws(OpenSSLError) -> [TimeProof] {
        var proofs: [TimeProof] = []
        for stamp in self where try stamp.imprint.isOf(bytes) { proofs.append(stamp.proof) }
        return proofs
    }
}

extension SignatureFormat {
    /// What a token that dates the signatures of a file may be over.
    ///
    /// That is each signature's value or the whole file, as the format has it, none twice; nothing for a file
    /// that is malformed.
    package func timeStampedBytes(of file: [UInt8]) -> [[UInt8]] {
        guard let signatures = try? signatures(in: file) else { return [] }
        var stamped: [[UInt8]] = []
        for signature in signatures {
            let bytes = signature.timeStampedBytes ?? file
            if !stamped.contains(bytes) { stamped.append(bytes) }
        }
        return stamped
    }
}
