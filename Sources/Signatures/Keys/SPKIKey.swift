package import CloseoutOpenSSL

/// A plain public key together with the one algorithm that its signatures use.
package struct SPKIKey: VerificationKey {
    /// The public key.
    package let publicKey: PublicKey
    /// The algorithm of its signatures.
    package let algorithm: SignatureAlgorithm

    /// Pairs a key with an algorithm; `nil` when the algorithm is not one for keys of its type.
    ///
    /// - Parameters:
    ///   - publicKey: The key.
    ///   - algorithm: Needed for RSA, whose schemes are several; elsewhere the key implies one.
    package init?(_ publicKey: PublicKey, algorithm: SignatureAlgorithm?) {
        guard let algorithm = algorithm ?? .implied(by: publicKey.type),
            algorithm.keyType == publicKey.type
        else { return nil }
        self.publicKey = publicKey
        self.algorithm = algorithm
    }

    /// The one key inside.
    package var publicKeys: [PublicKey] { [publicKey] }

    /// Every role whose signatures are plain; checkpoints take two types of key only.
    package var roles: Set<Role> {
        let roles = Set(Role.allCases).subtracting([.witness, .timestamp])
        return canSignCheckpoints ? roles : roles.subtracting([.log])
    }

    /// Whether signed notes know the key's type.
    package var canSignCheckpoints: Bool { publicKey.type == .ed25519 || publicKey.type == .p256 }

    /// Why an RSA key is too short to count.
    package var weakness: String? { publicKey.weakness }

    /// Whether a signature has a length that this key produces, and for curves the form.
    func couldHaveMade(_ signature: [UInt8]) -> Bool {
        SignatureLength.range(of: publicKey).contains(signature.count)
            && (!publicKey.type.isCurveOfECDSA || SignatureLength.isSequence(signature))
    }
}
