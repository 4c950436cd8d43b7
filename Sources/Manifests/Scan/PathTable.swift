internal import Files

/// The paths of a tree in ascending order of their bytes, kept in blocks so that a million take little room.
struct PathTable: Sendable {
    /// At most `blockSize` paths side by side.
    struct Block: Sendable {
        fileprivate(set) var bytes: [UInt8] = []
        fileprivate(set) var ends: [UInt32] = []
        fileprivate(set) var types: [EntryType] = []

        var count: Int { types.count }

        /// Where in `bytes` a path stands.
        func range(_ index: Int) -> Range<Int> {
            (index == 0 ? 0 : Int(ends[index - 1]))..<Int(ends[index])
        }
    }

    /// How many paths a block holds: a power of two, so that a block of entry lines is a whole Merkle subtree.
    static let blockSize = 4096

    private(set) var blocks: [Block] = []
    private(set) var count = 0
    private var open = Block()

    /// Appends the next path.
    mutating func append(_ path: [UInt8], _ type: EntryType) {
        open.bytes += path
        open.ends.append(UInt32(truncatingIfNeeded: open.bytes.count))
        open.types.append(type)
        count += 1
        if open.count == Self.blockSize { closeBlock() }
    }

    /// Ends the appending.
    mutating func finish() {
        if open.count > 0 { closeBlock() }
    }

    func type(at index: Int) -> EntryType {
        blocks[index / Self.blockSize].types[index % Self.blockSize]
    }

    func path(at index: Int) -> [UInt8] {
        let block = blocks[index / Self.blockSize]
        return Array(block.bytes[block.range(index % Self.blockSize)])
    }

    /// The index of a path, or nil if it is not there.
    func index(of path: [UInt8]) -> Int? {
        let index = firstIndex(notBelow: path.span)
        return index < count && self.path(at: index) == path ? index : nil
    }

    /// The index of the first path that is not below the given one.
    func firstIndex(notBelow path: Span<UInt8>) -> Int {
        var range = 0..<count
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            if compare(middle, path) < 0 {
                range = middle + 1..<range.upperBound
            } else {
                range = range.lowerBound..<middle
            }
        }
        return range.lowerBound
    }

    /// Compares the path at an index with another.
    func compare(_ index: Int, _ path: Span<UInt8>) -> Int {
        let block = blocks[index / Self.blockSize]
        let range = block.range(index % Self.blockSize)
        return Manifests.compare(block.bytes.span.extracting(range), path)
    }

    /// Copies what the block holds, so that no room is left over, and begins the next.
    private mutating func closeBlock() {
        var block = Block()
        block.bytes.append(copying: open.bytes.span)
        block.ends = open.ends.map { $0 }
        block.types = open.types.map { $0 }
        blocks.append(block)
        open.bytes.removeAll(keepingCapacity: true)
        open.ends.removeAll(keepingCapacity: true)
        open.types.removeAll(keepingCapacity: true)
    }
}

/// Compares two paths by their bytes: negative when the first is below the second, 0 when they are equal.
func compare(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Int {
    let shared = min(left.count, right.count)
    for index in 0..<shared where left[index] != right[index] {
        return Int(left[index]) - Int(right[index])
    }
    return left.count - right.count
}
