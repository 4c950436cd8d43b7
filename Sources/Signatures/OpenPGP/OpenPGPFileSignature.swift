import CloseoutEncodings
import CloseoutOpenSSL

/// One signature of a file of OpenPGP signatures.
struct OpenPGPFileSignature: KeyedSignature {
    /// What it states; `nil` for a version that is not read.
    let signature: OpenPGPSignature?
    /// Why it cannot count for anything, whoever made it.
    let refusal: OpenPGPError?
    /// The document above it.
    var document: OpenPGPCleartextDocument?

    var hint: [UInt8]? { signature?.issuer.text }

    var unacceptable: NotAcceptable? {
        refusal.flatMap { $0.leavesInput ? nil : $0.notAcceptable(isByKey: false) }
    }

    func relation(to key: PolicyKeyValue) -> KeyRelation {
        guard case .openPGP(let ring) = key, let signature else { return .other }
        if !named(in: ring).isEmpty { return .named }
        let couldSign = ring.signers.contains {
            $0.refusal == nil && $0.packet.algorithm == signature.keyAlgorithm
        }
        return unacceptable == nil && couldSign ? .possible : .other
    }

    func check(
        with key: PolicyKeyValue, over content: CheckedContent
    ) throws(OpenSSLError) -> SignatureCheck {
        if document != nil, content.payloadType != nil {
            return .notAcceptable(
                NotAcceptable(
                    .form, OpenPGPError.cleartextMessage.description,
                    remedy: OpenPGPError.cleartextMessage.remedy))
        }
        guard case .openPGP(let ring) = key, let signature else { return .invalid(Self.reason) }
        let named = named(in: ring)
        let check = try signature.check(
            with: named.isEmpty ? ring.signers.filter { $0.refusal == nil } : named,
            over: signedMessage(of: content))
        guard case .verifiesAs = check else { return check }
        if let refusal { return .notAcceptable(refusal.notAcceptable(isByKey: true)) }
        guard let document, try !document.isOf(content.message) else { return check }
        return .otherContent("the document's text is not the content in question")
    }

    func diagnosis(
        by key: PublicKey, of entry: PolicyKey, over content: CheckedContent
    ) throws(OpenSSLError) -> NotAcceptable? {
        guard let signature, (try? signature.algorithm(with: key.type)) != nil,
            let digest = try signature.digest(over: signedMessage(of: content)),
            try signature.isMade(by: key, over: digest)
        else { return nil }
        guard case .openPGP(let ring) = entry.material else {
            return .otherFormat(of: entry, "openpgp")
        }
        let signer = ring.signers.first { (try? $0.packet.publicKey.get()) == key }
        return signer?.refusal.map { .key(of: $0, isByKey: true) }
    }

    func needs(of keys: [PolicyKey]) -> MessageNeeds {
        guard document == nil, let digest = signature?.contentDigest else { return MessageNeeds() }
        return MessageNeeds(digests: [digest])
    }

    private func signedMessage(of content: CheckedContent) -> Message {
        document.map { .bytes($0.signedText) } ?? content.message
    }

    private func named(in ring: OpenPGPKeyring) -> [OpenPGPSigner] {
        ring.signers.filter { signature?.issuer.names($0.packet) == true }
    }

    fileprivate static let reason = "the signature does not verify over the content"
}

extension OpenPGPSignature {
    /// Checks it with the keys that it names, or with all that could have made it.
    fileprivate func check(
        with signers: [OpenPGPSigner], over content: Message
    ) throws(OpenSSLError) -> SignatureCheck {
        guard let digest = try digest(over: content) else {
            return .invalid(OpenPGPFileSignature.reason)
        }
        var refusal: SignatureCheck?
        for signer in signers {
            guard case .success(let key) = signer.packet.publicKey else {
                refusal = .notAcceptable(.key(of: signer.refusal ?? .truncated))
                continue
            }
            guard signer.packet.algorithm == keyAlgorithm else { continue }
            let algorithm: SignatureAlgorithm
            do throws(OpenPGPError) { algorithm = try self.algorithm(with: key.type) } catch {
                refusal = .notAcceptable(error.notAcceptable(isByKey: false))
                continue
            }
            guard try isMade(by: key, over: digest) else { continue }
            let dated = Instant(secondsSince1970: Int64(created))
            if let part = signer.part(using: algorithm, dated: dated) { return .verifiesAs(part) }
            refusal = signer.refusal.map { .notAcceptable(.key(of: $0, isByKey: true)) }
        }
        return refusal ?? .invalid(OpenPGPFileSignature.reason)
    }
}

extension NotAcceptable {
    /// The key that made the signature may not sign, for the reason given.
    fileprivate static func key(
        of refusal: OpenPGPError, isByKey: Bool = false
    ) -> NotAcceptable {
        NotAcceptable(
            .key, "its key may not sign: \(refusal)", remedy: refusal.remedy, isByKey: isByKey)
    }
}

extension OpenPGPError {
    /// Whether a signature that is refused for this can be checked all the same: it says what it covers
    /// as every other, so that a wrong one is reported as wrong.
    fileprivate var leavesInput: Bool {
        switch self {
        case .subpackets, .criticalSubpacket: true
        default: false
        }
    }

    fileprivate func notAcceptable(isByKey: Bool) -> NotAcceptable {
        NotAcceptable(kindOfRefusal, description, remedy: remedy, isByKey: isByKey)
    }

    /// What it is that a signature is refused for.
    fileprivate var kindOfRefusal: NotAcceptable.Kind {
        switch self {
        case .keyAlgorithm, .hashAlgorithm, .shortHash: .algorithm
        default: .form
        }
    }
}

extension OpenPGPFileSignature {
    /// Reads a run of signature packets up to the last byte.
    ///
    /// A signature that states something that is not accepted is kept beside others that do not,
    /// and never counts.
    ///
    /// - Throws: `OpenPGPError` for anything but signature packets.
    static func all(
        in bytes: [UInt8], type: UInt8
    ) throws(OpenPGPError) -> [OpenPGPFileSignature] {
        var signatures: [OpenPGPFileSignature] = []
        for packet in try OpenPGPPacket.all(in: bytes) {
            guard packet.tag == OpenPGPPacket.Tag.signature else {
                throw .unexpectedPacket(packet.tag)
            }
            signatures.append(try OpenPGPFileSignature(packet.body, type: type))
        }
        return signatures
    }

    private init(_ body: [UInt8], type: UInt8) throws(OpenPGPError) {
        if let version = body.first, version != 4 {
            self.init(signature: nil, refusal: .version(version))
            return
        }
        let signature = try OpenPGPSignature(body)
        self.init(signature: signature, refusal: Self.refusal(of: signature, type))
    }

    private static func refusal(of signature: OpenPGPSignature, _ type: UInt8) -> OpenPGPError? {
        do throws(OpenPGPError) {
            try signature.checkAcceptable(types: [type])
            let kind = OpenPGPSubpackets.Kind.self
            let hints: Set = [kind.issuerKeyID, kind.issuerFingerprint]
            guard signature.unhashed.types.isSubset(of: hints), !signature.unhashed.hasCritical
            else { throw .subpackets("unsigned ones beside the issuer") }
            return nil
        } catch { return error }
    }
}
