package import CloseoutEncodings
package import CloseoutOutbound

/// Mail by submission to a relay (RFC 6409, RFC 8314): where it goes, and from whom to whom.
package struct MailSettings: ProviderSettings {
    /// There is no URL.
    package static let addressForm = AddressForm.none

    /// How the connection is secured; there is no third way.
    package enum Security: String, CaseIterable, Hashable, Sendable {
        /// TLS from the first byte, on port 465.
        case tls
        /// TLS after `STARTTLS`, which is demanded, on port 587.
        case starttls
    }

    /// The relay's name.
    package let host: String
    /// The relay's port.
    package let port: UInt16
    /// How the connection is secured.
    package let security: Security
    /// The account at the relay; nil for none.
    package let user: String?
    /// The account's password.
    let password: SecretReference?
    /// The sender's address.
    package let from: String
    /// The one recipient's address.
    package let to: String

    /// Takes all members.
    ///
    /// - Throws: `JSONShapeError` that names the member.
    package init(taking reader: inout JSONObjectReader) throws(JSONShapeError) {
        let security: Security = try reader.optional("security")?.choice() ?? .tls
        self.security = security
        (host, port) = try HostSettings.take(from: &reader, port: security == .tls ? 465 : 587)
        user = try reader.optional("user")?.word()
        password = try reader.optional("password").map { item throws(JSONShapeError) in
            try SecretReference(item)
        }
        guard (user == nil) == (password == nil) else {
            throw reader.invalid(
                user == nil ? "user" : "password", "user and password need each other")
        }
        from = try MailAddress.read(try reader.required("from"))
        to = try MailAddress.read(try reader.required("to"))
    }

    /// The host.
    package var peer: (member: String, url: String)? { ("host", HostSettings.url(host)) }

    /// Plain mistakes, and what the owner should know.
    package var findings: [SettingsFinding] {
        let usual: UInt16 = security == .tls ? 465 : 587
        let other: UInt16 = security == .tls ? 587 : 465
        guard port == other else { return [] }
        return [
            SettingsFinding(
                "port", "smtp.port", "Port \(port) speaks the other way: usual is \(usual).")
        ]
    }

    /// The password, where there is one.
    package var secrets: [NamedSecret] {
        password.map { [NamedSecret("password", $0)] } ?? []
    }

    /// Reads the secrets; see `ProviderSettings`.
    package func provider(
        to destination: Destination?, secrets: SecretReader
    ) throws(RouteFault) -> ReadyProvider {
        let password = try password.map { reference throws(RouteFault) in
            try secrets.secret(reference, at: "settings.password")
        }
        return .mail(MailProvider(settings: self, password: password))
    }
}

/// Addresses of mail: the form without quotes and comments (RFC 5321, section 4.1.2), in ASCII.
enum MailAddress {
    /// Reads one address.
    static func read(_ item: JSONItem) throws(JSONShapeError) -> String {
        let text = try item.bytes()
        let parts = text.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        let marks = Set("!#$%&'*+-/=?^_`{|}~.".utf8)
        guard text.count <= 254, parts.count == 2, (1...64).contains(parts[0].count),
            parts[0].allSatisfy({ $0.isAlphanumeric || marks.contains($0) }),
            !parts[0].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
                .contains(where: \.isEmpty),
            (try? Destination("https://\(String(decoding: parts[1], as: UTF8.self))/")) != nil,
            parts[1].allSatisfy({ $0.isAlphanumeric || Array("-.".utf8).contains($0) })
        else { throw item.invalid("must be one address such as releases@example.com") }
        return String(decoding: text, as: UTF8.self)
    }
}

/// A mail and its envelope.
package struct MailMessage: Hashable, Sendable {
    /// The sender of the envelope.
    package let from: String
    /// The one recipient of the envelope.
    package let to: String
    /// Header and body in ASCII, lines that end with CR and LF, none with a dot in front; of at most 78 bytes but
    /// for those with long addresses.
    package let bytes: [UInt8]
    /// How many texts were shortened and findings left out.
    package let cut: Int
}

extension MailMessage: Unprinted {
    package var description: String { "[mail of \(bytes.count) bytes]" }
}

/// Makes mails of plain text, the same bytes at each attempt.
package struct MailProvider: Sendable {
    /// Where mails go, and from whom to whom.
    package let settings: MailSettings
    /// The password of the account at the relay.
    package let password: Secret?

    /// The most characters of a subject.
    static let longestSubject = 200

    /// Makes a mail (RFC 5322, RFC 2045), with a Message-ID that is that of the delivery.
    ///
    /// - Throws: `ProviderFault.signature` where no digest can be computed.
    package func message(
        for event: DeliveryEvent, _ attempt: DeliveryAttempt
    ) throws(ProviderFault) -> MailMessage {
        var cutter = Cutter()
        let text = EventText(event, &cutter)
        let domain = settings.from.split(separator: "@").last.map(String.init) ?? "localhost"
        let id = "closeout-" + (try DeliveryName.hashed(attempt.delivery))
        let subject = cutter.text(text.title, most: Self.longestSubject)
        let lines =
            [
                "Date: \(MailText.date(event.at))", "From: Closeout <\(settings.from)>",
                "To: <\(settings.to)>",
            ] + MailText.subject(subject) + [
                "Message-ID: <\(id)@\(domain)>", "Auto-Submitted: auto-generated",
                "X-Auto-Response-Suppress: All", "MIME-Version: 1.0",
                "Content-Type: text/plain; charset=utf-8",
                "Content-Transfer-Encoding: quoted-printable", "",
            ]
            + ([text.title, ""] + text.facts.map { "\($0.name): \($0.value)" }).flatMap(
                MailText.quotedPrintable)
        return MailMessage(
            from: settings.from, to: settings.to,
            bytes: lines.flatMap { Array($0.utf8) + [0x0d, 0x0a] }, cut: cutter.count)
    }
}

extension AttemptResult {
    /// What a relay's reply means (RFC 5321, section 4.2).
    ///
    /// - Parameters:
    ///   - reply: The three digits.
    ///   - isAtEnd: Whether it answers the end of the message.
    /// - Returns: the class; accepted by a relay is not yet delivered.
    package static func ofMail(reply: Int, isAtEnd: Bool) -> AttemptResult {
        let status = (100...599).contains(reply) ? reply : nil
        switch reply {
        case 200..<300 where isAtEnd:
            return AttemptResult(
                .success(.acceptedUnconfirmed), status: status, code: "smtp.accepted-by-relay")
        case 400..<500: return AttemptResult(.transient, status: status, code: "smtp.later")
        case 530, 534, 535, 538:
            return AttemptResult(
                .permanent, status: status, code: "smtp.credentials", isCredentialFault: true)
        case 500..<600: return AttemptResult(.permanent, status: status, code: "smtp.refused")
        default:
            return AttemptResult(
                isAtEnd ? .unknownOutcome : .transient, status: status,
                code: "smtp.reply-not-understood")
        }
    }
}
