/// Reads what gzip packed (RFC 1951, RFC 1952), so that a search for secrets can look inside.
///
/// It is lenient where that finds more: checksums are not compared, and what comes before an error counts.
struct GzipMember {
    /// The most bytes that one member is unpacked to.
    static let mostBytes = 64 << 20

    /// What the member at the begin of some bytes holds; nil where there is none.
    static func unpack(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        guard bytes.count > 18, bytes.starts(with: [0x1F, 0x8B, 8]) else { return nil }
        let flags = bytes[bytes.startIndex + 3]
        var place = bytes.startIndex + 10
        if flags & 4 != 0 {
            guard place + 1 < bytes.endIndex else { return nil }
            place += 2 + Int(bytes[place]) + Int(bytes[place + 1]) << 8
        }
        for flag: UInt8 in [8, 16] where flags & flag != 0 {
            guard place < bytes.endIndex, let end = bytes[place...].firstIndex(of: 0) else {
                return nil
            }
            place = end + 1
        }
        if flags & 2 != 0 { place += 2 }
        guard place < bytes.endIndex else { return nil }
        var inflater = Inflater(bytes[place...])
        inflater.run()
        return inflater.output
    }
}

/// Unpacks one stream of deflate.
private struct Inflater {
    private let input: ArraySlice<UInt8>
    private var place: Int
    private var bits: UInt64 = 0
    private var bitCount = 0
    private(set) var output: [UInt8] = []

    /// The stream ended, or is none.
    private struct Ended: Error {}

    /// A prefix code: how many codes each length has, and the symbols in their order.
    private struct Code {
        private(set) var counts = [Int](repeating: 0, count: 16)
        private(set) var symbols: [Int]

        init(_ lengths: [Int]) {
            for length in lengths where length > 0 { counts[length] += 1 }
            var starts = [Int](repeating: 0, count: 17)
            for length in 1..<16 { starts[length + 1] = starts[length] + counts[length] }
            symbols = [Int](repeating: 0, count: starts[16])
            for (symbol, length) in lengths.enumerated() where length > 0 {
                symbols[starts[length]] = symbol
                starts[length] += 1
            }
        }
    }

    private static let fixed = Code(
        [Int](repeating: 8, count: 144) + [Int](repeating: 9, count: 112)
            + [Int](repeating: 7, count: 24) + [Int](repeating: 8, count: 8))
    private static let fixedDistances = Code([Int](repeating: 5, count: 30))
    private static let order = [
        16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
    ]

    init(_ input: ArraySlice<UInt8>) {
        self.input = input
        place = input.startIndex
    }

    /// Unpacks as much as there is.
    mutating func run() {
        do {
            var isLast = false
            while !isLast {
                isLast = try take(1) == 1
                switch try take(2) {
                case 0: try copyStored()
                case 1: try unpack(Self.fixed, Self.fixedDistances)
                case 2:
                    let (literals, distances) = try codes()
                    try unpack(literals, distances)
                default: return
                }
            }
        } catch {
            return
        }
    }

    private mutating func take(_ count: Int) throws(Ended) -> Int {
        while bitCount < count {
            guard place < input.endIndex else { throw Ended() }
            bits |= UInt64(input[place]) << UInt64(bitCount)
            bitCount += 8
            place += 1
        }
        let value = Int(bits & (1 << UInt64(count) - 1))
        bits >>= UInt64(count)
        bitCount -= count
        return value
    }

    private mutating func symbol(_ code: Code) throws(Ended) -> Int {
        var (value, first, index) = (0, 0, 0)
        for length in 1..<16 {
            value |= try take(1)
            let count = code.counts[length]
            if value - first < count { return code.symbols[index + value - first] }
            index += count
            first = (first + count) << 1
            value <<= 1
        }
        throw Ended()
    }

    private mutating func append(_ byte: UInt8) throws(Ended) {
        guard output.count < GzipMember.mostBytes else { throw Ended() }
        output.append(byte)
    }

    private mutating func copyStored() throws(Ended) {
        bits = 0
        bitCount = 0
        let length = try take(16)
        _ = try take(16)
        for _ in 0..<length { try append(UInt8(try take(8))) }
    }

    private mutating func codes() throws(Ended) -> (Code, Code) {
        let literals = try take(5) + 257
        let distances = try take(5) + 1
        var lengths = [Int](repeating: 0, count: 19)
        for index in 0..<(try take(4) + 4) { lengths[Self.order[index]] = try take(3) }
        let code = Code(lengths)
        var all: [Int] = []
        while all.count < literals + distances {
            switch try symbol(code) {
            case 16:
                guard let last = all.last else { throw Ended() }
                all += [Int](repeating: last, count: try take(2) + 3)
            case 17: all += [Int](repeating: 0, count: try take(3) + 3)
            case 18: all += [Int](repeating: 0, count: try take(7) + 11)
            case let length: all.append(length)
            }
        }
        return (Code(Array(all[..<literals])), Code(Array(all[literals..<(literals + distances)])))
    }

    private mutating func unpack(_ literals: Code, _ distances: Code) throws(Ended) {
        while true {
            let symbol = try symbol(literals)
            if symbol < 256 {
                try append(UInt8(symbol))
                continue
            }
            if symbol == 256 { return }
            let length = try length(symbol - 257)
            let distance = try distance(try self.symbol(distances))
            guard distance <= output.count else { throw Ended() }
            for _ in 0..<length { try append(output[output.count - distance]) }
        }
    }

    private mutating func length(_ code: Int) throws(Ended) -> Int {
        guard code < 29 else { throw Ended() }
        if code < 8 { return code + 3 }
        if code == 28 { return 258 }
        let extra = code / 4 - 1
        return (4 + code % 4) << extra + 3 + (try take(extra))
    }

    private mutating func distance(_ code: Int) throws(Ended) -> Int {
        guard code < 30 else { throw Ended() }
        if code < 4 { return code + 1 }
        let extra = code / 2 - 1
        return (2 + code % 2) << extra + 1 + (try take(extra))
    }
}
