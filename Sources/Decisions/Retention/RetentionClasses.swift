import CloseoutEncodings
package import CloseoutOpenSSL
package import CloseoutRecords

/// The retention classes of an organisation (docs/retention.md, "Classes").
package struct RetentionClasses: Equatable, Sendable {
    /// One class.
    package struct Entry: Equatable, Sendable {
        /// Its id, which a retention request names.
        package let id: String
        /// The shortest period.
        package let minimum: Period
        /// The event from which the period runs; nil for the seal's creation.
        package let basis: String?
        /// The weakest mode in which it may be kept.
        package let mode: RetentionRequest.Mode
    }

    /// How long before its end a retention is expiring.
    package let warning: Period
    /// For how long an observation is good.
    package let freshness: Period
    /// The classes, in the file's order.
    package let classes: [Entry]
    /// The exact bytes of the file.
    package let bytes: [UInt8]
    /// Their digest.
    package let digest: SHA256Digest

    /// The most bytes of a file.
    package static let largestFile = 256 * 1024

    /// The class of this id.
    package func entry(_ id: String) -> Entry? {
        classes.first { $0.id.utf8.elementsEqual(id.utf8) }
    }

    /// Reads `retention-classes.json` with the strict reader.
    ///
    /// - Throws: `CriteriaError` that names the place.
    package init(parsing bytes: [UInt8]) throws(CriteriaError) {
        do {
            guard bytes.count <= Self.largestFile else {
                throw CriteriaError("longer than \(Self.largestFile) bytes")
            }
            var reader = try JSONObjectReader(JSON(parsing: bytes))
            try reader.constant("kind", "closeout/retention-classes/v1")
            warning = try reader.required("warning").period()
            freshness = try reader.required("freshness").period()
            let list = try reader.required("classes")
            var classes: [Entry] = []
            for item in try list.array() {
                let entry = try Entry(item)
                guard !classes.contains(where: { $0.id.utf8.elementsEqual(entry.id.utf8) }) else {
                    throw item.invalid("has an id that another has")
                }
                classes.append(entry)
            }
            guard !classes.isEmpty else { throw list.invalid("empty") }
            self.classes = classes
            try reader.finish()
            self.bytes = bytes
            digest = try SHA256Digest.of(bytes)
        } catch let error as CriteriaError {
            throw error
        } catch {
            throw CriteriaError("\(error)")
        }
    }
}

extension RetentionClasses.Entry {
    fileprivate init(_ item: JSONItem) throws(JSONShapeError) {
        var reader = try item.object()
        id = try reader.required("id").name()
        minimum = try reader.required("minimum").period()
        basis = try reader.optional("basis").map { item throws(JSONShapeError) in
            try item.name()
        }
        mode = try reader.required("mode").choice()
        try reader.finish()
    }
}
