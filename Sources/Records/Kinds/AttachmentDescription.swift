package import CloseoutEncodings

/// What an attachment was called where it came from, and what its bytes are
/// (docs/records.md, "attachment").
///
/// The attachment is the record's one link, of kind `attachment`. Nothing rests on it: it says under
/// which name a person finds the file again.
package struct AttachmentDescription: RecordBody {
    /// The link kind that names the attachment.
    package static let link = "attachment"
    /// The most bytes of a file name.
    package static let longestName = 255
    /// The most bytes of a media type.
    package static let longestMediaType = 127

    /// The file's name, without a folder.
    package let name: String
    /// The media type of its bytes, as `type/subtype`.
    package let mediaType: String

    /// Describes an attachment; nil where the name or the media type is none that is kept.
    package init?(name: [UInt8], mediaType: String) {
        guard Self.isName(name), firstInvalidUTF8(in: name) == nil,
            Self.isMediaType(Array(mediaType.utf8))
        else { return nil }
        self.name = String(decoding: name, as: UTF8.self)
        self.mediaType = mediaType
    }

    /// Which files the record may and must link to.
    package var linkRules: [LinkRule] { [LinkRule(Self.link, 1...1)] }

    /// The fields as members of the record's object.
    package var members: [JSONMember] {
        [JSONMember("media_type", JSON(mediaType)), JSONMember("name", JSON(name))]
    }

    /// Takes the fields out of a record's object.
    ///
    /// - Throws: `JSONShapeError` that names the field.
    package init(taking reader: inout JSONObjectReader) throws(JSONShapeError) {
        let name = try reader.required("name")
        guard Self.isName(try name.bytes()) else {
            throw name.invalid(
                "must be a file name of 1 to \(Self.longestName) bytes without a slash or control "
                    + "character, and not . or ..")
        }
        let mediaType = try reader.required("media_type")
        guard Self.isMediaType(try mediaType.bytes()) else {
            throw mediaType.invalid("must be a media type such as application/json")
        }
        self.name = try name.string()
        self.mediaType = try mediaType.string()
    }

    /// Whether bytes, which are UTF-8, are a plain file name: no folder, no control character.
    package static func isName(_ bytes: [UInt8]) -> Bool {
        guard (1...longestName).contains(bytes.count), bytes != [0x2E], bytes != [0x2E, 0x2E] else {
            return false
        }
        for (index, byte) in bytes.enumerated() {
            if byte < 0x20 || byte == 0x7F || byte == UInt8(ascii: "/") { return false }
            // U+0080 to U+009F are control characters too.
            let next = index + 1 < bytes.count ? bytes[index + 1] : 0
            if byte == 0xC2, (0x80...0x9F).contains(next) { return false }
        }
        return true
    }

    /// Whether bytes are a media type without parameters: two names of RFC 6838 with a slash between.
    package static func isMediaType(_ bytes: [UInt8]) -> Bool {
        let parts = bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return parts.count == 2 && bytes.count <= longestMediaType
            && parts.allSatisfy { part in
                part.first?.isAlphanumeric == true
                    && part.allSatisfy { $0.isAlphanumeric || "!#$&^_.+-".utf8.contains($0) }
            }
    }
}
