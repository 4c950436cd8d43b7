import CloseoutEncodings

/// The parts of an https URL, read by rules that leave no two readers a different opinion.
///
/// RFC 3986 with fewer forms: only what every reader of URLs takes for the same host, port and path.
struct URLParts {
    let host: Host
    let port: UInt16
    let target: String

    /// Reads a URL.
    ///
    /// - Throws: the first reason to refuse it.
    init(_ url: [UInt8]) throws(DestinationRefusal) {
        try Self.confirmCharacters(url)
        let rest = try Self.behindScheme(url)
        let end = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") }
        let authority = rest[..<(end ?? rest.endIndex)]
        guard !authority.contains(UInt8(ascii: "@")) else { throw .userInfo }
        guard authority.allSatisfy({ $0 < 0x80 }) else { throw .hostNotASCII }
        guard rest.allSatisfy({ $0 < 0x80 }) else { throw .notASCII }
        let (hostText, portText) = try Self.split(authority)
        port = try Self.port(portText)
        host = try Host(ascii: hostText)
        let target = rest[authority.endIndex...]
        try TargetRules.confirm(target)
        let slash = target.first == UInt8(ascii: "/") ? "" : "/"
        self.target = slash + String(decoding: target, as: UTF8.self)
    }

    /// Refuses what no part of a URL may hold, as bytes: whatever part a reader took it for.
    static func confirmCharacters(_ url: [UInt8]) throws(DestinationRefusal) {
        guard !url.isEmpty else { throw .empty }
        guard url.count <= Destination.longest else { throw .tooLong }
        for byte in url {
            switch byte {
            case 0..<0x20, 0x7f: throw .controlCharacter
            case UInt8(ascii: " "): throw .blank
            case UInt8(ascii: "\\"): throw .backslash
            default: continue
            }
        }
        guard !url.contains(UInt8(ascii: "#")) else { throw .fragment }
    }

    private static func behindScheme(_ url: [UInt8]) throws(DestinationRefusal) -> ArraySlice<UInt8>
    {
        let scheme = String(decoding: url.prefix { $0 != UInt8(ascii: ":") }, as: UTF8.self)
            .lowercased()
        guard !["unix", "http+unix", "https+unix"].contains(scheme) else { throw .unixSocket }
        let start = "https://".utf8.count
        guard scheme == "https", url.count >= start, url[6] == UInt8(ascii: "/"),
            url[7] == UInt8(ascii: "/")
        else { throw .notHTTPS }
        return url[start...]
    }

    /// The host and, behind a colon, the port.
    private static func split(
        _ authority: ArraySlice<UInt8>
    ) throws(DestinationRefusal) -> (host: ArraySlice<UInt8>, port: ArraySlice<UInt8>?) {
        guard !authority.isEmpty else { throw .noHost }
        var from = authority.startIndex
        if authority.first == UInt8(ascii: "[") {
            guard let close = authority.firstIndex(of: UInt8(ascii: "]")) else {
                throw .malformedLiteral
            }
            from = close + 1
            guard from == authority.endIndex || authority[from] == UInt8(ascii: ":") else {
                throw .malformedLiteral
            }
        }
        guard let colon = authority[from...].firstIndex(of: UInt8(ascii: ":")) else {
            return (authority, nil)
        }
        guard colon > authority.startIndex else { throw .noHost }
        return (authority[..<colon], authority[(colon + 1)...])
    }

    private static func port(_ text: ArraySlice<UInt8>?) throws(DestinationRefusal) -> UInt16 {
        guard let text else { return 443 }
        guard let number = IPAddress.decimal(text, limit: 65_535), number > 0 else {
            throw .malformedPort
        }
        return UInt16(number)
    }
}
