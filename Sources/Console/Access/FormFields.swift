/// The fields of a query or of a form, decoded strictly.
struct FormFields: Equatable, Sendable {
    private var fields: [(name: [UInt8], value: [UInt8])] = []

    /// No fields.
    init() {}

    /// Takes fields as a browser encodes them; nil where one cannot be decoded.
    init?(_ encoded: some Sequence<UInt8>) {
        for part in Array(encoded).split(separator: UInt8(ascii: "&")) {
            let pair = part.split(
                separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decoded(pair[0]),
                let value = pair.count > 1 ? Self.decoded(pair[1]) : []
            else { return nil }
            fields.append((name, value))
        }
    }

    /// The bytes of a field; nil where it is not there, or is there more than once.
    subscript(name: String) -> [UInt8]? {
        let found = fields.filter { $0.name.elementsEqual(name.utf8) }
        return found.count == 1 ? found[0].value : nil
    }

    /// Whether a field is there, once or more often.
    func has(_ name: String) -> Bool { fields.contains { $0.name.elementsEqual(name.utf8) } }

    /// How many fields have a name.
    func count(of name: String) -> Int {
        fields.count { $0.name.elementsEqual(name.utf8) }
    }

    /// The number in a field; nil where it is none.
    func number(_ name: String) -> Int? {
        guard let bytes = self[name], (1...9).contains(bytes.count),
            bytes.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return Int(String(decoding: bytes, as: UTF8.self))
    }

    /// The text in a field; nil where it is not UTF-8.
    func text(_ name: String) -> String? {
        self[name].flatMap { String(validating: $0, as: UTF8.self) }
    }

    static func == (left: FormFields, right: FormFields) -> Bool {
        left.fields.elementsEqual(right.fields) { $0 == $1 }
    }

    private static func decoded(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        var result: [UInt8] = []
        var rest = bytes
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): result.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(digit),
                    let low = rest.popFirst().flatMap(digit)
                else { return nil }
                result.append(high << 4 | low)
            default: result.append(byte)
            }
        }
        return result
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
