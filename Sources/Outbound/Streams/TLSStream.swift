import CloseoutEncodings
internal import NIOCore
internal import NIOPosix
internal import NIOSSL

/// A connection to one checked address, which is written to and read by one task at a time.
///
/// It is in the clear until `secure`, unless it is made with TLS from its first byte.
final class TLSStream: Sendable {
    /// How a connection begins.
    enum Beginning: Sendable {
        /// With TLS.
        case secure
        /// In the clear, for a protocol that asks for TLS by a command.
        case clear
    }

    private let channel: any Channel
    private let inbox: Inbox
    private let host: Host
    private let context: NIOSSLContext

    private init(_ channel: any Channel, _ inbox: Inbox, _ host: Host, _ context: NIOSSLContext) {
        self.channel = channel
        self.inbox = inbox
        self.host = host
        self.context = context
    }

    /// Connects to the first of the addresses that takes a connection, and agrees on TLS where it begins so.
    ///
    /// - Returns: the connection, and what allows its address.
    /// - Throws: why there is none, with what allows the address that was tried last; `cancelled` where the task was
    ///   cancelled.
    static func connect(
        to host: Host, port: UInt16, addresses: [CheckedAddress], _ beginning: Beginning,
        settings: OutboundSettings
    ) async throws(StreamOpening.Failed) -> (stream: TLSStream, permission: AddressVerdict) {
        typealias Failed = StreamOpening.Failed
        guard let context = try? NIOSSLContext(configuration: settings.tls.configuration) else {
            throw Failed(failure: .tlsFailed, stage: .connection)
        }
        var last = Failed(failure: .unreachable, stage: .connection)
        for address in addresses {
            guard !Task.isCancelled else {
                throw Failed(failure: .cancelled, stage: .connection, permission: last.permission)
            }
            do throws(OutboundFailure) {
                let stream = try await connect(
                    to: host, address.address, port, context, settings)
                if beginning == .secure { try await stream.secure() }
                return (stream, address.permission)
            } catch {
                last = Failed(
                    failure: error, stage: .connection, permission: address.permission)
                guard error.isOfConnection else { throw last }
            }
        }
        throw last
    }

    /// Connects in the clear.
    private static func connect(
        to host: Host, _ address: IPAddress, _ port: UInt16, _ context: NIOSSLContext,
        _ settings: OutboundSettings
    ) async throws(OutboundFailure) -> TLSStream {
        let inbox = Inbox()
        let limit = min(settings.connectLimit, settings.deadline / 2)
        let connecting: EventLoopFuture<any Channel>
        do {
            connecting = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connectTimeout(TimeAmount(limit))
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(InboxHandler(inbox))
                    }
                }
                .connect(
                    to: try SocketAddress(ipAddress: address.description, port: Int(port)))
        } catch {
            throw .unreachable
        }
        let connected = Pending<Result<any Channel, any Error>>()
        connecting.whenComplete { connected.give($0) }
        switch await connected.value() {
        case .success(let channel): return TLSStream(channel, inbox, host, context)
        case .failure(let error): throw FailureMapping.failureBeforeSending(error)
        case nil:
            connecting.whenSuccess { $0.close(promise: nil) }
            throw .cancelled
        }
    }

    /// Whether no more can come: the receiver ended the connection, or it failed.
    var hasEnded: Bool { inbox.hasEnded || !channel.isActive }

    /// Agrees on TLS, and confirms the receiver's certificate.
    ///
    /// What came in the clear before is refused: nobody knows whose it is.
    ///
    /// - Throws: `OutboundFailure`.
    func secure() async throws(OutboundFailure) {
        let (channel, context, inbox) = (channel, context, inbox)
        let name = host.literal == nil ? host.name : nil
        do {
            try await channel.eventLoop.submit {
                guard inbox.isEmpty else { throw Inbox.Malformed() }
                let handler = try NIOSSLClientHandler(context: context, serverHostname: name)
                try channel.pipeline.syncOperations.addHandler(handler, position: .first)
            }.get()
            _ = try await inbox.wait { $0.isSecure ? true : nil }
            let host = host
            try await channel.eventLoop.submit {
                let certificate = try channel.pipeline.syncOperations.nioSSL_peerCertificate()
                guard host.isProven(by: certificate) else {
                    throw NIOSSLExtraError.failedToValidateHostname
                }
            }.get()
        } catch {
            close()
            throw error is Inbox.Malformed
                ? .tlsFailed : FailureMapping.failureBeforeSending(error)
        }
    }

    /// Whether TLS stands.
    var isSecure: Bool { inbox.isSecure }

    /// Writes bytes, until the system has taken them all.
    func write(_ bytes: [UInt8]) async throws {
        let channel = channel
        try await withTaskCancellationHandler {
            try Task.checkCancellation()
            try await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
        } onCancel: {
            channel.close(promise: nil)
        }
    }

    /// Reads a line, without its end.
    ///
    /// - Throws: `Inbox.Malformed` where it is longer than `longest`, and why no more comes.
    func line(longest: Int) async throws -> [UInt8] {
        try await inbox.wait { state in
            guard let end = state.bytes.firstIndex(of: UInt8(ascii: "\n")) else {
                guard state.bytes.count <= longest else { throw Inbox.Malformed() }
                return nil
            }
            guard end <= longest else { throw Inbox.Malformed() }
            var line = state.bytes[..<end]
            if line.last == UInt8(ascii: "\r") { line.removeLast() }
            let taken = Array(line)
            state.bytes.removeSubrange(...end)
            return taken
        }
    }

    /// Waits until the receiver ends the connection, or the task is cancelled.
    ///
    /// - Returns: how it ended; `CancellationError`.
    func end() async -> any Error {
        do {
            _ = try await inbox.wait { _ -> Bool? in nil }
            return Inbox.Ended()
        } catch {
            return error
        }
    }

    /// Ends the connection, with TLS's own goodbye where TLS stands.
    func close() {
        channel.close(promise: nil)
    }

    /// Ends the connection as `close` does, and waits until the receiver has said goodbye too, or the time has run out.
    func close(waiting limit: Duration) async {
        let ended = Pending<Bool>()
        channel.closeFuture.whenComplete { _ in ended.give(true) }
        close()
        _ = await within(limit) { await ended.value() }
    }
}
