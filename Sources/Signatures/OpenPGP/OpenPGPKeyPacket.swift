import CloseoutOpenSSL

/// A version 4 public key or subkey packet (RFC 9580, 5.5.2).
struct OpenPGPKeyPacket {
    /// The content of the packet.
    let body: [UInt8]
    /// The 20 bytes by which OpenPGP names the key.
    let fingerprint: [UInt8]
    /// When its owner says that it was made, in seconds since 1970.
    let created: Int
    /// The number of its algorithm.
    let algorithm: UInt8
    /// The key, or why it is not one that can sign here.
    let publicKey: Result<PublicKey, OpenPGPError>

    /// Reads the content of a packet.
    ///
    /// - Throws: `OpenPGPError` for another version or what is cut off; an algorithm that is not
    ///   accepted is a value.
    init(_ body: [UInt8]) throws(OpenPGPError) {
        var reader = OpenPGPReader(body)
        let version = try reader.byte()
        guard version == 4 else { throw .version(version) }
        created = try reader.integer(bytes: 4)
        algorithm = try reader.byte()
        guard body.count <= 0xFFFF else { throw .truncated }
        self.body = body
        fingerprint = try lookingAt(try sha1Name(of: Self.hashedForm(body)))
        do { publicKey = .success(try Self.key(&reader, algorithm)) } catch {
            publicKey = .failure(error)
        }
    }

    /// How the key enters what signatures over it cover.
    var hashedForm: [UInt8] { Self.hashedForm(body) }

    private static func hashedForm(_ body: [UInt8]) -> [UInt8] {
        [0x99] + twoBytes(body.count) + body
    }

    private static func key(
        _ reader: inout OpenPGPReader, _ algorithm: UInt8
    ) throws(OpenPGPError) -> PublicKey {
        let key: Result<PublicKey, KeyError>
        switch algorithm {
        case 1, 3:
            let modulus = try reader.number()
            let exponent = try reader.number()
            key = Result { () throws(KeyError) in
                try PublicKey(modulus: modulus, exponent: exponent)
            }
        case 19:
            let identifier = try reader.bytes(Int(reader.byte()))
            guard let type = curves[identifier] else { throw .key("an ECDSA key of another curve") }
            let point = try reader.number()
            key = Result { () throws(KeyError) in try PublicKey(point: point, type: type) }
        case 22:
            let curve = try reader.bytes(Int(reader.byte()))
            guard curve == ed25519Curve else { throw .key("an EdDSA key of another curve") }
            let point = try reader.number()
            guard point.first == 0x40 else { throw .key("an Ed25519 key without its prefix") }
            key = Result { () throws(KeyError) in
                try PublicKey(ed25519: Array(point.dropFirst()))
            }
        case 27:
            let bytes = try reader.bytes(32)
            key = Result { () throws(KeyError) in try PublicKey(ed25519: bytes) }
        default: throw .keyAlgorithm(algorithm)
        }
        guard reader.isAtEnd else { throw .truncated }
        do { return try key.get() } catch { throw .key("\(error)") }
    }

    /// The object identifiers of P-256, P-384 and P-521.
    private static let curves: [[UInt8]: KeyType] = [
        [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]: .p256,
        [0x2B, 0x81, 0x04, 0x00, 0x22]: .p384,
        [0x2B, 0x81, 0x04, 0x00, 0x23]: .p521,
    ]

    /// The object identifier 1.3.6.1.4.1.11591.15.1.
    private static let ed25519Curve: [UInt8] =
        [0x2B, 0x06, 0x01, 0x04, 0x01, 0xDA, 0x47, 0x0F, 0x01]
}

/// A value that is computed by libcrypto, inside a function that throws `OpenPGPError`.
func lookingAt<Value>(
    _ body: @autoclosure () throws(OpenSSLError) -> Value
) throws(OpenPGPError) -> Value {
    do { return try body() } catch { throw .openSSL(error) }
}
