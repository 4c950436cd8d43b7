/// Where a request goes: an https URL that was read strictly and has one form.
///
/// Nothing of a destination is printed: its path can be a secret.
///
///     let destination = try Destination("https://hooks.example.com/services/T0/B0")
package struct Destination: Hashable, Sendable {
    /// The most bytes of a URL.
    package static let longest = 2048

    /// The host.
    package let host: Host
    /// The port, 1 to 65535.
    package let port: UInt16
    /// The path, which begins with `/`, and the query with its `?`, as they are sent.
    package let target: String

    /// Reads a URL.
    ///
    /// - Parameters:
    ///   - url: The URL, without blanks around it.
    ///   - ports: The ports that are allowed.
    /// - Throws: why it is refused.
    package init(_ url: String, ports: Set<UInt16> = [443]) throws(DestinationRefusal) {
        let parts = try URLParts(Array(url.utf8))
        guard ports.contains(parts.port) else { throw .portNotAllowed }
        (host, port, target) = (parts.host, parts.port, parts.target)
    }

    /// Whether another destination has the same host and port.
    package func hasOrigin(of other: Destination) -> Bool {
        host == other.host && port == other.port
    }

    /// The URL, for the client only.
    package var url: String { "https://\(host.inURL)\(port == 443 ? "" : ":\(port)")\(target)" }
}

extension Destination: Unprinted {
    package var description: String { "[destination]" }
}
