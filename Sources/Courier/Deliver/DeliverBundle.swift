import ArgumentParser
import CloseoutCommandLine
import CloseoutDelivery
import CloseoutEncodings
import CloseoutFiles
import CloseoutOpenSSL
import CloseoutVerification
import CloseoutWorkflows

/// Queues what a bundle has to tell, sends it and records the results (docs/delivery.md).
struct DeliverBundle: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "bundle", abstract: "Deliver what a bundle has to tell.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", completion: .file(), transform: pathArgument)
    var bundle: [UInt8]?

    @OptionGroup var routes: RoutesOptions
    @OptionGroup var outbox: OutboxOptions
    @OptionGroup var trust: TrustOptions
    @OptionGroup var shipped: ArtifactOptions
    @OptionGroup var logKey: LogKeyOptions
    @OptionGroup var evidence: RouteKeyOptions

    @Flag(help: "Queue it, and send nothing now.")
    var queueOnly = false

    @Option(
        help: ArgumentHelp(
            "Work as a service: deliver what all bundles of a folder have to tell.",
            valueName: "dir"), completion: .file(), transform: pathArgument)
    var watch: [UInt8]?

    @Option(
        help: ArgumentHelp(
            "With --watch: keep a file that says how the service is.", valueName: "file"),
        completion: .file(), transform: pathArgument)
    var statusFile: [UInt8]?

    @Option(help: "Output format.")
    var format: OutputFormat = .text

    func validate() throws {
        guard (bundle == nil) != (watch == nil) else {
            throw ValidationError("give a bundle, or a folder of bundles with --watch")
        }
        guard watch != nil || statusFile == nil else {
            throw ValidationError("--status-file is about --watch")
        }
        guard watch == nil || !queueOnly else {
            throw ValidationError("--watch and --queue-only exclude each other")
        }
    }

    func execute(_ context: Context) async throws {
        let statusFile = try statusFile.map { try StatusFile($0) }
        if let watch { _ = try Directory.open(watch) }
        let path = try routes.path
        let routes = try routes.load()
        guard !routes.routes.isEmpty else {
            throw CommandFailure(
                .usage, "\(printable(path)) has no route, and nothing can be delivered",
                hint: "`closeout routes init` writes examples")
        }
        let work = BundleWork(
            routes: routes, trust: try trust.load(), artifacts: shipped.request,
            logSigner: try logKey.loadLogKey(), context: context,
            key: try evidence.key(allowingReadable: logKey.allowsReadableKeys)
        ) { [evidence] in try evidence.keep($0) }
        let exposed = routes.exposed(at: path)
        if watch == nil { context.console.warn(of: exposed) }
        let outbox = try await outbox.open(creating: true, context)
        do {
            if let watch {
                try await WatchService(work, outbox: outbox, statusFile: statusFile)
                    .run(watching: watch, exposed: exposed.map(\.message))
                try outbox.close()
            } else if let bundle {
                try await deliver(bundle, work, outbox)
            }
        } catch let error as OutboxError {
            throw CommandFailure(outbox: error)
        }
    }

    /// Delivers what one bundle has to tell.
    private func deliver(_ bundle: [UInt8], _ work: BundleWork, _ outbox: Outbox) async throws {
        let console = work.context.console
        let (seal, hasEvents, isContradicted) = try await work.queue(
            bundle, in: outbox, at: work.context.now)
        if isContradicted {
            console.warning(
                BundleWork.contradiction(of: bundle),
                hint: "it does not count by itself, and speaks against the release: "
                    + "`closeout close` decides again")
        }
        let ids = try await outbox.deliveries(about: seal).map(\.id)
        if !hasEvents, !isContradicted, ids.isEmpty {
            console.warning(
                "\(printable(bundle)) has nothing to tell",
                hint: "it has no record of readiness, no decision and no finding on retention, "
                    + "or its log is not committed: `closeout checkpoint`")
        }
        if !queueOnly {
            let ready = await work.readyRoutes { console.warning($0.message, hint: $0.hint) }
            try await work.send(Set(ids), of: outbox, by: ready)
            let receipt = try await work.record(
                about: seal, from: outbox, by: ready, in: bundle,
                at: MachineClock(start: work.context.now).now)
            work.tell(receipt)
            StopRequest.endIfMade()
        }
        let table = try await DeliveryTable(about: seal, in: outbox)
        try outbox.close()
        try table.print(format, console)
        if let status = table.status(queueOnly: queueOnly) { throw status.code }
        if isContradicted { throw ExitStatus.incomplete.code }
    }
}
