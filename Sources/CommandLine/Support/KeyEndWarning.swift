import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures

/// Warns where a signature that is made here will not count under a policy, or not for ever
/// (docs/command-line.md, "sign").
struct KeyEndWarning {
    let key: PublicKey
    /// The certificate with which it signs, if it signs with one.
    let certificate: Certificate?
    /// The public key's file, for a shell, where it is known.
    let keyFile: String?
    let bundle: [UInt8]
    /// The release's name.
    let release: String

    /// Warns, also without a policy where the key's certificate has an end.
    func tell(_ policy: TrustPolicy?, _ context: Context) {
        var ends = [certificate.flatMap { Instant(secondsSince1970: $0.notAfter) }].compactMap(
            \.self)
        if let policy {
            let entries = policy.keys.filter(isOf)
            guard !entries.isEmpty else { return reportUnknown(context) }
            if let revocation = entries.compactMap(\.revocation).first {
                return reportRevoked(revocation, context)
            }
            let roles = Set(entries.flatMap { policy.roles(ofKey: $0.id, release: release) })
            guard !roles.isDisjoint(with: [.release, .archive]) else {
                return reportRoles(entries, in: policy, context)
            }
            let limits = entries.compactMap(\.notAfter)
            // Where one entry has no end the key has none.
            if limits.count == entries.count, let last = limits.max() { ends.append(last) }
        }
        guard let end = ends.min() else { return }
        context.console.warning(
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

    private func reportUnknown(_ context: Context) {
        let words =
            certificate == nil
            ? "\(keyFile ?? "PUBLIC-KEY") --operator NAME --role release"
            : "ANCHOR --subject NAME --operator NAME --role release"
        context.console.warning(
            "the policy does not know this key: what it signed cannot reach VERIFIED",
            hint: "closeout trust add POLICY \(words)")
    }

    /// Tells of a key that the policy knows, and that signs no seal of this release.
    private func reportRoles(
        _ entries: [PolicyKey], in policy: TrustPolicy, _ context: Context
    ) {
        let served = Set(entries.flatMap { policy.roles(ofKey: $0.id, release: nil) })
        let isElsewhere = !served.isDisjoint(with: [.release, .archive])
        let names = Role.allCases.filter(served.contains).map(\.rawValue).joined(separator: ", ")
        let known =
            isElsewhere ? "for other releases only" : names.isEmpty ? "for no role" : "as \(names)"
        context.console.warning(
            "the policy has this key \(known), and not for the seal of \(release): what it signed "
                + "cannot reach VERIFIED",
            hint: "sign with a key that serves release or archive there: "
                + "closeout sign BUNDLE --key KEY")
    }

    private func reportRevoked(_ revocation: PolicyKey.Revocation, _ context: Context) {
        context.console.warning(
            "the policy revoked this key at \(revocation.at) (\(revocation.reason.name)): what it "
                + "signed cannot reach VERIFIED",
            hint: "sign with another key: closeout sign BUNDLE --key KEY")
    }
}
