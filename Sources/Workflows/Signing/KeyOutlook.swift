import CloseoutEncodings
package import CloseoutOpenSSL
package import CloseoutSignatures

/// Warns where a signature that is made here will not count under a policy, or not for ever
/// (docs/command-line.md, "sign").
package struct KeyOutlook {
    private let key: PublicKey
    /// The certificate with which it signs, if it signs with one.
    private let certificate: Certificate?
    /// The public key's file, for a shell, where it is known.
    private let keyFile: String?
    private let bundle: [UInt8]
    /// The release's name.
    private let release: String

    /// Looks at a key.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - certificate: The certificate with which it signs, if it signs with one.
    ///   - keyFile: The public key's file, for a shell, where it is known.
    ///   - bundle: The path of the bundle.
    ///   - release: The release's name.
    package init(
        key: PublicKey, certificate: Certificate?, keyFile: String?, bundle: [UInt8],
        release: String
    ) {
        self.key = key
        self.certificate = certificate
        self.keyFile = keyFile
        self.bundle = bundle
        self.release = release
    }

    /// Warns, also without a policy where the key's certificate has an end.
    package func warn(_ policy: TrustPolicy?, _ receipt: inout Receipt) {
        var ends = [certificate.flatMap { Instant(secondsSince1970: $0.notAfter) }].compactMap(
            \.self)
        if let policy {
            let entries = policy.keys.filter(isOf)
            guard !entries.isEmpty else { return reportUnknown(&receipt) }
            if let revocation = entries.compactMap(\.revocation).first {
                return reportRevoked(revocation, &receipt)
            }
            let roles = Set(entries.flatMap { policy.roles(ofKey: $0.id, release: release) })
            guard !roles.isDisjoint(with: [.release, .archive]) else {
                return reportRoles(entries, in: policy, &receipt)
            }
            let limits = entries.compactMap(\.notAfter)
            // Where one entry has no end the key has none.
            if limits.count == entries.count, let last = limits.max() { ends.append(last) }
        }
        guard let end = ends.min() else { return }
        receipt.warn(
            "no time-stamp: cannot reach VERIFIED after \(end), when this key's time ends",
            hint: "closeout request \(shellQuoted(bundle)) --for tsa --key-reference URL asks a "
                + "time-stamp authority for one; a witness's cosignature serves too")
    }

    /// Whether an entry of the policy may be the one by which the signature counts.
    private func isOf(_ entry: PolicyKey) -> Bool {
        guard let certificate else { return entry.material.publicKeys.contains(key) }
        guard case .x509(let anchor) = entry.material else { return false }
        return (try? anchor.accepts(certificate)) ?? false
    }

    private func reportUnknown(_ receipt: inout Receipt) {
        let words =
            certificate == nil
            ? "\(keyFile ?? "PUBLIC-KEY") --operator NAME --role release"
            : "ANCHOR --subject NAME --operator NAME --role release"
        receipt.warn(
            "the policy does not know this key: what it signed cannot reach VERIFIED",
            hint: "closeout trust add POLICY \(words)")
    }

    /// Warns of a key that the policy knows, and that signs no seal of this release.
    private func reportRoles(
        _ entries: [PolicyKey], in policy: TrustPolicy, _ receipt: inout Receipt
    ) {
        let served = Set(entries.flatMap { policy.roles(ofKey: $0.id, release: nil) })
        let isElsewhere = !served.isDisjoint(with: [.release, .archive])
        let names = Role.allCases.filter(served.contains).map(\.rawValue).joined(separator: ", ")
        let known =
            isElsewhere ? "for other releases only" : names.isEmpty ? "for no role" : "as \(names)"
        receipt.warn(
            "the policy has this key \(known), and not for the seal of \(release): what it signed "
                + "cannot reach VERIFIED",
            hint: "sign with a key that serves release or archive there: "
                + "closeout sign BUNDLE --key KEY")
    }

    private func reportRevoked(_ revocation: PolicyKey.Revocation, _ receipt: inout Receipt) {
        receipt.warn(
            "the policy revoked this key at \(revocation.at) (\(revocation.reason.name)): what it "
                + "signed cannot reach VERIFIED",
            hint: "sign with another key: closeout sign BUNDLE --key KEY")
    }
}

/// A key's fingerprint in its two usual forms.
package func fingerprints(of key: PublicKey) -> String {
    let base64 = String(decoding: Base64.encode(key.fingerprint.bytes), as: UTF8.self)
    return "fingerprint \(key.fingerprint.hex)\n            SHA256:\(base64)"
}
