import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import Testing

/// A place for one test: a tree that is shipped, and where its bundle goes.
struct Place: Sendable {
    /// The path of the whole place.
    let path: String
    /// The shipped files.
    var tree: String { path + "/tree" }
    /// The bundle's path.
    var bundle: String { path + "/payments-1.4.0.closeout" }
    /// The bundle's path as bytes.
    var bundlePath: [UInt8] { bytes(bundle) }

    /// Makes the place with a small tree, runs the test in it and removes it.
    static func make(_ body: (Place) async throws -> Void) async throws {
        try await withTemporaryDirectory { path in
            let place = Place(path: path)
            try makeDirectory(place.tree)
            try writeFile("tool", to: place.tree + "/tool")
            try await body(place)
        }
    }

    /// The same with a bundle that nobody has signed.
    static func withBundle(_ body: (Place) async throws -> Void) async throws {
        try await make { place in
            try await place.freeze()
            try await body(place)
        }
    }

    /// Freezes the tree into the bundle.
    func freeze(as version: String = "1.4.0", allowingOutsideLinks: Bool = false) async throws {
        let draft = try await draft(as: version, allowingOutsideLinks: allowingOutsideLinks)
        try draft.publish(at: target())
    }

    /// A bundle that is being made.
    func draft(
        as version: String = "1.4.0", allowingOutsideLinks: Bool = false
    ) async throws -> BundleDraft {
        try await BundleDraft(
            freezing: .directory(bytes(tree)), as: Release(name: "payments", version: version),
            created: instant(),
            options: ManifestOptions(allowOutsideLinks: allowingOutsideLinks), beside: target())
    }

    /// Where the bundle goes.
    func target() throws -> BundleTarget {
        try BundleTarget(bundlePath)
    }

    /// Adds a file of these bytes as evidence.
    @discardableResult
    func add(_ text: String, named name: String = "note.txt") throws -> StoredFile {
        var appending = try BundleAppending(opening: bundlePath)
        let stored = try appending.add(evidence(text, named: name), at: instant())
        try appending.commit(checkpoint: nil)
        return stored
    }

    /// Signs the log as it is.
    func commit(with key: borrowing PrivateKey) throws {
        var appending = try BundleAppending(opening: bundlePath)
        let checkpoint = try appending.checkpoint()
        try appending.commit(
            checkpoint: SignedNote.signing(checkpoint.text, as: checkpoint.origin, with: key)
                .encoded)
    }

    /// The files and folders of the bundle.
    func files() throws -> [[UInt8]: SimulatedDisk.Item] {
        try readTree(bundle)
    }

    /// The names at a path, ascending.
    func names(_ path: String) throws -> [String] {
        try Directory.open(bytes(path)).entries().map { text($0.name) }
    }

    /// The log as it is read.
    func log() throws -> BundleLog {
        try BundleLog(parsing: readFile(bundle + "/log.jsonl"))
    }
}

/// Evidence of these bytes.
func evidence(_ content: String, named name: String = "note.txt") -> NewFile {
    NewFile(
        kind: .attachment, mediaType: .attachment(named: bytes(name)), bytes: bytes(content))
}

/// An instant when everything happens.
func instant() throws -> Instant {
    try #require(Instant(parsing: bytes("2026-11-23T12:00:00Z")))
}

/// The bytes of a text.
func bytes(_ text: String) -> [UInt8] {
    Array(text.utf8)
}

/// The text of some bytes.
func text(_ bytes: [UInt8]) -> String {
    String(decoding: bytes, as: UTF8.self)
}

/// The error of the bundle's module that some work throws, or nil.
func failure(_ body: () throws -> Void) throws -> BundleError? {
    do {
        try body()
        return nil
    } catch let error as BundleError {
        return error
    }
}
