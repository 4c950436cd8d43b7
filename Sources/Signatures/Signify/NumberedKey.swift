import CloseoutEncodings
import CloseoutOpenSSL

/// The public key inside files of minisign and signify: an Ed25519 key and its number.
struct NumberedKey {
    /// Eight random bytes that signatures repeat.
    let number: [UInt8]
    /// The key.
    let publicKey: PublicKey

    static let length = 42
    /// The lengths of private keys: signify's; minisign's, encrypted or not.
    private static let privateLengths = [104, 158]

    /// What such a key is called in messages, as minisign prints it.
    static func name(of number: [UInt8]) -> [UInt8] {
        Array(Hex.string(number.reversed()).uppercased().utf8)
    }

    /// Takes the value apart.
    ///
    /// - Throws: `KeyError`.
    init(_ value: [UInt8]) throws(KeyError) {
        guard !Self.privateLengths.contains(value.count) else { throw .isPrivate }
        guard value.count == Self.length, value.starts(with: NumberedSignature.whole) else {
            throw .notAKey("not the 42 bytes of a key of minisign or signify")
        }
        number = Array(value[2..<10])
        publicKey = try PublicKey(ed25519: Array(value[10...]))
    }

    /// Reads a key file of two lines, or its second line alone.
    init(material: [UInt8]) throws(KeyError) {
        try self.init(Self.value(in: material))
    }

    private static func value(in material: [UInt8]) throws(KeyError) -> [UInt8] {
        let material = endingLinesInLF(material)
        if let value = bareValue(material) { return value }
        let blob: CommentedBlob
        do throws(SignatureError) {
            blob = try CommentedBlob(parsing: material)
        } catch { throw .notAKey("\(error)") }
        guard blob.rest.isEmpty else { throw .notAKey("bytes follow after the key") }
        return blob.value
    }

    /// The value in one line by itself, as `minisign -P` takes it.
    static func bareValue(_ material: [UInt8]) -> [UInt8]? {
        let line = material.last == UInt8(ascii: "\n") ? Array(material.dropLast()) : material
        return Base64.decode(line).flatMap { $0.count == length ? $0 : nil }
    }

    /// Whether a file is a key of one of the two tools, public or private, and of which.
    ///
    /// Only the comment distinguishes them; a key without one is minisign's, which alone uses such.
    static func tool(of material: [UInt8]) -> CommentedSignature? {
        let material = endingLinesInLF(material)
        if let value = bareValue(material) {
            return value.starts(with: NumberedSignature.whole) ? .minisign : nil
        }
        guard let blob = CommentedBlob(opening: material),
            blob.value.count == length || privateLengths.contains(blob.value.count)
        else { return nil }
        return blob.comment.starts(with: Array("minisign ".utf8)) ? .minisign : .signify
    }
}
