internal import CloseoutFiles

extension ManifestEntry {
    /// Reads one entry line by itself, without its LF, as a proof carries it (docs/manifest.md,
    /// "Entries").
    ///
    /// - Returns: nil unless it is the canonical form of an entry with a plain relative path.
    package init?(line: [UInt8]) {
        guard let fields = LineFields(line.span, 0..<line.count) else { return nil }
        let entry = fields.entry(in: line.span)
        guard isPlain(entry.path.span) else { return nil }
        self = entry
    }
}

/// Whether a path is relative, not too long, and made of names only.
func isPlain(_ path: Span<UInt8>) -> Bool {
    guard path.count <= Manifest.longestPath else { return false }
    var start = 0
    for index in 0...path.count where index == path.count || path[index] == slash {
        if !Path.isComponent(path.extracting(start..<index)) { return false }
        start = index + 1
    }
    return true
}
