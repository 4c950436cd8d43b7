internal import CloseoutFiles

/// The names of one directory in the order in which a walk needs them.
///
/// A directory has two entries here: as `name` for its own line and as `name/` for what it holds. Sorted
/// so, a walk meets all paths of the tree in ascending order of their bytes and nothing else is
/// ever sorted.
struct DirectoryListing {
    struct Item {
        /// The first bytes of what is sorted, as one number: it decides nearly every comparison.
        fileprivate let key: UInt64
        let name: Range<Int>
        let kind: FileKind
        /// True for what the directory of this name holds.
        let isContents: Bool
    }

    private(set) var names: [UInt8] = []
    private(set) var items: [Item] = []
    /// True unless a name holds a byte beyond ASCII.
    private(set) var isASCII = true
    private var hasUpperCase = false

    /// True when names can differ in case or normalisation alone.
    var mayCollide: Bool { hasUpperCase || !isASCII }

    mutating func append(_ name: Span<UInt8>, _ kind: FileKind) {
        let start = names.count
        names.append(copying: name)
        var key: UInt64 = 0
        for index in name.indices {
            let byte = name[index]
            if index < 8 { key |= UInt64(byte) << UInt64(56 - 8 * index) }
            if byte >= 0x80 { isASCII = false }
            if 0x41...0x5A ~= byte { hasUpperCase = true }
        }
        let range = start..<names.count
        items.append(Item(key: key, name: range, kind: kind, isContents: false))
        if kind == .directory {
            if name.count < 8 { key |= UInt64(slash) << UInt64(56 - 8 * name.count) }
            items.append(Item(key: key, name: range, kind: kind, isContents: true))
        }
    }

    mutating func sort() {
        let names = names
        items.sort { left, right in
            left.key == right.key ? Self.isBelow(left, right, in: names.span) : left.key < right.key
        }
    }

    /// Compares two items of equal keys.
    private static func isBelow(_ left: Item, _ right: Item, in names: Span<UInt8>) -> Bool {
        let shared = min(left.name.count, right.name.count)
        for offset in min(8, shared)..<shared {
            let (a, b) = (
                names[left.name.lowerBound + offset], names[right.name.lowerBound + offset]
            )
            if a != b { return a < b }
        }
        return next(left, after: shared, in: names) < next(right, after: shared, in: names)
    }

    /// The byte behind the shared ones: of the longer name, the slash of contents, or nothing at
    /// all.
    private static func next(_ item: Item, after shared: Int, in names: Span<UInt8>) -> Int {
        if item.name.count > shared { return Int(names[item.name.lowerBound + shared]) }
        return item.isContents ? Int(slash) : -1
    }
}

/// What joins the components of a path.
let slash = UInt8(ascii: "/")
