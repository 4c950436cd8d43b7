internal import CloseoutEncodings
internal import CloseoutRecords
internal import CloseoutWorkflows

/// A closeout record that is to be stored: a document of evidence about the release (docs/records.md).
///
/// ```swift
/// var record = try Record(kind: "closeout/readiness/v1")
/// record.attach(fileAt: "reports/junit.xml", as: "tests")
/// let receipt = try await writer.write(record, signedBy: releaseKey)
/// ```
///
/// Release, seal, time and the like are filled in by the writer.
public struct Record: Sendable {
    private(set) var draft: RecordDraft

    /// Begins a record.
    ///
    /// - Parameters:
    ///   - kind: The kind, such as `closeout/readiness/v1` or `closeout/legal-hold/v1`. Decisions,
    ///     summaries and results of checks are computed, and are not begun here.
    ///   - fields: The fields of the kind alone, as a JSON object; none by default.
    /// - Throws: ``FormatError/record(_:)``, which names the field.
    public init(kind: String, fields: [UInt8] = Array("{}".utf8)) throws(FormatError) {
        guard let known = RecordKind(rawValue: kind) else {
            throw .record("there is no kind \(printable(kind.pathBytes))")
        }
        do {
            var reader = try JSONObjectReader(JSON(parsing: fields), at: "record")
            let body = try CloseoutRecords.Record.Body(known, taking: &reader)
            try reader.finish()
            switch body {
            case .archiveSignature, .decision, .closeoutSummary, .retentionHealth:
                throw FormatError.record("a \(kind) is computed, and not begun here")
            default: draft = RecordDraft(body: body)
            }
        } catch let error as FormatError {
            throw error
        } catch {
            throw .record("\(error)")
        }
    }

    /// Says that the record is about a file that the bundle has.
    ///
    /// - Parameters:
    ///   - digest: The SHA-256 of the file.
    ///   - kind: What the file is to the record, one of the links of its kind.
    public mutating func link(_ digest: SHA256Digest, as kind: String) {
        draft.links.append(RecordLink(kind: kind, digest: digest.inner))
    }

    /// Stores a file with the record.
    ///
    /// - Parameters:
    ///   - path: The path of the file.
    ///   - kind: What the file is to the record, one of the links of its kind.
    public mutating func attach(fileAt path: String, as kind: String) {
        draft.files.append(RecordDraft.File(kind: kind, path: path.pathBytes))
    }
}
