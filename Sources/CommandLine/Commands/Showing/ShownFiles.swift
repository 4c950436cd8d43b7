import CloseoutBundles
import CloseoutEncodings
import CloseoutRecords
import CloseoutSignatures

/// A signature of a bundle, and what it claims.
struct ShownSignature {
    private let path: String
    private let format: String?
    /// The key that each signature of the file names, nil where it names none; nil where the file
    /// cannot be read.
    private let claims: [String?]?

    init(_ file: LoggedFile) {
        path = printable(file.entry.path)
        let format = SignatureFormat(mediaType: file.entry.mediaType)
        self.format = format?.name
        claims = file.trueBytes.flatMap { try? format?.signatures(in: $0) }?
            .map { $0.hint.map { printable($0) } }
    }

    var text: String {
        let words = claims?.map { $0.map { "claims key \($0)" } ?? "names no key" }
        return "\(path)  \(format ?? "unknown")  "
            + (words ?? ["unreadable"]).joined(separator: "; ")
    }

    var json: JSON {
        let keys = claims.map { JSON.array($0.map { $0.map { JSON($0) } ?? .null }) }
        return [
            "path": JSON(path), "format": format.map { JSON($0) } ?? .null,
            "claimed_keys": keys ?? .null,
        ]
    }
}

/// A record or an attachment of a bundle.
struct ShownEvidence {
    private let file: LoggedFile
    private let record: Record?
    /// Whether its kind alone may be seen.
    private let isCut: Bool
    private let names: ShownNames

    init(_ file: LoggedFile, _ names: ShownNames) {
        self.file = file
        self.names = names
        record = file.trueBytes.flatMap { try? Record(parsing: $0) }
        isCut = false
    }

    /// What an outsider may see of a file that an export withholds: of a public record its kind,
    /// of all else nothing.
    init?(public file: LoggedFile, _ names: ShownNames) {
        guard let record = file.trueBytes.flatMap({ try? Record(parsing: $0) }),
            record.header.visibility == .public
        else { return nil }
        self.file = file
        self.record = record
        self.names = names
        isCut = true
    }

    private var isRecord: Bool { file.entry.kind == .evidence }

    /// Whether it is a record that does no more than name an attachment.
    var isNaming: Bool { record?.kind.hasName(of: .attachment) ?? false }

    /// What an attachment is called.
    private var calls: [String] { names.names(of: file.entry.digest) }

    /// What its bytes are, by its record or else by the log.
    private var mediaType: String {
        names.mediaType(of: file.entry.digest) ?? file.entry.mediaType
    }

    var text: String {
        let path = printable(file.entry.path)
        guard isRecord else {
            let called = calls.map { printable($0) }.joined(separator: ", ")
            let uses = names.uses(of: file.entry.digest)
            return "\(called.isEmpty ? path : called)  \(printable(mediaType))  "
                + "\(file.entry.size) bytes  "
                + (uses.isEmpty ? "shows nothing" : "shows \(uses.joined(separator: ", "))")
                + "  sha256:\(file.entry.digest.hex.prefix(12))"
        }
        let by = record?.header.by.map { "  by \(printable($0))" } ?? ""
        guard let record else { return "\(path)  unreadable" }
        if isCut { return "\(path)  \(record.kind.rawValue)  withheld" }
        return "\(path)  \(record.kind.rawValue)  \(record.summary)  "
            + "\(record.header.visibility.rawValue)\(by)" + lines.map { "\n  \($0)" }.joined()
    }

    /// What a run of a retry plan says of each delivery.
    private var lines: [String] {
        guard !isCut, case .retryRun(let run) = record?.body else { return [] }
        return run.results.map(\.line)
    }

    var json: JSON {
        .object(
            members + (lines.isEmpty ? [] : [JSONMember("results", .array(lines.map { JSON($0) }))])
        )
    }

    private var members: [JSONMember] {
        let json: JSON = [
            "path": JSON(printable(file.entry.path)), "media_type": JSON(mediaType),
            "sha256": JSON(file.entry.digest.hex),
            "names": .array(isRecord ? [] : calls.map { JSON(printable($0)) }),
            "shows": .array(
                isRecord ? [] : names.uses(of: file.entry.digest).map { JSON($0) }),
            "size": .integer(Int64(file.entry.size)),
            "kind": record.map { JSON($0.kind.rawValue) } ?? .null,
            "by": isCut ? .null : record?.header.by.map { JSON($0) } ?? .null,
            "summary": isCut ? .null : record.map { JSON($0.summary) } ?? .null,
            "visibility": record.map { JSON($0.header.visibility.rawValue) } ?? .null,
        ]
        guard case .object(let members) = json else { return [] }
        return members
    }
}
