import OpenSSL

/// One signature of a file of OpenPGP signatures.
struct OpenPGPFileSignature: UnverifiedSignature {
    /// What it states; `nil` for a version that is not read.
    let signature: OpenPGPSignature?
    /// Why it cannot count for anything, whoever made it.
    let refusal: OpenPGPError?
    /// The document that it stands below.
    var document: OpenPGPCleartextDocument?

    var hint: [UInt8]? { signature?.issuer.text }

    func relation(to key: any KeyMaterial) -> KeyRelation {
        guard let ring = key as? OpenPGPKeyring, let signature else { return .other }
        if !named(in: ring).isEmpty { return .named }
        let couldSign = ring.signers.contains {
            $0.refusal == nil && $0.packet.algorithm == signature.keyAlgorithm
        }
        return refusal == nil && couldSign ? .possible : .other
    }

    func verify(
        with key: any KeyMaterial, over content: SignedContent
    ) throws(OpenSSLError) -> SignatureVerdict {
        if let refusal { return .invalid(refusal.description) }
        if document != nil, content.payloadType != nil {
            return .invalid(OpenPGPError.cleartextMessage.description)
        }
        guard let ring = key as? OpenPGPKeyring, let signature,
            let part = try part(of: ring, over: document?.signedText ?? content.bytes)
        else { return .invalid(failure(key)) }
        if let document, !document.isOf(content.bytes) {
            return .otherContent("the document's text is not the content in question")
        }
        return .verifiesAs(part)

        func part(
            of ring: OpenPGPKeyring, over bytes: [UInt8]
        ) throws(OpenSSLError) -> OpenPGPKeyPart? {
            guard let algorithm = try? signature.algorithm(),
                let input = try signature.input(over: bytes)
            else { return nil }
            let named = named(in: ring)
            for signer in named.isEmpty ? ring.signers : named {
                guard let part = signer.part(using: algorithm),
                    try signature.verifies(over: input, with: signer.packet)
                else { continue }
                return part
            }
            return nil
        }
    }

    private func named(in ring: OpenPGPKeyring) -> [OpenPGPSigner] {
        ring.signers.filter { signature?.issuer.names($0.packet) == true }
    }

    private func failure(_ key: any KeyMaterial) -> String {
        let refused = (key as? OpenPGPKeyring).flatMap { named(in: $0).first?.refusal }
        return refused.map { "its key may not sign: \($0)" }
            ?? "the signature does not verify over the content"
    }
}

extension OpenPGPFileSignature {
    /// Reads a run of signature packets up to the last byte.
    ///
    /// A signature that states something that is not accepted is kept beside others that do not,
    /// and never counts.
    ///
    /// - Throws: `OpenPGPError` for anything but signature packets, and where none can count: the
    ///   reason is then that of the first.
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
        if signatures.allSatisfy({ $0.refusal != nil }), let refusal = signatures.first?.refusal {
            throw refusal
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
