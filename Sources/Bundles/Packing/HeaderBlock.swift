/// A header of 512 bytes, of which all fields but these are fixed (docs/pack.md, "Header").
struct HeaderBlock: Equatable {
    /// What a header says that it is of.
    enum MemberType: UInt8 {
        case file = 0x30
        case symlink = 0x32
        case directory = 0x35
        case records = 0x78
    }

    var name: [UInt8] = []
    var mode: UInt16 = 0o644
    var size = 0
    var type = MemberType.file
    var target: [UInt8] = []

    /// Where the fields are that differ from header to header.
    private enum Field {
        static let name = 0..<100
        static let size = 124..<136
        static let checksum = 148..<156
        static let type = 156
        static let target = 157..<257
        static let mode = 100..<108
    }

    init() {}

    /// The block, with its checksum.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(ArchiveFormat.blockSize)
        bytes += Self.text(name, count: 100)
        bytes += Self.number(Int(mode), digits: 7)
        // Owner and group, size, time of modification.
        bytes += Self.number(0, digits: 7) + Self.number(0, digits: 7)
        bytes += Self.number(size, digits: 11) + Self.number(0, digits: 11)
        bytes += [UInt8](repeating: UInt8(ascii: " "), count: 8) + [type.rawValue]
        bytes += Self.text(target, count: 100)
        bytes += Array("ustar".utf8) + [0] + Array("00".utf8)
        // Names of owner and group; numbers of a device.
        bytes += [UInt8](repeating: 0, count: 64)
        bytes += Self.number(0, digits: 7) + Self.number(0, digits: 7)
        bytes += Self.text([], count: ArchiveFormat.blockSize - bytes.count)
        let checksum = Self.number(Self.checksum(of: bytes), digits: 6) + [UInt8(ascii: " ")]
        bytes.replaceSubrange(Field.checksum, with: checksum)
        return bytes
    }

    /// Reads what differs from header to header; whether all else is as it must be shows when the
    /// block is written again.
    ///
    /// - Throws: `Refusal` that says what is wrong.
    init(parsing bytes: [UInt8]) throws(Refusal) {
        guard bytes.count == ArchiveFormat.blockSize,
            Self.octal(bytes[Field.checksum]) == Self.checksum(of: bytes)
        else { throw Refusal("has a wrong checksum") }
        guard let type = MemberType(rawValue: bytes[Field.type]) else {
            throw Refusal(Self.words(forType: bytes[Field.type]))
        }
        guard let size = Self.octal(bytes[Field.size]), let mode = Self.octal(bytes[Field.mode]),
            mode <= 0o7777
        else { throw Refusal("has a number that is not in octal digits") }
        self.type = type
        self.size = size
        self.mode = UInt16(mode)
        name = Array(bytes[Field.name].prefix { $0 != 0 })
        target = Array(bytes[Field.target].prefix { $0 != 0 })
    }

    /// What a member is that no packed bundle has.
    private static func words(forType type: UInt8) -> String {
        switch type {
        case UInt8(ascii: "1"): "is a hard link"
        case UInt8(ascii: "3"), UInt8(ascii: "4"): "is a device"
        case UInt8(ascii: "6"): "is a FIFO"
        case UInt8(ascii: "g"): "is a global pax header"
        case UInt8(ascii: "L"), UInt8(ascii: "K"): "is a long name in the form of GNU"
        case UInt8(ascii: "S"): "is a sparse file"
        default: "is of the unknown type \(type)"
        }
    }

    /// The sum of all bytes, with blanks for the checksum itself.
    private static func checksum(of bytes: [UInt8]) -> Int {
        let field = bytes[Field.checksum].reduce(0) { $0 + Int($1) }
        return bytes.reduce(0) { $0 + Int($1) } - field + 8 * 0x20
    }

    private static func text(_ text: [UInt8], count: Int) -> [UInt8] {
        text + [UInt8](repeating: 0, count: max(0, count - text.count))
    }

    /// Octal digits and a NUL.
    private static func number(_ value: Int, digits count: Int) -> [UInt8] {
        let digits = Array(String(value, radix: 8).utf8)
        let zeros = [UInt8](repeating: UInt8(ascii: "0"), count: max(0, count - digits.count))
        return zeros + digits + [0]
    }

    /// The value of the octal digits that a field begins with.
    private static func octal(_ field: ArraySlice<UInt8>) -> Int? {
        let digits = field.prefix { 0x30...0x37 ~= $0 }
        guard !digits.isEmpty, digits.count < 12 else { return nil }
        return digits.reduce(0) { $0 << 3 | Int($1 - 0x30) }
    }
}

/// What keeps a member from being one of a packed bundle, in words that follow its name.
struct Refusal: Error, Equatable, CustomStringConvertible {
    let reason: String

    var description: String { reason }

    init(_ reason: String) {
        self.reason = reason
    }
}
