internal import CloseoutFiles

/// The paths of a tree in ascending order of their bytes, kept in blocks so that a million take
/// little memory.
struct PathTable: Sendable {
    /// At most `blockSize` paths side by side.
    struct Block: Sendable {
        fileprivate(set) var bytes: [UInt8] = []
        fileprivate(set) var ends: [UInt32] = []
        fileprivate(set) var types: [EntryType] = []
        /// The targets of the links among them, where they were asked for.
        fileprivate(set) var targets: [Int: [UInt8]] = [:]

        var count: Int { types.count }

        /// Where in `bytes` a path is.
        func range(_ index: Int) -> Range<Int> {
            (index == 0 ? 0 : Int(ends[index - 1]))..<Int(ends[index])
        }
    }

    /// How many paths a block holds: a power of two, so that a block of entry lines is a whole
    /// Merkle subtree.
    static let blockSize = 4096

    private(set) var blocks: [Block] = []
    private(set) var count = 0
    private var open = Block()

    /// Appends the next path, for a link with its target.
    ///
    /// - Returns: the block that this path completes, if it does.
    mutating func append(_ path: [UInt8], _ type: EntryType, target: [UInt8]? = nil) -> Block? {
        open.targets[open.count] = target
        open.bytes += path
        open.ends.append(UInt32(truncatingIfNeeded: open.bytes.count))
        open.types.append(type)
        count += 1
        return open.count == Self.blockSize ? closeBlock() : nil
    }

    /// Ends the appending.
    ///
    /// - Returns: the last block, if it is not complete.
    mutating func finish() -> Block? {
        open.count > 0 ? closeBlock() : nil
    }

    func type(at index: Int) -> EntryType {
        blocks[index / Self.blockSize].types[index % Self.blockSize]
    }

    func path(at index: Int) -> [UInt8] {
        let block = blocks[index / Self.blockSize]
        return Array(block.bytes[block.range(index % Self.blockSize)])
    }

    /// Compares the path at an index with another.
    func compare(_ index: Int, _ path: Span<UInt8>) -> Int {
        let block = blocks[index / Self.blockSize]
        let range = block.range(index % Self.blockSize)
        return CloseoutManifests.compare(block.bytes.span.extracting(range), path)
    }

    /// Copies what the block holds, so that no room is left over, and begins the next.
    private mutating func closeBlock() -> Block {
        var block = Block(targets: open.targets)
        block.bytes.append(copying: open.bytes.span)
        block.ends = open.ends.map { $0 }
        block.types = open.types.map { $0 }
        blocks.append(block)
        open.bytes.removeAll(keepingCapacity: true)
        open.ends.removeAll(keepingCapacity: true)
        open.types.removeAll(keepingCapacity: true)
        open.targets = [:]
        return block
    }
}

/// Compares two paths by their bytes: negative when the first is below the second, 0 when they are
/// equal.
func compare(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Int {
    let shared = min(left.count, right.count)
    for index in 0..<shared where left[index] != right[index] {
        return Int(left[index]) - Int(right[index])
    }
    return left.count - right.count
}
