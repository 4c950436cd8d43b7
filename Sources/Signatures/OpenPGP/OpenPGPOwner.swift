import CloseoutEncodings
import CloseoutOpenSSL

/// What a policy's entry says of all its OpenPGP keys.
struct OpenPGPKeyRules: Equatable {
    /// Whether a key counts that its owner has bound by signatures with SHA-1 alone.
    var acceptsSHA1Binding = false
    /// Whether the end that a key states of itself is not looked at.
    var ignoresExpiry = false
}

/// What the owner of a primary key has signed about it and its parts.
///
/// Signatures by others say nothing here and are passed over. Implements "OpenPGP keys" of
/// docs/signatures.md.
struct OpenPGPOwner {
    let primary: OpenPGPKeyPacket
    let parts: [OpenPGPCertificatePart]
    let rules: OpenPGPKeyRules
    /// All revocations of subkeys, and the packets that they follow.
    private let subkeyRevocations: [(place: [UInt8], signature: OpenPGPAttachedSignature)]

    init(primary: OpenPGPKeyPacket, parts: [OpenPGPCertificatePart], rules: OpenPGPKeyRules) {
        self.primary = primary
        self.parts = parts
        self.rules = rules
        subkeyRevocations = parts.flatMap { part in
            part.signatures.filter { $0.type == Kind.subkeyRevocation }
                .map { (part.packet.body, $0) }
        }
    }

    /// The types of signatures that are read in keys (RFC 9580, 5.2.1).
    enum Kind {
        static let certifications: Set<UInt8> = [0x10, 0x11, 0x12, 0x13]
        static let subkeyBinding: UInt8 = 0x18
        static let primaryBinding: UInt8 = 0x19
        static let directKey: UInt8 = 0x1F
        static let keyRevocation: UInt8 = 0x20
        static let subkeyRevocation: UInt8 = 0x28
        static let certificationRevocation: UInt8 = 0x30
    }

    /// Verifies the primary key itself.
    func primarySigner() throws(OpenPGPError) -> OpenPGPSigner {
        var signer = OpenPGPSigner(packet: primary, rules: rules)
        if case .failure(let error) = primary.publicKey {
            signer.refusal = error
            return signer
        }
        let all = parts.flatMap(\.signatures)
        guard let revocations = try revocations(Kind.keyRevocation, all, primary.hashedForm) else {
            signer.refusal = Self.uncheckedRevocation
            return signer
        }
        let statements = OpenPGPStatements(try selfSignatures(), rules)
        signer.revocations = revocations
        signer.weaknessOfPrimary = weakness
        signer.end = statements.end(of: primary)
        if !statements.isBound {
            let types = Kind.certifications.union([Kind.directKey])
            signer.refusal =
                statements.isBoundBySHA1
                ? .boundBySHA1 : unbound("the key has no signature of its own", types, all)
        } else if !statements.maySign {
            signer.refusal = OpenPGPCertificate.notForSigning
        }
        return signer
    }

    /// Verifies a subkey by the newest signature that binds it.
    func signer(
        _ subkey: OpenPGPKeyPacket, in part: OpenPGPCertificatePart
    ) throws(OpenPGPError) -> OpenPGPSigner {
        var signer = OpenPGPSigner(packet: subkey, rules: rules)
        if case .failure(let error) = subkey.publicKey {
            signer.refusal = error
            return signer
        }
        let subject = primary.hashedForm + subkey.hashedForm
        guard
            let revocations = try revocations(Kind.subkeyRevocation, part.signatures, subject)
        else {
            signer.refusal = Self.uncheckedRevocation
            return signer
        }
        let types: Set = [Kind.subkeyBinding]
        let statements = OpenPGPStatements(try own(types, part.signatures, subject), rules)
        signer.revocations = try revocations + misplacedRevocations(of: subkey, subject)
        signer.end = statements.end(of: subkey)
        if !statements.isBound {
            signer.refusal =
                statements.isBoundBySHA1
                ? .boundBySHA1 : unbound("no signature binds the subkey", types, part.signatures)
        } else if statements.maySign {
            signer.refusal = try refusal(of: subkey, statements.onFlags, subject)
        } else {
            signer.refusal = OpenPGPCertificate.notForSigning
        }
        return signer
    }

    /// That something is not bound, and what is not accepted of the first signature that says so.
    private func unbound(
        _ what: String, _ types: Set<UInt8>, _ signatures: [OpenPGPAttachedSignature]
    ) -> OpenPGPError {
        for signature in signatures.compactMap(\.content) {
            guard types.contains(signature.type), signature.issuer.names(primary) == true else {
                continue
            }
            do throws(OpenPGPError) {
                try signature.checkAcceptable(types: types)
            } catch { return .key("\(what) that is accepted: \(error)") }
        }
        return .key("\(what) that is accepted")
    }

