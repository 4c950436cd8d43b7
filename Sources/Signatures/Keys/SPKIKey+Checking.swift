import CloseoutOpenSSL

extension SPKIKey {
    /// Checks a bare signature over a message with the key's own algorithm.
    ///
    /// One of RSA-PSS that verifies with another salt than the algorithm's is not acceptable: it is
    /// the key's, and for that reason not wrong.
    ///
    /// - Parameters:
    ///   - signature: The signature as libcrypto takes it.
    ///   - message: What it has to be over.
    ///   - salt: The salts of RSA-PSS that the format allows.
    ///   - reason: What to say where it does not verify.
    /// - Returns: That it verifies, is wrong or is not acceptable.
    /// - Throws: `OpenSSLError` when libcrypto could not look.
    func check(
        _ signature: [UInt8], over message: Message, salt: PSSSalt = .hashLength, _ reason: String
    ) throws(OpenSSLError) -> SignatureCheck {
        if try publicKey.accepts(signature, over: message, algorithm: algorithm, salt: salt) {
            return .verifies
        }
        guard algorithm.padding == .pss, salt == .hashLength,
            try publicKey.accepts(signature, over: message, algorithm: algorithm, salt: .any)
        else { return .invalid(reason) }
        return .notAcceptable(.salt(of: algorithm))
    }
}

extension NotAcceptable {
    /// The key made the signature with a salt that the format does not have.
    static func salt(of algorithm: SignatureAlgorithm) -> NotAcceptable {
        let length = algorithm.digest.map { "\($0.size)" } ?? "as many"
        return NotAcceptable(
            .algorithm,
            "its RSA-PSS salt is not the \(length) bytes of \(algorithm.rawValue)",
            remedy: "sign with a salt as long as the digest: "
                + "openssl … -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest",
            isByKey: true)
    }
}

extension PolicyKey {
    /// Why a bare signature does not count that this entry's key made, if it did.
    ///
    /// The algorithms of the key's type are tried in turn to find the reason, never to count.
    ///
    /// - Parameters:
    ///   - signature: The signature as libcrypto takes it.
    ///   - message: What it has to be over.
    ///   - key: A public key of the entry.
    ///   - name: What such signatures are called.
    ///   - stated: The algorithms that the file states, where it does.
    ///   - wasTried: Whether the entry's own algorithm has been tried on these bytes.
    /// - Returns: The reason; `nil` where the key did not make it.
    /// - Throws: `OpenSSLError` when libcrypto could not look.
    func plainDiagnosis(
        of signature: [UInt8], over message: Message, by key: PublicKey, format name: String,
        stated: [SignatureAlgorithm]? = nil, wasTried: Bool = true
    ) throws(OpenSSLError) -> NotAcceptable? {
        guard SignatureLength.range(of: key).contains(signature.count) else { return nil }
        for algorithm in SignatureAlgorithm.allCases where algorithm.keyType == key.type {
            // The entry's own algorithm has been tried, but for another salt.
            if wasTried, stated == nil, case .spki(let own) = material,
                own.algorithm == algorithm, algorithm.padding != .pss
            {
                continue
            }
            guard
                try key.accepts(signature, over: message, algorithm: algorithm, salt: .any)
            else { continue }
            if let stated, !stated.contains(algorithm) {
                return NotAcceptable(
                    .form,
                    "key \(id) made it with \(algorithm.rawValue), and the file states another algorithm",
                    isByKey: true)
            }
            guard case .spki(let own) = material else {
                return NotAcceptable(
                    .key,
                    "the key of \(id) made it, and \(name) signatures count only for keys of the "
                        + "format spki, not \(format.name)",
                    remedy: "add the key to the policy as a public key in PEM", isByKey: true)
            }
            guard own.algorithm != algorithm else { return .salt(of: algorithm) }
            return NotAcceptable(
                .algorithm,
                "key \(id) made it with \(algorithm.rawValue), and the policy takes "
                    + "\(own.algorithm.rawValue) of this key",
                remedy: "if that is what the key signs with, name it: "
                    + "--algorithm \(algorithm.rawValue)", isByKey: true)
        }
        return nil
    }
}
