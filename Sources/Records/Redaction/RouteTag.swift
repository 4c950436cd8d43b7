package import CloseoutEncodings
package import CloseoutOpenSSL

/// Which receiver a delivery went to, without saying who: the same receiver has the same tag under
/// the same key (docs/redaction.md, "Route tags").
package struct RouteTag: Hashable, Sendable {
    /// The id of the key, 8 bytes.
    package let key: [UInt8]
    /// The first 128 bits of the keyed hash.
    package let tag: [UInt8]

    /// The tag as a value for canonical JSON.
    package var json: JSON { ["key": JSON(Hex.string(key)), "tag": JSON(Hex.string(tag))] }

    fileprivate init(key: [UInt8], tag: [UInt8]) {
        self.key = key
        self.tag = tag
    }

    init(_ item: JSONItem) throws(JSONShapeError) {
        var reader = try item.object()
        key = try reader.required("key").hexadecimal(RouteKey.idSize)
        tag = try reader.required("tag").hexadecimal(RouteKey.tagSize)
        try reader.finish()
    }
}

/// The secret key of an installation, which makes its route tags and the salts of its commitments.
///
/// Who destroys it makes all tags and commitments of it unlinkable for good. It shows nothing of itself.
package struct RouteKey: Equatable, Sendable {
    /// The bytes of a key.
    package static let size = 32
    static let idSize = 8
    static let tagSize = 16

    private let bytes: [UInt8]
    /// The id by which records name the key; nothing of the key follows from it.
    package let id: [UInt8]

    /// Takes a key; nil where it has another size.
    ///
    /// - Throws: `OpenSSLError` where its id cannot be computed.
    package init?(_ bytes: [UInt8]) throws(OpenSSLError) {
        guard bytes.count == Self.size else { return nil }
        self.bytes = bytes
        id = Array(
            try HMAC.sha256(key: bytes, over: Array("closeout/route-key/v1".utf8))
                .prefix(Self.idSize))
    }

    /// Reads the file of a key: 64 hexadecimal digits and a line end; nil for anything else.
    ///
    /// - Throws: `OpenSSLError` where its id cannot be computed.
    package init?(parsing file: [UInt8]) throws(OpenSSLError) {
        let digits = file.last == UInt8(ascii: "\n") ? Array(file.dropLast()) : file
        guard let bytes = Hex.decode(digits) else { return nil }
        try self.init(bytes)
    }

    /// The file of a new key.
    ///
    /// - Throws: `OpenSSLError` where there is no randomness.
    package static func newFile() throws(OpenSSLError) -> [UInt8] {
        Array((Hex.string(try randomBytes(size)) + "\n").utf8)
    }

    /// The tag of a receiver.
    ///
    /// - Parameter destination: Its address in its one form: a URL, or `smtp://` or `syslog://` with host and port.
    /// - Returns: The tag.
    /// - Throws: `OpenSSLError` where it cannot be computed.
    package func tag(of destination: String) throws(OpenSSLError) -> RouteTag {
        let code = try HMAC.sha256(
            key: bytes, over: Array("closeout/route/v1\0\(destination)".utf8))
        return RouteTag(key: id, tag: Array(code.prefix(Self.tagSize)))
    }

    /// What shows one thing of one delivery to whom its owner gives it.
    ///
    /// The salt follows from key, delivery and name: so the dry run and the delivery have one commitment to what
    /// is the same in both.
    package func disclosure(
        of name: DisclosedName, _ value: String, delivery: String
    ) throws(OpenSSLError) -> Disclosure {
        let code = try HMAC.sha256(
            key: bytes, over: Array("closeout/salt/v1\0\(delivery)\0\(name.rawValue)".utf8))
        return Disclosure(salt: Array(code.prefix(Disclosure.saltSize)), name: name, value: value)
    }
}

extension RouteKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "[route key]" }
    /// The same as `description`.
    package var debugDescription: String { description }
    /// Without children, so that `dump` and reflection find nothing.
    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension JSONItem {
    /// So many bytes in lower-case hexadecimal digits.
    func hexadecimal(_ count: Int) throws(JSONShapeError) -> [UInt8] {
        guard let bytes = Hex.decode(try bytes()), bytes.count == count else {
            throw invalid("must be \(2 * count) lower-case hexadecimal digits")
        }
        return bytes
    }
}
