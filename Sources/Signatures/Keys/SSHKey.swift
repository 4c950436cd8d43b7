package import CloseoutOpenSSL

/// A key of OpenSSH, with the namespaces for which its signatures count.
package struct SSHKey: VerificationKey {
    let publicKey: PublicKey
    /// What its signatures may be for.
    let namespaces: [[UInt8]]
    /// The algorithms of which a signature states one; several for RSA, unless the policy names one.
    let algorithms: [SignatureAlgorithm]

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
