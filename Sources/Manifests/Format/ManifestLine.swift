internal import CloseoutEncodings
internal import CloseoutFiles
internal import CloseoutOpenSSL

/// Writes entry lines, each in canonical JSON and without its LF (docs/manifest.md, "Entries").
enum ManifestLine {
    /// Appends the line of a file.
    ///
    /// - Returns: where in `line` the 64 digits of the digest begin.
    @discardableResult
    static func append(
        file path: Span<UInt8>, mode: UInt16?, size: UInt64, digest: SHA256Digest,
        to line: inout [UInt8]
    ) -> Int {
        if let mode {
            line += LinePiece.modeStart.bytes
            for shift in stride(from: 9, through: 0, by: -3) {
                line.append(UInt8(ascii: "0") + UInt8(mode >> shift & 7))
            }
            line += LinePiece.pathAfterMode.bytes
        } else {
            line += LinePiece.pathStart.bytes
        }
        append(text: path, to: &line)
        line += LinePiece.sha256.bytes
        let digits = line.count
        digest.appendHex(to: &line)
        line += LinePiece.size.bytes
        JSON.append(Int64(clamping: size), to: &line)
        line += LinePiece.fileEnd.bytes
        return digits
    }

    /// Appends the line of a directory.
    static func append(directory path: Span<UInt8>, to line: inout [UInt8]) {
        line += LinePiece.pathStart.bytes
        append(text: path, to: &line)
        line += LinePiece.directoryEnd.bytes
    }

    /// Appends the line of a symbolic link.
    static func append(symlink path: Span<UInt8>, target: [UInt8], to line: inout [UInt8]) {
        line += LinePiece.pathStart.bytes
        append(text: path, to: &line)
        line += LinePiece.target.bytes
        append(text: target.span, to: &line)
        line += LinePiece.symlinkEnd.bytes
    }

    /// Appends a text and the mark that closes it; nearly none needs an escape, and then its bytes
    /// are copied as they are.
    private static func append(text: Span<UInt8>, to line: inout [UInt8]) {
        for index in text.indices where needsEscape(text[index]) {
            line.removeLast()
            return JSON.append(quoted: Array(copying: text), to: &line)
        }
        line.append(copying: text)
        line.append(UInt8(ascii: "\""))
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }
}

extension ManifestEntry {
    /// The entry's line in the manifest, without its LF.
    package var line: [UInt8] {
        var line: [UInt8] = []
        switch kind {
        case .file(let mode, let size, let digest):
            ManifestLine.append(file: path.span, mode: mode, size: size, digest: digest, to: &line)
        case .directory:
            ManifestLine.append(directory: path.span, to: &line)
        case .symlink(let target):
            ManifestLine.append(symlink: path.span, target: target, to: &line)
        }
        return line
    }
}
