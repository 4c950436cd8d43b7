package import CloseoutEncodings
package import CloseoutOutbound

/// Syslog over TLS (RFC 5424, RFC 5425): where it goes, and how the sender names itself.
package struct SyslogSettings: ProviderSettings {
    /// There is no URL.
    package static let addressForm = AddressForm.none
    /// The receiver's name.
    package let host: String
    /// The receiver's port.
    package let port: UInt16
    /// The facility; 13 is "log audit".
    let facility: Int64
    /// The name of this machine as the receiver is to have it; `-` for none.
    let hostname: String
    /// The name of this program.
    let application: String
    /// The number of the owner's enterprise, with which structured data is sent; nil for none.
    let enterprise: Int64?

    /// Takes all members.
    ///
    /// - Throws: `JSONShapeError` that names the member.
    package init(taking reader: inout JSONObjectReader) throws(JSONShapeError) {
        (host, port) = try HostSettings.take(from: &reader, port: 6514)
        facility = try reader.optional("facility")?.integer(in: 0...23) ?? 13
        hostname =
            try reader.optional("hostname").map { item throws(JSONShapeError) in
                try item.segment()
            } ?? "-"
        application = try reader.optional("app")?.segment(most: 48) ?? "closeout"
        enterprise = try reader.optional("enterprise")?.integer(in: 1...4_294_967_295)
    }

    /// The host.
    package var peer: (member: String, url: String)? { ("host", HostSettings.url(host)) }

    /// Plain mistakes, and what the owner should know.
    package var findings: [SettingsFinding] {
        [
            SettingsFinding(
                "", "syslog.unconfirmed",
                "Syslog never answers: the best that is recorded is sent_unconfirmed.")
        ]
    }

    /// Reads the secrets; see `ProviderSettings`.
    package func provider(
        to destination: Destination?, secrets: SecretReader
    ) throws(RouteFault) -> ReadyProvider {
        .syslog(SyslogProvider(settings: self))
    }
}

/// The host and port of what speaks no HTTP.
enum HostSettings {
    /// The URL of a host, for reading and judging it by the rules of URLs.
    static func url(_ host: String) -> String {
        "https://" + (IPAddress(host)?.family == .v6 ? "[\(host)]" : host) + "/"
    }

    /// The host, as connections have it; nil for what was never read as one.
    static func host(_ name: String) -> Host? { try? Destination(url(name)).host }

    /// Takes `host`, read by the rules for the host of a URL, and `port`.
    static func take(
        from reader: inout JSONObjectReader, port usual: Int64
    ) throws(JSONShapeError) -> (String, UInt16) {
        let item = try reader.required("host")
        let text = try item.word(most: 255)
        let marks = Set("-.:[]".utf8)
        guard text.utf8.allSatisfy({ $0.isAlphanumeric || marks.contains($0) }) else {
            throw item.invalid("must be the name of a host and nothing else")
        }
        let port = UInt16(try reader.optional("port")?.integer(in: 1...65_535) ?? usual)
        do throws(DestinationRefusal) {
            return (try Destination(url(text)).host.name, port)
        } catch {
            throw item.invalid(error.sentence)
        }
    }
}

/// One frame of syslog.
package struct SyslogFrame: Hashable, Sendable {
    /// The length in decimal, a blank and the message (RFC 5425, section 4.3).
    package let bytes: [UInt8]
    /// How many texts were shortened and findings left out.
    package let cut: Int
}

extension SyslogFrame: Unprinted {
    package var description: String { "[frame of \(bytes.count) bytes]" }
}

