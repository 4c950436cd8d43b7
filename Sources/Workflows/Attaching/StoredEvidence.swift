package import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
package import CloseoutRecords

/// A file of evidence that was stored, and what it is.
package struct StoredEvidence: Sendable {
    /// Where it came from.
    package let path: [UInt8]
    /// Where it lies.
    package let file: StoredFile
    /// What it says, where its form is known.
    package let content: EvidenceContent
}

extension BundleAppending {
    /// Stores a file as an attachment, and its name and media type where it has some
    /// (docs/records.md, "attachment").
    ///
    /// The file is read once. What is longer than `EvidenceContent.largestFile` is stored as it comes and
    /// not looked into.
    ///
    /// - Parameters:
    ///   - path: The file; a pipe is refused.
    ///   - mediaType: What its bytes are; by default what content and name show.
    ///   - options: What all appends have in common.
    ///   - receipt: Takes a warning where the name is not kept.
    /// - Returns: The attachment, and what it is.
    /// - Throws: `BundleError`, `FileError`.
    package mutating func addEvidence(
        at path: [UInt8], mediaType: String? = nil, _ options: AppendOptions,
        _ receipt: inout Receipt
    ) throws -> StoredEvidence {
        let name = Path.split(path).name ?? path
        let bytes = try Self.bytes(at: path)
        let file: StoredFile
        do throws(BundleError) {
            file = try add(
                NewFile(
                    kind: .attachment, mediaType: .attachment(named: name),
                    content: bytes.map { .bytes($0) } ?? .file(path)), at: options.now)
        } catch {
            guard case .privateKey = error else { throw error }
            throw BundleError.privateKey(path: path)
        }
        let stored = StoredEvidence(
            path: path, file: file,
            content: bytes.map { EvidenceContent(of: $0) } ?? .unread("is not looked into"))
        let type =
            mediaType ?? stored.content.mediaType ?? MediaType.attachment(named: name).name
        try keepName(of: file, from: path, type, by: options.by, at: options.now, &receipt)
        return stored
    }

    /// Stores a document as an attachment, and its name where it has one.
    ///
    /// - Parameters:
    ///   - document: The document.
    ///   - by: Who adds it, as they say.
    ///   - now: When.
    ///   - receipt: Takes a warning where the name is not kept.
    /// - Returns: The attachment.
    /// - Throws: `BundleError`.
    mutating func add(
        _ document: GivenDocument, by: String?, at now: Instant, _ receipt: inout Receipt
    ) throws(BundleError) -> StoredFile {
        let type = MediaType.attachment(named: Array("x.json".utf8))
        let file = try add(
            NewFile(kind: .attachment, mediaType: type, content: .bytes(document.bytes)), at: now)
        if let path = document.path {
            try keepName(of: file, from: path, type.name, by: by, at: now, &receipt)
        }
        return file
    }

    private mutating func keepName(
        of file: StoredFile, from path: [UInt8], _ mediaType: String, by: String?,
        at now: Instant, _ receipt: inout Receipt
    ) throws(BundleError) {
        let name = Path.split(path).name ?? path
        guard let description = AttachmentDescription(name: name, mediaType: mediaType) else {
            receipt.warn(
                "\(printable(path)) is stored without its name: it is no plain file name in UTF-8",
                hint: "`closeout show BUNDLE --evidence` lists it by its path")
            return
        }
        _ = try describe(file, as: description, by: by, at: now)
    }

    /// The bytes of a file; nil where it is too long to be looked into.
    private static func bytes(at path: [UInt8]) throws(BundleError) -> [UInt8]? {
        do throws(FileError) {
            return try openFile(path).readAll(limit: EvidenceContent.largestFile)
        } catch {
            if case .tooLarge = error.cause { return nil }
            throw .file(error.at(path))
        }
    }
}
