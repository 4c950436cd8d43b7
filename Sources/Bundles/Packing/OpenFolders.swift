package import CloseoutFiles

/// The folders on the way to where something was written last, kept open, so that what comes next is
/// reached in a few steps, however many levels there are.
///
/// Open are the deepest ones and each of some on the way, for the way back: never more than
/// `mostOpen` at once.
package final class OpenFolders {
    private final class Level {
        let folder: Directory

        init(_ folder: consuming Directory) {
            self.folder = folder
        }
    }

    private let root: Directory
    /// The path of the last folder, and where in it the name of each level ends.
    private var path: [UInt8] = []
    private var ends: [Int] = []
    /// Those that are open, by their level from 1 on.
    private var levels: [Int: Level] = [:]
    /// How many folders were opened so far.
    package private(set) var openings = 0

    /// How many levels lie between two that stay open.
    private static let distance = 32
    /// The most levels of a path that a manifest lists.
    private static let deepest = 2048
    /// How many folders are open at once at the most.
    package static let mostOpen = distance + deepest / distance + 1

    /// Begins at a folder.
    package init(at root: consuming Directory) {
        self.root = root
    }

    /// Another value for the folder at a path below the first; the empty path is that one.
    ///
    /// - Throws: `FileError` where a folder on the way cannot be opened.
    package func folder(_ wanted: ArraySlice<UInt8>) throws(FileError) -> Directory {
        leave(for: wanted)
        var level = ends.count
        while level > 0, levels[level] == nil { level -= 1 }
        while let name = next(in: wanted, behind: level) {
            let inner = try open(Array(name), at: level)
            level += 1
            if level > ends.count { ends.append(name.endIndex - wanted.startIndex) }
            levels[level] = Level(inner)
            let passed = level - Self.distance
            if !passed.isMultiple(of: Self.distance) { levels[passed] = nil }
        }
        path = Array(wanted)
        guard let found = levels[level] else { return try root.duplicate() }
        return try found.folder.duplicate()
    }

    /// Goes up to the last level that a path has in common with the one before.
    private func leave(for wanted: ArraySlice<UInt8>) {
        var shared = 0
        for (old, new) in zip(path, wanted) {
            guard old == new else { break }
            shared += 1
        }
        while let end = ends.last {
            let isWhole = end == wanted.count || wanted.dropFirst(end).first == slash
            if end < shared || end == shared && isWhole { break }
            levels[ends.count] = nil
            ends.removeLast()
        }
    }

    /// The name in a path after its first levels.
    private func next(in wanted: ArraySlice<UInt8>, behind level: Int) -> ArraySlice<UInt8>? {
        let start = wanted.startIndex + (level > 0 ? ends[level - 1] + 1 : 0)
        guard start < wanted.endIndex else { return nil }
        return wanted[start...].prefix { $0 != slash }
    }

    private func open(_ name: [UInt8], at level: Int) throws(FileError) -> Directory {
        openings += 1
        guard let above = levels[level] else { return try root.open(name) }
        return try above.folder.open(name)
    }
}
