import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutVerification

/// Takes a piece of evidence out of a bundle, once it is what the log says
/// (docs/command-line.md, "show").
struct EvidenceTaking {
    let reader: BundleReader
    let contents: BundleContents
    let evidence: ShownNames

    /// Writes the file that a person names to another, or to standard output for `-`.
    func take(_ name: [UInt8], to output: [UInt8], bundle: [UInt8], _ context: Context) throws {
        let isStream = output == [UInt8(ascii: "-")]
        if !isStream { try demandOutside(output, sparing: CommandInputs(bundle: bundle)) }
        let file = try file(named: name)
        guard let bytes = try bytes(of: file) else {
            throw CommandFailure(
                .failed, "\(printable(file.entry.path)) is not what the log says, or is withheld",
                hint: "`closeout verify` says what is wrong")
        }
        guard !isStream else { return try Self.print(bytes, context) }
        guard let target = Path.split(output).name else {
            throw CommandFailure(.cannotCreate, "\(printable(output)) has no name of its own")
        }
        let parent = try Directory.openParent(ofNew: output)
        try parent.write(new: target, bytes)
        try parent.sync()
        try context.console.result("\(printable(output))\n")
        context.console.note(
            "\(counted(bytes.count, "byte")), sha256:\(file.entry.digest.hex), as the log says")
    }

    /// Writes the bytes as they are; to a terminal what could steer it is escaped.
    private static func print(_ bytes: [UInt8], _ context: Context) throws {
        guard StandardStream.isTerminal(StandardStream.output) else {
            return try StandardStream.write(bytes, to: StandardStream.output)
        }
        for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
            try context.console.result("\(printable(Array(line)))\n")
        }
    }

    private func bytes(of file: LoggedFile) throws -> [UInt8]? {
        guard file.entry.kind == .attachment else { return file.trueBytes }
        return try reader.readAttachment(file.entry, limit: file.entry.size)
    }

    /// The record or attachment of a name: the file name that a record gives it, its path in the bundle,
    /// or its digest, of which eight digits will do.
    ///
    /// - Throws: `CommandFailure` where there is none, or where several have it.
    private func file(named name: [UInt8]) throws -> LoggedFile {
        let files = contents.files(.attachment) + contents.files(.evidence)
        if let file = files.first(where: { $0.entry.path == name }) { return file }
        let prefix = Array("sha256:".utf8)
        let digits = name.starts(with: prefix) ? Array(name.dropFirst(prefix.count)) : name
        let isDigits = (8...64).contains(digits.count) && digits.allSatisfy(\.isHexDigit)
        let found = files.filter { file in
            evidence.names(of: file.entry.digest).contains { $0.utf8.elementsEqual(name) }
                || isDigits && file.entry.digest.hexBytes.starts(with: digits)
        }
        guard let first = found.first else {
            throw CommandFailure(
                .missing, "the bundle has no evidence \(printable(name))",
                hint: "`closeout show \(shellQuoted(bundlePath)) --evidence` lists it")
        }
        guard found.count == 1 else {
            let candidates = found.map {
                "\(printable($0.entry.path)) (\(counted($0.entry.size, "byte")), added "
                    + "\($0.entry.at))"
            }
            throw CommandFailure(
                .usage,
                "\(found.count) files are called \(printable(name)): "
                    + candidates.joined(separator: ", "), hint: "name one by its path")
        }
        return first
    }

    private var bundlePath: [UInt8] { reader.path }
}

/// The names of attachments, and what records say that they show.
struct ShownNames {
    private let attachments: AttachmentNames
    private let uses: [SHA256Digest: [String]]

    /// Takes them from the records of files, of which a view may leave out some.
    init(_ files: [LoggedFile]) {
        let records = files.compactMap { $0.trueBytes.flatMap { try? Record(parsing: $0) } }
        attachments = AttachmentNames(records)
        var uses: [SHA256Digest: [String]] = [:]
        for record in records where record.kind.hasName(of: .readiness) {
            for link in record.header.links {
                guard let kind = Readiness.Evidence(rawValue: link.kind) else { continue }
                if uses[link.digest]?.contains(kind.rawValue) != true {
                    uses[link.digest, default: []].append(kind.rawValue)
                }
            }
        }
        self.uses = uses
    }

    /// What an attachment is called.
    func names(of attachment: SHA256Digest) -> [String] { attachments.names(of: attachment) }

    /// The media type that a record gives an attachment.
    func mediaType(of attachment: SHA256Digest) -> String? {
        attachments.descriptions[attachment]?.first?.mediaType
    }

    /// What readiness records say that it shows.
    func uses(of attachment: SHA256Digest) -> [String] { uses[attachment] ?? [] }
}
