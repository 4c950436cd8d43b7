import CloseoutFiles

/// A folder that is being made under a temporary name, and appears at its target when it is whole.
///
/// One that is let go removes itself.
struct NewFolder: ~Copyable {
    private var made: TemporaryFolder
    private let target: BundleTarget
    /// Where the last thing was written.
    private let folders: OpenFolders

    /// Makes the folder beside its target.
    ///
    /// - Throws: `BundleError.exists` if something is at the target.
    init(for target: BundleTarget) throws {
        if (try? fileStatus(target.path)) != nil {
            throw BundleError.exists(path: target.path, reason: "nothing is overwritten")
        }
        let made = try TemporaryFolder(for: target)
        folders = OpenFolders(at: try made.root.duplicate())
        self.made = made
        self.target = target
    }

    /// The folder that a path lies in, opened name by name from where the last one was.
    func folder(of path: [UInt8]) throws -> Directory {
        try folders.folder(path[..<(path.lastIndex(of: slash) ?? 0)])
    }

    /// Makes a folder; the one that it lies in has been made before.
    func makeFolder(_ path: [UInt8]) throws {
        try folder(of: path).makeDirectory(Path.split(path).name ?? [])
    }

    /// Begins a file; the folder that it lies in has been made before.
    func create(_ path: [UInt8]) throws -> OutputFile {
        try folder(of: path).create(Path.split(path).name ?? [])
    }

    /// Waits until the names in a folder have reached the storage.
    func sync(_ path: [UInt8]) throws {
        try folders.folder(path[...]).sync()
    }

    /// Puts the folder at its target and waits until it is on the storage.
    ///
    /// - Throws: `BundleError.exists` where the target has appeared meanwhile.
    consuming func publish() throws {
        try made.root.sync()
        do {
            try made.place()
        } catch {
            guard case .alreadyExists = error.cause else { throw error }
            throw BundleError.exists(path: target.path, reason: "it appeared meanwhile")
        }
        do {
            try made.parent.sync()
        } catch {
            try? made.parent.removeTree(target.name)
            throw error
        }
    }
}

extension WholeBundle {
    /// Writes files of the bundle into a new folder, each compared with its line of the log.
    ///
    /// - Throws: `BundleError.untrue` where one is not what the log says.
    func write(_ files: [File], to folder: borrowing NewFolder) throws {
        var made: Set<[UInt8]> = []
        for file in files {
            if let end = file.path.firstIndex(of: slash) {
                let name = Array(file.path[..<end])
                if made.insert(name).inserted { try folder.makeFolder(name) }
            }
            let output = try copy(file, to: try folder.create(file.path))
            try output.sync()
        }
        for name in made { try folder.sync(name) }
    }
}
