/// Finds private keys in bytes that come in pieces (docs/bundle.md, "Private keys").
///
/// Keys as text are found anywhere, binary ones at the beginning only. The memory does not grow with
/// the file, and no border between pieces hides a key.
package struct PrivateKeyScanner: Sendable {
    private var hasFound = false
    /// The first bytes, by which a file that is a key is found.
    private var head: [UInt8] = []
    /// The bytes that are still to be looked at, behind the last ones that were.
    private var window: [UInt8] = []
    private var beginsInside = false
    /// How many bytes are scanned at once; smaller pieces are gathered.
    private let gathered: Int

    /// How many bytes were looked at more than once, which shows in a test that no input makes this
    /// many times as many as it has.
    package private(set) var lookedAt = 0

    private static let pieceSize = 256 * 1024
    /// How many of the first bytes show a file that is a key; a comment may have 1,024, in UTF-32.
    private static let longestHead = 8 * 1024

    /// Begins before the first piece.
    package init() {
        self.init(gathering: Self.pieceSize)
    }

    /// Begins a scan that looks at no fewer bytes at once, which shows in a test that no border between
    /// two looks hides a key.
    package init(gathering gathered: Int) {
        self.gathered = gathered
    }

    /// Whether a private key is in all that was scanned, as if nothing followed.
    package var found: Bool {
        if hasFound || KeyFileHead(head).isPrivateKey { return true }
        var text = KeyText(window, isLast: true)
        return text.holdsPrivateKey(from: firstNew)
    }

    /// Says whether all of `bytes` hold a private key.
    package static func finds(in bytes: [UInt8]) -> Bool {
        var scanner = PrivateKeyScanner()
        // In pieces, because each is copied and a manifest may be large.
        for start in stride(from: 0, to: bytes.count, by: pieceSize) where !scanner.hasFound {
            scanner.scan(bytes[start..<min(start + pieceSize, bytes.count)])
        }
        return scanner.found
    }

    /// Scans the next piece; pieces may break anywhere.
    package mutating func scan(_ piece: ArraySlice<UInt8>) {
        guard !hasFound else { return }
        if head.count < Self.longestHead {
            head += piece.prefix(Self.longestHead - head.count)
        }
        window += piece
        guard window.count >= gathered else { return }
        var text = KeyText(window, isLast: false)
        hasFound = text.holdsPrivateKey(from: firstNew)
        lookedAt += text.lookedAt
        let kept = KeyText.lookBehind + KeyText.lookAhead
        guard window.count > kept else { return }
        window = Array(window.suffix(kept))
        beginsInside = true
    }

    /// The first byte of the window that was not looked at yet.
    private var firstNew: Int { beginsInside ? KeyText.lookBehind : 0 }
}
