/// Where a request goes: an https URL that was read strictly and has one form.
///
/// The host is in lower case and without a dot at its end; the URL that is sent and the name that is pinned to an
/// address are made from this one string. Nothing of a destination is printed: its path can be a secret.
///
///     let destination = try Destination("https://hooks.example.com/services/T0/B0")
package struct Destination: Hashable, Sendable {
    /// The most bytes of a URL.
    package static let longest = 2048

    /// The name, or the address in its one form without brackets.
    package let host: String
    /// The port, 1 to 65535.
    package let port: UInt16
    /// The path, which begins with `/`, and the query with its `?`, as they are sent.
    package let target: String
    /// The address, where the host is one.
    package let literal: IPAddress?

    /// Reads a URL.
    ///
    /// - Parameters:
    ///   - url: The URL, without blanks around it.
    ///   - ports: The ports that are allowed.
    /// - Throws: why it is refused.
    package init(_ url: String, ports: Set<UInt16> = [443]) throws(DestinationRefusal) {
        let parts = try URLParts(Array(url.utf8))
        guard ports.contains(parts.port) else { throw .portNotAllowed }
        (host, port, target, literal) = (parts.host, parts.port, parts.target, parts.literal)
    }

    /// What can be said without looking up a name: an address is judged, a name is not.
    package func verdict(under policy: AddressPolicy) -> StaticVerdict {
        guard let literal else { return .notResolved }
        // An address in place of a name is refused unless its owner names it, a global one too.
        switch policy.verdict(on: literal) {
        case .allowedByOwner(let range, let kind): return .allowedByOwner(range, kind)
        case .allowedGlobal: return .refused(.global, canBeAllowed: true)
        case .refused(let kind, let canBeAllowed):
            return .refused(kind, canBeAllowed: canBeAllowed)
        }
    }

    /// Whether another destination has the same host and port.
    package func hasOrigin(of other: Destination) -> Bool {
        host == other.host && port == other.port
    }

    /// The host as URLs have it.
    var urlHost: String { literal?.family == .v6 ? "[\(host)]" : host }

    /// The URL, for the client only.
    var url: String { "https://\(urlHost)\(port == 443 ? "" : ":\(port)")\(target)" }
}

/// What is known of a destination's address without looking up its name.
package enum StaticVerdict: Hashable, Sendable {
    /// The host is a name, which was not looked up: nothing is known of its addresses.
    case notResolved
    /// The host is an address that the owner's range allows.
    case allowedByOwner(AddressRange, AddressKind)
    /// The host is an address that is refused.
    case refused(AddressKind, canBeAllowed: Bool)
}

extension Destination: Unprinted {
    package var description: String { "[destination]" }
}
