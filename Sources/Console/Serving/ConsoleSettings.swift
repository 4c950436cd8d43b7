import NIOCore

/// Where a console listens, and what it bears with.
package struct ConsoleSettings: Sendable {
    /// The port on 127.0.0.1; 0 takes a free one.
    package var port = 0
    /// The most bytes of a request's head.
    package var mostHead = 16 << 10
    /// The most bytes of a request's body.
    package var mostBody = 1 << 20
    /// The most connections at a time; more of them wait.
    package var mostConnections = 256
    /// How long a connection may be open without a whole head.
    package var idleTime: Duration = .seconds(10)
    /// How long a request may take, from its head to the end of its answer.
    package var requestTime: Duration = .seconds(60)
    /// How long a stream of events lasts, after which the browser asks for another; below `requestTime`.
    package var streamTime: Duration = .seconds(45)
    /// How long requests may go on once the console is to stop.
    package var stopTime: Duration = .seconds(5)
    /// How often the bundle is looked at for changes.
    package var lookTime: Duration = .seconds(2)
    /// Takes a line of the log, an object as JSON.
    package var log: @Sendable ([UInt8]) -> Void = { _ in }

    /// Takes the defaults.
    package init() {}
}

extension Duration {
    /// The same for a timer of the server.
    var amount: TimeAmount { TimeAmount(self) }
}
