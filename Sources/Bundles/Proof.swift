import CloseoutEncodings
import CloseoutManifests
package import CloseoutOpenSSL

/// One file of a release with all that proves it (docs/proof.md).
package struct Proof: Sendable {
    /// The `kind` of the document.
    package static let kind = "closeout/proof/v1"
    /// The kinds of the bundle's files that a proof carries.
    package static let materialKinds: [EntryKind] = [.signature, .timestamp, .certificate]
    /// The most bytes that a proof may have.
    package static let byteLimit = 32 * 1024 * 1024

    /// A signature, time-stamp or certificate of the bundle.
    package struct Material: Equatable, Sendable {
        /// Its path in the bundle; the extension says what it is.
        package let path: [UInt8]
        /// All its bytes.
        package let bytes: [UInt8]

        package init(path: [UInt8], bytes: [UInt8]) {
            self.path = path
            self.bytes = bytes
        }
    }

    /// The exact bytes of `seal.json`.
    package let seal: [UInt8]
    /// The manifest's line of the file, without its line feed.
    package let entry: [UInt8]
    /// The index of the line among the entries, from 0.
    package let index: Int
    /// The Merkle path from the leaf to the root.
    package let path: [SHA256Digest]
    /// What proves who signed the seal, in log order.
    package let material: [Material]

    /// Whether a file begins as a proof does, sound or not.
    package static func isLikely(_ bytes: [UInt8]) -> Bool {
        bytes.starts(with: Array("{\"entry\":".utf8))
    }

    package init(
        seal: [UInt8], entry: [UInt8], index: Int, path: [SHA256Digest], material: [Material]
    ) {
        self.seal = seal
        self.entry = entry
        self.index = index
        self.path = path
        self.material = material
    }

    /// The document, in canonical JSON.
    package var canonicalBytes: [UInt8] {
        let items = material.map { item -> JSON in
            ["bytes": .string(Base64.encode(item.bytes)), "path": .string(item.path)]
        }
        let json: JSON = [
            "entry": .string(entry),
            "index": .integer(Int64(index)),
            "kind": .string(Array(Self.kind.utf8)),
            "material": .array(items),
            "path": .array(path.map { .string(Array($0.hex.utf8)) }),
            "seal": .string(Base64.encode(seal)),
        ]
        return json.canonicalBytes
    }

    /// Reads a proof, which must be canonical and closed.
    ///
    /// - Throws: `BundleError.malformed` that names the place.
    package init(parsing bytes: [UInt8]) throws(BundleError) {
        do {
            var reader = try JSONObjectReader(
                JSON(parsingCanonical: bytes, limits: JSONLimits(bytes: Self.byteLimit)),
                at: "proof")
            try reader.constant("kind", Self.kind)
            seal = try reader.base64("seal")
            entry = try reader.bytes("entry")
            index = Int(try reader.integer("index"))
            var nodes: [SHA256Digest] = []
            for node in try reader.array("path") { nodes.append(try node.digest()) }
            path = nodes
            var items: [Material] = []
            for item in try reader.array("material") {
                var fields = try item.object()
                items.append(
                    Material(path: try fields.bytes("path"), bytes: try fields.base64("bytes")))
                try fields.finish()
            }
            material = items
            try reader.finish()
        } catch let error as BundleError {
            throw error
        } catch {
            throw .malformed("proof", reason: "\(error)")
        }
        guard index >= 0, path.count <= 64 else {
            throw .malformed("proof", reason: "index or path is out of range")
        }
    }
}
