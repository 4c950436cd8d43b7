/// A cookie that only this console gets: for HTTP alone, and on TLS for this host alone (`__Host-`).
struct ConsoleCookie: Sendable {
    /// When a browser sends it along.
    enum Sites: String {
        /// With requests of the console's own pages.
        case own = "Strict"
        /// Also where another site leads the browser here.
        case leading = "Lax"
    }

    /// Its name.
    let name: String
    private let isSecure: Bool

    /// Names a cookie; on plain HTTP cookies know no ports, so that the name has to have one.
    init(_ name: String, isSecure: Bool) {
        self.name = (isSecure ? "__Host-" : "") + name
        self.isSecure = isSecure
    }

    /// The line that sets it.
    ///
    /// - Parameters:
    ///   - value: Letters, digits, dots and hyphens; an empty one removes it.
    ///   - sites: When it is sent along.
    ///   - seconds: How long it is kept; nil for as long as the browser runs.
    /// - Returns: The value of `Set-Cookie`.
    func line(_ value: String, to sites: Sites, for seconds: Int64? = nil) -> String {
        "\(name)=\(value); Path=/; HttpOnly; SameSite=\(sites.rawValue)"
            + (isSecure ? "; Secure" : "") + (seconds.map { "; Max-Age=\($0)" } ?? "")
    }

    /// All values that a line of a request has for it.
    func values(in cookies: String) -> [[UInt8]] {
        cookies.utf8.split(separator: UInt8(ascii: ";")).compactMap { part in
            let part = part.drop { $0 == UInt8(ascii: " ") }
            let prefix = "\(name)=".utf8
            return part.starts(with: prefix) ? Array(part.dropFirst(prefix.count)) : nil
        }
    }
}

/// Compares without telling by its time how much is right.
func isSame(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard left.count == right.count else { return false }
    var difference: UInt8 = 0
    for (a, b) in zip(left, right) { difference |= a ^ b }
    return difference == 0
}
