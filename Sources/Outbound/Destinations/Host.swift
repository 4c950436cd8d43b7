package import CloseoutEncodings

/// A host in its one form: a name of the DNS, or an address.
///
/// A name is in lower case and has no dot at its end. Whatever a host is used for, looking it up, naming it in TLS
/// or pinning it to an address, is done with this one string. Its description shows nothing of it.
package struct Host: Hashable, Sendable {
    /// The name, or the address without brackets.
    package let name: String
    /// The address, where the host is one.
    package let literal: IPAddress?

    /// Reads a name, an IPv4 address, or an IPv6 address between brackets.
    ///
    /// - Throws: why it is refused.
    package init(_ text: String) throws(DestinationRefusal) {
        let bytes = Array(text.utf8)
        try URLParts.confirmCharacters(bytes)
        guard bytes.allSatisfy({ $0 < 0x80 }) else { throw .hostNotASCII }
        try self.init(ascii: bytes[...])
    }

    /// Reads a host of ASCII characters.
    init(ascii text: ArraySlice<UInt8>) throws(DestinationRefusal) {
        if text.first == UInt8(ascii: "[") {
            let address = try Self.address(between: text)
            (name, literal) = (address.description, address)
        } else {
            (name, literal) = try Self.name(text)
        }
    }

    /// The host as URLs have it: an IPv6 address between brackets.
    package var inURL: String { literal?.family == .v6 ? "[\(name)]" : name }

    private static func address(
        between brackets: ArraySlice<UInt8>
    ) throws(DestinationRefusal) -> IPAddress {
        guard !brackets.contains(UInt8(ascii: "%")) else { throw .zone }
        let inner = String(decoding: brackets.dropFirst().dropLast(), as: UTF8.self)
        guard brackets.last == UInt8(ascii: "]"), let address = IPAddress(inner),
            address.family == .v6
        else { throw .malformedLiteral }
        return address
    }

    /// A name of the DNS, or an IPv4 address.
    private static func name(
        _ text: ArraySlice<UInt8>
    ) throws(DestinationRefusal) -> (String, IPAddress?) {
        var labels = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let hasDot = labels.count > 1 && labels.last?.isEmpty == true
        if hasDot { labels.removeLast() }
        if let last = labels.last, isNumber(last) {
            // A resolver takes `127.1`, `0x7f.1`, `017700000001` and `2130706433` for addresses.
            let host = String(decoding: text, as: UTF8.self)
            guard !hasDot, let address = IPAddress(host) else { throw .numericHost }
            return (host, address)
        }
        guard text.count - (hasDot ? 1 : 0) <= 253, labels.allSatisfy(isLabel) else {
            throw .malformedHost
        }
        let host = labels.map { String(decoding: $0, as: UTF8.self) }.joined(separator: ".")
        return (host.lowercased(), nil)
    }

    /// Whether a label is one that a resolver can take for a number.
    private static func isNumber(_ label: ArraySlice<UInt8>) -> Bool {
        guard let first = label.first else { return false }
        if label.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
            return true
        }
        return first == UInt8(ascii: "0")
            && label.dropFirst().first.map { $0 | 0x20 } == UInt8(ascii: "x")
            && label.dropFirst(2).allSatisfy { IPAddress.hexDigit($0) != nil }
    }

    /// Whether a label is one to 63 letters, digits and hyphens, without a hyphen at either end (RFC 1123).
    private static func isLabel(_ label: ArraySlice<UInt8>) -> Bool {
        let hyphen = UInt8(ascii: "-")
        return (1...63).contains(label.count) && label.first != hyphen && label.last != hyphen
            && label.allSatisfy { TargetRules.isAlphanumeric($0) || $0 == hyphen }
    }
}

extension Host {
    /// What can be said without looking up a name: an address is checked, a name is not.
    package func verdict(under policy: AddressPolicy) -> StaticVerdict {
        guard let literal else { return .notResolved }
        switch policy.verdict(on: literal) {
        case .allowedByOwner(let range, let kind): return .allowedByOwner(range, kind)
        // An address in place of a name is refused unless its owner names it, a global one too.
        case .allowedGlobal: return .refused(.global, canBeAllowed: true)
        case .refused(let kind, let canBeAllowed):
            return .refused(kind, canBeAllowed: canBeAllowed)
        }
    }
}

/// What is known of a host's address without looking up its name.
package enum StaticVerdict: Hashable, Sendable {
    /// The host is a name, which was not looked up: nothing is known of its addresses.
    case notResolved
    /// The host is an address that the owner's range allows.
    case allowedByOwner(AddressRange, AddressKind)
    /// The host is an address that is refused.
    case refused(AddressKind, canBeAllowed: Bool)
}

extension Host: Unprinted {
    package var description: String { "[host]" }
}
