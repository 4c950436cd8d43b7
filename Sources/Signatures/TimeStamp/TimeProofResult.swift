package import CloseoutOpenSSL

/// The result of a time-stamp token.
///
/// Implements "Time-stamps" of docs/signatures.md.
package enum TimeProofResult: Equatable, Sendable {
    /// It proves that what it covers existed at its time.
    case valid(TimeProof)
    /// No anchor of the policy leads to it.
    case unknownAnchor
    /// It is genuine as far as is known, and does not count, for the reason given.
    case uncounted(String)
    /// It is wrong, for the reason given.
    case invalid(String)
    /// It cannot be read, for the reason given.
    case malformed(String)
}

extension TimeProofResult {
    /// What it proves, if it counts.
    package var proof: TimeProof? {
        if case .valid(let proof) = self { proof } else { nil }
    }
}

/// A token that was found to be valid, and what it covers.
package struct TimeStamp: Equatable, Sendable {
    /// The digest of what it covers.
    package let imprint: TimeStampToken.Imprint
    /// What it proves of that.
    package let proof: TimeProof

    package init(imprint: TimeStampToken.Imprint, proof: TimeProof) {
        self.imprint = imprint
        self.proof = proof
    }
}

/// Tokens that were found to be valid, each found by what it covers.
///
/// What is looked up is hashed once by each algorithm that some token uses, however many there are.
package struct TimeStamps: Sendable, ExpressibleByArrayLiteral {
    private var proofs: [DigestAlgorithm: [[UInt8]: [TimeProof]]] = [:]

    /// Takes the tokens.
    package init(_ stamps: [TimeStamp]) {
        for stamp in stamps {
            guard let algorithm = DigestAlgorithm(objectIdentifier: stamp.imprint.algorithm) else {
                continue
            }
            proofs[algorithm, default: [:]][stamp.imprint.digest, default: []]
                .includeEarliest(stamp.proof)
        }
    }

    package init(arrayLiteral stamps: TimeStamp...) {
        self.init(stamps)
    }

    /// How often something that is looked up is hashed.
    package var digestsEach: Int { proofs.count }

    /// What those prove that cover these bytes: of each operator the earliest.
    ///
    /// - Throws: Only when a digest could not be computed.
    package func proofs(of bytes: [UInt8]) throws(OpenSSLError) -> [TimeProof] {
        var found: [TimeProof] = []
        for algorithm in DigestAlgorithm.allCases {
            guard let proofs = proofs[algorithm] else { continue }
            for proof in proofs[try algorithm.digest(of: bytes)] ?? [] {
                found.includeEarliest(proof)
            }
        }
        return found
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
