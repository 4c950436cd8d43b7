import CloseoutEncodings

extension JSON {
    /// The value as people edit it: over several lines, each level two blanks further, where it or what it holds has
    /// two members, else on one line.
    var forEditing: [UInt8] { laidOut(at: 0) + [UInt8(ascii: "\n")] }

    private func laidOut(at level: Int) -> [UInt8] {
        let parts: [[UInt8]]
        let (begin, end): (String, String)
        switch self {
        case .null, .bool, .integer, .string: return canonicalBytes
        case .array(let elements):
            parts = elements.map { $0.laidOut(at: level + 1) }
            (begin, end) = ("[", "]")
        case .object(let members):
            parts = members.map { member in
                JSON.string(member.key).canonicalBytes + Array(": ".utf8)
                    + member.value.laidOut(at: level + 1)
            }
            (begin, end) = ("{", "}")
        }
        guard hasPair else {
            return Array(begin.utf8) + Array(parts.joined(separator: Array(", ".utf8)))
                + Array(end.utf8)
        }
        let line = Array(("\n" + String(repeating: "  ", count: level + 1)).utf8)
        return Array(begin.utf8) + line
            + Array(parts.joined(separator: [UInt8(ascii: ",")] + line))
            + Array(("\n" + String(repeating: "  ", count: level) + end).utf8)
    }

    /// Whether an object of two members is in it.
    private var hasPair: Bool {
        switch self {
        case .null, .bool, .integer, .string: false
        case .array(let elements): elements.contains(where: \.hasPair)
        case .object(let members): members.count > 1 || members.contains { $0.value.hasPair }
        }
    }
}
