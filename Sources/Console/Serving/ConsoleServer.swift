import CloseoutEncodings
import CloseoutFiles
import CloseoutVerification
package import CloseoutWorkflows
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// A console on 127.0.0.1, on another address or on a socket.
package final class ConsoleServer: Sendable {
    /// What a site is made with: the settings, the log, the templates, and where a copy can be made for those who may
    /// see what everyone may.
    private typealias Making =
        @Sendable (ConsoleSettings, AccessLog, Templates, [UInt8]?) throws -> any Site

    private let now: @Sendable () -> Instant
    private let settings: ConsoleSettings
    /// Whether a policy judges what somebody adds.
    private let takesChanges: Bool
    private let makeSite: Making

    /// Takes what is shown, and where.
    package init(_ subject: ConsoleSubject, settings: ConsoleSettings) {
        now = subject.now
        self.settings = settings
        takesChanges = subject.request.trust.policy != nil
        makeSite = {
            try BundleSite(subject, copyAt: $3, settings: $0, log: $1, templates: $2)
        }
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
        takesChanges = collection.request.trust.policy != nil
        makeSite = { settings, log, templates, _ in
            try IndexPages(collection, index, settings: settings, log: log, templates: templates)
        }
    }

    /// Takes a sandbox, which chooses what is shown.
    ///
    /// - Throws: `WorkflowError` where its first scenario cannot be shown.
    package init(_ sandbox: Sandbox, settings: ConsoleSettings) throws(WorkflowError) {
        let subject = try sandbox.subject()
        now = subject.now
        self.settings = settings
        takesChanges = false
        makeSite = {
            try BundleSite(subject, sandbox, copyAt: $3, settings: $0, log: $1, templates: $2)
        }
    }

    /// Serves until the task is cancelled; requests that are under way may end by `stopTime`.
    ///
    /// - Parameter opened: Called with the address that opens the console once, when it can be reached.
    /// - Throws: `ConsoleError` where it cannot listen.
    package func run(_ opened: @escaping @Sendable (String) -> Void) async throws {
        try settings.confirm()
        guard !settings.allowsChanges || takesChanges else {
            throw ConsoleError(
                message: "--allow-changes: expected a policy, found none",
                hint: "give --trust POLICY, which judges the signatures", isUsage: true)
        }
        try await confirmSocketIsFree()
        guard settings.login != nil else { return try await run(copyAt: nil, opened) }
        let parent = try Directory.open(Machine.environment("TMPDIR") ?? Array("/tmp".utf8))
        let name = TemporaryName.make()
        try parent.makeDirectory(name)
        defer { try? parent.removeTree(name) }
        let copy = Path.join(Path.join(parent.path, name), Array("public.closeout".utf8))
        try await run(copyAt: copy, opened)
    }

    /// Serves; where people log in, a copy of what everyone may see is made and verified too.
    private func run(
        copyAt place: [UInt8]?, _ opened: @escaping @Sendable (String) -> Void
    ) async throws {
        let log = AccessLog(now: now, write: settings.log)
        let templates = try Templates()
        let site = try makeSite(settings, log, templates, place)
        let responder = ConsoleResponder(site, settings: settings, log: log)
        let group = try group(responder, templates, log, opened)
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
        if let socket = settings.socket {
            let (folder, name) = Path.split(socket)
            if let name { try? Directory.open(folder).remove(name) }
        }
        log.add("stopped")
        do {
            try result.get()
        } catch let error as IOError {
            throw ConsoleError(
                message: "\(settings.place): cannot listen: \(error.reasonWords)",
                hint: settings.socket == nil
                    ? "the port may be another program's: give another one with --port, or none"
                    : "give the path of a socket in a folder of your own")
        }
    }

    /// Confirms that no other console listens on the socket: one that was left is replaced.
    private func confirmSocketIsFree() async throws(ConsoleError) {
        guard let socket = settings.socket, let status = try? fileStatus(socket) else { return }
        let path = String(decoding: socket, as: UTF8.self)
        let other = try? await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(unixDomainSocketPath: path).get()
        guard status.kind == .socket, other == nil else {
            try? await other?.close()
            throw ConsoleError(
                message: "\(settings.place): cannot listen: "
                    + (other == nil
                        ? "it is there, and no socket" : "another program listens there"),
                hint: "give another path with --socket, or stop the other console")
        }
    }

    /// What requests must pass, once the port is known.
    private func gate(port: Int?, _ log: AccessLog, _ templates: Templates) throws -> Gate {
        let name = "closeout" + (port.map { "-\($0)" } ?? "")
        if let address = settings.publicURL, let login = settings.login {
            let attempts = try LoginAttempts()
            let desk = LoginDesk(
                login, at: address, cookie: name, log: log, templates, attempts: attempts)
            return Gate(authority: Authority(address), door: .login(desk))
        }
        let authority =
            settings.publicURL.map { Authority($0) }
            ?? Authority(settings.address, port: port ?? 0, isSecure: settings.tls != nil)
        let cookie = ConsoleCookie(name, isSecure: authority.isSecure)
        return Gate(authority: authority, door: .token(try Keyring(cookie: cookie)))
    }

    /// The server, with what it bears with.
    private func group(
        _ responder: ConsoleResponder, _ templates: Templates, _ log: AccessLog,
        _ opened: @escaping @Sendable (String) -> Void
    ) throws -> ServiceGroup {
        let quiet = Logger(label: "closeout", factory: { _ in SwiftLogNoOpLogHandler() })
        let requestTime = settings.requestTime.amount
        let plain = HTTPServerBuilder.http1(
            configuration: HTTP1Channel.Configuration(
                additionalChannelHandlers: [ConnectionGuard(requestTime: requestTime)],
                idleTimeout: settings.idleTime.amount,
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: settings.mostHead, maxHeaderListSize: settings.mostHead,
                    maxHeaderFieldCount: 100)))
        let application = Application(
            responder: responder,
            server: try settings.tls.map {
                try .tls(plain, tlsConfiguration: $0.configuration)
            } ?? plain,
            configuration: ApplicationConfiguration(
                address: settings.bindAddress, reuseAddress: true,
                availableConnectionsDelegate: MaximumAvailableConnections(
                    settings.mostConnections, logger: quiet)),
            onServerRunning: { channel in
                let port = self.settings.socket == nil ? channel.localAddress?.port : nil
                guard let gate = try? self.gate(port: port, log, templates) else { return }
                responder.admit(by: gate)
                log.add("listening", port.map { [JSONMember("port", .integer(Int64($0)))] } ?? [])
                switch gate.door {
                case .login: opened(gate.authority.home + "/")
                case .token(let keyring):
                    opened("\(gate.authority.home)\(Gate.opening)?token=\(keyring.token)")
                }
            },
            logger: quiet)
        var configuration = ServiceGroupConfiguration(services: [application], logger: quiet)
        configuration.maximumGracefulShutdownDuration = settings.stopTime
        return ServiceGroup(configuration: configuration)
    }
}

extension ConsoleSettings {
    /// Where it listens, in words.
    fileprivate var place: String {
        if let socket { return printable(socket) }
        return (address.family == .v6 ? "[\(address)]" : "\(address)") + ":\(port)"
    }

    fileprivate var bindAddress: BindAddress {
        socket.map { .unixDomainSocket(path: String(decoding: $0, as: UTF8.self)) }
            ?? .hostname("\(address)", port: port)
    }
}

extension IOError {
    /// Why, without the name of the system call.
    fileprivate var reasonWords: String {
        errnoCode == 98 ? "the port is taken" : printable("\(self)")
    }
}
