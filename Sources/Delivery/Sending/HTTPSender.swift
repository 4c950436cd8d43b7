import CloseoutOutbound
import Synchronization

/// Sends requests over HTTPS; what a preparation granted serves until its lifetime ends.
final class HTTPSender: MessageSender {
    private struct State {
        var clients: [OutboundClient] = []
        var origins: [Destination] = []
        var grant: (secret: Secret, end: ContinuousClock.Instant)?
        var isClosed = false
    }

    private let provider: any HTTPProvider
    private let limits: OutboundSettings
    private let resolver: Resolver
    private let state = Mutex(State())

    /// Makes a sender without a connection.
    init(
        _ provider: any HTTPProvider, origin: Destination?, limits: OutboundSettings,
        resolver: Resolver
    ) {
        self.provider = provider
        self.limits = limits
        self.resolver = resolver
        _ = origin.map(client)
    }

    func send(_ event: DeliveryEvent, _ attempt: DeliveryAttempt) async -> SentMessage {
        do throws(ProviderFault) {
            var attempt = attempt.granted(grant)
            if attempt.grant == nil,
                let request = try provider.preparation(for: event, attempt)
            {
                let result = await client(for: request.destination).send(request)
                switch provider.conclude(result, asOf: attempt.at) {
                case .settled(let settled):
                    return SentMessage(result: settled, permission: result.permission)
                case .proceed(let grant):
                    attempt = attempt.granted(grant?.secret)
                    if let grant { keep(grant) }
                }
            }
            let message = try provider.message(for: event, attempt)
            let result = await client(for: message.request.destination).send(message.request)
            let judged = provider.judge(result, asOf: attempt.at)
            if judged.isCredentialFault { state.withLock { $0.grant = nil } }
            return SentMessage(
                result: judged, permission: result.permission, bytes: message.request.body.count,
                cut: message.cut)
        } catch {
            return SentMessage(error)
        }
    }

    func close() {
        let clients = state.withLock { state in
            state.isClosed = true
            return state.clients
        }
        for client in clients { client.close() }
    }

    /// The client of a host and port: the route's own, or that of a peer such as an authority of tokens.
    private func client(for destination: Destination) -> OutboundClient {
        state.withLock { state in
            if let index = state.origins.firstIndex(where: destination.hasOrigin) {
                return state.clients[index]
            }
            let client = OutboundClient(for: destination, settings: limits, resolver: resolver)
            if state.isClosed { client.close() }
            state.origins.append(destination)
            state.clients.append(client)
            return client
        }
    }

    private var grant: Secret? {
        state.withLock { state in
            state.grant.flatMap { $0.end > .now ? $0.secret : nil }
        }
    }

    /// Keeps a grant that serves other deliveries too.
    private func keep(_ grant: Grant) {
        guard grant.lifetime > .zero else { return }
        state.withLock { $0.grant = (grant.secret, .now + grant.lifetime) }
    }
}
