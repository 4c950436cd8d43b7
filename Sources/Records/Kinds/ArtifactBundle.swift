package import CloseoutEncodings
package import CloseoutOpenSSL

/// What the bundle holds; computed (docs/records.md, "artifact-bundle").
package struct ArtifactBundle: RecordBody {
    /// One file of the bundle.
    package struct Entry: Equatable, Sendable {
        /// Its path in the bundle.
        package let path: [UInt8]
        /// The digest of its bytes.
        package let digest: SHA256Digest

        package init(path: [UInt8], digest: SHA256Digest) {
            self.path = path
            self.digest = digest
        }
    }

    /// The log that was looked at.
    package let log: LogPrefix
    /// Its files, in its order.
    package let entries: [Entry]

    package init(log: LogPrefix, entries: [Entry]) {
        self.log = log
        self.entries = entries
    }

    /// Which files the record may and must link to.
    package var linkRules: [LinkRule] {
        [
            LinkRule("summary", 0...1, to: [.closeoutSummary]),
            LinkRule("health", 0...1, to: [.retentionHealth]),
        ]
    }

    /// The fields as members of the record's object.
    package var members: [JSONMember] {
        let list = entries.map { entry -> JSON in
            ["path": .string(entry.path), "sha256": JSON(entry.digest)]
        }
        return [JSONMember("log", log.json), JSONMember("entries", .array(list))]
    }

    /// Takes the fields out of a record's object.
    ///
    /// - Throws: `JSONShapeError` that names the field.
    package init(taking reader: inout JSONObjectReader) throws(JSONShapeError) {
        log = try LogPrefix(reader.required("log"))
        var entries: [Entry] = []
        for item in try reader.array("entries") {
            var reader = try item.object()
            entries.append(
                Entry(path: try reader.bytes("path"), digest: try reader.digest("sha256")))
            try reader.finish()
        }
        guard entries.count == log.size else {
            throw reader.invalid("entries", "must be as many as log.size says")
        }
        self.entries = entries
    }
}
