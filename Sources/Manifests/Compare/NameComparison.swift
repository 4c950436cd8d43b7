internal import CloseoutFiles

/// Compares what a walk has met with what is listed, by names and kinds alone.
struct NameComparison {
    private let lines: LineTable
    private let walk: Walk
    /// The paths that are there and can be no entry.
    private let irregular: Set<[UInt8]>
    /// The directories that could not be listed.
    private let unlisted: Set<[UInt8]>

    init(_ lines: LineTable, _ walk: Walk) {
        self.lines = lines
        self.walk = walk
        irregular = Set(walk.irregularities.map(\.path))
        unlisted = Set(
            walk.irregularities.compactMap { irregularity in
                if case .unreadable = irregularity.kind { irregularity.path } else { nil }
            })
    }

    /// All differences, in no particular order.
    func differences() -> [ArtifactDifference] {
        var differences = walk.excluded.map { ArtifactDifference(path: $0, kind: .excluded) }
        differences += walk.irregularities.map(difference)
        var found = 0
        for index in 0..<lines.count {
            guard let fields = lines.fields(index) else { continue }
            var order = -1
            while found < walk.paths.count {
                order = lines.compare(fields.path, walk.paths, found)
                if order <= 0 { break }
                differences.append(unexpected(found))
                found += 1
            }
            if order == 0 && found < walk.paths.count {
                if let difference = typeDifference(fields.type, found) {
                    differences.append(difference)
                }
                found += 1
            } else if let difference = missing(fields) {
                differences.append(difference)
            }
        }
        return differences + (found..<walk.paths.count).map(unexpected)
    }

    private func unexpected(_ found: Int) -> ArtifactDifference {
        ArtifactDifference(
            path: walk.paths.path(at: found),
            kind: .unexpected(walk.paths.type(at: found).fileKind))
    }

    private func typeDifference(_ expected: EntryType, _ found: Int) -> ArtifactDifference? {
        let type = walk.paths.type(at: found)
        if type == expected { return nil }
        return ArtifactDifference(
            path: walk.paths.path(at: found),
            kind: .type(expected: expected, found: type.fileKind))
    }

    /// What is listed and was not met: missing, unless the walk met it as something irregular or
    /// could not look.
    private func missing(_ fields: LineFields) -> ArtifactDifference? {
        let path = fields.path.decoded(in: lines.bytes.span)
        if irregular.contains(path) || liesBelowUnlisted(path) { return nil }
        return ArtifactDifference(path: path, kind: .missing(fields.type))
    }

    private func liesBelowUnlisted(_ path: [UInt8]) -> Bool {
        guard !unlisted.isEmpty else { return false }
        return path.indices.contains { path[$0] == slash && unlisted.contains(Array(path[..<$0])) }
    }

    private func difference(_ irregularity: Irregularity) -> ArtifactDifference {
        let kind: ArtifactDifference.Kind =
            switch irregularity.kind {
            case .notUTF8: .notUTF8
            case .tooLong: .pathTooLong
            case .unreadable(let cause): .unreadable(cause)
            case .badTarget: .unexpected(.symlink)
            case .special(let found):
                lines.index(of: irregularity.path.span).flatMap { lines.fields($0) }
                    .map { .type(expected: $0.type, found: found) } ?? .unexpected(found)
            }
        return ArtifactDifference(path: irregularity.path, kind: kind)
    }
}

extension EntryType {
    /// What is at a path of this type.
    var fileKind: FileKind {
        switch self {
        case .file: .regular
        case .directory: .directory
        case .symlink: .symlink
        }
    }
}
