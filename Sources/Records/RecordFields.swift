package import CloseoutEncodings
import CloseoutOpenSSL

/// The types of field that records share (docs/records.md, "Types of field").
enum RecordField {
    /// The most bytes of a text that a person wrote.
    static let longestText = 4096
    /// The most bytes of a name.
    static let longestName = 128
    /// The most bytes of what a person says where no link may stand.
    static let longestWords = 512
}

extension JSONItem {
    /// A text that a person wrote: 1 to 4,096 bytes.
    package func text() throws(JSONShapeError) -> String {
        let bytes = try bytes()
        guard !bytes.isEmpty else { throw invalid("empty") }
        guard bytes.count <= RecordField.longestText else {
            throw invalid("longer than \(RecordField.longestText) bytes")
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A name: 1 to 128 of `A-Z a-z 0-9 . _ : / @ + -`, the first a letter or digit.
    package func name() throws(JSONShapeError) -> String {
        let bytes = try bytes()
        guard let first = bytes.first, first.isAlphanumeric,
            bytes.count <= RecordField.longestName,
            bytes.allSatisfy({ $0.isAlphanumeric || Array("._:/@+-".utf8).contains($0) })
        else {
            throw invalid("must be 1 to 128 of A-Z a-z 0-9 . _ : / @ + -, not a sign first")
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A number of things.
    package func count() throws(JSONShapeError) -> Int {
        Int(try integer(in: 0...JSON.largestInteger))
    }
}

extension JSONObjectReader {
    mutating func text(_ key: String) throws(JSONShapeError) -> String {
        try required(key).text()
    }

    mutating func name(_ key: String) throws(JSONShapeError) -> String {
        try required(key).name()
    }

    mutating func count(_ key: String) throws(JSONShapeError) -> Int {
        try required(key).count()
    }
}

/// The members of an object of which some may be absent.
func present(_ members: [(key: String, value: JSON?)]) -> [JSONMember] {
    members.compactMap { member in member.value.map { JSONMember(member.key, $0) } }
}

extension JSON {
    init(_ instant: Instant) { self.init(instant.description) }
    init(_ digest: SHA256Digest) { self.init(digest.hex) }
    init(count: Int) { self = .integer(Int64(count)) }
}