/// Makes frames with a body in the Common Event Format.
package struct SyslogProvider: Sendable {
    /// Where frames go, and what they are made with.
    package let settings: SyslogSettings

    /// The most bytes of a message: rsyslog makes several of a longer one.
    package static let mostBytes = 8000

    /// The result of a frame that was written whole: there is no answer.
    package static let sent = AttemptResult(.success(.sentUnconfirmed), code: "sent")

    /// Makes a frame, with fewer findings where it gets too long.
    ///
    /// - Throws: `ProviderFault.tooLarge`, which the limits of the texts rule out.
    package func frame(
        for event: DeliveryEvent, _ attempt: DeliveryAttempt
    ) throws(ProviderFault) -> SyslogFrame {
        for most in [DeliveryEvent.mostFindings, 20, 5, 0] {
            var cutter = Cutter()
            let message = Array(message(for: event, attempt, &cutter, findings: most).utf8)
            guard message.count <= Self.mostBytes else { continue }
            return SyslogFrame(
                bytes: Array("\(message.count) ".utf8) + message, cut: cutter.count)
        }
        throw .tooLarge
    }

    private func message(
        for event: DeliveryEvent, _ attempt: DeliveryAttempt, _ cutter: inout Cutter,
        findings most: Int
    ) -> String {
        let priority = settings.facility * 8 + Self.severity(event.severity)
        let head =
            "<\(priority)>1 \(event.at) \(settings.hostname) \(settings.application) - "
            + "\(event.kind.rawValue) "
        return head + data(event, attempt) + " " + cef(event, attempt, &cutter, findings: most)
    }

    private static func severity(_ severity: DeliveryEvent.Severity) -> Int64 {
        switch severity {
        case .critical: 2
        case .high: 3
        case .medium: 4
        case .low: 5
        case .info: 6
        }
    }

    /// Structured data under the owner's number; `-` without one.
    private func data(_ event: DeliveryEvent, _ attempt: DeliveryAttempt) -> String {
        guard let enterprise = settings.enterprise else { return "-" }
        let values = [
            ("delivery", attempt.delivery), ("event", printable(event.id)),
            ("bundle", event.bundle.hex),
        ]
        return "[closeout@\(enterprise)"
            + values.map { " \($0.0)=\"\(Self.escaped($0.1, "\"\\]"))\"" }.joined() + "]"
    }

    private func cef(
        _ event: DeliveryEvent, _ attempt: DeliveryAttempt, _ cutter: inout Cutter,
        findings most: Int
    ) -> String {
        var quiet = Cutter()
        let title = EventText(event, &quiet).title
        let level =
            switch event.severity {
            case .info: 1
            case .low: 3
            case .medium: 5
            case .high: 8
            case .critical: 10
            }
        let named = cutter.list(event.findings, most: most).map {
            cutter.text(printable($0), most: DeliveryEvent.longestFinding)
        }
        let name = cutter.text(printable(event.releaseName), most: DeliveryEvent.longestName)
        let version = cutter.text(
            printable(event.releaseVersion), most: DeliveryEvent.longestName)
        let fields = [
            ("rt", "\(event.at.secondsSince1970 * 1000)"), ("externalId", attempt.delivery),
            ("act", event.kind.rawValue), ("outcome", event.outcome.rawValue),
            ("cs1Label", "release"), ("cs1", name), ("cs2Label", "version"), ("cs2", version),
            ("cs3Label", "bundle"), ("cs3", event.bundle.hex), ("cs4Label", "findings"),
            ("cs4", named.joined(separator: ",")), ("cn1Label", "failed"),
            ("cn1", "\(event.counts.fail)"), ("cn2Label", "unknown"),
            ("cn2", "\(event.counts.unknown)"),
        ]
        let header = ["CEF:0", "Closeout", "closeout", "1", event.type, title, "\(level)"]
        return header.map { Self.escaped($0, "\\|") }.joined(separator: "|") + "|"
            + fields.map { "\($0.0)=\(Self.escaped($0.1, "\\="))" }.joined(separator: " ")
    }

    /// A text with a backslash in front of some characters.
    private static func escaped(_ text: String, _ characters: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            if characters.unicodeScalars.contains(scalar) { escaped += "\\" }
            escaped.unicodeScalars.append(scalar)
        }
        return escaped
    }
}
