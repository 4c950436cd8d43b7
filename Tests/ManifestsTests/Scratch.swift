import CloseoutFiles
import CloseoutManifests
import CloseoutTestSupport

/// A place for one test: a tree to freeze and a directory to freeze into.
struct Scratch {
    /// The path of the whole place.
    let path: String
    /// The path of the tree.
    var tree: String { path + "/tree" }

    /// Makes the place, runs the test in it and removes it.
    static func make(_ body: (Scratch) async throws -> Void) async throws {
        try await withTemporaryDirectory { path in
            let scratch = Scratch(path: path)
            try makeDirectory(scratch.tree)
            try await body(scratch)
        }
    }

    /// Writes a file of the tree, with the directories above it.
    func file(_ name: String, _ contents: String = "x", mode: String? = nil) async throws {
        let path = tree + "/" + name
        let (directory, _) = Path.split(Array(path.utf8))
        try makeDirectory(String(decoding: directory, as: UTF8.self))
        try writeFile(contents, to: path)
        if let mode { try await runSuccessfully("chmod", [mode, path]) }
    }

    /// Makes a symbolic link in the tree.
    func link(_ name: String, to target: String) async throws {
        try await runSuccessfully("ln", ["-s", "--", target, tree + "/" + name])
    }

    /// Makes a directory in the tree.
    func directory(_ name: String) throws {
        try makeDirectory(tree + "/" + name)
    }

    /// The directory that results are written to.
    func output() throws -> Directory {
        let whole = try Directory.open(Array(path.utf8))
        let name = Array("out-\(UInt32.random(in: 0 ... .max))".utf8)
        try whole.makeDirectory(name)
        return try whole.open(name)
    }

    /// Freezes the tree, and reads back what was written.
    func freeze(_ options: ManifestOptions = ManifestOptions()) async throws -> Frozen {
        let output = try output()
        let summary = try await CloseoutManifests.freeze(
            .directory(Array(tree.utf8)), options: options, into: output)
        return Frozen(
            summary: summary,
            manifest: try output.read(Manifest.fileName, limit: 1 << 30),
            sums: try output.read(Manifest.sumsFileName, limit: 1 << 30),
            directory: String(decoding: output.path, as: UTF8.self))
    }

    /// Freezes the tree, and tells why it is refused.
    func refusal(_ options: ManifestOptions = ManifestOptions()) async throws -> ManifestError? {
        do {
            _ = try await freeze(options)
            return nil
        } catch let error as ManifestError {
            return error
        }
    }

    /// Compares the tree with a manifest.
    func differences(
        _ manifest: Manifest, ignoringModes: Bool = false
    ) async throws -> [ArtifactDifference] {
        let root = try Directory.open(Array(tree.utf8))
        return try await compare(manifest, root: root, ignoringModes: ignoringModes)
    }
}

/// What a freezing wrote.
struct Frozen {
    let summary: FrozenManifest
    let manifest: [UInt8]
    let sums: [UInt8]
    /// Where it was written.
    let directory: String

    /// The lines of the manifest as text.
    var lines: [String] {
        manifest.split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The manifest as the verifying side reads it.
    func read() async throws -> Manifest {
        let reading = try await Manifest.read(manifest)
        guard let manifest = reading.manifest, reading.defects.isEmpty else {
            throw Unreadable(defects: reading.defects)
        }
        return manifest
    }
}

/// Thrown where a manifest should have been as it must be.
struct Unreadable: Error {
    let defects: [ManifestDefect]
}

/// The bytes of a text.
func bytes(_ text: String) -> [UInt8] {
    Array(text.utf8)
}
