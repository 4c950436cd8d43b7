package import CloseoutEncodings
package import CloseoutOpenSSL

/// A reference from a record to a logged file (docs/records.md, "Links").
package struct RecordLink: Equatable, Sendable {
    /// What the linked file is to the record.
    package let kind: String
    /// The digest under which the log names the file.
    package let digest: SHA256Digest

    package init(kind: String, digest: SHA256Digest) {
        self.kind = kind
        self.digest = digest
    }
}

/// What every record says before its own fields (docs/records.md, "Fields of every record").
package struct RecordHeader: Equatable, Sendable {
    /// The release's name and version.
    package let releaseName: String
    /// The version of the release.
    package let releaseVersion: String
    /// The digest of `seal.json`.
    package let seal: SHA256Digest
    /// When the record was made, as its maker says.
    package let at: Instant
    /// Who made it, as they say.
    package let by: String?
    /// Who may see the record.
    package let visibility: Visibility
    /// 32 random bytes, where the record is restricted.
    package let salt: [UInt8]?
    /// Ascending by digest.
    package let links: [RecordLink]

    /// Puts a header together; links are brought into order.
    package init(
        releaseName: String, releaseVersion: String, seal: SHA256Digest, at: Instant, by: String?,
        visibility: Visibility, salt: [UInt8]?, links: [RecordLink]
    ) {
        self.releaseName = releaseName
        self.releaseVersion = releaseVersion
        self.seal = seal
        self.at = at
        self.by = by
        self.visibility = visibility
        self.salt = salt
        self.links = links.sorted { $0.digest < $1.digest }
    }

    /// The members of the record's object that the header gives.
    func members(kind: RecordKind) -> [JSONMember] {
        var members: [JSONMember] = [
            JSONMember("at", JSON(at.description)),
            JSONMember("kind", JSON(kind.rawValue)),
            JSONMember(
                "links",
                .array(
                    links.map { ["kind": JSON($0.kind), "sha256": JSON($0.digest.hex)] })),
            JSONMember(
                "release",
                ["name": JSON(releaseName), "version": JSON(releaseVersion)]),
            JSONMember("seal", JSON(seal.hex)),
            JSONMember("visibility", JSON(visibility.rawValue)),
        ]
        if let by { members.append(JSONMember("by", JSON(by))) }
        if let salt { members.append(JSONMember("salt", JSON(Hex.string(salt)))) }
        return members
    }

    /// Takes the header's fields out of a record's object.
    init(taking reader: inout JSONObjectReader) throws(RecordError) {
        do {
            var release = try reader.object("release")
            releaseName = try release.string("name")
            releaseVersion = try release.string("version")
            try release.finish()
            seal = try reader.digest("seal")
            at = try reader.instant("at")
            by = try reader.optional("by")?.text()
            visibility = try reader.choice("visibility")
            salt = try reader.optional("salt")?.digest().bytes
            links = try Self.links(try reader.array("links"))
        } catch let error as RecordError {
            throw error
        } catch {
            throw .malformed("\(error)")
        }
        guard (visibility == .restricted) == (salt != nil) else {
            throw .malformed("a record has a salt if and only if it is restricted")
        }
    }

    /// The digests that links of one kind name, ascending.
    package func links(_ kind: String) -> [SHA256Digest] {
        links.filter { $0.kind.utf8.elementsEqual(kind.utf8) }.map(\.digest)
    }

    private static func links(_ items: [JSONItem]) throws -> [RecordLink] {
        var links: [RecordLink] = []
        for (index, item) in items.enumerated() {
            var reader = try item.object()
            let link = RecordLink(
                kind: try reader.string("kind"), digest: try reader.digest("sha256"))
            try reader.finish()
            if let last = links.last, last.digest >= link.digest {
                throw RecordError.malformed("links[\(index)] does not ascend by digest")
            }
            links.append(link)
        }
        return links
    }
}

/// Why bytes are not a record (docs/records.md).
package enum RecordError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The document is not of its kind's shape; the text names the place.
    case malformed(String)
    /// No version of this tool wrote such a kind.
    case unknownKind(String)

    /// The cause, in words.
    package var description: String {
        switch self {
        case .malformed(let detail): detail
        case .unknownKind(let kind): "kind \(printable(kind)) is not known"
        }
    }
}
