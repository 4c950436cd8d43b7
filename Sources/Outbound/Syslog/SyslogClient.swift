package import CloseoutEncodings
internal import Synchronization

/// Writes frames of syslog to one receiver over TLS (RFC 5425), on one connection that stays open.
///
/// The protocol has no answer: the best that is known of a frame is that the system took all of it, while the
/// receiver had not ended the connection.
package final class SyslogClient: Sendable {
    /// A connection that is made or stands.
    private final class Line: Sendable {
        let opening = Pending<Result<StreamOpening.Opened, StreamOpening.Failed>>()
        private let state = Mutex((isSettled: false, used: ContinuousClock.now))

        /// Whether the receiver has let the time pass in which it refuses a client.
        var isSettled: Bool { state.withLock { $0.isSettled } }

        /// Since when nothing was written.
        var used: ContinuousClock.Instant { state.withLock { $0.used } }

        /// A frame is written.
        func use() { state.withLock { $0.used = .now } }

        /// The receiver has not refused the client.
        func settle() { state.withLock { $0.isSettled = true } }

        /// Ends the connection, also one that is still made.
        func end() {
            Task {
                guard case .success(let opened) = await opening.value() else { return }
                opened.stream.close()
            }
        }
    }

    private struct State {
        var line: Line?
        var isClosed = false
    }

    /// How long a receiver has at least, behind the first frame of a connection, to refuse the client.
    ///
    /// In TLS 1.3 it does so only after the client may write. It has twice the time that the connection took, if that
    /// is longer.
    private static let refusalLimit = Duration.milliseconds(250)

    /// How long a receiver has to say goodbye.
    private static let goodbyeLimit = Duration.seconds(2)

    private let opening: StreamOpening
    private let state = Mutex(State())

    /// Makes a client without a connection.
    ///
    /// - Parameters:
    ///   - host: The receiver.
    ///   - port: Its port.
    ///   - settings: The limits.
    ///   - resolver: What looks up names.
    package init(
        host: Host, port: UInt16, settings: OutboundSettings, resolver: Resolver = .system
    ) {
        opening = StreamOpening(
            host: host, port: port, beginning: .secure, settings: settings, resolver: resolver)
    }

    /// Writes a frame, in the time that the settings give.
    ///
    /// - Returns: whether all of it was written; where the task is cancelled at once, whatever was reached then.
    package func send(_ frame: [UInt8]) async -> SyslogResult {
        typealias Ended = (result: SyslogResult, stage: OutboundFailure.Stage)
        let (ended, isExpired) = await within(opening.settings.deadline) { () -> Ended in
            do throws(StreamOpening.Failed) {
                let (line, opened) = try await self.line()
                let failure = await self.write(frame, on: opened, line)
                return (
                    SyslogResult(failure: failure, permission: opened.permission), .connection
                )
            } catch {
                return (
                    SyslogResult(failure: error.failure, permission: error.permission), error.stage
                )
            }
        }
        guard isExpired, let failure = ended.result.failure else { return ended.result }
        return SyslogResult(
            failure: failure.expired(at: ended.stage), permission: ended.result.permission)
    }

    /// Ends the connection; later frames are not sent.
    package func close() {
        let line = state.withLock { state in
            state.isClosed = true
            defer { state.line = nil }
            return state.line
        }
        line?.end()
    }

    /// Ends the connection as `close` does, and waits a little until the receiver has ended it too, for a program that ends
    /// next: what it does not wait for, the system may cut off, and the receiver may drop what it has not read.
    package func finish() async {
        let line = state.withLock { state in
            state.isClosed = true
            defer { state.line = nil }
            return state.line
        }
        guard case .success(let opened) = await line?.opening.value() else { return }
        await opened.stream.close(waiting: Self.goodbyeLimit)
    }

    /// The connection that stands, or a new one.
    private func line() async throws(StreamOpening.Failed) -> (Line, StreamOpening.Opened) {
        var old: Line?
        while true {
            let (line, isNew) = try take(inPlaceOf: old)
            // It is made for all that wait for it, whoever of them gives up.
            if isNew { Task { [opening] in line.opening.give(await opening.openInTime()) } }
            switch await line.opening.value() {
            case nil: throw StreamOpening.Failed(failure: .cancelled, stage: .connection)
            case .failure(let failed):
                drop(line)
                throw failed
            case .success(let opened):
                let isOld = !isNew && line.used + opening.settings.idleLimit < .now
                guard opened.stream.hasEnded || isOld else { return (line, opened) }
                line.end()
                guard !isNew else {
                    drop(line)
                    throw StreamOpening.Failed(failure: .connectionFailed, stage: .connection)
                }
                old = line
            }
        }
    }

    private func take(
        inPlaceOf old: Line?
    ) throws(StreamOpening.Failed) -> (Line, isNew: Bool) {
        let (line, isNew) = state.withLock { state -> (Line?, Bool) in
            guard !state.isClosed else { return (nil, false) }
            if let line = state.line, line !== old { return (line, false) }
            let line = Line()
            state.line = line
            return (line, true)
        }
        guard let line else {
            throw StreamOpening.Failed(failure: .notSent, stage: .connection)
        }
        return (line, isNew)
    }

    private func drop(_ line: Line) {
        state.withLock { state in
            if state.line === line { state.line = nil }
        }
    }

    /// Writes a frame, and looks whether the receiver has ended the connection meanwhile.
    private func write(
        _ frame: [UInt8], on opened: StreamOpening.Opened, _ line: Line
    ) async -> OutboundFailure? {
        guard !Task.isCancelled else { return .cancelled }
        let stream = opened.stream
        line.use()
        do {
            try await stream.write(frame)
        } catch {
            drop(line)
            stream.close()
            return .noResponse(FailureMapping.interruption(error))
        }
        guard !line.isSettled else { return stream.hasEnded ? .noResponse(.cut) : nil }
        let limit = max(Self.refusalLimit, opened.time * 2)
        let (end, isExpired) = await within(limit) {
            await stream.end()
        }
        guard isExpired, end is CancellationError else {
            return .noResponse(FailureMapping.interruption(end))
        }
        line.settle()
        return nil
    }
}

/// The outcome of writing one frame.
package struct SyslogResult: Hashable, Sendable {
    /// Why the frame was not written, or why nobody knows; nil where the system took all of it.
    package let failure: OutboundFailure?
    /// What allowed the address that was connected to; nil where none was chosen.
    package let permission: AddressVerdict?

    package init(failure: OutboundFailure?, permission: AddressVerdict? = nil) {
        self.failure = failure
        self.permission = permission
    }
}
