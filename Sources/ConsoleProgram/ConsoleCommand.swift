import ArgumentParser
import CloseoutCommandLine
import CloseoutConsole
import CloseoutEncodings
import CloseoutFiles
import CloseoutIndex
import CloseoutSignatures
import CloseoutVerification
import CloseoutWorkflows

/// Serves a page about a bundle until somebody stops it (docs/console.md).
struct ConsoleCommand: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "console", abstract: "Show a closeout in the browser, and verify it there.")

    @OptionGroup var common: CommonOptions

    @Argument(
        help: ArgumentHelp(
            "A bundle, or a packed one; or several, and folders of bundles.", valueName: "bundle"),
        completion: .file(), transform: pathArgument)
    var bundles: [[UInt8]] = []

    @Flag(help: "Show a made-up closeout to try out and to break, in place of a bundle.")
    var sandbox = false

    @Option(
        help: ArgumentHelp(
            "With --sandbox: the scenario to begin with; default accepted-risk.", valueName: "name")
    )
    var scenario: String?

    @OptionGroup var trust: TrustOptions
    @OptionGroup var shipped: ArtifactOptions
    @OptionGroup var criteria: CriteriaOptions
    @OptionGroup var time: AsOfOptions

    @Option(
        help: ArgumentHelp(
            "The port; 0 takes one that is free.", valueName: "number"))
    var port = 0

    @OptionGroup var serving: ServingOptions

    @Flag(help: "Let people add records that they signed elsewhere; needs --trust.")
    var allowChanges = false

    @Option(
        help: ArgumentHelp("Another bundle to compare with. Repeatable.", valueName: "bundle"),
        completion: .file(), transform: pathArgument)
    var compare: [[UInt8]] = []

    @Option(
        help: ArgumentHelp(
            "With several bundles: a new file for the index, which stays.", valueName: "file"),
        completion: .file(), transform: pathArgument)
    var index: [UInt8]?

    func validate() throws {
        guard (0...65_535).contains(port) else {
            throw ValidationError("--port is a number from 0 to 65535")
        }
        guard bundles.isEmpty == sandbox else {
            throw ValidationError("give a bundle, or --sandbox")
        }
        guard scenario == nil || sandbox else {
            throw ValidationError("--scenario is about --sandbox")
        }
        guard !sandbox || serving.login == nil else {
            throw ValidationError("--login is about a bundle, and a sandbox is for one person")
        }
        guard !sandbox || !allowChanges else {
            throw ValidationError("--allow-changes is about a bundle, and a sandbox has its own")
        }
    }

    func execute(_ context: Context) async throws {
        let start = context.now
        let now: @Sendable () -> Instant = {
            Instant(secondsSince1970: Machine.secondsSince1970()) ?? start
        }
        var settings = try serving.settings(context.console)
        settings.port = port
        settings.documents = Self.documents
        settings.allowsChanges = allowChanges
        try serving.confirm(settings)
        if !context.console.isQuiet {
            // Nobody would see that standard error is closed.
            settings.log = { try? StandardStream.write($0, to: StandardStream.error) }
        }
        guard !sandbox else { return try await tryOut(settings, now, context.console) }
        for bundle in bundles { _ = try fileStatus(bundle) }
        var request = VerificationRequest(trust: try trust.load(), asOf: time.instant(context))
        request.isAsOfGiven = time.given != nil
        request.lockWait = context.lockWait
        request.artifacts = shipped.request
        var recheck = RecheckRequest()
        recheck.criteria = try criteria.given()
        recheck.requiresDecision = request.trust.policy?.requiresDecision ?? false
        if bundles.count == 1, let bundle = bundles.first, BundleSearch.isBundle(at: bundle) {
            guard index == nil else {
                throw CommandFailure(
                    .usage, "--index is about several bundles",
                    hint: "name several bundles or a folder of them, or leave it out")
            }
            var subject = ConsoleSubject(
                path: bundle, request: request, recheck: recheck, command: command(for: bundle),
                now: now)
            subject.others = compare
            return try await serve(ConsoleServer(subject, settings: settings), context.console)
        }
        if case .directory = request.artifacts {
            throw CommandFailure(
                .usage, "--artifacts with a folder is about one bundle",
                hint: "name one bundle, or leave it out: a packed bundle has its own")
        }
        let command = self
        var collection = ConsoleCollection(
            places: bundles, request: request, recheck: recheck,
            command: { command.command(for: $0) }, now: now)
        collection.others = compare
        collection.indexFile = index
        try await serve(
            try makingServer { () throws(ConsoleError) in
                try ConsoleServer(collection, settings: settings)
            }, context.console)
    }

    /// Makes a server, and says as all commands do what keeps it from being made.
    private func makingServer(
        _ make: () throws(ConsoleError) -> ConsoleServer
    ) throws -> ConsoleServer {
        do { return try make() } catch {
            throw CommandFailure(.cannotCreate, error.message, hint: error.hint)
        }
    }

    /// Where the documents lie: those of an installation, or of the sources that the program was built from.
    private static var documents: [UInt8]? {
        guard let program = try? Machine.program() else { return nil }
        let above = Path.split(Path.split(program).directory).directory
        let top = Path.split(above).directory
        return [
            Path.join(top, Array("share/doc/closeout/docs".utf8)),
            Path.join(top, Array("docs".utf8)),
        ]
        .first { (try? Directory.open($0)) != nil }
    }

    /// Serves a sandbox, whose folders are removed in the end.
    private func tryOut(
        _ settings: ConsoleSettings, _ now: @escaping @Sendable () -> Instant, _ console: Console
    ) async throws {
        let parent = try Directory.open(Machine.environment("TMPDIR") ?? Array("/tmp".utf8))
        let name = TemporaryName.make()
        try parent.makeDirectory(name)
        do {
            let sandbox = try await Sandbox(
                scenario ?? "accepted-risk", in: Path.join(parent.path, name), now: now)
            try await serve(ConsoleServer(sandbox, settings: settings), console)
        } catch {
            try? parent.removeTree(name)
            throw error
        }
        try parent.removeTree(name)
    }

    /// Serves until somebody wants the program to stop.
    private func serve(_ server: ConsoleServer, _ console: Console) async throws {
        StopRequest.listen()
        let serving = Task {
            try await server.run { address in
                // Where it cannot be printed, there is nobody to open it.
                try? console.result("\(address)\n")
                console.note("open this address, which works once; Ctrl-C ends the console")
            }
        }
        let waiting = Task {
            while !StopRequest.isMade, !Task.isCancelled {
                try? await Task.sleep(for: .milliseconds(100))
            }
            serving.cancel()
        }
        defer { waiting.cancel() }
        do {
            try await serving.value
        } catch let error as ConsoleError {
            throw CommandFailure(error)
        }
    }

    /// The command that verifies the same without the console.
    private func command(for bundle: [UInt8]) -> String {
        "closeout verify \(shellQuoted(bundle))" + trust.words + shipped.words + criteria.words
            + (time.given.map { " --as-of \($0)" } ?? "")
    }
}
