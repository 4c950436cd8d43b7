import CloseoutEncodings

/// JSON in the form in which CAVRA hashes it (docs/import.md, "Files"): as Python's `json.dumps`
/// writes
/// it with sorted keys.
///
/// It differs from canonical JSON by a blank behind each comma and colon, and by an escape for
/// every
/// character outside of printable ASCII.
enum PythonJSON {
    static func bytes(_ json: JSON) -> [UInt8] {
        switch json {
        case .null, .bool, .integer: return json.canonicalBytes
        case .string(let text): return quoted(text)
        case .array(let elements):
            return list(elements.map(bytes), in: ("[", "]"))
        case .object(let members):
            // Python compares by code points, which UTF-8 keeps in order.
            let sorted = members.sorted { $0.key.lexicographicallyPrecedes($1.key) }
            return list(
                sorted.map { quoted($0.key) + Array(": ".utf8) + bytes($0.value) }, in: ("{", "}"))
        }
    }

    private static func list(_ parts: [[UInt8]], in brackets: (String, String)) -> [UInt8] {
        Array(brackets.0.utf8) + Array(parts.joined(separator: ", ".utf8)) + Array(brackets.1.utf8)
    }

    private static func quoted(_ text: [UInt8]) -> [UInt8] {
        var out = [UInt8(ascii: "\"")]
        for unit in String(decoding: text, as: UTF8.self).utf16 {
            switch unit {
            case 0x22, 0x5C: out += [UInt8(ascii: "\\"), UInt8(unit)]
            case 0x08: out += "\\b".utf8
            case 0x09: out += "\\t".utf8
            case 0x0A: out += "\\n".utf8
            case 0x0C: out += "\\f".utf8
            case 0x0D: out += "\\r".utf8
            case 0x20...0x7E: out.append(UInt8(unit))
            default: out += "\\u".utf8 + Hex.encode([UInt8(unit >> 8), UInt8(unit & 0xFF)])
            }
        }
        return out + [UInt8(ascii: "\"")]
    }
}
