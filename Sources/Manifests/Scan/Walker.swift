internal import CloseoutEncodings
internal import CloseoutFiles

/// Goes through a tree directory by directory, so that paths come in ascending order of their
/// bytes.
struct Walker: ~Copyable {
    /// A directory whose items are being gone through.
    private struct Frame {
        /// How many bytes of the path are before its names.
        let prefix: Int
        let listing: DirectoryListing
        var next = 0
    }

    private(set) var found = Walk()
    private let options: Walk.Options
    private var excludes: GlobMatcher
    private let publish: (PathTable.Block) -> Void
    private var cursor: TreeCursor
    private var frames: [Frame] = []
    /// The path of the item at hand.
    private var path: [UInt8] = []

    /// - Throws: `FileError` when the root cannot be listed.
    init(
        _ root: borrowing Directory, _ options: Walk.Options,
        _ publish: @escaping (PathTable.Block) -> Void
    ) throws(FileError) {
        var cursor = try TreeCursor(root: root)
        let listing = try Self.list([], &cursor)
        self.options = options
        excludes = GlobMatcher(options.excludes)
        self.publish = publish
        self.cursor = cursor
        frames = [Frame(prefix: 0, listing: listing)]
    }

    /// Goes through everything below the root.
    ///
    /// - Throws: `.tooManyEntries`.
    mutating func walk() throws(ManifestError) {
        if let root = frames.first { noteCollisions(root.listing, prefix: 0) }
        while let frame = frames.indices.last {
            let position = frames[frame].next
            guard position < frames[frame].listing.items.count else {
                frames.removeLast()
                continue
            }
            frames[frame].next += 1
            let item = frames[frame].listing.items[position]
            path.removeLast(path.count - frames[frame].prefix)
            path += frames[frame].listing.names[item.name]
            try visit(item, isASCII: frames[frame].listing.isASCII)
        }
        if let block = found.paths.finish() { publish(block) }
    }

    private mutating func visit(
        _ item: DirectoryListing.Item, isASCII: Bool
    ) throws(ManifestError) {
        if let kind = flaw(isASCII: isASCII) {
            if !item.isContents { note(kind) }
        } else if isExcluded(item) {
            if !item.isContents { found.excluded.append(path) }
        } else if item.isContents {
            enter()
        } else {
            guard found.paths.count < Manifest.mostEntries else { throw .tooManyEntries }
            record(item.kind)
        }
    }

    private mutating func record(_ kind: FileKind) {
        switch kind {
        case .regular:
            if options.sizes { measure(path) }
            found.files += 1
            append(.file)
        case .directory:
            append(.directory)
        case .symlink:
            append(.symlink, target: options.targets ? readTarget(path) : nil)
        default:
            note(.special(kind))
        }
    }

    private mutating func append(_ type: EntryType, target: [UInt8]? = nil) {
        if let block = found.paths.append(path, type, target: target) { publish(block) }
    }

    private mutating func enter() {
        do throws(FileError) {
            let listing = try Self.list(path, &cursor)
            path.append(slash)
            noteCollisions(listing, prefix: path.count)
            frames.append(Frame(prefix: path.count, listing: listing))
        } catch {
            note(.unreadable(error.cause))
        }
    }

    private mutating func measure(_ path: [UInt8]) {
        // A size that is unknown is missed by the progress line only: the hashing will say why.
        let size = try? cursor.status(path.span).size
        found.bytes += UInt64(clamping: size ?? 0)
    }

    private mutating func readTarget(_ path: [UInt8]) -> [UInt8]? {
        do throws(FileError) {
            let target = try cursor.readLink(path.span)
            if !isTarget(target) { note(.badTarget) }
            return target
        } catch {
            note(.unreadable(error.cause))
            return nil
        }
    }

    private static func list(
        _ path: [UInt8], _ cursor: inout TreeCursor
    ) throws(FileError) -> DirectoryListing {
        var listing = DirectoryListing()
        try cursor.list(path.span) { listing.append($0, $1) }
        listing.sort()
        return listing
    }

    /// What keeps the path itself out of any manifest.
    private func flaw(isASCII: Bool) -> Irregularity.Kind? {
        if path.count > Manifest.longestPath { return .tooLong }
        return isASCII || isText(path) ? nil : .notUTF8
    }

    private mutating func isExcluded(_ item: DirectoryListing.Item) -> Bool {
        excludes.match(path, isDirectory: item.kind == .directory)
    }

    private mutating func note(_ kind: Irregularity.Kind) {
        found.irregularities.append(Irregularity(path: path, kind: kind))
    }

    private mutating func noteCollisions(_ listing: DirectoryListing, prefix: Int) {
        guard options.collisions, listing.mayCollide else { return }
        found.collisions += NameCollision.all(in: listing, directory: Array(path.prefix(prefix)))
    }
}

/// Whether bytes can be the target of a link that a manifest lists.
func isTarget(_ target: [UInt8]) -> Bool {
    1...Manifest.longestPath ~= target.count && isText(target)
}

/// Whether bytes are UTF-8.
func isText(_ bytes: [UInt8]) -> Bool {
    firstInvalidUTF8(in: bytes) == nil
}
