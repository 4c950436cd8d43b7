package import CloseoutEncodings
import CloseoutOpenSSL

/// A code of our own that says why something happened, such as `http.too-many`
/// (docs/records.md, "Types of field").
///
/// Its form holds no address, no token and no sentence.
package struct EvidenceCode: Hashable, Comparable, Sendable {
    /// The most bytes of a code.
    package static let longest = 64
    /// The most characters of one of its words.
    static let longestWord = 16

    /// The code: words of lower-case letters and digits with `.`, `-` or `_` between them.
    package let text: String

    /// Takes a code; nil where it has another form.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count <= Self.longest, let first = bytes.first, Self.isLetter(first) else {
            return nil
        }
        let words = bytes.split(omittingEmptySubsequences: false) { Array(".-_".utf8).contains($0) }
        let isCode = words.allSatisfy { word in
            (1...Self.longestWord).contains(word.count)
                && word.allSatisfy { Self.isLetter($0) || $0.isDigit }
        }
        guard isCode else { return nil }
        self.text = text
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
    }

    package static func < (left: EvidenceCode, right: EvidenceCode) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }
}

extension JSONItem {
    /// A code: see `EvidenceCode`.
    package func code() throws(JSONShapeError) -> EvidenceCode {
        guard let code = EvidenceCode(try string()) else {
            throw invalid(
                "must be a code: words of a-z 0-9, at most \(EvidenceCode.longestWord) each, with "
                    + ". - or _ between them, a letter first")
        }
        return code
    }

    /// A label: a name that can hold no address, 1 to 128 of `A-Z a-z 0-9 . _ -`.
    package func label() throws(JSONShapeError) -> String {
        let bytes = try bytes()
        guard let first = bytes.first, first.isAlphanumeric,
            bytes.count <= RecordField.longestName,
            bytes.allSatisfy({ $0.isAlphanumeric || Array("._-".utf8).contains($0) })
        else {
            throw invalid("must be 1 to 128 of A-Z a-z 0-9 . _ -, not a sign first")
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// What a person says of their own: 1 to 512 bytes without control characters and `://`.
    package func words() throws(JSONShapeError) -> String {
        let text = try text()
        let bytes = Array(text.utf8)
        let hasLink = bytes.indices.contains { bytes[$0...].starts(with: "://".utf8) }
        guard bytes.count <= RecordField.longestWords, !hasLink,
            bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
        else {
            throw invalid(
                "must be at most \(RecordField.longestWords) bytes without control characters and "
                    + "links")
        }
        return text
    }

    /// A range of addresses that a route's owner can allow, such as `10.0.0.0/8` or `fd00::/8`, in its one form.
    func addressRange() throws(JSONShapeError) -> String {
        let text = try string()
        guard let range = AddressRange(text), range.description.utf8.elementsEqual(text.utf8),
            AddressPolicy(allowing: [range]).rangesWithoutEffect.isEmpty
        else {
            throw invalid("must be a range of addresses that can be allowed, such as 10.0.0.0/8")
        }
        return text
    }
}

extension JSONObjectReader {
    mutating func code(_ key: String) throws(JSONShapeError) -> EvidenceCode {
        try required(key).code()
    }

    mutating func label(_ key: String) throws(JSONShapeError) -> String {
        try required(key).label()
    }

    mutating func words(_ key: String) throws(JSONShapeError) -> String {
        try required(key).words()
    }

    /// Takes an array whose elements ascend strictly.
    mutating func ascending<Element>(
        _ key: String, most: Int, _ read: (JSONItem) throws(JSONShapeError) -> Element,
        by precedes: (Element, Element) -> Bool
    ) throws(JSONShapeError) -> [Element] {
        let list = try required(key)
        var elements: [Element] = []
        for item in try list.array() {
            let element = try read(item)
            if let last = elements.last, !precedes(last, element) {
                throw item.invalid("does not come after the one before")
            }
            elements.append(element)
        }
        guard elements.count <= most else { throw list.invalid("has more than \(most)") }
        return elements
    }

    /// Takes the commitments of a delivery or of a result.
    mutating func commitments() throws(JSONShapeError) -> [SHA256Digest] {
        try ascending("commitments", most: DeliveryRecord.Details.most) {
            item throws(JSONShapeError) in
            try item.digest()
        } by: {
            $0 < $1
        }
    }
}
