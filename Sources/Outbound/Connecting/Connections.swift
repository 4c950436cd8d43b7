internal import AsyncHTTPClient
package import CloseoutEncodings
internal import CloseoutOpenSSL
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL

/// The connections to one checked address, which stay open for the next request.
///
/// They close when nobody holds them any more: a request that is under way keeps those that it began on.
package final class Connections: Sendable {
    /// The address that all connections lead to.
    let address: IPAddress
    private let client: HTTPClient
    private let gates = SendGates()

    /// A connection does not lead to the address that it was pinned to.
    private struct OtherAddress: Error {}

    /// Makes none yet.
    ///
    /// - Parameters:
    ///   - host: The host of the destination.
    ///   - pin: The address that the host is pinned to.
    ///   - address: The checked address; another than the pin for tests only.
    ///   - settings: Limits and TLS.
    package init(host: Host, pin: IPAddress, address: IPAddress, settings: OutboundSettings) {
        self.address = address
        var pool = HTTPClient.Configuration.ConnectionPool(
            idleTimeout: settings.idleLimit.timeAmount,
            concurrentHTTP1ConnectionsPerHostSoftLimit: settings.connections)
        pool.retryConnectionEstablishment = false
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: settings.tls.configuration, redirectConfiguration: .disallow,
            timeout: .init(connect: min(settings.connectLimit, settings.deadline / 2).timeAmount),
            connectionPool: pool,
            proxy: nil, ignoreUncleanSSLShutdown: false, decompression: .disabled)
        configuration.httpVersion = .http1Only
        configuration.tracing.tracer = nil
        // The key has to be the host of the URL byte for byte; else the client would look the name up itself.
        configuration.dnsOverride = [host.name: pin.description]
        configuration.http1_1ConnectionDebugInitializer = { [gates] channel in
            Self.prepare(channel, of: host, at: address, gates)
        }
        client = HTTPClient(
            eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: configuration)
    }

    deinit {
        _ = client.shutdown()
    }

    /// Confirms where a new connection leads, and puts the gate before its encoder and the guard behind its decoder.
    private static func prepare(
        _ channel: any Channel, of host: Host, at address: IPAddress, _ gates: SendGates
    ) -> EventLoopFuture<Void> {
        let prepared = channel.eventLoop.submit {
            let remote = channel.remoteAddress?.ipAddress.flatMap { IPAddress($0) }
            guard remote == address else { throw OtherAddress() }
            let pipeline = channel.pipeline.syncOperations
            guard host.isProven(by: try pipeline.nioSSL_peerCertificate()) else {
                throw NIOSSLExtraError.failedToValidateHostname
            }
            let encoder = try pipeline.handler(type: HTTPRequestEncoder.self)
            try pipeline.addHandler(GateHandler(gates), position: .after(encoder))
            let decoder = try pipeline.handler(
                type: ByteToMessageHandler<HTTPResponseDecoder>.self)
            try pipeline.addHandler(StatusHandler(), position: .after(decoder))
        }
        prepared.whenFailure { _ in channel.close(promise: nil) }
        return prepared
    }

    /// Sends a request, and reads its response up to a cap.
    package func exchange(
        _ request: OutboundRequest, cap: Int
    ) async throws(OutboundFailure) -> OutboundResponse {
        let (number, gate) = gates.open()
        defer { gates.remove(number) }
        let response: HTTPClientResponse
        do {
            response = try await client.execute(
                message(request, number: number), deadline: .distantFuture)
        } catch {
            // Whoever closes the gate first decides; only then is it known what left.
            throw gate.close()
                ? .noResponse(FailureMapping.interruption(error))
                : FailureMapping.failureBeforeSending(error)
        }
        let head = ResponseHead(response)
        do {
            return try await Self.read(response.body, of: head, cap: cap)
        } catch {
            throw .bodyInterrupted(head, FailureMapping.interruption(error))
        }
    }

    private func message(_ request: OutboundRequest, number: UInt64) -> HTTPClientRequest {
        var message = HTTPClientRequest(url: request.destination.url)
        message.method = HTTPMethod(rawValue: request.method.rawValue)
        for field in request.fields { message.headers.add(name: field.name, value: field.value) }
        message.headers.add(name: SendGates.field, value: String(number))
        if !request.body.isEmpty { message.body = .bytes(ByteBuffer(bytes: request.body)) }
        return message
    }

    private static func read(
        _ source: HTTPClientResponse.Body, of head: ResponseHead, cap: Int
    ) async throws -> OutboundResponse {
        var body: [UInt8] = []
        for try await buffer in source {
            let room = cap - body.count
            body += buffer.readableBytesView.prefix(room)
            guard buffer.readableBytes <= room else {
                return OutboundResponse(head: head, body: body, isWhole: false)
            }
        }
        return OutboundResponse(head: head, body: body, isWhole: true)
    }
}

extension ResponseHead {
    /// Keeps the status and the header fields that are allowed.
    fileprivate init(_ response: HTTPClientResponse) {
        let retries = response.headers["Retry-After"].prefix(Self.mostRetries)
        self.init(
            status: Int(response.status.code), retryAfter: retries.map { RetryAfter($0) },
            date: response.headers.first(name: "Date").flatMap { HTTPDate.instant($0) })
    }
}

extension Host {
    /// Whether a receiver's certificate is for the host, and not only for the address that it was looked up as.
    func isProven(by certificate: NIOSSLCertificate?) -> Bool {
        guard let der = try? certificate?.toDERBytes() else { return false }
        let identity: ServerIdentity =
            if let literal { .address(literal.description) } else { .name(name) }
        return identity.isProven(by: der)
    }
}

extension Duration {
    /// The same time for the client.
    fileprivate var timeAmount: TimeAmount { TimeAmount(self) }
}
