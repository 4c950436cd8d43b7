import CloseoutEncodings
package import CloseoutWorkflows
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle

/// A console on 127.0.0.1.
package final class ConsoleServer: Sendable {
    private let now: @Sendable () -> Instant
    private let settings: ConsoleSettings
    private let makeSite: @Sendable (ConsoleSettings, AccessLog) throws -> any Site

    /// Takes what is shown, and where.
    package init(_ subject: ConsoleSubject, settings: ConsoleSettings) {
        now = subject.now
        self.settings = settings
        makeSite = { try Pages(ShownBundle(subject, log: $1), nil, settings: $0) }
    }

    /// Takes several bundles, of which an index is made.
    ///
    /// - Throws: `ConsoleError` where the index has no place.
    package init(
        _ collection: ConsoleCollection, settings: ConsoleSettings
    ) throws(ConsoleError) {
        let index = try collection.makeIndex()
        now = collection.now
        self.settings = settings
        makeSite = { try IndexPages(collection, index, settings: $0, log: $1) }
    }

    /// Takes a sandbox, which chooses what is shown.
    ///
    /// - Throws: `WorkflowError` where its first scenario cannot be shown.
    package init(_ sandbox: Sandbox, settings: ConsoleSettings) throws(WorkflowError) {
        let subject = try sandbox.subject()
        now = subject.now
        self.settings = settings
        makeSite = { try Pages(ShownBundle(subject, log: $1), sandbox, settings: $0) }
    }

    /// Serves until the task is cancelled; requests that are under way may end by `stopTime`.
    ///
    /// - Parameter opened: Called with the address that opens the console once, when it can be reached.
    /// - Throws: `ConsoleError` where it cannot listen.
    package func run(_ opened: @escaping @Sendable (String) -> Void) async throws {
        let log = AccessLog(now: now, write: settings.log)
        let site = try makeSite(settings, log)
        let responder = ConsoleResponder(pages: site, settings: settings, log: log)
        let group = try group(responder, log, opened)
        let (ends, end) = AsyncStream.makeStream(of: Result<Void, any Error>.self)
        let serving = Task {
            do {
                end.yield(.success(try await group.run()))
            } catch {
                end.yield(.failure(error))
            }
        }
        let looking = Task { await site.keepLooking(every: settings.lookTime) }
        let waiting = Task {
            for await result in ends { return result }
            return .success(())
        }
        let result = await withTaskCancellationHandler {
            await waiting.value
        } onCancel: {
            site.end()
            Task {
                log.add("stopping")
                await group.triggerGracefulShutdown()
                // What takes even longer ends with the process.
                try? await Task.sleep(for: settings.stopTime * 2)
                end.yield(.success(()))
            }
        }
        looking.cancel()
        serving.cancel()
        site.end()
        log.add("stopped")
        do {
            try result.get()
        } catch let error as IOError {
            throw ConsoleError(
                message: "127.0.0.1:\(settings.port): cannot listen: \(error.reasonWords)",
                hint: "another program has the port: give another one with --port, or none")
        }
    }

    /// The server, with what it bears with.
    private func group(
        _ responder: ConsoleResponder, _ log: AccessLog,
        _ opened: @escaping @Sendable (String) -> Void
    ) throws -> ServiceGroup {
        let quiet = Logger(label: "closeout", factory: { _ in SwiftLogNoOpLogHandler() })
        let requestTime = settings.requestTime.amount
        let application = Application(
            responder: responder,
            server: .http1(
                configuration: HTTP1Channel.Configuration(
                    additionalChannelHandlers: [ConnectionGuard(requestTime: requestTime)],
                    idleTimeout: settings.idleTime.amount,
                    httpDecoderConfiguration: .init(
                        maxHeaderFieldSize: settings.mostHead, maxHeaderListSize: settings.mostHead,
                        maxHeaderFieldCount: 100))),
            configuration: ApplicationConfiguration(
                address: .hostname("127.0.0.1", port: settings.port), reuseAddress: true,
                availableConnectionsDelegate: MaximumAvailableConnections(
                    settings.mostConnections, logger: quiet)),
            onServerRunning: { channel in
                guard let port = channel.localAddress?.port, let keyring = try? Keyring(port: port)
                else { return }
                responder.admit(by: Gate(authority: Authority(port: port), keyring: keyring))
                log.add("listening", [JSONMember("port", .integer(Int64(port)))])
                opened("http://127.0.0.1:\(port)\(Gate.opening)?token=\(keyring.token)")
            },
            logger: quiet)
        var configuration = ServiceGroupConfiguration(services: [application], logger: quiet)
        configuration.maximumGracefulShutdownDuration = settings.stopTime
        return ServiceGroup(configuration: configuration)
    }
}

extension IOError {
    /// Why, without the name of the system call.
    fileprivate var reasonWords: String { errnoCode == 98 ? "the port is taken" : "\(self)" }
}
