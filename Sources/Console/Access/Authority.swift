/// The names by which a console can be reached: those of this machine's own addresses, with its port.
///
/// Any page of the world can have a name that leads to 127.0.0.1. So a request counts only where it was sent to
/// one of these, byte for byte.
struct Authority: Sendable {
    /// All names, the one first that is printed.
    let names: [String]

    init(port: Int) {
        names = ["127.0.0.1:\(port)", "localhost:\(port)", "[::1]:\(port)"]
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
        return origin.utf8.elementsEqual("http://\(name)".utf8)
    }
}
