import CloseoutEncodings
import CloseoutOpenSSL
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// An HTTPS server on 127.0.0.1 that stands for the systems of a trial: each path is one of them.
final class LocalReceiver: Sendable {
    /// What one of the systems has seen.
    struct Count: Sendable {
        /// The requests that it refused.
        var refused = 0
        /// The requests that it took.
        var taken = 0
        /// The ids of the messages.
        var ids: Set<String> = []
    }

    /// One of the systems.
    struct Inbox: Sendable {
        /// The key of its hooks' signatures.
        let key: [UInt8]
        /// Whether it takes what comes.
        var isOpen: Bool
        var count = Count()
    }

    private let channel: any Channel
    private let ledger: Ledger

    /// Its certificate, in PEM.
    let certificate: [UInt8]

    private init(_ channel: any Channel, _ ledger: Ledger, _ certificate: [UInt8]) {
        self.channel = channel
        self.ledger = ledger
        self.certificate = certificate
    }

    /// Starts it on a port that is free, with a key that is nowhere but in memory.
    static func start(_ inboxes: [String: Inbox], now: Instant) async throws -> LocalReceiver {
        let key = try PrivateKey.generate(.p256)
        let day: Int64 = 86_400
        let certificate = try LoopbackCertificate.pem(
            of: key, from: digits(now.adding(seconds: -day) ?? now),
            to: digits(now.adding(seconds: 30 * day) ?? now))
        let context = try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: try NIOSSLCertificate.fromPEMBytes(certificate)
                    .map { .certificate($0) },
                privateKey: .privateKey(
                    try NIOSSLPrivateKey(bytes: key.pem(passphrase: nil), format: .pem))))
        let ledger = Ledger(inboxes)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(NIOSSLServerHandler(context: context))
                    try pipeline.configureHTTPServerPipeline()
                    try pipeline.addHandler(ReceiverHandler(ledger))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return LocalReceiver(channel, ledger, certificate)
    }

    /// Its port.
    var port: Int { channel.localAddress?.port ?? 0 }

    /// Lets one of the systems take what comes from now on.
    func open(_ name: String) { ledger.open(name) }

    /// What one of the systems has seen so far.
    func count(of name: String) -> Count { ledger.count(of: name) }

    /// Stops it.
    func stop() async { try? await channel.close().get() }

    /// The digits of an instant, without those of the century.
    private static func digits(_ instant: Instant) -> String {
        String(instant.description.filter(\.isNumber).dropFirst(2))
    }
}

/// The systems of a receiver, for the threads that serve its connections.
final class Ledger: Sendable {
    private let inboxes: Mutex<[String: LocalReceiver.Inbox]>

    init(_ inboxes: [String: LocalReceiver.Inbox]) {
        self.inboxes = Mutex(inboxes)
    }

    func open(_ name: String) { inboxes.withLock { $0[name]?.isOpen = true } }

    func count(of name: String) -> LocalReceiver.Count {
        inboxes.withLock { $0[name]?.count } ?? LocalReceiver.Count()
    }

    /// Counts a request, and says what it is answered.
    ///
    /// Only what is signed with the key of the system is counted as taken.
    func answer(_ head: HTTPRequestHead, _ body: [UInt8]) -> HTTPResponseStatus {
        let id = head.headers.first(name: "webhook-id") ?? ""
        let time = head.headers.first(name: "webhook-timestamp") ?? ""
        let signature = head.headers.first(name: "webhook-signature")
        return inboxes.withLock { inboxes in
            let name = String(head.uri.dropFirst())
            guard head.method == .POST, var inbox = inboxes[name] else { return .notFound }
            let code = try? HMAC.sha256(key: inbox.key, over: Array("\(id).\(time).".utf8) + body)
            guard let code, signature == "v1,\(Base64.string(code))" else { return .unauthorized }
            inbox.count.ids.insert(id)
            if inbox.isOpen { inbox.count.taken += 1 } else { inbox.count.refused += 1 }
            inboxes[name] = inbox
            return inbox.isOpen ? .ok : .unprocessableEntity
        }
    }
}

/// Serves one connection.
private final class ReceiverHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// The most bytes of a message.
    private static let largest = 1 << 20

    private let ledger: Ledger
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []

    init(_ ledger: Ledger) {
        self.ledger = ledger
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = []
        case .body(let part):
            body += part.readableBytesView
            if body.count > Self.largest { context.close(promise: nil) }
        case .end:
            guard let head else { return context.close(promise: nil) }
            let answer = HTTPResponseHead(
                version: .http1_1, status: ledger.answer(head, body),
                headers: ["content-length": "0"])
            context.write(wrapOutboundOut(.head(answer)), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
