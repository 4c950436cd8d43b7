package import CloseoutEncodings
package import CloseoutOpenSSL
package import CloseoutRecords

/// What a storage provider reported of the copies that it keeps (docs/retention.md,
/// "Observations").
///
/// A field that is absent is unknown: a provider that did not say whether a copy is locked has not
/// said that it is not.
package struct Observations: Equatable, Sendable {
    /// One copy, as the provider has it.
    package struct Copy: Equatable, Sendable {
        /// Its name at the provider.
        package let name: String
        /// The SHA-256 that the copy has, and the one that it should have.
        package let digest: SHA256Digest?
        /// The SHA-256 that it should have.
        package let original: SHA256Digest
        /// When the provider, or somebody there, last read and hashed the whole copy.
        package let hashedAt: Instant?
        /// The instant before which it cannot be deleted.
        package let until: Instant?
        /// How strictly it is kept.
        package let mode: RetentionRequest.Mode?
        /// Whether the rule that keeps it is locked.
        package let isLocked: Bool?
        /// Whether it is held.
        package let isHeld: Bool?
        /// Whether anybody may delete it all the same.
        package let canBypass: Bool?
        /// Whether another version or a delete marker lies above it.
        package let isHidden: Bool?
        /// When a rule of the bucket will delete it.
        package let lifecycleEnd: Instant?
        /// Whether the key that encrypts it stays usable.
        package let hasKey: Bool?
        /// Whether its replica is there and as strict.
        package let hasReplica: Bool?
        /// Whether what is stored next beside it is kept as its class asks.
        package let hasDefault: Bool?
        /// How often its retention can still be extended, or it can be held.
        package let changesLeft: Int?
    }

    /// Who reported.
    package let provider: String
    /// When.
    package let at: Instant
    /// How many copies there should be.
    package let expected: Int
    /// The copies that were reported.
    package let copies: [Copy]
    /// The digest of the file.
    package let digest: SHA256Digest

    /// The most bytes of a file.
    package static let largestFile = 4 * 1024 * 1024

    /// Reads a file of observations with the strict reader.
    ///
    /// - Throws: `CriteriaError` that names the place.
    package init(parsing bytes: [UInt8]) throws(CriteriaError) {
        do {
            guard bytes.count <= Self.largestFile else {
                throw CriteriaError("longer than \(Self.largestFile) bytes")
            }
            var reader = try JSONObjectReader(JSON(parsing: bytes))
            try reader.constant("kind", "closeout/observations/v1")
            provider = try reader.required("provider").name()
            at = try reader.instant("at")
            expected = Int(try reader.integer("expected", in: 0...1_000_000))
            var copies: [Copy] = []
            var names: Set<[UInt8]> = []
            for item in try reader.array("copies") {
                let copy = try Copy(item)
                guard names.insert(Array(copy.name.utf8)).inserted else {
                    throw item.invalid("has a name that another has")
                }
                copies.append(copy)
            }
            self.copies = copies
            try reader.finish()
            digest = try SHA256Digest.of(bytes)
        } catch let error as CriteriaError {
            throw error
        } catch {
            throw CriteriaError("\(error)")
        }
    }
}

extension Observations.Copy {
    fileprivate init(_ item: JSONItem) throws(JSONShapeError) {
        var reader = try item.object()
        name = try reader.required("name").text()
        original = try reader.digest("original")
        digest = try reader.optional("sha256")?.digest()
        hashedAt = try reader.optional("hashed_at")?.instant()
        until = try reader.optional("until")?.instant()
        mode = try reader.optional("mode")?.choice()
        isLocked = try reader.optional("locked")?.bool()
        isHeld = try reader.optional("held")?.bool()
        canBypass = try reader.optional("bypass")?.bool()
        isHidden = try reader.optional("hidden")?.bool()
        lifecycleEnd = try reader.optional("lifecycle_end")?.instant()
        hasKey = try reader.optional("key_usable")?.bool()
        hasReplica = try reader.optional("replica")?.bool()
        hasDefault = try reader.optional("default_rule")?.bool()
        let changes = try reader.optional("changes_left")?.integer(in: 0...1_000_000)
        changesLeft = changes.map { Int($0) }
        try reader.finish()
    }
}
