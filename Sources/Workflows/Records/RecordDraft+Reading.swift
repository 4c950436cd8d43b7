import CloseoutEncodings
import CloseoutRecords

extension RecordDraft {
    /// Reads what a machine wrote down: the kind of a record, the fields of the kind and the links.
    ///
    /// - Throws: `JSONError` or `JSONShapeError` that names the place.
    package init(parsing bytes: [UInt8]) throws {
        let json = try JSON(parsing: bytes)
        var reader = try JSONObjectReader(json)
        let item = try reader.required("kind")
        let name = try item.string()
        let kinds = RecordKind.names(where: \.isWritten).joined(separator: ", ")
        guard var kind = RecordKind(named: name) else {
            throw item.invalid("no kind of record; use one of \(kinds)")
        }
        if kind == .readiness, json.has("shared_because") { kind = .readinessV2 }
        guard kind.isWritten else {
            throw item.invalid("records of this kind are not written by hand; use one of \(kinds)")
        }
        var links: [RecordLink] = []
        for item in try reader.optional("links")?.array() ?? [] {
            var reader = try item.object()
            links.append(
                RecordLink(kind: try reader.string("kind"), digest: try reader.digest("sha256")))
            try reader.finish()
        }
        let body = try Record.Body(kind, taking: &reader)
        try reader.finish()
        self.init(body: body, links: links)
    }
}

extension JSON {
    /// Whether it is an object with a member of this key.
    fileprivate func has(_ key: String) -> Bool {
        guard case .object(let members) = self else { return false }
        return members.contains { $0.key.elementsEqual(key.utf8) }
    }
}
