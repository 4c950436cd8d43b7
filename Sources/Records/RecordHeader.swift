package import Encodings
package import OpenSSL

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
    package let releaseVersion: String
    /// The digest of `seal.json`.
    package let seal: SHA256Digest
    /// When the record was made, as its maker says.
    package let at: Instant
    /// Who made it, as they say.
    package let by: String?
    package let visibility: Visibility
    /// 32 random bytes, where the record is restricted.
    package let salt: [UInt8]?
    /// Ascending by digest.
    package let links: [RecordLink]

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
            JSONMember(key: "at", value: JSON(at.description)),
            JSONMember(key: "kind", value: JSON(kind.rawValue)),
            JSONMember(
                key: "links",
                value: .array(
                    links.map { ["kind": JSON($0.kind), "sha256": JSON($0.digest.hex)] })),
            JSONMember(
                key: "release",
                value: ["name": JSON(releaseName), "version": JSON(releaseVersion)]),
            JSONMember(key: "seal", value: JSON(seal.hex)),
            JSONMember(key: "visibility", value: JSON(visibility.rawValue)),
        ]
        if let by { members.append(JSONMember(key: "by", value: JSON(by))) }
        if let salt { members.append(JSONMember(key: "salt", value: JSON(Hex.encode(salt)))) }
        return members
    }

    /// Takes the header's fields out of a record's object.
    init(taking reader: inout JSONObjectReader) throws(RecordError) {
        do {
            var release = try JSONObjectReader(try reader.value("release"), at: "release")
            releaseName = try release.string("name")
            releaseVersion = try release.string("version")
            try release.finish()
            seal = try reader.digest("seal")
            at = try reader.instant("at")
            by = try reader.optionalString("by")
            let visibilityName = try reader.string("visibility")
            guard let visibility = Visibility(rawValue: visibilityName) else {
                throw RecordError.malformed("visibility is \(printable(Array(visibilityName.utf8)))")
            }
            self.visibility = visibility
            salt = try reader.optionalBytes("salt").map { text throws(RecordError) in
                guard let salt = Hex.decode(text), salt.count == 32 else {
                    throw RecordError.malformed("salt is not 32 bytes in hex")
                }
                return salt
            }
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

    private static func links(_ items: [JSON]) throws -> [RecordLink] {
        var links: [RecordLink] = []
        for (index, item) in items.enumerated() {
            var reader = try JSONObjectReader(item, at: "links[\(index)]")
            let link = RecordLink(kind: try reader.string("kind"), digest: try reader.digest("sha256"))
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
        case .unknownKind(let kind): "kind \(printable(Array(kind.utf8))) is not known"
        }
    }
}
