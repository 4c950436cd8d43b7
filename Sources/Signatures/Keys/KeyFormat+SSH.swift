import CloseoutEncodings
import CloseoutOpenSSL

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
