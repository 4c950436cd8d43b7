import CloseoutEncodings

/// A signature of a key's owner about the key, which verifies.
struct OpenPGPOwnSignature {
    let signature: OpenPGPSignature

    var isBySHA1: Bool { signature.isBySHA1 }
}

/// What the owner of a key says of it in all signatures together: the newest one decides.
///
/// What is signed by SHA-1 binds nothing, unless the policy's entry takes it. It speaks against the key
/// all the same: one that is newer than all others can take away what they say, and add nothing.
struct OpenPGPStatements {
    private let counting: [OpenPGPSignature]
    private let opposing: [OpenPGPSignature]

    init(_ own: [OpenPGPOwnSignature], _ rules: OpenPGPKeyRules) {
        counting = own.filter { !$0.isBySHA1 || rules.acceptsSHA1Binding }.map(\.signature)
        opposing = own.filter { $0.isBySHA1 && !rules.acceptsSHA1Binding }.map(\.signature)
    }

    /// Whether a signature that counts is among them.
    var isBound: Bool { !counting.isEmpty }
    /// Whether they are all by SHA-1, and do not count for that reason.
    var isBoundBySHA1: Bool { counting.isEmpty && !opposing.isEmpty }

    /// The newest signatures that state key flags.
    var onFlags: [OpenPGPSignature] {
        deciding { !$0.hashed.all(OpenPGPSubpackets.Kind.keyFlags).isEmpty }
    }

    /// Whether the key may sign files.
    var maySign: Bool { !onFlags.isEmpty && onFlags.allSatisfy(\.letsSign) }

    /// From when on the key has ended by its owner's word; `nil` where it never does.
    func end(of key: OpenPGPKeyPacket) -> Instant? {
        deciding { _ in true }.compactMap { $0.end(of: key) }.min()
    }

    /// The newest that count, of those that are meant, and the newest by SHA-1 if it is not older.
    ///
    /// What was made in one second is of one age: all of it has to agree.
    private func deciding(_ isMeant: (OpenPGPSignature) -> Bool) -> [OpenPGPSignature] {
        let counting = counting.filter(isMeant)
        guard let newest = counting.map(\.created).max() else { return [] }
        let later = opposing.filter { $0.created >= newest && isMeant($0) }
        let last = later.map(\.created).max()
        return counting.filter { $0.created == newest } + later.filter { $0.created == last }
    }
}

extension OpenPGPSignature {
    /// Whether all key flags that it states let the key sign files (0x02).
    fileprivate var letsSign: Bool {
        hashed.all(OpenPGPSubpackets.Kind.keyFlags).allSatisfy {
            $0.first.map { $0 & 0x02 != 0 } ?? false
        }
    }

    /// The end that it gives a key, in seconds after the key was made; 0 is no end.
    fileprivate func end(of key: OpenPGPKeyPacket) -> Instant? {
        hashed.all(OpenPGPSubpackets.Kind.keyExpiration).compactMap { value in
            let seconds = value.reduce(0) { ($0 << 8 | Int64($1)) & 0xFFFF_FFFF }
            guard value.count == 4, seconds > 0 else { return nil }
            return Instant(secondsSince1970: Int64(key.created) + seconds)
        }.min()
    }
}
