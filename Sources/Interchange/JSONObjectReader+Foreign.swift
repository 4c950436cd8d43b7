import CloseoutEncodings
import CloseoutOpenSSL

/// How a field of CAVRA is read: it may have one name in the sample and another in the code, and
/// what is
/// `null` or empty is absent (docs/import.md, "Vocabularies").
extension JSONObjectReader {
    /// Takes the field that has one of these names.
    ///
    /// - Throws: `JSONShapeError` where it is there under two of them.
    mutating func field(_ names: [String]) throws(JSONShapeError) -> JSONItem? {
        var found: JSONItem?
        for name in names {
            guard let item = optional(name), item.value != .null else { continue }
            if let found { throw item.invalid("says the same as \(found.place)") }
            found = item
        }
        return found
    }

    /// Takes a text of at most 4,096 bytes.
    mutating func text(_ names: String...) throws(JSONShapeError) -> String? {
        guard let item = try field(names) else { return nil }
        return try item.foreignText()
    }

    /// Takes one word of a closed list.
    mutating func word(_ words: [String], _ names: String...) throws(JSONShapeError) -> String? {
        guard let item = try field(names), let word = try item.foreignText() else { return nil }
        guard words.contains(where: { $0.utf8.elementsEqual(word.utf8) }) else {
            throw item.invalid("must be one of \(words.joined(separator: ", "))")
        }
        return word
    }

    /// Takes a time.
    mutating func time(_ names: String...) throws(JSONShapeError) -> ForeignTime? {
        guard let item = try field(names), let text = try item.foreignText() else { return nil }
        guard let time = ForeignTime(parsing: Array(text.utf8), at: item.place) else {
            throw item.invalid("must be a date, or a date and time such as 2026-01-31T12:00:00Z")
        }
        return time
    }

    /// Takes yes or no.
    mutating func flag(_ names: String...) throws(JSONShapeError) -> Bool? {
        try field(names)?.bool()
    }

    /// Takes a number of things.
    mutating func number(_ names: String...) throws(JSONShapeError) -> Int? {
        guard let item = try field(names) else { return nil }
        return Int(try item.integer(in: 0...JSON.largestInteger))
    }

    /// Takes a SHA-256, with or without `sha256:` before it.
    mutating func sha256(_ names: String...) throws(JSONShapeError) -> SHA256Digest? {
        guard let item = try field(names), let text = try item.foreignText() else { return nil }
        let digits =
            text.utf8.starts(with: "sha256:".utf8) ? text.utf8.dropFirst(7) : text.utf8[...]
        guard let digest = SHA256Digest(hex: Array(digits)) else {
            throw item.invalid("must be 64 lower-case hexadecimal digits")
        }
        return digest
    }

    /// Takes an array of at most 1,024 elements; it is empty where it is absent.
    mutating func list(_ names: String...) throws(JSONShapeError) -> [JSONItem] {
        guard let item = try field(names) else { return [] }
        let elements = try item.array()
        guard elements.count <= 1024 else { throw item.invalid("has more than 1024 elements") }
        return elements
    }

    /// Takes an array of texts.
    mutating func texts(_ name: String) throws(JSONShapeError) -> [String] {
        var texts: [String] = []
        for item in try list(name) {
            guard let text = try item.foreignText() else { throw item.invalid("empty") }
            texts.append(text)
        }
        return texts
    }

    /// Takes fields that are known and say nothing that could be evaluated.
    mutating func skip(_ names: [String]) {
        for name in names { _ = optional(name) }
    }
}

extension JSONItem {
    /// A text of at most 4,096 bytes; nil where it is empty.
    func foreignText() throws(JSONShapeError) -> String? {
        let bytes = try bytes()
        guard bytes.count <= 4096 else { throw invalid("longer than 4096 bytes") }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }
}
