import CloseoutOpenSSL

/// What a signature has to be over, as the checks see it, which ask for digests and seldom for bytes.
///
/// Implements "What each format signs" of docs/signatures.md.
package struct CheckedContent: Sendable {
    /// The bytes, or what is known of them.
    let message: Message
    /// The DSSE payload type that is demanded; `nil` takes any.
    let payloadType: [UInt8]?
    /// What the file is called, for signed lists of digests; `nil` where that is of no meaning.
    let fileName: [UInt8]?
}

extension CheckedContent {
    /// Content whose bytes are at hand.
    init(_ content: SignedContent) {
        self.init(
            message: .bytes(content.bytes), payloadType: content.payloadType,
            fileName: content.fileName)
    }
}

/// What the checks of a signature will ask a message for.
///
/// It may leave out what only explains why a signature does not count: that is asked for later.
package struct MessageNeeds: Sendable {
    /// Digests.
    var digests: Set<MessageDigest> = []
    /// Digests that explain why it does not count.
    var reasons: Set<MessageDigest> = []
    /// Whether all bytes may be looked at.
    var bytes = false

    /// Adds what another signature needs.
    mutating func formUnion(_ other: MessageNeeds) {
        digests.formUnion(other.digests)
        reasons.formUnion(other.reasons)
        bytes = bytes || other.bytes
    }
}

extension MessageNeeds {
    /// Adds what finding out asks for whether any of these keys made a bare signature, under whichever
    /// algorithm.
    mutating func addReasons(for signature: [UInt8], by keys: [PolicyKey]) {
        for key in keys.flatMap(\.material.publicKeys)
        where SignatureLength.range(of: key).contains(signature.count) {
            let all = Self.of(SignatureAlgorithm.allCases.filter { $0.keyType == key.type })
            reasons.formUnion(all.digests)
            bytes = bytes || all.bytes
        }
    }

    /// What a signature needs that is made with any of these algorithms.
    static func of(_ algorithms: some Sequence<SignatureAlgorithm>) -> MessageNeeds {
        var needs = MessageNeeds()
        for algorithm in algorithms {
            if let digest = algorithm.digest {
                needs.digests.insert(MessageDigest(digest))
            } else {
                needs.bytes = true
            }
        }
        return needs
    }
}
