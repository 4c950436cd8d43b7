internal import CloseoutFiles

/// What is to be frozen, found where the user said: the root of a tree, or single files.
final class Artifacts: Sendable {
    /// The root of a tree; nil for single files.
    private let root: Directory?
    /// Where single files are, by their names.
    private let places: [[UInt8]: [UInt8]]

    /// Opens the root, or gives the files their names.
    ///
    /// - Throws: `.targetInsideRoot`, `.sameName`, `.directoryAmongFiles`, or `.file` for what is
    ///   not there.
    init(
        _ source: ManifestSource, outside target: borrowing Directory
    ) throws(ManifestError) {
        switch source {
        case .directory(let path):
            root = try Self.open(path, outside: target)
            places = [:]
        case .files(let paths):
            root = nil
            places = try Self.places(paths)
        }
    }

    /// Finds out what there is.
    func walk(
        _ options: Walk.Options, publish: @escaping (PathTable.Block) -> Void
    ) throws(ManifestError) -> Walk {
        switch root {
        case .some(let root): try Walk.of(root, options, publish: publish)
        case .none: try Walk.of(places: places, options, publish: publish)
        }
    }

    /// An opener for one worker.
    func opener() throws(ManifestError) -> ArtifactOpener {
        switch root {
        case .some(let root): try reporting(file: try ArtifactOpener(tree: root))
        case .none: ArtifactOpener(places: places)
        }
    }

    /// Where a path of the manifest is, as the user would name it.
    func place(of path: [UInt8]) -> [UInt8] {
        switch root {
        case .some(let root): Path.join(root.path, path)
        case .none: places[path] ?? path
        }
    }

    private static func open(
        _ path: [UInt8], outside target: borrowing Directory
    ) throws(ManifestError) -> Directory {
        let directory = try reporting(file: try Directory.open(path))
        if try reporting(file: try target.isInside(directory)) {
            throw .targetInsideRoot(target.path)
        }
        return directory
    }

    private static func places(
        _ paths: [[UInt8]]
    ) throws(ManifestError) -> [[UInt8]: [UInt8]] {
        var places: [[UInt8]: [UInt8]] = [:]
        for path in paths {
            guard let name = Path.split(path).name else { throw .directoryAmongFiles(path) }
            let kind = try reporting(file: try fileStatus(path).kind)
            if kind == .directory { throw .directoryAmongFiles(path) }
            if places.updateValue(path, forKey: name) != nil { throw .sameName(name) }
        }
        return places
    }
}
