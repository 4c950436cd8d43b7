import Encodings

/// One evidence record: what every record says, and what its kind adds (docs/records.md).
package struct Record: Equatable, Sendable {
    /// The fields of a record's own kind.
    package enum Body: Equatable, Sendable {
        case archiveSignature(ArchiveSignature)
    }

    /// What every record says.
    package let header: RecordHeader
    /// What its kind adds.
    package let body: Body

    /// Puts a record together.
    package init(header: RecordHeader, body: Body) {
        self.header = header
        self.body = body
    }

    /// The record's kind.
    package var kind: RecordKind {
        switch body {
        case .archiveSignature: .archiveSignature
        }
    }

    /// The document, in canonical JSON.
    package var canonicalBytes: [UInt8] {
        let own: [JSONMember]
        switch body {
        case .archiveSignature(let record): own = record.members
        }
        return JSON.object(header.members(kind: kind) + own).canonicalBytes
    }

    /// Reads a record, which must be canonical and closed.
    ///
    /// - Throws: `RecordError` that names the place or the unknown kind.
    package init(parsing bytes: [UInt8]) throws(RecordError) {
        do {
            var reader = try JSONObjectReader(JSON(parsingCanonical: bytes), at: "record")
            let name = try reader.string("kind")
            guard let kind = RecordKind(rawValue: name) else { throw RecordError.unknownKind(name) }
            header = try RecordHeader(taking: &reader)
            switch kind {
            case .archiveSignature:
                guard header.links.map(\.kind) == [ArchiveSignature.link] else {
                    throw RecordError.malformed("links is not one of kind signature")
                }
                body = .archiveSignature(try ArchiveSignature(taking: &reader))
            }
            try reader.finish()
        } catch let error as RecordError {
            throw error
        } catch {
            throw .malformed("\(error)")
        }
    }
}
