import Files

/// The folders on the way to where something was written last, kept open, so that what comes next is
/// reached in a few steps, however many levels there are.
///
/// Open are the deepest ones and each of some on the way, for the way back: never more than
/// `mostOpen` at once.
final class OpenFolders {
    private final class Level {
        let folder: Directory

        init(_ folder: consuming Directory) {
            self.folder = folder
        }
    }

    private let root: Directory
    /// The names of the folders on the way.
    private var names: [ArraySlice<UInt8>] = []
    /// Those that are open, by their level from 1 on.
    private var levels: [Int: Level] = [:]
    /// How many folders were opened so far, which tests read.
    private(set) var openings = 0

    /// How many levels lie between two that stay open.
    private static let distance = 32
    /// The most levels of a path that a manifest lists.
    private static let deepest = 2048
    /// How many folders are open at once at the most.
    static let mostOpen = distance + deepest / distance + 1

    /// Begins at a folder.
    init(at root: consuming Directory) {
        self.root = root
    }

    /// Another value for the folder that names lead to, one below the other.
    func folder(_ wanted: [ArraySlice<UInt8>]) throws(FileError) -> Directory {
        let shared = zip(names, wanted).prefix { $0 == $1 }.count
        for level in stride(from: names.count, to: shared, by: -1) { levels[level] = nil }
        names.removeSubrange(shared...)
        var level = shared
        while level > 0, levels[level] == nil { level -= 1 }
        while level < wanted.count {
            let inner = try open(Array(wanted[level]), at: level)
            level += 1
            levels[level] = Level(inner)
            let passed = level - Self.distance
            if !passed.isMultiple(of: Self.distance) { levels[passed] = nil }
            if level > shared { names.append(wanted[level - 1]) }
        }
        guard let found = levels[level] else { return try root.duplicate() }
        return try found.folder.duplicate()
    }

    private func open(_ name: [UInt8], at level: Int) throws(FileError) -> Directory {
        openings += 1
        guard let above = levels[level] else { return try root.open(name) }
        return try above.folder.open(name)
    }
}
