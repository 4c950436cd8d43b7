import CloseoutEncodings
import CloseoutOpenSSL

/// The checkpoint of a transparency log: size and root of its tree, in a signed note.
///
/// Lines of the text behind the root, and signatures by others, mean nothing here. Implements "The log" of
/// docs/sigstore.md.
struct SigstoreCheckpoint {
    /// The first line of the text.
    let origin: [UInt8]
    /// The leaves of the tree.
    let size: UInt64
    /// The root.
    let root: SHA256Digest
    private let note: SignedNote

    /// Reads a note; nil for anything but one with these lines.
    init?(_ envelope: [UInt8]) {
        guard let note = try? SignedNote(parsing: envelope) else { return nil }
        let lines = note.text.split(separator: 0x0A, omittingEmptySubsequences: false)
        guard lines.count >= 4, let origin = lines.first, !origin.isEmpty else { return nil }
        let text = String(decoding: lines[1], as: UTF8.self)
        guard let size = UInt64(text), size > 0, String(size).utf8.elementsEqual(lines[1]),
            let root = Base64.decode(Array(lines[2])).flatMap({ SHA256Digest($0) })
        else { return nil }
        self.origin = Array(origin)
        self.size = size
        self.root = root
        self.note = note
    }

    /// Whether a log signed it, under its own name; every signature that names the log must be right.
    ///
    /// - Throws: `OpenSSLError` when libcrypto could not look.
    func isSigned(
        by log: SigstoreRoot.Log, _ generation: SigstoreRoot.Log.Generation
    ) throws(OpenSSLError) -> Bool {
        let isOwn: Bool
        switch generation {
        // One log has had several trees, whose numbers follow its name.
        case .first: isOwn = origin.starts(with: log.name + Array(" - ".utf8))
        case .second: isOwn = origin == log.name
        }
        let hint = Array(log.identifier.prefix(4))
        let own = note.signatures.filter { $0.name == log.name && $0.keyID == hint }
        guard isOwn, !own.isEmpty else { return false }
        for signature in own {
            guard
                try log.key.accepts(signature.bytes, over: note.text, algorithm: log.algorithm)
            else { return false }
        }
        return true
    }
}
