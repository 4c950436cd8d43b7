/// Reads a closed object: each key is taken by name, and `finish()` refuses any that is left.
///
/// Optional keys are read through `optional(_:)`:
///
///     var reader = try JSONObjectReader(document)
///     let id = try reader.string("id")
///     let start = try reader.optional("not_before")?.instant()
///     try reader.finish()
package struct JSONObjectReader: ~Copyable {
    /// The path of the object in its document; empty for the document itself.
    package let place: String
    private let members: [JSONMember]
    private var isTaken: [Bool]

    /// Opens an object.
    ///
    /// - Throws: `JSONShapeError` of reason `wrongType` when the value is no object.
    package init(_ json: JSON, at place: String = "") throws(JSONShapeError) {
        self = try JSONItem(json, at: place).object()
    }

    init(_ members: [JSONMember], at place: String) {
        self.place = place
        self.members = members
        self.isTaken = Array(repeating: false, count: members.count)
    }

    /// Takes a key that may be absent.
    package mutating func optional(_ key: String) -> JSONItem? {
        guard let index = members.firstIndex(where: { $0.key.isEqual(to: key) }) else { return nil }
        isTaken[index] = true
        return JSONItem(members[index], of: place)
    }

    /// Takes a key that must be there.
    ///
    /// - Throws: `JSONShapeError` of reason `missing`.
    package mutating func required(_ key: String) throws(JSONShapeError) -> JSONItem {
        guard let item = optional(key) else {
            let place = JSONItem.place(of: Array(key.utf8), in: place)
            throw JSONShapeError(place: place, reason: .missing)
        }
        return item
    }

    /// Ends the reading of a closed object.
    ///
    /// - Throws: `JSONShapeError` of reason `unknownKey` for the first key that was not taken.
    package consuming func finish() throws(JSONShapeError) {
        guard let index = isTaken.firstIndex(of: false) else { return }
        let place = JSONItem.place(of: members[index].key, in: place)
        throw JSONShapeError(place: place, reason: .unknownKey)
    }

    /// The places of the keys that were not taken, for objects that are not closed.
    package var untaken: [String] {
        zip(members, isTaken).filter { !$1 }.map { JSONItem.place(of: $0.0.key, in: place) }
    }

    /// An error at one of this object's keys: its value is not one of those allowed.
    package func invalid(_ key: String, _ text: String) -> JSONShapeError {
        JSONShapeError(
            place: JSONItem.place(of: Array(key.utf8), in: place), reason: .invalid(text))
    }
}

extension JSONObjectReader {
    /// Takes a required string; see `JSONItem.string()`.
    package mutating func string(_ key: String) throws(JSONShapeError) -> String {
        try required(key).string()
    }

    /// Takes a required string as UTF-8; see `JSONItem.bytes()`.
    package mutating func bytes(_ key: String) throws(JSONShapeError) -> [UInt8] {
        try required(key).bytes()
    }

    /// Takes a required word of a closed list; see `JSONItem.choice(_:)`.
    package mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ key: String, _ type: Choice.Type = Choice.self
    ) throws(JSONShapeError) -> Choice where Choice.RawValue == String {
        try required(key).choice()
    }

    /// Takes a required integer; see `JSONItem.integer(in:)`.
    package mutating func integer(
        _ key: String, in range: ClosedRange<Int64> = -JSON.largestInteger...JSON.largestInteger
    ) throws(JSONShapeError) -> Int64 {
        try required(key).integer(in: range)
    }

    /// Takes a required boolean; see `JSONItem.bool()`.
    package mutating func bool(_ key: String) throws(JSONShapeError) -> Bool {
        try required(key).bool()
    }

    /// Takes a required instant; see `JSONItem.instant()`.
    package mutating func instant(_ key: String) throws(JSONShapeError) -> Instant {
        try required(key).instant()
    }

    /// Takes required bytes in base64; see `JSONItem.base64()`.
    package mutating func base64(_ key: String) throws(JSONShapeError) -> [UInt8] {
        try required(key).base64()
    }

    /// Takes a required array; see `JSONItem.array()`.
    package mutating func array(_ key: String) throws(JSONShapeError) -> [JSONItem] {
        try required(key).array()
    }

    /// Takes a required closed object; see `JSONItem.object()`.
    package mutating func object(_ key: String) throws(JSONShapeError) -> JSONObjectReader {
        try required(key).object()
    }

    /// Takes a required string that must be the given one, such as a `kind`.
    ///
    /// - Throws: `JSONShapeError`, of reason `invalid` when it is another.
    package mutating func constant(_ key: String, _ text: String) throws(JSONShapeError) {
        let item = try required(key)
        guard try item.bytes().isEqual(to: text) else { throw item.invalid("must be \(text)") }
    }
}
