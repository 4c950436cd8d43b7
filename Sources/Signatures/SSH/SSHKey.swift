import CloseoutEncodings
package import CloseoutOpenSSL

/// A key of OpenSSH, with the namespaces for which its signatures count.
package struct SSHKey: VerificationKey {
    let publicKey: PublicKey
    /// What its signatures may be for.
    package let namespaces: [[UInt8]]
    /// The algorithms of which a signature states one; several for RSA, unless the policy names one.
    package let algorithms: [SignatureAlgorithm]

    /// The namespace in which Closeout itself signs.
    static let ownNamespace = Array("closeout".utf8)
    /// The namespaces where a policy names none.
    static let usualNamespaces = [ownNamespace, Array("file".utf8)]

    /// The one key inside.
    package var publicKeys: [PublicKey] { [publicKey] }
    /// Of several the one that OpenSSH signs with.
    package var algorithm: SignatureAlgorithm { algorithms.first ?? .rsaPKCS1SHA512 }
    /// Records and checkpoints are signed by plain keys alone.
    package var roles: Set<Role> { [.release, .archive] }
    /// Why its signatures count for nothing; nil for a strong key.
    package var weakness: String? { publicKey.weakness }

    /// Pairs a key with namespaces; `nil` when the algorithm is none that SSH has for the key.
    init?(_ publicKey: PublicKey, namespaces: [[UInt8]], algorithm: SignatureAlgorithm?) {
        let possible = [SignatureAlgorithm.implied(by: publicKey.type)].compactMap(\.self)
        let all = publicKey.type == .rsa ? [.rsaPKCS1SHA512, .rsaPKCS1SHA256] : possible
        algorithms = all.filter { algorithm == nil || $0 == algorithm }
        guard !algorithms.isEmpty else { return nil }
        self.publicKey = publicKey
        self.namespaces = namespaces
    }
}

extension PublicKey {
    /// Why an RSA key is too short to count.
    var weakness: String? {
        guard type == .rsa, bits < 2048 else { return nil }
        return "an RSA key of \(bits) bits is too weak: 2048 is the least"
    }
}

extension KeyFormat {
    /// One line of a `.pub` file of OpenSSH.
    ///
    /// Takes the entry's `namespaces`, and `algorithm` for RSA. A file `allowed_signers` is taken
    /// apart into entries by `KeyEntry` before it comes here.
    package static let ssh = KeyFormat(
        name: "ssh",
        recognises: { AllowedSigners.isLikely($0) },
        read: { material, entry throws(JSONShapeError) in
            let publicKey: PublicKey
            do throws(KeyError) {
                publicKey = try SSHKeyLine(parsing: withoutLineEnd(material)).publicKey
            } catch { throw entry.invalid("key", "\(error)") }
            let names = try namespaces(entry.optional("namespaces"))
            var algorithm: SignatureAlgorithm?
            if let item = entry.optional("algorithm") {
                algorithm = SignatureAlgorithm(rawValue: try item.string())
                guard algorithm != nil else { throw item.invalid("unknown algorithm") }
            }
            guard let key = SSHKey(publicKey, namespaces: names, algorithm: algorithm) else {
                throw entry.invalid(
                    "algorithm", "not an algorithm of SSH for \(publicKey.type.rawValue) keys")
            }
            return .ssh(key)
        })

    private static func namespaces(_ item: JSONItem?) throws(JSONShapeError) -> [[UInt8]] {
        guard let item else { return SSHKey.usualNamespaces }
        var names: [[UInt8]] = []
        for item in try item.array() {
            let name = try item.bytes()
            guard SSHNamespace.isValid(name) else { throw item.invalid(SSHNamespace.rule) }
            names.append(name)
        }
        guard !names.isEmpty else { throw item.invalid("must name at least one") }
        return names
    }
}

/// The names that a policy may have for what SSH signatures are for.
enum SSHNamespace {
    static let rule = "a namespace is 1 to 128 visible ASCII characters other than , * ? ! \""

    static func isValid(_ name: [UInt8]) -> Bool {
        (1...128).contains(name.count)
            && name.allSatisfy { (0x21...0x7E).contains($0) && !",*?!\"".utf8.contains($0) }
    }
}
