import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutOutbound

/// What the requests of all providers have in common.
enum Requests {
    /// How this sender names itself.
    static let agent = OutboundRequest.Field("User-Agent", "closeout-courier")
    /// A body in JSON.
    static let json = OutboundRequest.Field("Content-Type", "application/json")

    /// A request, with the name of the sender in front.
    static func make(
        _ method: OutboundRequest.Method, to destination: Destination,
        _ fields: [OutboundRequest.Field], body: [UInt8] = [], most: Int = 1_000_000
    ) throws(ProviderFault) -> OutboundRequest {
        guard body.count <= most else { throw .tooLarge }
        do throws(RequestRefusal) {
            return try OutboundRequest(
                method, to: destination, fields: [agent] + fields, body: body)
        } catch {
            throw .request(error)
        }
    }

    /// The header field with a token.
    static func authorization(_ scheme: String, _ secret: Secret) -> OutboundRequest.Field {
        OutboundRequest.Field("Authorization", "\(scheme) \(secret.revealed)")
    }

    /// The header field with a name and password (RFC 7617).
    static func basic(_ name: String, _ secret: Secret) -> OutboundRequest.Field {
        OutboundRequest.Field(
            "Authorization", "Basic " + Base64.string(Array("\(name):\(secret.revealed)".utf8)))
    }

    /// A text with all but letters, digits and `-._~` as `%` and two digits (RFC 3986).
    static func percentEncoded(_ text: String) -> String {
        let marks = Set("-._~".utf8)
        var encoded: [UInt8] = []
        for byte in text.utf8 {
            if byte.isAlphanumeric || marks.contains(byte) {
                encoded.append(byte)
            } else {
                encoded.append(UInt8(ascii: "%"))
                encoded += Hex.string([byte]).uppercased().utf8
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }

    /// A UUID that is the same for the same text: the form of version 5, made with SHA-256.
    static func uuid(_ text: String) throws(ProviderFault) -> String {
        guard var bytes = try? SHA256Digest.of(Array(text.utf8)).bytes else { throw .signature }
        bytes[6] = bytes[6] & 0x0f | 0x50
        bytes[8] = bytes[8] & 0x3f | 0x80
        let digits = Array(Hex.string(Array(bytes[..<16])))
        let parts = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }
        return parts.joined(separator: "-")
    }
}

extension Destination {
    /// The destination of a path and query on the same host and port.
    func at(_ target: String) throws(ProviderFault) -> Destination {
        do throws(DestinationRefusal) {
            return try Destination("https://\(host.inURL):\(port)\(target)", ports: [port])
        } catch {
            throw .destination(error)
        }
    }
}

extension JSONItem {
    /// A short text for a header or a field: 1 to a number of bytes of visible ASCII with blanks inside at most.
    func word(most: Int = 128) throws(JSONShapeError) -> String {
        let bytes = try bytes()
        guard (1...most).contains(bytes.count), bytes.allSatisfy({ 0x20...0x7e ~= $0 }),
            bytes.first != 0x20, bytes.last != 0x20
        else { throw invalid("must be 1 to \(most) bytes of visible ASCII, no blank at an end") }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// One part of a path: 1 to a number of letters, digits, `-`, `_` and `.`, not beginning with a dot.
    func segment(most: Int = 255) throws(JSONShapeError) -> String {
        let bytes = try bytes()
        guard (1...most).contains(bytes.count), bytes.first != UInt8(ascii: "."),
            bytes.allSatisfy({ $0.isAlphanumeric || Array("-_.".utf8).contains($0) })
        else { throw invalid("must be 1 to \(most) of A-Z a-z 0-9 - _ ., no dot first") }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension JSONObjectReader {
    /// Takes a required secret by its reference.
    mutating func secret(_ key: String) throws(JSONShapeError) -> SecretReference {
        try SecretReference(try required(key))
    }
}

extension Optional where Wrapped == Destination {
    /// The URL that a provider over HTTPS needs.
    ///
    /// - Throws: `RouteFault` where the route has none, which reading the routes rules out.
    func orFault() throws(RouteFault) -> Destination {
        guard let destination = self else {
            throw RouteFault(member: "url", reason: .destination(.empty))
        }
        return destination
    }
}
