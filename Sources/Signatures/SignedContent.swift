/// The exact bytes that a signature has to be over, and the type under which DSSE signs them.
///
/// Implements "What each format signs" of docs/signatures.md.
package struct SignedContent: Equatable, Sendable {
    /// The bytes.
    package let bytes: [UInt8]
    /// The DSSE payload type that is demanded; `nil` takes any.
    package let payloadType: [UInt8]?

    /// What the file with the bytes is called, for signed lists of digests; `nil` where that
    /// is of no meaning.
    package let fileName: [UInt8]?

    private init(bytes: [UInt8], payloadType: [UInt8]?, fileName: [UInt8]? = nil) {
        self.bytes = bytes
        self.payloadType = payloadType
        self.fileName = fileName
    }

    /// The bytes of `seal.json`, signed as an in-toto statement.
    package static func seal(_ bytes: [UInt8]) -> SignedContent {
        SignedContent(bytes: bytes, payloadType: statementType)
    }

    /// The bytes of an in-toto statement about a seal.
    package static func statement(_ bytes: [UInt8]) -> SignedContent {
        SignedContent(bytes: bytes, payloadType: statementType)
    }

    /// The bytes of a closeout record.
    package static func record(_ bytes: [UInt8]) -> SignedContent {
        SignedContent(bytes: bytes, payloadType: recordType)
    }

    private static let statementType = Array("application/vnd.in-toto+json".utf8)
    /// The payload type of records.
    package static let recordType = Array("application/vnd.closeout.record.v1+json".utf8)

    /// The bytes of any single file, signed under any type.
    ///
    /// - Parameters:
    ///   - bytes: The bytes.
    ///   - name: The file's path or name, by which a signed list of digests finds it.
    /// - Returns: The content.
    package static func file(_ bytes: [UInt8], named name: [UInt8]? = nil) -> SignedContent {
        SignedContent(bytes: bytes, payloadType: nil, fileName: name)
    }
}