    /// Why a subkey that is bound to sign may not: a subkey signs back that it belongs here, so that
    /// nobody takes another's key for a subkey.
    private func refusal(
        of subkey: OpenPGPKeyPacket, _ bindings: [OpenPGPSignature], _ subject: [UInt8]
    ) throws(OpenPGPError) -> OpenPGPError? {
        var isBoundBySHA1 = false
        for body in bindings.flatMap(\.embedded) {
            let back = OpenPGPAttachedSignature(body)
            switch try verified(back, [Kind.primaryBinding], subject, by: subkey)?.isBySHA1 {
            case false?: return nil
            case true?: isBoundBySHA1 = true
            case nil: continue
            }
        }
        if isBoundBySHA1 { return rules.acceptsSHA1Binding ? nil : .boundBySHA1 }
        return .key("the subkey has not signed back that it belongs to its primary key")
    }
}

// MARK: Signatures of the owner

extension OpenPGPOwner {
    private static let uncheckedRevocation = OpenPGPError.key(
        "the key carries a revocation that cannot be checked")

    /// All valid signatures of the primary key over itself and its user ids.
    private func selfSignatures() throws(OpenPGPError) -> [OpenPGPOwnSignature] {
        var found = try own([Kind.directKey], parts.flatMap(\.signatures), primary.hashedForm)
        let identities = [OpenPGPPacket.Tag.userID, OpenPGPPacket.Tag.userAttribute]
        for part in parts where identities.contains(part.packet.tag) {
            let subject = primary.hashedForm + part.hashedForm
            let revoked = try own([Kind.certificationRevocation], part.signatures, subject)
            guard revoked.isEmpty else { continue }
            found += try own(Kind.certifications, part.signatures, subject)
        }
        return found
    }

    private func own(
        _ types: Set<UInt8>, _ signatures: [OpenPGPAttachedSignature], _ subject: [UInt8]
    ) throws(OpenPGPError) -> [OpenPGPOwnSignature] {
        var found: [OpenPGPOwnSignature] = []
        for signature in signatures {
            if let own = try verified(signature, types, subject, by: primary) { found.append(own) }
        }
        return found
    }

    /// A signature that is of one of the types, acceptable but for SHA-1, and by this key over the
    /// subject.
    private func verified(
        _ attached: OpenPGPAttachedSignature, _ types: Set<UInt8>, _ subject: [UInt8],
        by key: OpenPGPKeyPacket
    ) throws(OpenPGPError) -> OpenPGPOwnSignature? {
        guard let signature = attached.content, signature.issuer.names(key) != false,
            (try? signature.checkAcceptable(types: types, allowingSHA1: true)) != nil
        else { return nil }
        let verifies =
            signature.isBySHA1
            ? try lookingAt(try signature.verifiesBySHA1(over: subject, with: key))
            : try lookingAt(try signature.verifies(over: subject, with: key))
        return verifies ? OpenPGPOwnSignature(signature: signature) : nil
    }

    /// The revocations of a type; `nil` where one is there that cannot be checked.
    private func revocations(
        _ type: UInt8, _ signatures: [OpenPGPAttachedSignature], _ subject: [UInt8]
    ) throws(OpenPGPError) -> [PolicyKey.Revocation]? {
        var found: [PolicyKey.Revocation] = []
        for signature in signatures where signature.type == type {
            guard let own = try verified(signature, [type], subject, by: primary)?.signature,
                let at = Instant(secondsSince1970: Int64(own.created))
            else { return nil }
            found.append(PolicyKey.Revocation(at: at, reason: reason(own)))
        }
        return found
    }

    /// The revocations of a subkey that are after something else, where the order of packets was lost.
    private func misplacedRevocations(
        of subkey: OpenPGPKeyPacket, _ subject: [UInt8]
    ) throws(OpenPGPError) -> [PolicyKey.Revocation] {
        var found: [PolicyKey.Revocation] = []
        for (place, signature) in subkeyRevocations where place != subkey.body {
            found += try revocations(Kind.subkeyRevocation, [signature], subject) ?? []
        }
        return found
    }

    private func reason(_ revocation: OpenPGPSignature) -> PolicyKey.Reason {
        switch revocation.hashed.all(OpenPGPSubpackets.Kind.revocationReason).first?.first {
        case 1: .superseded
        case 3: .ceased
        default: .compromised
        }
    }

    private var weakness: String? {
        (try? primary.publicKey.get()).flatMap {
            SPKIKey($0, algorithm: $0.type == .rsa ? .rsaPKCS1SHA512 : nil)?.weakness
        }
    }
}
