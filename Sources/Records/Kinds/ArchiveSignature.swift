package import CloseoutEncodings

/// What cannot be recomputed of an attached signature (docs/records.md, "archive-signature").
///
/// The signature file itself is the record's one link, of kind `signature`. No verdict depends
/// on this record: who signed follows from the signature and the policy alone.
package struct ArchiveSignature: RecordBody {
    /// The link kind that names the signature file.
    package static let link = "signature"

    /// The signature format that it was attached as.
    package let format: String
    /// What the signer calls the key, such as a KMS resource name; opaque to us.
    package let keyReference: String?

    /// States what was said about the signature when it was attached.
    package init(format: String, keyReference: String?) {
        self.format = format
        self.keyReference = keyReference
    }

    /// Which files the record may and must link to.
    package var linkRules: [LinkRule] { [LinkRule(Self.link, 1...1)] }

    /// The fields as members of the record's object.
    package var members: [JSONMember] {
        present([("format", JSON(format)), ("key_reference", keyReference.map { JSON($0) })])
    }

    /// Takes the fields out of a record's object.
    ///
    /// - Throws: `JSONShapeError` that names the field.
    package init(taking reader: inout JSONObjectReader) throws(JSONShapeError) {
        format = try reader.name("format")
        keyReference = try reader.optional("key_reference")?.text()
    }
}
