/// The records of a pax header: what a field of the header behind it cannot hold
/// (docs/pack.md, "Pax records").
struct PaxRecords: Equatable {
    var target: [UInt8]?
    var path: [UInt8]?
    var size: Int?

    init() {}

    /// The pax header with its records, filled up to whole blocks; empty without records.
    var header: [UInt8] {
        let records = bytes
        guard !records.isEmpty else { return [] }
        var block = HeaderBlock()
        block.name = ArchiveFormat.recordsName
        block.type = .records
        block.size = records.count
        let padding = ArchiveFormat.padding(behind: records.count)
        return block.bytes + records + [UInt8](repeating: 0, count: padding)
    }

    /// The records, in the order of their keys.
    private var bytes: [UInt8] {
        Self.record("linkpath", target) + Self.record("path", path)
            + Self.record("size", size.map { Array(String($0).utf8) })
    }

    /// `LENGTH KEY=VALUE` and a line feed, where the length counts itself too.
    private static func record(_ key: String, _ value: [UInt8]?) -> [UInt8] {
        guard let value else { return [] }
        let rest = Array(" \(key)=".utf8) + value + [UInt8(ascii: "\n")]
        var digits = 1
        while String(rest.count + digits).utf8.count > digits { digits += 1 }
        return Array(String(rest.count + digits).utf8) + rest
    }

    /// Reads records; whether they are in their one form shows when they are written again.
    ///
    /// - Throws: `Refusal` that says what is wrong.
    init(parsing bytes: [UInt8]) throws(Refusal) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let digits = rest.prefix { $0 != UInt8(ascii: " ") }
            guard digits.count < 6, let count = Int(String(decoding: digits, as: UTF8.self)),
                count > digits.count + 2, count <= rest.count
            else { throw Refusal("has a pax record of no length") }
            let record = rest.prefix(count).dropFirst(digits.count + 1).dropLast()
            let key = record.prefix { $0 != UInt8(ascii: "=") }
            try take(String(decoding: key, as: UTF8.self), Array(record.dropFirst(key.count + 1)))
            rest = rest.dropFirst(count)
        }
    }

    private mutating func take(_ key: String, _ value: [UInt8]) throws(Refusal) {
        switch key {
        case "linkpath": target = value
        case "path": path = value
        case "size": size = Int(String(decoding: value, as: UTF8.self))
        default: throw Refusal("has a pax record of another key than linkpath, path and size")
        }
    }
}
