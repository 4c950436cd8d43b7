internal import CloseoutFiles

/// What is in a tree, found without a look into any file (docs/manifest.md, "The walk").
struct Walk: Sendable {
    /// What a walk looks for beyond the names.
    struct Options {
        var excludes: [Glob] = []
        var targets = false
        var collisions = false
        var sizes = false
    }

    /// The files, directories and links, ascending.
    var paths = PathTable()
    /// What can be no entry, in the order of the walk.
    var irregularities: [Irregularity] = []
    /// What an exclude hides; what lies below such a directory is not looked at.
    var excluded: [[UInt8]] = []
    /// Names that some file systems take for one, where they were asked for.
    var collisions: [NameCollision] = []
    /// The number of regular files.
    var files = 0
    /// The sizes of the files together, where they were asked for.
    var bytes: UInt64 = 0

    /// Walks a tree.
    ///
    /// - Parameters:
    ///   - root: the directory whose contents are walked.
    ///   - options: what is looked for beyond the names.
    ///   - publish: gets each block of paths as soon as it is complete.
    /// - Returns: what there is.
    /// - Throws: `.tooManyEntries`, or `.file` when the root itself cannot be listed. What is wrong
    ///   below the root is an irregularity.
    static func of(
        _ root: borrowing Directory, _ options: Options,
        publish: @escaping (PathTable.Block) -> Void = { _ in }
    ) throws(ManifestError) -> Walk {
        var walker: Walker
        do throws(FileError) {
            walker = try Walker(root, options, publish)
        } catch {
            throw .file(error.at(root.path))
        }
        try walker.walk()
        return walker.found
    }
}
