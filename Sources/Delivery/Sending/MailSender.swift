package import CloseoutEncodings
package import CloseoutOutbound

/// Sends mails to the relay of a route.
struct MailSender: MessageSender {
    private let provider: MailProvider
    private let client: MailClient?

    /// Makes a sender without a connection.
    init(_ provider: MailProvider, limits: OutboundSettings, resolver: Resolver) {
        let settings = provider.settings
        let login = settings.user.flatMap { user in
            provider.password.map { MailClient.Login(user: user, password: $0.revealed) }
        }
        self.provider = provider
        client = HostSettings.host(settings.host).map { host in
            MailClient(
                host: host, port: settings.port,
                security: settings.security == .tls ? .tls : .startTLS, login: login,
                settings: limits, resolver: resolver)
        }
    }

    func send(_ event: DeliveryEvent, _ attempt: DeliveryAttempt) async -> SentMessage {
        let message: MailMessage
        do throws(ProviderFault) {
            message = try provider.message(for: event, attempt)
        } catch {
            return SentMessage(error)
        }
        guard let client,
            let envelope = try? MailEnvelope(
                from: message.from, to: message.to, message: message.bytes)
        else { return SentMessage(ProviderFault.malformedMessage) }
        let sent = await client.send(envelope)
        return SentMessage(
            result: .of(sent, asOf: attempt.at), permission: sent.permission,
            bytes: message.bytes.count, cut: message.cut)
    }

    /// There is no connection between two mails.
    func close() {}
}

extension AttemptResult {
    /// What the outcome of a mail means.
    package static func of(_ result: MailResult, asOf now: Instant) -> AttemptResult {
        switch result.outcome {
        case .reply(let code, at: .login) where (500..<600).contains(code):
            AttemptResult(
                .permanent, status: code, code: "smtp.credentials", isCredentialFault: true)
        case .reply(let code, let step): .ofMail(reply: code, isAtEnd: step == .end)
        case .noTLS: AttemptResult(.permanent, code: "smtp.no-tls")
        case .noLogin: AttemptResult(.permanent, code: "smtp.no-login")
        case .tooLarge: AttemptResult(.permanent, code: "smtp.too-large")
        case .notUnderstood: AttemptResult(.transient, code: "smtp.reply-not-understood")
        case .failure(let failure): .of(failure, asOf: now)
        }
    }
}
