import CloseoutOutbound

/// Writes frames to the receiver of a route, on one connection.
struct SyslogSender: MessageSender {
    private let provider: SyslogProvider
    private let client: SyslogClient?

    /// Makes a sender without a connection.
    init(_ provider: SyslogProvider, limits: OutboundSettings, resolver: Resolver) {
        self.provider = provider
        client = HostSettings.host(provider.settings.host).map { host in
            SyslogClient(
                host: host, port: provider.settings.port, settings: limits, resolver: resolver)
        }
    }

    func send(_ event: DeliveryEvent, _ attempt: DeliveryAttempt) async -> SentMessage {
        let frame: SyslogFrame
        do throws(ProviderFault) {
            frame = try provider.frame(for: event, attempt)
        } catch {
            return SentMessage(error)
        }
        guard let client else { return SentMessage(ProviderFault.malformedMessage) }
        let sent = await client.send(frame.bytes)
        return SentMessage(
            result: sent.failure.map { .of($0, asOf: attempt.at) } ?? SyslogProvider.sent,
            permission: sent.permission, bytes: frame.bytes.count, cut: frame.cut)
    }

    func close() { client?.close() }

    func finish() async { await client?.finish() }
}
