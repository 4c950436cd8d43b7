internal import CloseoutEncodings

/// Hands mails to one relay (RFC 6409), each once, over a connection of its own.
///
/// A relay that offers no TLS gets no mail and no password: nothing but `EHLO` and `STARTTLS` is said in the clear.
///
///     let relay = MailClient(host: host, port: 587, security: .startTLS, login: login, settings: settings)
///     let result = await relay.send(try MailEnvelope(from: from, to: to, message: bytes))
package struct MailClient: Sendable {
    /// How TLS begins; there is no third way.
    package enum Security: Sendable {
        /// From the first byte, as on port 465.
        case tls
        /// By `STARTTLS`, which is demanded, as on port 587.
        case startTLS
    }

    /// An account at the relay.
    package struct Login: Sendable {
        let user: String
        let password: String

        /// Takes both; neither is ever printed.
        package init(user: String, password: String) {
            self.user = user
            self.password = password
        }
    }

    private let opening: StreamOpening
    private let security: Security
    private let login: Login?

    /// Makes a client without a connection.
    ///
    /// - Parameters:
    ///   - host: The relay.
    ///   - port: Its port.
    ///   - security: How TLS begins.
    ///   - login: The account; nil for none.
    ///   - settings: The limits.
    ///   - resolver: What looks up names.
    package init(
        host: Host, port: UInt16, security: Security, login: Login?, settings: OutboundSettings,
        resolver: Resolver = .system
    ) {
        opening = StreamOpening(
            host: host, port: port, beginning: security == .tls ? .secure : .clear,
            settings: settings, resolver: resolver)
        self.security = security
        self.login = login
    }

    /// Sends a mail, in the time that the settings give.
    ///
    /// - Returns: how it ended; where the task is cancelled at once, whatever was reached then.
    package func send(_ mail: MailEnvelope) async -> MailResult {
        typealias Ended = (result: MailResult, stage: OutboundFailure.Stage)
        let (ended, isExpired) = await within(opening.settings.deadline) { () -> Ended in
            let opened: StreamOpening.Opened
            do throws(StreamOpening.Failed) {
                opened = try await opening.open()
            } catch {
                return (
                    MailResult(outcome: .failure(error.failure), permission: error.permission),
                    error.stage
                )
            }
            defer { opened.stream.close() }
            let session = MailSession(stream: opened.stream, security: security, login: login)
            let outcome = await session.send(mail)
            return (MailResult(outcome: outcome, permission: opened.permission), .connection)
        }
        guard isExpired, case .failure(let failure) = ended.result.outcome else {
            return ended.result
        }
        return MailResult(
            outcome: .failure(failure.expired(at: ended.stage)),
            permission: ended.result.permission)
    }
}

extension MailClient.Login: Unprinted {
    package var description: String { "[login]" }
}

/// What is said on one connection.
private struct MailSession {
    let stream: TLSStream
    let security: MailClient.Security
    let login: MailClient.Login?

    /// Another reply came than the one with which it goes on.
    private struct Stop: Error {
        let outcome: MailResult.Outcome
    }

    /// The longest command (RFC 5321, section 4.5.3.1.4), its end aside.
    private static let longestCommand = 510
    /// How long the answer to a goodbye is waited for.
    private static let goodbyeLimit = Duration.seconds(2)

    /// Says all that is to be said for one mail.
    func send(_ mail: MailEnvelope) async -> MailResult.Outcome {
        var step = MailResult.Step.greeting
        do {
            let reply = try await converse(mail, &step)
            await sayGoodbye()
            return .reply(reply.code, at: .end)
        } catch let stop as Stop {
            await sayGoodbye()
            return stop.outcome
        } catch let failure as OutboundFailure {
            return .failure(failure)
        } catch is Inbox.Malformed {
            return step == .end ? .failure(.noResponse(.malformed)) : .notUnderstood(at: step)
        } catch {
            return .failure(
                step == .end
                    ? .noResponse(FailureMapping.interruption(error))
                    : FailureMapping.failureBeforeSending(error))
        }
    }

    /// Goes through the steps; `step` is `end` from the moment on from which the relay may have the mail.
    private func converse(
        _ mail: MailEnvelope, _ step: inout MailResult.Step
    ) async throws -> MailReply {
        try await expect(220, at: step)
        step = .hello
        var offers = try await hello()
        if security == .startTLS {
            guard offers.hasStartTLS else { throw Stop(outcome: .noTLS) }
            step = .startTLS
            try await say("STARTTLS", 220, at: step)
            try await stream.secure()
            // What was said in the clear may have been anybody's.
            step = .hello
            offers = try await hello()
        }
        guard stream.isSecure else { throw OutboundFailure.tlsFailed }
        if let login {
            step = .login
            try await logIn(login, offers)
        }
        if let largest = offers.largest, mail.lines.count > largest {
            throw Stop(outcome: .tooLarge)
        }
        step = .sender
        let size = offers.hasSize ? " SIZE=\(mail.lines.count)" : ""
        try await say("MAIL FROM:<\(mail.from)>\(size)", 250, at: step)
        step = .recipient
        try await say("RCPT TO:<\(mail.to)>", 250, 251, at: step)
        step = .data
        try await say("DATA", 354, at: step)
        try await stream.write(mail.lines)
        // A relay takes no mail whose end it has not read.
        step = .end
        try await stream.write(Array(".\r\n".utf8))
        return try await MailReply(from: stream)
    }

    private func hello() async throws -> MailOffers {
        MailOffers(try await say("EHLO localhost", 250, at: .hello))
    }

    private func logIn(_ login: MailClient.Login, _ offers: MailOffers) async throws {
        let step = MailResult.Step.login
        switch offers.logins.first {
        case .plain:
            let words = Base64.string(Array("\0\(login.user)\0\(login.password)".utf8))
            let command = "AUTH PLAIN \(words)"
            guard command.utf8.count > Self.longestCommand else {
                try await say(command, 235, at: step)
                return
            }
            try await say("AUTH PLAIN", 334, at: step)
            try await say(words, 235, at: step)
        case .login:
            try await say("AUTH LOGIN", 334, at: step)
            try await say(Base64.string(Array(login.user.utf8)), 334, at: step)
            try await say(Base64.string(Array(login.password.utf8)), 235, at: step)
        case nil:
            throw Stop(outcome: .noLogin)
        }
    }

    /// Says a line, and reads the reply.
    ///
    /// - Throws: `Stop` where it is another than one of these, and what reading throws.
    @discardableResult
    private func say(
        _ line: String, _ codes: Int..., at step: MailResult.Step
    ) async throws -> MailReply {
        try await stream.write(Array("\(line)\r\n".utf8))
        return try await expect(codes, at: step)
    }

    @discardableResult
    private func expect(_ codes: Int..., at step: MailResult.Step) async throws -> MailReply {
        try await expect(codes, at: step)
    }

    private func expect(_ codes: [Int], at step: MailResult.Step) async throws -> MailReply {
        let reply = try await MailReply(from: stream)
        guard codes.contains(reply.code) else {
            throw Stop(outcome: .reply(reply.code, at: step))
        }
        return reply
    }

    /// Ends the conversation as the protocol has it; what came before counts, whatever the relay says to this.
    private func sayGoodbye() async {
        _ = await within(Self.goodbyeLimit) { [stream] in
            try? await stream.write(Array("QUIT\r\n".utf8))
            _ = try? await MailReply(from: stream)
        }
    }
}
