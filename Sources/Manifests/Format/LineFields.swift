internal import Encodings
internal import Files
internal import OpenSSL

/// Where in the bytes of a manifest the parts of one entry line stand.
///
/// A line is read by its grammar alone, byte by byte; whatever is accepted is the canonical JSON of one entry, for no
/// value can be written in two ways (docs/manifest.md, "Entries").
struct LineFields {
    /// The text between two quotation marks.
    struct Text {
        let range: Range<Int>
        let isEscaped: Bool

        /// What the text stands for.
        func decoded(in bytes: Span<UInt8>) -> [UInt8] {
            let text = bytes.extracting(range)
            return isEscaped ? LineScanner.unescaped(text) : Array(copying: text)
        }
    }

    let type: EntryType
    let path: Text
    /// The mode of a file, where the line holds one.
    private(set) var mode: UInt16?
    /// The size of a file, else 0.
    private(set) var size: UInt64 = 0
    /// The digits of a file's digest, else nothing.
    private(set) var digest = 0..<0
    /// The target of a symbolic link.
    private(set) var target: Text?

    /// Reads the line that begins at an offset.
    ///
    /// - Returns: nil unless the line, up to and not including the byte at `range.upperBound`, follows the grammar.
    init?(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        var scanner = LineScanner(range)
        if scanner.take(.modeStart, in: bytes) {
            guard let mode = scanner.octal(in: bytes), scanner.take(.pathAfterMode, in: bytes)
            else { return nil }
            self.mode = mode
        } else if !scanner.take(.pathStart, in: bytes) {
            return nil
        }
        guard let path = scanner.text(in: bytes) else { return nil }
        self.path = path
        if scanner.take(.sha256, in: bytes) {
            guard let digest = scanner.digits(in: bytes), scanner.take(.size, in: bytes),
                let size = scanner.number(in: bytes), scanner.take(.fileEnd, in: bytes)
            else { return nil }
            type = .file
            self.digest = digest
            self.size = size
        } else if mode == nil, scanner.take(.target, in: bytes) {
            guard let target = scanner.text(in: bytes), scanner.take(.symlinkEnd, in: bytes)
            else { return nil }
            type = .symlink
            self.target = target
        } else if mode == nil, scanner.take(.directoryEnd, in: bytes) {
            type = .directory
        } else {
            return nil
        }
        if !scanner.isAtEnd { return nil }
    }

    /// The entry that the line stands for.
    func entry(in bytes: Span<UInt8>) -> ManifestEntry? {
        let kind: ManifestEntry.Kind
        switch type {
        case .file:
            guard let digest = SHA256Digest(hex: bytes.extracting(digest)) else { return nil }
            kind = .file(mode: mode, size: size, digest: digest)
        case .directory: kind = .directory
        case .symlink: kind = .symlink(target: target?.decoded(in: bytes) ?? [])
        }
        return ManifestEntry(path: path.decoded(in: bytes), kind: kind)
    }
}
