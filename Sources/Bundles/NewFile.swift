package import CloseoutOpenSSL

/// A file that is to be stored in a bundle.
package struct NewFile: Sendable {
    /// Where its bytes come from.
    package enum Content: Sendable {
        case bytes([UInt8])
        /// The path of a file of any size.
        case file([UInt8])
    }

    /// What the file is.
    package let kind: EntryKind
    /// What its bytes are.
    package let mediaType: MediaType
    /// Where its bytes come from.
    package let content: Content
    /// The name in its folder, where that is not the digest of the content.
    let name: [UInt8]?

    /// Describes a file that is named by the digest of its content.
    package init(kind: EntryKind, mediaType: MediaType, content: Content) {
        self.init(kind: kind, mediaType: mediaType, content: content, name: nil)
    }

    init(kind: EntryKind, mediaType: MediaType, content: Content, name: [UInt8]?) {
        self.kind = kind
        self.mediaType = mediaType
        self.content = content
        self.name = name
    }

    /// A signature, record, time-stamp or certificate of these bytes.
    package init(kind: EntryKind, mediaType: MediaType, bytes: [UInt8]) {
        self.init(kind: kind, mediaType: mediaType, content: .bytes(bytes))
    }
}

/// Where a file was stored.
package struct StoredFile: Equatable, Sendable {
    /// Its path in the bundle.
    package let path: [UInt8]
    /// The digest of its bytes.
    package let digest: SHA256Digest
    /// Whether the log held these bytes before, so that nothing was written.
    package let existed: Bool
}
