import Encodings
import OpenSSL

/// What the owner of a primary key has signed about it and its parts.
///
/// Signatures by others say nothing here and are passed over. Implements "OpenPGP keys" of
/// docs/signatures.md.
struct OpenPGPOwner {
    let primary: OpenPGPKeyPacket
    let parts: [OpenPGPCertificatePart]

    /// The types of signatures that are read in keys (RFC 9580, 5.2.1).
    private enum Kind {
        static let certifications: Set<UInt8> = [0x10, 0x11, 0x12, 0x13]
        static let subkeyBinding: UInt8 = 0x18
        static let primaryBinding: UInt8 = 0x19
        static let directKey: UInt8 = 0x1F
        static let keyRevocation: UInt8 = 0x20
        static let subkeyRevocation: UInt8 = 0x28
        static let certificationRevocation: UInt8 = 0x30
    }

    /// Judges the primary key itself.
    func primarySigner() throws(OpenPGPError) -> OpenPGPSigner {
        if case .failure(let error) = primary.publicKey {
            return OpenPGPSigner(packet: primary, refusal: error)
        }
        let all = parts.flatMap(\.signatures)
        let own = try selfSignatures()
        guard let revocations = try revocations(Kind.keyRevocation, all, primary.hashedForm) else {
            return OpenPGPSigner(packet: primary, refusal: Self.uncheckedRevocation)
        }
        guard !own.isEmpty else {
            let types = Kind.certifications.union([Kind.directKey])
            return OpenPGPSigner(
                packet: primary,
                refusal: unbound("the key has no signature of its own", types, all))
        }
        return OpenPGPSigner(
            packet: primary,
            refusal: maySign(newest(own)) ? nil : OpenPGPCertificate.notForSigning,
            revocations: revocations, weaknessOfPrimary: weakness)
    }

    /// Judges a subkey by the newest signature that binds it.
    func signer(
        _ subkey: OpenPGPKeyPacket, in part: OpenPGPCertificatePart
    ) throws(OpenPGPError) -> OpenPGPSigner {
        if case .failure(let error) = subkey.publicKey {
            return OpenPGPSigner(packet: subkey, refusal: error)
        }
        let subject = primary.hashedForm + subkey.hashedForm
        let bindings = try own([Kind.subkeyBinding], part.signatures, subject)
        guard
            let revocations = try revocations(Kind.subkeyRevocation, part.signatures, subject)
        else { return OpenPGPSigner(packet: subkey, refusal: Self.uncheckedRevocation) }
        guard !bindings.isEmpty else {
            let types: Set = [Kind.subkeyBinding]
            return OpenPGPSigner(
                packet: subkey,
                refusal: unbound("no signature binds the subkey", types, part.signatures))
        }
        return OpenPGPSigner(
            packet: subkey, refusal: try refusal(of: subkey, newest(bindings), subject),
            revocations: revocations)
    }

    /// That something is not bound, and what is not accepted of the first signature that says so.
    private func unbound(
        _ what: String, _ types: Set<UInt8>, _ bodies: [[UInt8]]
    ) -> OpenPGPError {
        for signature in bodies.compactMap({ try? OpenPGPSignature($0) }) {
            guard types.contains(signature.type), signature.issuer.names(primary) == true else {
                continue
            }
            do throws(OpenPGPError) {
                try signature.checkAcceptable(types: types)
            } catch { return .key("\(what) that is accepted: \(error)") }
        }
        return .key("\(what) that is accepted")
    }

    private func refusal(
        of subkey: OpenPGPKeyPacket, _ binding: OpenPGPSignature?, _ subject: [UInt8]
    ) throws(OpenPGPError) -> OpenPGPError? {
        guard let binding, maySign(binding) else { return OpenPGPCertificate.notForSigning }
        let kind = OpenPGPSubpackets.Kind.embeddedSignature
        for body in binding.hashed.all(kind) + binding.unhashed.all(kind) {
            let back = try verified(body, [Kind.primaryBinding], subject, by: subkey)
            if back != nil { return nil }
        }
        return .key("the subkey has not signed back that it belongs to its primary key")
    }
}

// MARK: Signatures of the owner

extension OpenPGPOwner {
    private static let uncheckedRevocation = OpenPGPError.key(
        "the key carries a revocation that cannot be checked")

    /// All valid signatures of the primary key over itself and its user ids.
    private func selfSignatures() throws(OpenPGPError) -> [OpenPGPSignature] {
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
        _ types: Set<UInt8>, _ bodies: [[UInt8]], _ subject: [UInt8]
    ) throws(OpenPGPError) -> [OpenPGPSignature] {
        var found: [OpenPGPSignature] = []
        for body in bodies {
            if let signature = try verified(body, types, subject, by: primary) {
                found.append(signature)
            }
        }
        return found
    }

    /// A signature that is of one of the types, acceptable, and by this key over the subject.
    private func verified(
        _ body: [UInt8], _ types: Set<UInt8>, _ subject: [UInt8], by key: OpenPGPKeyPacket
    ) throws(OpenPGPError) -> OpenPGPSignature? {
        guard let signature = try? OpenPGPSignature(body), signature.issuer.names(key) != false,
            (try? signature.checkAcceptable(types: types)) != nil,
            try lookingAt(try signature.verifies(over: subject, with: key))
        else { return nil }
        return signature
    }

    /// The revocations of a type; `nil` where one is there that cannot be checked.
    private func revocations(
        _ type: UInt8, _ bodies: [[UInt8]], _ subject: [UInt8]
    ) throws(OpenPGPError) -> [PolicyKey.Revocation]? {
        var found: [PolicyKey.Revocation] = []
        for body in bodies where statedType(of: body) == type {
            guard let signature = try verified(body, [type], subject, by: primary),
                let at = Instant(secondsSince1970: Int64(signature.created))
            else { return nil }
            found.append(PolicyKey.Revocation(at: at, reason: reason(signature)))
        }
        return found
    }

    /// The type that a signature of any version states.
    private func statedType(of body: [UInt8]) -> UInt8? {
        body.first == 3 ? body.dropFirst(2).first : body.dropFirst().first
    }

    private func reason(_ revocation: OpenPGPSignature) -> PolicyKey.Reason {
        switch revocation.hashed.all(OpenPGPSubpackets.Kind.revocationReason).first?.first {
        case 1: .superseded
        case 3: .ceased
        default: .compromised
        }
    }

    private func newest(_ signatures: [OpenPGPSignature]) -> OpenPGPSignature? {
        signatures.filter { !$0.hashed.all(OpenPGPSubpackets.Kind.keyFlags).isEmpty }
            .max { $0.created < $1.created }
    }

    /// Whether the key flags of a signature let the key sign files.
    private func maySign(_ signature: OpenPGPSignature?) -> Bool {
        let flags = signature?.hashed.all(OpenPGPSubpackets.Kind.keyFlags) ?? []
        return !flags.isEmpty && flags.allSatisfy { $0.first.map { $0 & 0x02 != 0 } ?? false }
    }

    private var weakness: String? {
        (try? primary.publicKey.get()).flatMap {
            SPKIKey($0, algorithm: $0.type == .rsa ? .rsaPKCS1SHA512 : nil)?.weakness
        }
    }
}
