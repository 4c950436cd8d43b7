import CloseoutOutbound

/// The one address by which browsers reach a console that has a name of its own (docs/console.md, "Other addresses").
///
///     let address = try PublicURL("https://closeout.example.com")
package struct PublicURL: Equatable, Sendable {
    /// Whether it begins with `https`.
    package let isSecure: Bool
    /// Host and port as browsers send them: without the port that the scheme implies.
    package let authority: String

    /// The address without a slash at its end: what a browser sends as `Origin`.
    package var text: String { (isSecure ? "https://" : "http://") + authority }

    /// Reads an address.
    ///
    /// - Parameter text: `https://HOST[:PORT]`, or `http://` with a name of this machine.
    /// - Throws: `ConsoleError` where it is anything else, or not in the form that browsers send.
    package init(_ text: String) throws(ConsoleError) {
        var rest = text[...]
        isSecure = rest.hasPrefix("https://")
        guard isSecure || rest.hasPrefix("http://") else {
            throw Self.refusal("does not begin with https://")
        }
        rest = rest.dropFirst(isSecure ? 8 : 7)
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        guard !rest.utf8.contains(where: { "/?#@".utf8.contains($0) }) else {
            throw Self.refusal("has more than a host and a port")
        }
        let end = rest.hasPrefix("[") ? rest.firstIndex(of: "]").map(rest.index(after:)) : nil
        let name = rest[..<(end ?? rest.firstIndex(of: ":") ?? rest.endIndex)]
        do {
            let host = try Host(String(name))
            guard host.inURL.utf8.elementsEqual(name.utf8) else {
                throw Self.refusal(
                    "has its host in another form than browsers send: expected \(host.inURL)")
            }
        } catch let error as DestinationRefusal {
            throw Self.refusal("cannot be used: \(error.sentence)")
        } catch let error as ConsoleError {
            throw error
        } catch {
            throw Self.refusal("cannot be used")
        }
        let port = rest[name.endIndex...]
        if !port.isEmpty {
            guard let number = UInt16(port.dropFirst()), port == ":\(number)", number > 0 else {
                throw Self.refusal("has no port from 1 to 65535 behind its host")
            }
            guard number != (isSecure ? 443 : 80) else {
                throw Self.refusal(
                    "names the port that its scheme implies, which browsers leave out")
            }
        }
        guard isSecure || Self.ownNames.contains(where: { $0.utf8.elementsEqual(name.utf8) }) else {
            throw Self.refusal("is not https, which only a name of this machine can do without")
        }
        authority = String(rest)
    }

    private static let ownNames = ["127.0.0.1", "localhost", "[::1]"]

    private static func refusal(_ text: String) -> ConsoleError {
        ConsoleError(
            message: "--public-url \(text)",
            hint: "give it as https://HOST or https://HOST:PORT", isUsage: true)
    }
}
