internal import NIOCore
internal import NIOHTTP1

/// Stands behind the decoder of each connection, and ends it where a response has a status that HTTP does not have
/// (RFC 9110, section 15): the client takes some of those for no response, and does not expect what follows.
final class StatusHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias InboundOut = HTTPClientResponsePart

    private static let statuses: ClosedRange<UInt> = 100...599

    private var isShut = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isShut else { return }
        if case .head(let head) = unwrapInboundIn(data), !Self.statuses.contains(head.status.code) {
            isShut = true
            context.fireErrorCaught(HTTPParserError.invalidStatus)
            context.close(promise: nil)
            return
        }
        context.fireChannelRead(data)
    }
}
