import CloseoutOpenSSL

/// Which lengths the signatures of each algorithm have.
enum SignatureLength {
    /// The lengths that signatures by a key may have.
    static func range(of key: PublicKey) -> ClosedRange<Int> {
        switch key.type {
        case .ed25519: 64...64
        case .p256: 8...72
        case .p384: 8...104
        case .p521: 8...139
        case .rsa: (key.bits + 7) / 8...(key.bits + 7) / 8
        case .mldsa44: 2420...2420
        case .mldsa65: 3309...3309
        case .mldsa87: 4627...4627
        }
    }

    /// Whether some accepted algorithm could have made these bytes.
    ///
    /// Outside of RSA a length is fixed, or, for elliptic curves in DER, states itself.
    static func isPlausible(_ bytes: [UInt8]) -> Bool {
        switch bytes.count {
        case 64, 96, 2420, 3309, 4627: true
        case 128...1024: true
        case 8..<128: isSequence(bytes)
        default: false
        }
    }

    /// Whether the bytes can only be the two numbers of P-384 or P-521 side by side.
    ///
    /// No signer but those of one carrier writes them so. Those of P-256 could be Ed25519.
    static func isConcatenated(_ bytes: [UInt8]) -> Bool {
        [96, 132].contains(bytes.count) && !isSequence(bytes)
    }

    /// Whether the bytes are one DER SEQUENCE and nothing after it.
    static func isSequence(_ bytes: [UInt8]) -> Bool {
        guard bytes.first == 0x30 else { return false }
        let length = bytes.dropFirst().prefix(2).map(Int.init)
        return length.first == bytes.count - 2
            || length.first == 0x81 && length.last == bytes.count - 3
    }
}
