internal import NIOCore
internal import NIOTLS

/// Stands at the end of a connection's pipeline, and puts what comes into an inbox.
final class InboxHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let inbox: Inbox

    /// Puts all into this inbox.
    init(_ inbox: Inbox) {
        self.inbox = inbox
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        var isFull = false
        inbox.change { state in
            isFull = state.bytes.count + buffer.readableBytes > Inbox.room
            if !isFull { state.bytes += buffer.readableBytesView }
        }
        if isFull { end(context, Inbox.Malformed()) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event as? TLSUserEvent {
        case .handshakeCompleted: inbox.change { $0.isSecure = true }
        // The receiver said that it sends no more; of what is written now nobody knows whether it reads it.
        case .shutdownCompleted: end(context, Inbox.Ended())
        case nil: break
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        inbox.end(Inbox.Ended())
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        end(context, error)
    }

    private func end(_ context: ChannelHandlerContext, _ reason: any Error) {
        inbox.end(reason)
        context.close(promise: nil)
    }
}
