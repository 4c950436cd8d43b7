import OpenSSL

/// Which lengths the signatures of each algorithm have.
enum SignatureLength {
    /// The lengths that signatures by a key may have.
    static func range(of key: PublicKey) -> ClosedRange<Int> {
        switch key.type {
        case .ed25519: 64...64
        case .p256: 8...72
        case .p384: 8...104
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
        case 8...104: isShortSequence(bytes)
        default: false
        }
    }

    /// Whether the bytes are one DER SEQUENCE with a length of one byte and nothing after it.
    static func isShortSequence(_ bytes: [UInt8]) -> Bool {
        bytes.first == 0x30 && bytes.dropFirst().first.map(Int.init) == bytes.count - 2
    }
}
