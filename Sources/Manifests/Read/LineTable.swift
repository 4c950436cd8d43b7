internal import CloseoutFiles

/// The entry lines of a manifest, found and not yet checked.
struct LineTable: Sendable {
    let bytes: [UInt8]
    /// Where each line begins, and where the last one's LF ends.
    let starts: [Int]

    var count: Int { max(0, starts.count - 1) }

    /// Where a line is, without its LF.
    func range(_ index: Int) -> Range<Int>? {
        guard 0..<count ~= index else { return nil }
        return starts[index]..<starts[index + 1] - 1
    }

    /// The parts of a line, or nil when it is not the canonical form of an entry.
    func fields(_ index: Int) -> LineFields? {
        guard let range = range(index) else { return nil }
        return LineFields(bytes.span, range)
    }

    /// What the lines at these indices, which are links, list.
    func links(_ indices: [Int]) -> [LinkResolver.Link] {
        indices.compactMap { index in
            guard let fields = fields(index), case .symlink(let target) = fields.kind else {
                return nil
            }
            return (fields.path.decoded(in: bytes.span), target.decoded(in: bytes.span))
        }
    }

    /// The index of the line of a path; nil when no line is found where it must be.
    func index(of path: Span<UInt8>) -> Int? {
        var range = 0..<count
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            guard let fields = fields(middle) else { return nil }
            let order = compare(fields.path, path)
            if order == 0 { return middle }
            range =
                order < 0
                ? middle + 1..<range.upperBound
                : range.lowerBound..<middle
        }
        return nil
    }

    /// Compares a text with a path.
    private func compare(_ text: LineFields.Text, _ path: Span<UInt8>) -> Int {
        if text.isEscaped {
            return CloseoutManifests.compare(text.decoded(in: bytes.span).span, path)
        }
        return CloseoutManifests.compare(bytes.span.extracting(text.range), path)
    }

    /// Compares a text with a path of a walk: negative when the text is below the path, 0 when they
    /// are equal.
    func compare(_ text: LineFields.Text, _ paths: PathTable, _ index: Int) -> Int {
        if text.isEscaped {
            return -paths.compare(index, text.decoded(in: bytes.span).span)
        }
        return -paths.compare(index, bytes.span.extracting(text.range))
    }
}

extension LineTable {
    /// Finds the lines behind an offset; the bytes end in LF.
    static func find(in bytes: [UInt8], from start: Int) async -> LineTable {
        let pieceSize = 1 << 20
        let pieces = Array(stride(from: start, to: bytes.count, by: pieceSize))
        ThreadPool.shared.provide(min(pieces.count, Machine.processorCount) - 1)
        let found = await withTaskGroup(of: (Int, [Int]).self) { group in
            for (index, piece) in pieces.enumerated() {
                group.addTask {
                    (index, ends(in: bytes.span, piece..<min(piece + pieceSize, bytes.count)))
                }
            }
            return await group.reduce(into: [[Int]](repeating: [], count: pieces.count)) {
                $0[$1.0] = $1.1
            }
        }
        var starts = [start]
        starts.reserveCapacity(found.reduce(1) { $0 + $1.count })
        for ends in found { starts += ends }
        return LineTable(bytes: bytes, starts: starts)
    }

    /// Where lines end within a range: the offsets behind their LFs.
    private static func ends(in bytes: Span<UInt8>, _ range: Range<Int>) -> [Int] {
        var ends: [Int] = []
        for index in range where bytes[index] == lineFeed { ends.append(index + 1) }
        return ends
    }
}
