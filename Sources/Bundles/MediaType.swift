package import CloseoutSignatures

/// What a stored file's bytes are, and the extension that its name gets (docs/log.md, "Media types").
package struct MediaType: Equatable, Sendable {
    /// The media type as it is in the log.
    package let name: String
    /// The extension of a file of this type, without the dot.
    package let fileExtension: String

    /// `seal.json`.
    package static let seal = MediaType(name: "application/vnd.in-toto+json", fileExtension: "json")
    /// `manifest.jsonl`.
    package static let manifest = MediaType(
        name: "application/vnd.closeout.manifest.v1+jsonl", fileExtension: "jsonl")
    /// Plain text: README.txt, SHA256SUMS and text attachments.
    package static let text = MediaType(name: "text/plain", fileExtension: "txt")
    /// A closeout record.
    package static let record = MediaType(
        name: "application/vnd.closeout.record.v1+json", fileExtension: "json")
    /// An earlier checkpoint, with what others said of it.
    package static let note = MediaType(
        name: "application/vnd.closeout.checkpoint.v1", fileExtension: "note")
    /// A reply of a time-stamp authority.
    package static let timestampToken = MediaType(
        name: "application/timestamp-reply", fileExtension: "tsr")
    /// A certificate in DER.
    package static let certificate = MediaType(
        name: "application/pkix-cert", fileExtension: "cer")
    /// A certificate revocation list in DER.
    package static let revocationList = MediaType(
        name: "application/pkix-crl", fileExtension: "crl")
    /// Whatever has no type of its own.
    package static let octets = MediaType(name: "application/octet-stream", fileExtension: "bin")

    /// The media type of a signature file of `format`.
    package static func signature(_ format: SignatureFormat) -> MediaType {
        MediaType(name: format.mediaType, fileExtension: format.fileExtension)
    }

    /// The media type of the file of the head that has this kind, or nil for other kinds.
    package static func head(_ kind: EntryKind) -> MediaType? {
        switch kind {
        case .seal: seal
        case .manifest: manifest
        case .sums, .readme: text
        default: nil
        }
    }

    /// The same name, of which all lines of a log share one where it is known.
    static func shared(_ name: String) -> String {
        guard let index = names.firstIndex(of: name) else { return name }
        return names[index]
    }

    private static let names: Set<String> = {
        let own = [
            seal, manifest, record, note, timestampToken, certificate, revocationList,
        ]
        return Set((own + attachments).map(\.name) + SignatureFormat.all.map(\.mediaType))
    }()

    /// What `add` can name by the extension of the file that it was given.
    static let attachments: [MediaType] = [
        MediaType(name: "application/json", fileExtension: "json"),
        MediaType(name: "application/xml", fileExtension: "xml"),
        MediaType(name: "application/pdf", fileExtension: "pdf"),
        MediaType(name: "text/html", fileExtension: "html"),
        MediaType(name: "text/csv", fileExtension: "csv"),
        MediaType(name: "text/markdown", fileExtension: "md"),
        MediaType(name: "image/png", fileExtension: "png"),
        MediaType(name: "application/zip", fileExtension: "zip"),
        MediaType(name: "application/gzip", fileExtension: "gz"),
        text, octets,
    ]

    /// The media type of evidence in a file of this name: by its extension, else plain octets.
    package static func attachment(named name: [UInt8]) -> MediaType {
        attachments.first { type in
            let suffix = Array(".\(type.fileExtension)".utf8)
            return name.count > suffix.count && name.suffix(suffix.count).elementsEqual(suffix)
        } ?? octets
    }
}
