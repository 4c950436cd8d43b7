package import CloseoutEncodings
package import CloseoutOpenSSL

/// The entry of a policy for a trusted root: what the root holds, and what is demanded under it.
package struct SigstoreRootKey: VerificationKey {
    /// The roots of the file; each stands for itself.
    let roots: [SigstoreRoot]
    /// What bundles must have.
    package let demands: SigstoreDemands

    /// None: a root certifies signers, of whom identities say which count.
    package var publicKeys: [PublicKey] { [] }
    /// The keys of its authorities and logs.
    package var authorityKeys: [PublicKey] { roots.flatMap(\.keys) }
    /// The algorithm that most of its signers have; each signature has that of its own key.
    package var algorithm: SignatureAlgorithm { .ecdsaP256SHA256 }
    /// None of its own: the identities that name it serve roles.
    package var roles: Set<Role> { [] }
    /// Nothing here: the strength of every key is looked at with the chain.
    package var weakness: String? { nil }

    /// When the last of its authorities ends, where all do.
    package var end: Instant? {
        let ends = roots.flatMap(\.authorities).map(\.window.end)
        guard ends.allSatisfy({ $0 != nil }), let last = ends.compactMap(\.self).max() else {
            return nil
        }
        return Instant(secondsSince1970: last.seconds)
    }
}

extension KeyFormat {
    /// A trusted root of Sigstore, which the identities of the format `sigstore` name.
    ///
    /// Takes the entry's `log`, `sct`, `time`, `inclusion` and `line`.
    package static let sigstoreRoot = KeyFormat(
        name: "sigstore-root",
        recognises: { bytes in
            bytes.count <= 4 << 20 && bytes.first == UInt8(ascii: "{")
                && (try? SigstoreRoot.roots(in: bytes)) != nil
        },
        read: { material, entry throws(JSONShapeError) in
            var roots: [SigstoreRoot]
            do throws(JSONShapeError) { roots = try SigstoreRoot.roots(in: material) } catch {
                throw entry.invalid("key", "\(error)")
            }
            if let item = entry.optional("line") {
                roots = [roots[Int(try item.integer(in: 1...Int64(roots.count))) - 1]]
            }
            let log = try entry.optional("log")?.integer(in: 0...1) ?? 1
            let sct = try entry.optional("sct")?.integer(in: 0...1) ?? 1
            let time = try entry.optional("time")?.choice(SigstoreDemands.Time.self) ?? .either
            let inclusion =
                try entry.optional("inclusion")?.choice(SigstoreInclusion.self) ?? .proof
            return .sigstoreRoot(
                SigstoreRootKey(
                    roots: roots,
                    demands: SigstoreDemands(
                        log: log == 1, certificateTimestamp: sct == 1, time: time,
                        acceptsPromise: inclusion == .promise)))
        })
}

/// What shows that a log holds an entry.
private enum SigstoreInclusion: String, CaseIterable {
    /// A proof of inclusion up to a signed checkpoint.
    case proof
    /// The log's signed promise alone, where an old bundle has nothing else.
    case promise
}
