package import CloseoutEncodings
package import CloseoutOutbound

/// Sends the messages of one route, each once, over connections of its own.
///
///     let sender = try route.ready(with: secrets).sender()
///     let sent = await sender.send(event, try DeliveryAttempt(delivery: id, at: now))
package protocol MessageSender: Sendable {
    /// Makes the message of a delivery and sends it, in the time that the route gives.
    ///
    /// - Returns: the result of the attempt; where the task is cancelled at once, whatever was reached then.
    func send(_ event: DeliveryEvent, _ attempt: DeliveryAttempt) async -> SentMessage

    /// Lets go of all connections; later messages are not sent.
    func close()

    /// Lets go of all connections as `close` does, and waits until that is done where the protocol has no answer.
    func finish() async
}

extension MessageSender {
    /// Lets go of all connections: there is nothing to wait for where a receiver has answered.
    package func finish() async { close() }
}

/// One attempt to send a message.
package struct SentMessage: Hashable, Sendable {
    /// The result, as the provider's rule says.
    package let result: AttemptResult
    /// What allowed the address that was connected to; nil where none was chosen.
    package let permission: AddressVerdict?
    /// The bytes of the message, head and signature aside; nil where none was made.
    package let bytes: Int?
    /// How many texts were shortened and findings left out.
    package let cut: Int

    package init(
        result: AttemptResult, permission: AddressVerdict? = nil, bytes: Int? = nil, cut: Int = 0
    ) {
        self.result = result
        self.permission = permission
        self.bytes = bytes
        self.cut = cut
    }

    /// The range by which the route's owner allowed the address that was connected to; nil where none had to.
    package var allowedBy: AddressRange? {
        guard case .allowedByOwner(let range, _) = permission else { return nil }
        return range
    }

    /// No message can be made, now or later.
    init(_ fault: ProviderFault) {
        self.init(result: AttemptResult(.permanent, code: fault.code))
    }
}

extension ReadyRoute {
    /// What sends the messages of the route; it has no connection yet.
    ///
    /// - Parameter resolver: What looks up names.
    /// - Returns: a sender for all deliveries of the route.
    package func sender(resolver: Resolver = .system) -> any MessageSender {
        switch provider {
        case .http(let provider):
            HTTPSender(provider, origin: origin, limits: limits, resolver: resolver)
        case .mail(let provider): MailSender(provider, limits: limits, resolver: resolver)
        case .syslog(let provider): SyslogSender(provider, limits: limits, resolver: resolver)
        }
    }
}
