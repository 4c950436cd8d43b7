import CloseoutEncodings

/// Which logged files whoever passed the bundle on kept back (docs/records.md, "Withheld files").
///
/// It is beside the log as `withheld.json` and is only what somebody says: each file that it
/// names keeps the bundle from being verified, as one that is missing does.
package struct WithheldList: Equatable, Sendable {
    /// The paths in the bundle, ascending; at least one.
    package let paths: [[UInt8]]

    private static let kind = "closeout/withheld/v1"
    private static let folders = [EntryKind.signature, .evidence, .attachment]

    /// Whether files of a kind can be withheld.
    package static func mayName(_ kind: EntryKind) -> Bool { folders.contains(kind) }

    /// Names the files; the paths are brought into order.
    package init(paths: [[UInt8]]) {
        self.paths = paths.sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// The document, in canonical JSON.
    package var canonicalBytes: [UInt8] {
        let json: JSON = ["kind": JSON(Self.kind), "paths": .array(paths.map { .string($0) })]
        return json.canonicalBytes
    }

    /// Reads the document, which must be canonical and closed.
    ///
    /// - Throws: `BundleError.malformed` that names the place.
    package init(parsing bytes: [UInt8]) throws(BundleError) {
        do {
            var reader = try JSONObjectReader(JSON(parsingCanonical: bytes))
            try reader.constant("kind", Self.kind)
            var paths: [[UInt8]] = []
            for item in try reader.array("paths") {
                let path = try item.bytes()
                guard Self.folders.contains(where: { $0.allows(path: path) }) else {
                    throw item.invalid("no path of a file that can be withheld")
                }
                if let last = paths.last, !last.lexicographicallyPrecedes(path) {
                    throw item.invalid("does not ascend")
                }
                paths.append(path)
            }
            guard !paths.isEmpty else { throw reader.invalid("paths", "empty") }
            try reader.finish()
            self.paths = paths
        } catch {
            throw .malformed("withheld.json", reason: "\(error)")
        }
    }
}
