/// A JSON value together with its place in the document, read as the type that a format demands.
package struct JSONItem: Sendable {
    /// The value itself.
    package let value: JSON
    private let parent: String
    private let step: Step

    private enum Step: Sendable {
        case root
        case key([UInt8])
        case index(Int)
    }

    /// The root of a document, whose place has the given name (often empty).
    package init(_ value: JSON, at place: String = "") {
        self.init(value, parent: place, step: .root)
    }

    init(_ member: JSONMember, of parent: String) {
        self.init(member.value, parent: parent, step: .key(member.key))
    }

    private init(_ value: JSON, parent: String, step: Step) {
        self.value = value
        self.parent = parent
        self.step = step
    }

    /// The path from the root, such as `keys[2].not_before`.
    package var place: String {
        switch step {
        case .root: parent
        case .key(let key): Self.place(of: key, in: parent)
        case .index(let index): "\(parent)[\(index)]"
        }
    }

    static func place(of key: [UInt8], in parent: String) -> String {
        parent.isEmpty ? printable(key) : "\(parent).\(printable(key))"
    }

    /// An error at this place: the value is not one of those allowed, which the text names.
    package func invalid(_ text: String) -> JSONShapeError {
        JSONShapeError(place: place, reason: .invalid(text))
    }

    private func mismatch(_ expected: String) -> JSONShapeError {
        JSONShapeError(
            place: place, reason: .wrongType(expected: expected, found: value.typeDescription))
    }
}

extension JSONItem {
    /// The value as the UTF-8 of a string.
    ///
    /// - Throws: `JSONShapeError` of reason `wrongType`.
    package func bytes() throws(JSONShapeError) -> [UInt8] {
        guard case .string(let text) = value else { throw mismatch("a string") }
        return text
    }

    /// The value as a string.
    ///
    /// - Throws: `JSONShapeError` of reason `wrongType`.
    package func string() throws(JSONShapeError) -> String {
        String(decoding: try bytes(), as: UTF8.self)
    }

    /// The value as one of the words of a closed list.
    ///
    /// - Throws: `JSONShapeError` of reason `wrongType`, or `invalid` with all the words.
    package func choice<Choice: RawRepresentable & CaseIterable>(
        _ type: Choice.Type = Choice.self
    ) throws(JSONShapeError) -> Choice where Choice.RawValue == String {
        guard let choice = Choice(rawValue: try string()) else {
            let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw invalid("must be one of \(words)")
        }
        return choice
    }

    /// The value as an integer within a range.
    ///
    /// - Throws: `JSONShapeError` of reason `wrongType`, or `invalid` outside of the range.
    package func integer(
        in range: ClosedRange<Int64> = -JSON.largestInteger...JSON.largestInteger
    ) throws(JSONShapeError) -> Int64 {
        guard case .integer(let number) = value else { throw mismatch("an integer") }
        guard range.contains(number) else {
            throw invalid("\(number) is not between \(range.lowerBound) and \(range.upperBound)")
        }
        return number
    }

    /// The value as a boolean.
    ///
    /// - Throws: `JSONShapeError` of reason `wrongType`.
    package func bool() throws(JSONShapeError) -> Bool {
        guard case .bool(let truth) = value else { throw mismatch("a boolean") }
        return truth
    }

    /// The value as an instant, `YYYY-MM-DDTHH:MM:SSZ`.
    ///
    /// - Throws: `JSONShapeError` of reason `wrongType`, or `invalid` for another form of time.
    package func instant() throws(JSONShapeError) -> Instant {
        let text = try bytes()
        if let instant = Instant(parsing: text) { return instant }
        if let midnight = Instant(parsing: text + Array("T00:00:00Z".utf8)) {
            throw invalid("not an instant but a date: write \(midnight) or another second of it")
        }
        throw invalid("not an instant of the form 2026-01-31T12:00:00Z")
    }

    /// The value as bytes written in padded standard base64.
    ///
    /// - Throws: `JSONShapeError` of reason `wrongType`, or `invalid` for any other encoding.
    package func base64() throws(JSONShapeError) -> [UInt8] {
        guard let decoded = Base64.decode(try bytes()) else {
            throw invalid("not padded standard base64")
        }
        return decoded
    }

    /// The elements of the value as an array.
    ///
    /// - Throws: `JSONShapeError` of reason `wrongType`.
    package func array() throws(JSONShapeError) -> [JSONItem] {
        guard case .array(let elements) = value else { throw mismatch("an array") }
        let place = place
        return elements.enumerated().map { JSONItem($1, parent: place, step: .index($0)) }
    }

    /// The members of the value as an object whose keys the format does not fix.
    ///
    /// - Throws: `JSONShapeError` of reason `wrongType`.
    package func members() throws(JSONShapeError) -> [(key: [UInt8], item: JSONItem)] {
        guard case .object(let members) = value else { throw mismatch("an object") }
        let place = place
        return members.map { ($0.key, JSONItem($0, of: place)) }
    }

    /// The value as an object whose keys the format fixes.
    ///
    /// - Throws: `JSONShapeError` of reason `wrongType`.
    package func object() throws(JSONShapeError) -> JSONObjectReader {
        guard case .object(let members) = value else { throw mismatch("an object") }
        return JSONObjectReader(members, at: place)
    }
}
