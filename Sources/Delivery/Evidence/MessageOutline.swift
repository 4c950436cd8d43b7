package import CloseoutEncodings
import CloseoutOpenSSL
package import CloseoutOutbound

/// What a message is, without a value of any of it: what evidence may hold of it, and what its owner can show.
package struct MessageOutline: Hashable, Sendable {
    /// The names of the header fields, in lower case.
    package let headerNames: [String]
    /// How many bytes the body has.
    package let bodySize: Int
    /// The digest of the body; only ever in a commitment.
    let bodyDigest: SHA256Digest
    /// The receiver's host.
    package let host: Host
    /// The receiver's port.
    let port: UInt16
    /// The address of mail to which it goes; only ever in a commitment.
    let recipient: String?
}

extension MessageOutline: Unprinted {
    package var description: String { "[outline of a message with \(bodySize) bytes]" }
}

extension ReadyRoute {
    /// Outlines the message of an event; no name is looked up, and no connection opened.
    ///
    /// - Parameters:
    ///   - event: What is delivered.
    ///   - delivery: The id of the delivery.
    ///   - now: The instant of the attempt.
    /// - Returns: The outline.
    /// - Throws: why there is no such message.
    package func outline(
        of event: DeliveryEvent, delivery: String, at now: Instant
    ) throws(ProviderFault) -> MessageOutline {
        // A provider that needs a token puts it into the value of a field, which is not looked at.
        let grant = try? Secret(trimming: Array("none".utf8))
        let attempt = try DeliveryAttempt(delivery: delivery, at: now, grant: grant)
        switch provider {
        case .http(let provider):
            let request = try provider.message(for: event, attempt).request
            return try MessageOutline(
                request.fields.map { $0.name.lowercased() }, request.body,
                to: request.destination.host, request.destination.port)
        case .syslog(let provider):
            let settings = provider.settings
            return try MessageOutline(
                [], try provider.frame(for: event, attempt).bytes, to: try host(settings.host),
                settings.port)
        case .mail(let provider):
            let settings = provider.settings
            let message = try provider.message(for: event, attempt)
            return try MessageOutline(
                message.headerNames, message.bytes, to: try host(settings.host), settings.port,
                recipient: message.to)
        }
    }

    /// The host of what speaks no HTTP, which was read once before.
    private func host(_ name: String) throws(ProviderFault) -> Host {
        do throws(DestinationRefusal) {
            return try Destination(HostSettings.url(name)).host
        } catch {
            throw .destination(error)
        }
    }

    /// The receiver's address in its one form: what its tag is made of.
    var address: String {
        switch provider {
        case .http:
            guard let origin else { return "" }
            let port = origin.port == 443 ? "" : ":\(origin.port)"
            return "https://\(origin.host.inURL)\(port)\(origin.target)"
        case .syslog(let provider):
            return "syslog://\(provider.settings.host):\(provider.settings.port)"
        case .mail(let provider):
            return "smtp://\(provider.settings.host):\(provider.settings.port)"
        }
    }
}

extension MessageOutline {
    fileprivate init(
        _ names: [String], _ body: [UInt8], to host: Host, _ port: UInt16, recipient: String? = nil
    ) throws(ProviderFault) {
        guard let digest = try? SHA256Digest.of(body) else { throw .signature }
        headerNames = names
        bodySize = body.count
        bodyDigest = digest
        self.host = host
        self.port = port
        self.recipient = recipient
    }
}

extension MailMessage {
    /// The names of the header fields, in lower case.
    fileprivate var headerNames: [String] {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        return lines.prefix { $0.count > 1 }.compactMap { line in
            guard let first = line.first, first != UInt8(ascii: " "), first != UInt8(ascii: "\t"),
                let colon = line.firstIndex(of: UInt8(ascii: ":"))
            else { return nil }
            return String(decoding: line[..<colon], as: UTF8.self).lowercased()
        }
    }
}
