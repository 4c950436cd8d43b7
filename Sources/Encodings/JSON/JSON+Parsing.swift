extension JSON {
    /// Reads one JSON document, refusing everything on which two readers could disagree.
    ///
    /// White space between tokens is allowed; see `init(parsingCanonical:limits:)` for the form
    /// without. Implements "Reading JSON" of docs/bundle.md.
    ///
    /// - Throws: `JSONError` for the first byte that is wrong.
    package init(parsing bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) {
        var parser = JSONParser(bytes, limits: limits)
        self = try parser.document()
    }

    /// Reads one JSON document that must be in the canonical form of RFC 8785.
    ///
    /// - Throws: `JSONError`; its reason is `notCanonical`, at the first differing byte, for a
    ///   well-formed document in another form.
    package init(
        parsingCanonical bytes: [UInt8], limits: JSONLimits = JSONLimits()
    ) throws(JSONError) {
        try self.init(parsing: bytes, limits: limits)
        let canonical = canonicalBytes
        guard canonical != bytes else { return }
        let common = zip(canonical, bytes).prefix { $0 == $1 }.count
        throw JSONError(offset: common, reason: .notCanonical)
    }
}
