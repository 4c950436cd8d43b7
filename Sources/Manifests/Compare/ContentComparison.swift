internal import CloseoutFiles

/// Compares the contents of what is listed with what is there, one entry after another.
struct ContentComparison: ~Copyable {
    private(set) var differences: [ArtifactDifference] = []
    private var cursor: TreeCursor
    private var check: EntryCheck

    init(
        _ root: borrowing Directory, _ modes: ModeRule, _ progress: Progress?
    ) throws(ManifestError) {
        let check = try EntryCheck(modes: modes, progress: progress)
        cursor = try reporting(file: try TreeCursor(root: root))
        self.check = check
    }

    /// Compares one entry; a directory's contents are entries of their own.
    mutating func compare(_ fields: LineFields, in bytes: Span<UInt8>) throws(ManifestError) {
        if fields.path.isEscaped {
            try compare(fields, in: bytes, at: fields.path.decoded(in: bytes).span)
        } else {
            try compare(fields, in: bytes, at: bytes.extracting(fields.path.range))
        }
    }

    private mutating func compare(
        _ fields: LineFields, in bytes: Span<UInt8>, at path: Span<UInt8>
    ) throws(ManifestError) {
        let kinds: [ArtifactDifference.Kind] =
            switch fields.kind {
            case .directory: []
            case .symlink(let target):
                check.differences(linkAt: path, in: &cursor, target: target.decoded(in: bytes))
            case .file(let mode, let size, let digest, _):
                try check.differences(
                    fileAt: path, in: &cursor, mode: mode, size: size, digest: digest)
            }
        for kind in kinds {
            differences.append(ArtifactDifference(path: Array(copying: path), kind: kind))
        }
    }
}
