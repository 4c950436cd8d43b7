import CloseoutEncodings

/// The names by which a console can be reached, byte for byte.
///
/// Any page of the world can have a name that leads to 127.0.0.1. So a request counts only where it was sent to
/// one of these: the public one alone, or else those of this machine's own addresses, with the console's port.
struct Authority: Sendable {
    /// All names, the one first that is printed.
    let names: [String]
    /// Whether browsers reach it by TLS.
    let isSecure: Bool

    private var scheme: String { isSecure ? "https://" : "http://" }

    /// The address without a slash at its end.
    var home: String { scheme + (names.first ?? "") }

    /// The names of a console that browsers reach where it listens.
    ///
    /// - Parameters:
    ///   - address: Where it listens.
    ///   - port: The port.
    ///   - isSecure: Whether it speaks TLS.
    init(_ address: IPAddress, port: Int, isSecure: Bool) {
        let own = ["127.0.0.1", "localhost", "[::1]"]
        let text = address.family == .v6 ? "[\(address)]" : "\(address)"
        let hosts = own.contains(text) ? [text] + own.filter { $0 != text } : [text]
        // Browsers leave out the port that the scheme implies.
        let end = port == (isSecure ? 443 : 80) ? "" : ":\(port)"
        names = hosts.map { $0 + end }
        self.isSecure = isSecure
    }

    /// The one name of a console with a public address.
    init(_ address: PublicURL) {
        names = [address.authority]
        isSecure = address.isSecure
    }

    /// Whether a request was sent to this console.
    func accepts(_ name: String?) -> Bool {
        guard let name else { return false }
        return names.contains { $0.utf8.elementsEqual(name.utf8) }
    }

    /// Whether a request comes from a page of this console.
    ///
    /// - Parameters:
    ///   - origin: What the browser says of the page.
    ///   - name: The name that the request was sent to.
    /// - Returns: Whether the page has that same name.
    func accepts(origin: String?, of name: String) -> Bool {
        guard let origin else { return false }
        return origin.utf8.elementsEqual("\(scheme)\(name)".utf8)
    }
}
