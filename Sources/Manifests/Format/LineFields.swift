internal import CloseoutEncodings
internal import CloseoutFiles
internal import CloseoutOpenSSL

/// Where in the bytes of a manifest the parts of one entry line are.
///
/// A line is read by its grammar alone, byte by byte; whatever is accepted is the canonical JSON of
/// one entry, for no value can be written in two ways (docs/manifest.md, "Entries").
struct LineFields {
    /// The text between two quotation marks.
    struct Text {
        let range: Range<Int>
        let isEscaped: Bool

        /// The text without its escapes.
        func decoded(in bytes: Span<UInt8>) -> [UInt8] {
            let text = bytes.extracting(range)
            return isEscaped ? LineScanner.unescaped(text) : Array(copying: text)
        }
    }

    /// What is behind the path.
    enum Kind {
        /// The digits are the 64 of the digest.
        case file(mode: UInt16?, size: UInt64, digest: SHA256Digest, digits: Range<Int>)
        case directory
        case symlink(target: Text)
    }

    let path: Text
    let kind: Kind

    /// Reads the line in a range of the bytes.
    ///
    /// - Returns: nil unless the line, from the first byte of the range to the last, follows the
    ///   grammar.
    init?(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        var scanner = LineScanner(range)
        var mode: UInt16?
        if scanner.take(.modeStart, in: bytes) {
            mode = scanner.octal(in: bytes)
            guard mode != nil, scanner.take(.pathAfterMode, in: bytes) else { return nil }
        } else if !scanner.take(.pathStart, in: bytes) {
            return nil
        }
        guard let path = scanner.text(in: bytes) else { return nil }
        self.path = path
        if scanner.take(.sha256, in: bytes) {
            guard let (digest, digits) = scanner.digest(in: bytes),
                scanner.take(.size, in: bytes), let size = scanner.number(in: bytes),
                scanner.take(.fileEnd, in: bytes)
            else { return nil }
            kind = .file(mode: mode, size: size, digest: digest, digits: digits)
        } else if mode == nil, scanner.take(.target, in: bytes) {
            guard let target = scanner.text(in: bytes), scanner.take(.symlinkEnd, in: bytes)
            else { return nil }
            kind = .symlink(target: target)
        } else if mode == nil, scanner.take(.directoryEnd, in: bytes) {
            kind = .directory
        } else {
            return nil
        }
        if !scanner.isAtEnd { return nil }
    }

    /// What the line lists.
    var type: EntryType {
        switch kind {
        case .file: .file
        case .directory: .directory
        case .symlink: .symlink
        }
    }

    /// The entry of the line.
    func entry(in bytes: Span<UInt8>) -> ManifestEntry {
        let kind: ManifestEntry.Kind =
            switch self.kind {
            case .file(let mode, let size, let digest, _):
                .file(mode: mode, size: size, digest: digest)
            case .directory: .directory
            case .symlink(let target): .symlink(target: target.decoded(in: bytes))
            }
        return ManifestEntry(path: path.decoded(in: bytes), kind: kind)
    }
}
