import CloseoutEncodings

/// Looks for secrets in bytes, in every way in which programs write them (docs/redaction.md, "Proof").
package struct SecretSearch: Sendable {
    /// A way in which a secret was found.
    package enum Encoding: String, CaseIterable, Sendable {
        case raw
        case percent
        case base64
        case base64URL = "base64url"
        case hexadecimal
        case json
        case utf16LittleEndian = "utf-16le"
        case utf16BigEndian = "utf-16be"
        case gzip
    }

    /// A secret that was found.
    package struct Hit: Hashable, Sendable {
        /// The name of the secret, which is none of its bytes.
        package let name: String
        /// How it was written.
        package let encoding: Encoding
    }

    /// How deep what is packed or escaped is looked into.
    static let depth = 3
    /// The fewest bytes of a secret that is looked for.
    package static let shortest = 8

    private struct Pattern: Sendable {
        let name: String
        let encoding: Encoding
        let bytes: [UInt8]
    }

    private let patterns: [Pattern]

    /// Looks for secrets, by their names; shorter ones than `shortest` are found everywhere, and are left out.
    package init(_ secrets: [(name: String, bytes: [UInt8])]) {
        patterns = secrets.filter { $0.bytes.count >= Self.shortest }.flatMap { secret in
            Self.written(secret.bytes).map {
                Pattern(name: secret.name, encoding: $0.0, bytes: $0.1)
            }
        }
    }

    /// The secrets that are in bytes, each once for each encoding.
    package func hits(in bytes: [UInt8]) -> Set<Hit> { hits(in: bytes, depth: Self.depth) }

    private func hits(in bytes: [UInt8], depth: Int) -> Set<Hit> {
        var hits: Set<Hit> = []
        // What begins alike is looked for together, so that one pass over the bytes is enough.
        var byFirst = [[Pattern]](repeating: [], count: 256)
        for pattern in patterns { byFirst[Int(pattern.bytes[0])].append(pattern) }
        for index in bytes.indices {
            for pattern in byFirst[Int(bytes[index])]
            where bytes[index...].starts(with: pattern.bytes) {
                hits.insert(Hit(name: pattern.name, encoding: pattern.encoding))
            }
        }
        guard depth > 0 else { return hits }
        for (encoding, other) in [
            (Encoding.percent, Self.withoutPercent(bytes)), (.json, Self.withoutEscapes(bytes)),
        ] {
            guard let other else { continue }
            for hit in self.hits(in: other, depth: depth - 1) {
                hits.insert(
                    hit.encoding == .raw ? Hit(name: hit.name, encoding: encoding) : hit)
            }
        }
        for index in bytes.indices where bytes[index...].starts(with: GzipMember.mark) {
            guard let inner = GzipMember.unpack(bytes[index...]) else { continue }
            for hit in self.hits(in: inner, depth: depth - 1) {
                hits.insert(Hit(name: hit.name, encoding: .gzip))
            }
        }
        return hits
    }

    /// A secret as it can be written, other than by escapes.
    private static func written(_ secret: [UInt8]) -> [(Encoding, [UInt8])] {
        var written: [(Encoding, [UInt8])] = [(.raw, secret)]
        let digits = Hex.string(secret)
        written += [
            (.hexadecimal, Array(digits.utf8)), (.hexadecimal, Array(digits.uppercased().utf8)),
        ]
        written += [
            (.utf16LittleEndian, secret.flatMap { [$0, 0] }),
            (.utf16BigEndian, secret.flatMap { [0, $0] }),
        ]
        for shift in 0..<3 {
            // The letters that depend on nothing but the secret, wherever it begins.
            let letters = Base64.encode([UInt8](repeating: 0, count: shift) + secret)
            let first = shift == 0 ? 0 : shift + 1
            let last = (shift + secret.count) * 8 / 6
            guard first + 6 < last else { continue }
            let inner = Array(letters[first..<last])
            written.append((.base64, inner))
            written.append(
                (
                    .base64URL,
                    inner.map { letter in
                        switch letter {
                        case UInt8(ascii: "+"): UInt8(ascii: "-")
                        case UInt8(ascii: "/"): UInt8(ascii: "_")
                        default: letter
                        }
                    }
                ))
        }
        return written
    }

    /// The bytes with each `%` and two digits replaced by what they mean; nil where there is none.
    private static func withoutPercent(_ bytes: [UInt8]) -> [UInt8]? {
        guard bytes.contains(UInt8(ascii: "%")) else { return nil }
        var plain: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
                let value = value(bytes[(index + 1)...(index + 2)])
            {
                plain.append(UInt8(value))
                index += 3
            } else {
                plain.append(bytes[index])
                index += 1
            }
        }
        return plain.count < bytes.count ? plain : nil
    }

    /// The bytes with the escapes of JSON replaced by what they mean; nil where there is none.
    private static func withoutEscapes(_ bytes: [UInt8]) -> [UInt8]? {
        guard bytes.contains(UInt8(ascii: "\\")) else { return nil }
        var plain: [UInt8] = []
        var index = 0
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.count else {
                plain.append(bytes[index])
                index += 1
                continue
            }
            let escape = bytes[index + 1]
            if escape == UInt8(ascii: "u"), index + 5 < bytes.count,
                let value = value(bytes[(index + 2)...(index + 5)]), value < 128
            {
                plain.append(UInt8(value))
                index += 6
            } else {
                plain.append(escape)
                index += 2
            }
        }
        return plain.count < bytes.count ? plain : nil
    }

    private static func value(_ digits: ArraySlice<UInt8>) -> Int? {
        guard digits.allSatisfy({ ($0 | 0x20).isHexDigit }) else { return nil }
        return Int(String(decoding: digits, as: UTF8.self), radix: 16)
    }
}
