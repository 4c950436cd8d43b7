internal import Files

/// A source that has been walked and found fit to be frozen.
struct Scan: Sendable {
    let walk: Walk
    /// The root of a tree; nil for single files.
    private let root: Root?
    /// Where the files of a source without a root are, by their names.
    private let places: [[UInt8]: [UInt8]]

    /// Keeps the root open for every worker.
    private final class Root: Sendable {
        let directory: Directory

        init(_ directory: consuming Directory) {
            self.directory = directory
        }
    }

    /// Walks a source.
    ///
    /// - Throws: the first reason why it cannot be frozen.
    init(
        _ source: ManifestSource, _ options: ManifestOptions, outside target: borrowing Directory,
        measuring: Bool
    ) throws(ManifestError) {
        let wishes = Walk.Wishes(
            excludes: options.excludes, targets: true, collisions: true, sizes: measuring)
        switch source {
        case .directory(let path):
            let directory = try Self.open(path, outside: target)
            walk = try Walk.of(directory, wishes)
            root = Root(directory)
            places = [:]
        case .files(let paths):
            (walk, places) = try Walk.of(files: paths, wishes)
            root = nil
        }
        try check(options)
    }

    /// An opener for one worker.
    func opener() throws(ManifestError) -> ArtifactOpener {
        guard let root else { return ArtifactOpener(places: places) }
        do throws(FileError) {
            return try ArtifactOpener(tree: root.directory)
        } catch {
            throw .file(error)
        }
    }

    /// Where a path of the manifest is, as the user would name it.
    func place(of path: [UInt8]) -> [UInt8] {
        if let root { Path.join(root.directory.path, path) } else { places[path] ?? path }
    }

    private static func open(
        _ path: [UInt8], outside target: borrowing Directory
    ) throws(ManifestError) -> Directory {
        do throws(FileError) {
            let directory = try Directory.open(path)
            guard try target.isInside(directory) else { return directory }
        } catch {
            throw .file(error)
        }
        throw .targetInsideRoot(target.path)
    }

    private func check(_ options: ManifestOptions) throws(ManifestError) {
        if let irregularity = walk.irregularities.first { throw .refused(irregularity) }
        if options.strictNames, let collision = walk.collisions.first {
            throw .collision(collision)
        }
        guard !options.allowOutsideLinks else { return }
        let resolver = LinkResolver { path in
            guard let index = walk.paths.index(of: path) else { return nil }
            return walk.targets[index].map { .symlink(target: $0) } ?? .other
        }
        for (index, target) in walk.targets.sorted(by: { $0.key < $1.key }) {
            let path = walk.paths.path(at: index)
            if resolver.leavesRoot(path, target: target) {
                throw .outsideLink(path: path, target: target)
            }
        }
    }
}
