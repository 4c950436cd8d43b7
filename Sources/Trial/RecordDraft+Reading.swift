import CloseoutEncodings
import CloseoutRecords
import CloseoutWorkflows

extension RecordDraft {
    /// Reads what a machine wrote down: the kind of a record, its fields and its links.
    ///
    /// - Throws: `JSONError` or `JSONShapeError` where it is none.
    init(parsing bytes: [UInt8]) throws {
        var reader = try JSONObjectReader(JSON(parsing: bytes))
        let item = try reader.required("kind")
        guard let kind = RecordKind(named: try item.string()) else {
            throw item.invalid("no kind of record")
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
