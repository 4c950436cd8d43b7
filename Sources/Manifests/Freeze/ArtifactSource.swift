internal import CloseoutFiles

/// What is frozen.
package enum ManifestSource: Sendable {
    /// The tree below a directory.
    case directory([UInt8])
    /// Files, each by its last component.
    case files([[UInt8]])
}

/// Opens the files of a source by their paths in the manifest.
struct ArtifactOpener: ~Copyable {
    private var tree: TreeCursor?
    /// Where the files of a source without a root are, by their names.
    private let places: [[UInt8]: [UInt8]]

    init(tree root: borrowing Directory) throws(FileError) {
        tree = try TreeCursor(root: root)
        places = [:]
    }

    init(places: [[UInt8]: [UInt8]]) {
        tree = nil
        self.places = places
    }

    /// Opens a regular file; errors name no path.
    mutating func open(_ path: Span<UInt8>) throws(FileError) -> InputFile {
        if let file = try tree?.openFile(path) { return file }
        let (directory, name) = Path.split(places[Array(copying: path)] ?? [])
        return try Directory.open(directory).openFile(name ?? [])
    }
}
