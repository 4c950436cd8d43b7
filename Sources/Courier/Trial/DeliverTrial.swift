import ArgumentParser
import CloseoutCommandLine
import CloseoutEncodings
import CloseoutFiles
import CloseoutTrial

/// A trial whose closeout is really delivered, to a receiver on this machine (docs/trial.md, "With real deliveries").
struct DeliverTrial: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "trial",
        abstract: "Walk through a closeout whose deliveries reach a receiver on this machine.")

    @OptionGroup var common: CommonOptions

    @Option(
        help: ArgumentHelp(
            "The folder to work in; default ./closeout-trial-delivery.", valueName: "dir"),
        completion: .file(), transform: pathArgument)
    var out: [UInt8]?

    func execute(_ context: Context) async throws {
        let console = context.console
        let folder = out ?? Array("closeout-trial-delivery".utf8)
        try demandOutside(folder)
        var run = try TrialRun.begin(Scenario.load("ready"), in: folder, now: context.now)
        try console.result(Self.head)
        while run.reached < TrialRun.delivering.lowerBound - 1, let step = try await run.next() {
            try Self.show(["", step.overview.joined(separator: "\n")], console)
        }
        let walk = try await DeliveryWalk(in: folder, at: context.now, console)
        do {
            try await walk.deliver(&run)
            try await walk.retry()
        } catch {
            await walk.receiver.stop()
            throw error
        }
        await walk.receiver.stop()
        // Records that came from the deliveries are younger than the beginning of the trial.
        run = try TrialRun.resume(in: folder, now: MachineClock(start: context.now).now)
        while let step = try await run.next() {
            try Self.show(["", step.overview.joined(separator: "\n")], console)
        }
        try await finish(run, console)
    }

    private func finish(_ run: TrialRun, _ console: Console) async throws {
        let end = try await run.end()
        guard end.isKept else {
            throw CommandFailure(
                .internal, "the trial misses its promise: it is \(end.reached.words)",
                hint: "its folder is kept; decision.json has the report")
        }
        try Self.show(
            [""] + end.table + ["", "To look further:"]
                + (run.preparation + DeliveryWalk.preparation).map { "  $ " + $0 }
                + [
                    "  $ closeout show \(TrialRun.bundle) --evidence",
                    "  $ closeout deliver status --all", "",
                    "It is \(end.reached.word), exit code \(end.reached.exit).",
                ], console)
    }

    private static let head = """
        Trial of a final closeout, with real deliveries

        Evidence and keys are made up. The deliveries are real: an HTTPS server on 127.0.0.1 stands for two
        systems, siem and itsm, and itsm refuses what comes first. Nothing leaves this machine.

        """

    private static func show(_ lines: [String], _ console: Console) throws {
        try console.result(lines.joined(separator: "\n") + "\n")
    }
}
