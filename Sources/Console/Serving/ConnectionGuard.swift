import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Ends a connection on which a request takes too long, or whose request was answered before all of it was read.
///
/// The server itself closes what is idle, but waits for ever for an answer to be taken, and reads to the end what
/// nobody wants.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// How long what was answered may still be sent.
    private static let lingering = TimeAmount.seconds(1)

    private let requestTime: TimeAmount
    private var open = 0
    private var isBeingRead = false
    private var timer: Scheduled<Void>?

    init(requestTime: TimeAmount) {
        self.requestTime = requestTime
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            open += 1
            isBeingRead = true
            if timer == nil { close(context, in: requestTime) }
        case .body: break
        case .end: isBeingRead = false
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) {
            open -= 1
            if isBeingRead {
                close(context, in: Self.lingering)
            } else if open == 0 {
                timer?.cancel()
                timer = nil
            }
        }
        context.write(data, promise: promise)
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        timer = nil
        context.fireChannelInactive()
    }

    private func close(_ context: ChannelHandlerContext, in time: TimeAmount) {
        timer?.cancel()
        let channel = context.channel
        timer = context.eventLoop.scheduleTask(in: time) { channel.close(promise: nil) }
    }
}
