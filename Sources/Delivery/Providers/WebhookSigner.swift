import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutOutbound

/// Signs hooks by Standard Webhooks 1.0.0 ("Signature scheme"): `v1` is HMAC-SHA256, `v1a` is Ed25519.
package final class WebhookSigner: Sendable {
    /// A key; not private, which release builds of this compiler do not take of what cannot be copied.
    enum Key: ~Copyable {
        case shared([UInt8])
        case own(PrivateKey)
    }

    private let key: Key

    /// The bytes that a shared secret may have.
    static let sizes: ClosedRange<Int> = 24...64

    /// Reads `whsec_` with a shared secret of 24 to 64 bytes, or `whsk_` with the seed of an Ed25519 key, with its
    /// public half behind it or without; nil for anything else.
    package init?(_ secret: Secret) {
        let text = secret.revealed
        if text.hasPrefix("whsec_") {
            guard let bytes = Base64.decode(Array(text.utf8.dropFirst(6))),
                Self.sizes.contains(bytes.count)
            else { return nil }
            key = .shared(bytes)
            return
        }
        guard text.hasPrefix("whsk_"), let bytes = Base64.decode(Array(text.utf8.dropFirst(5))),
            bytes.count == 32 || bytes.count == 64,
            let own = try? PrivateKey(parsing: Self.header + bytes.prefix(32), passphrase: nil),
            bytes.count == 32 || own.publicKey.rawEd25519 == Array(bytes.suffix(32))
        else { return nil }
        key = .own(own)
    }

    /// What stands before the seed in PKCS#8 (RFC 8410, section 7).
    private static let header: [UInt8] = [
        0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04,
        0x20,
    ]

    /// One item of `webhook-signature`, over id, time and body as they are sent.
    ///
    /// - Throws: `ProviderFault.signature`.
    package func item(id: String, time: Int64, body: [UInt8]) throws(ProviderFault) -> String {
        let message = Array("\(id).\(time).".utf8) + body
        do {
            switch key {
            case .shared(let bytes):
                return "v1," + Base64.string(try HMAC.sha256(key: bytes, over: message))
            case .own(let key):
                return "v1a," + Base64.string(try key.sign(message, algorithm: .ed25519))
            }
        } catch {
            throw .signature
        }
    }
}

extension WebhookSigner: Unprinted {
    package var description: String { "[signer]" }
}
