package import CloseoutEncodings
package import CloseoutOpenSSL

/// The key of a policy's entry, read and checked: one of a closed list of kinds.
///
/// A format of signatures names the kinds that it takes and is never asked about the others.
package enum PolicyKeyValue: Sendable {
    /// A plain public key with its algorithm.
    case spki(SPKIKey)
    /// A key of signed notes, under its name.
    case note(NoteKey)
    /// A key of minisign.
    case minisign(MinisignKey)
    /// A key of signify.
    case signify(SignifyKey)
    /// A key of OpenSSH, with its namespaces.
    case ssh(SSHKey)
    /// OpenPGP keys, one or a whole ring.
    case openPGP(OpenPGPKeyring)
    /// The one key of an OpenPGP ring that made a signature.
    case openPGPPart(OpenPGPKeyPart)
    /// An anchor of certificates, and the signers that it accepts.
    case x509(X509Key)
    /// An anchor of time-stamp authorities.
    case timestamp(TimeStampKey)
    /// A trusted root of Sigstore, under which identities sign.
    case sigstoreRoot(SigstoreRootKey)
    /// An identity under such a root.
    case sigstore(SigstoreIdentity)
    /// The key of one signer whose certificate leads to an anchor.
    case certified(CertifiedKey)

    private var key: any VerificationKey {
        switch self {
        case .spki(let key): key
        case .note(let key): key
        case .minisign(let key): key
        case .signify(let key): key
        case .ssh(let key): key
        case .openPGP(let key): key
        case .openPGPPart(let key): key
        case .x509(let key): key
        case .timestamp(let key): key
        case .sigstoreRoot(let key): key
        case .sigstore(let key): key
        case .certified(let key): key
        }
    }
}

extension PolicyKeyValue: VerificationKey {
    /// The one key inside.
    package var publicKeys: [PublicKey] { key.publicKeys }
    /// The keys that vouch for others.
    package var authorityKeys: [PublicKey] { key.authorityKeys }
    /// The algorithm of its signatures.
    package var algorithm: SignatureAlgorithm { key.algorithm }
    /// The roles that it can serve.
    package var roles: Set<Role> { key.roles }
    /// Why its signatures count for nothing; nil for a strong key.
    package var weakness: String? { key.weakness }
    /// What the key says of its own end.
    package var revocations: [PolicyKey.Revocation] { key.revocations }
    /// When the key itself ends.
    package var end: Instant? { key.end }
    /// Whether the policy does not look at that.
    package var ignoresEnd: Bool { key.ignoresEnd }
    /// What the format's own programs call it.
    package var names: [String] { key.names }
}
