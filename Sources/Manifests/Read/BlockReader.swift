internal import CloseoutEncodings
internal import CloseoutFiles
internal import CloseoutOpenSSL

/// The result of reading a block of entry lines.
struct BlockReading: Sendable {
    var sums: [UInt8] = []
    var root: SHA256Digest
    var totals = ManifestTotals()
    var defects = DefectList()
    /// The indices of the lines that are links.
    var links: [Int] = []
}

/// Checks entry lines, one after another.
struct BlockReader: ~Copyable {
    private let lines: LineTable
    private let header: ManifestHeader
    private var hasher: MerkleHasher
    private var tree: MerkleAccumulator
    private var reading: BlockReading
    /// The path of the line before; empty before the first.
    private var previous: [UInt8] = []
    /// The directory whose entry was found last.
    private var parent: [UInt8] = []

    /// Begins with the line at an index.
    init(_ lines: LineTable, _ header: ManifestHeader, before start: Int) throws(OpenSSLError) {
        let hasher = try MerkleHasher()
        let tree = try MerkleAccumulator()
        reading = BlockReading(root: try Merkle.emptyRoot())
        self.hasher = hasher
        self.tree = tree
        self.lines = lines
        self.header = header
        if let fields = lines.fields(start - 1) {
            previous = fields.path.decoded(in: lines.bytes.span)
        }
    }

    /// Checks the line at an index; `bytes` are those of the manifest.
    mutating func read(_ index: Int, in bytes: Span<UInt8>) throws(OpenSSLError) {
        guard let range = lines.range(index) else { return }
        try tree.append(hasher.leaf(bytes.extracting(range)))
        guard let fields = LineFields(bytes, range) else { return note(.notAnEntry, index, nil) }
        if fields.path.isEscaped {
            verify(fields, path: fields.path.decoded(in: bytes).span, index, in: bytes)
        } else {
            verify(fields, path: bytes.extracting(fields.path.range), index, in: bytes)
        }
    }

    consuming func finish() throws(OpenSSLError) -> BlockReading {
        reading.root = try tree.root()
        return reading
    }

    private mutating func verify(
        _ fields: LineFields, path: Span<UInt8>, _ index: Int, in bytes: Span<UInt8>
    ) {
        if !isPlain(path) { note(.badPath, index, path) }
        let order = compare(previous.span, path)
        if order >= 0 { note(order == 0 ? .duplicate : .order, index, path) }
        if !isListed(parentOf: path) { note(.noParent, index, path) }
        switch fields.kind {
        case .file(let mode, let size, _, let digits):
            if !header.modes.allows(mode) { note(.badMode, index, path) }
            reading.totals.files += 1
            reading.totals.add(bytes: size)
            SumsLine.append(file: path, digits: bytes.extracting(digits), to: &reading.sums)
        case .directory:
            reading.totals.directories += 1
        case .symlink(let target):
            reading.totals.symlinks += 1
            reading.links.append(index)
            if !isTarget(target.decoded(in: bytes)) { note(.notAnEntry, index, path) }
        }
        previous.removeAll(keepingCapacity: true)
        previous.append(copying: path)
    }

    /// Whether the directory that holds a path has an entry; the root needs none.
    private mutating func isListed(parentOf path: Span<UInt8>) -> Bool {
        var end = path.count
        while end > 0, path[end - 1] != slash { end -= 1 }
        if end == 0 { return true }
        let directory = path.extracting(0..<end - 1)
        if compare(directory, parent.span) == 0 { return true }
        guard let index = lines.index(of: directory), lines.fields(index)?.type == .directory else {
            return false
        }
        parent.removeAll(keepingCapacity: true)
        parent.append(copying: directory)
        return true
    }

    private mutating func note(
        _ reason: ManifestDefect.Reason, _ index: Int, _ path: borrowing Span<UInt8>
    ) {
        note(reason, index, Array(copying: path))
    }

    private mutating func note(_ reason: ManifestDefect.Reason, _ index: Int, _ path: [UInt8]?) {
        reading.defects.append(ManifestDefect(line: index + 2, path: path, reason: reason))
    }
}
