import CloseoutEncodings
package import CloseoutWorkflows
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle

/// A console on 127.0.0.1.
package final class ConsoleServer: Sendable {
    private let subject: ConsoleSubject
    private let sandbox: Sandbox?
    private let settings: ConsoleSettings

    /// Takes what is shown, and where.
    package init(_ subject: ConsoleSubject, settings: ConsoleSettings) {
        self.subject = subject
        self.settings = settings
        sandbox = nil
    }

    /// Takes a sandbox, which chooses what is shown.
    ///
    /// - Throws: `WorkflowError` where its first scenario cannot be shown.
    package init(_ sandbox: Sandbox, settings: ConsoleSettings) throws(WorkflowError) {
        subject = try sandbox.subject()
        self.settings = settings
        self.sandbox = sandbox
    }

    /// Serves until the task is cancelled; requests that are under way may end by `stopTime`.
    ///
    /// - Parameter opened: Called with the address that opens the console once, when it can be reached.
    /// - Throws: `ConsoleError` where it cannot listen.
    package func run(_ opened: @escaping @Sendable (String) -> Void) async throws {
        let log = AccessLog(now: subject.now, write: settings.log)
        let bundle = ShownBundle(subject, log: log)
        let responder = ConsoleResponder(
            pages: try Pages(bundle, sandbox, settings: settings), settings: settings, log: log)
        let group = try group(responder, log, opened)
        let (ends, end) = AsyncStream.makeStream(of: Result<Void, any Error>.self)
        let serving = Task {
            do {
                end.yield(.success(try await group.run()))
            } catch {
                end.yield(.failure(error))
            }
        }
        let looking = Task { await bundle.keepLooking(every: settings.lookTime) }
        let waiting = Task {
            for await result in ends { return result }
            return .success(())
        }
        let result = await withTaskCancellationHandler {
            await waiting.value
        } onCancel: {
            bundle.end()
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
        bundle.end()
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
