internal import NIOCore
internal import NIOHTTP1
internal import Synchronization

/// Decides, once for each request, whether its head is written or the request is given up.
///
/// The client may write a request at the same instant at which its time runs out. Whoever comes first decides: so
/// "nothing was sent" is never said of a request that was, and a request that was given up is never written.
package final class SendGate: Sendable {
    /// The request was given up before it was written.
    package struct GivenUp: Error, CustomStringConvertible {
        /// Nothing more is known of it.
        package init() {}

        package var description: String { "the request was given up before it was sent" }
    }

    private enum State: UInt8 {
        case waiting
        case passed
        case closed
    }

    private let state = Atomic(State.waiting.rawValue)

    /// A gate that is open.
    package init() {}

    /// Lets the head pass, unless the request was given up.
    ///
    /// - Returns: whether the head may be written.
    package func pass() -> Bool {
        state.compareExchange(
            expected: State.waiting.rawValue, desired: State.passed.rawValue,
            ordering: .acquiringAndReleasing
        ).original != State.closed.rawValue
    }

    /// Gives the request up, unless its head has passed.
    ///
    /// - Returns: whether the head has passed, so that the request may have left.
    package func close() -> Bool {
        state.compareExchange(
            expected: State.waiting.rawValue, desired: State.closed.rawValue,
            ordering: .acquiringAndReleasing
        ).original == State.passed.rawValue
    }
}

/// The gates of the requests that a client has, by number.
final class SendGates: Sendable {
    /// The header field that carries the number to the gate, which takes it off.
    static let field = "closeout-exchange"

    private struct State {
        var next: UInt64 = 0
        var gates: [UInt64: SendGate] = [:]
    }

    private let state = Mutex(State())

    /// Makes a gate, and the number by which it is found.
    func open() -> (number: UInt64, gate: SendGate) {
        state.withLock { state in
            let (number, gate) = (state.next, SendGate())
            state.next += 1
            state.gates[number] = gate
            return (number, gate)
        }
    }

    /// Forgets a gate: what carries its number later is not written.
    func remove(_ number: UInt64) {
        _ = state.withLock { $0.gates.removeValue(forKey: number) }
    }

    /// The gate of the number in a field; nil where there is none.
    fileprivate func gate(_ number: String?) -> SendGate? {
        guard let number = number.flatMap({ UInt64($0) }) else { return nil }
        return state.withLock { $0.gates[number] }
    }
}

/// Stands before the encoder of each connection, and lets the heads of requests pass their gates.
final class GateHandler: ChannelOutboundHandler {
    typealias OutboundIn = HTTPClientRequestPart
    typealias OutboundOut = HTTPClientRequestPart

    private let gates: SendGates
    private var isShut = false

    /// Looks for the gates of requests among these.
    init(_ gates: SendGates) {
        self.gates = gates
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard !isShut else {
            promise?.fail(SendGate.GivenUp())
            return
        }
        guard case .head(var head) = unwrapOutboundIn(data) else {
            context.write(data, promise: promise)
            return
        }
        let gate = gates.gate(head.headers.first(name: SendGates.field))
        guard gate?.pass() == true else {
            isShut = true
            promise?.fail(SendGate.GivenUp())
            context.close(promise: nil)
            return
        }
        head.headers.remove(name: SendGates.field)
        context.write(wrapOutboundOut(.head(head)), promise: promise)
    }
}
