import CloseoutCommandLine
import CloseoutEncodings
import CloseoutFiles
import CloseoutOpenSSL
import CloseoutTrial
import Subprocess
import SystemPackage

/// The deliveries of a trial: each command is run as a person would type it, and shown with what it prints.
struct DeliveryWalk: Sendable {
    /// The systems to which the routes lead.
    private static let systems = ["siem", "itsm"]
    /// The file of the routes, and that of the outbox.
    private static let environment = [
        ("CLOSEOUT_ROUTES", "routes.json"), ("CLOSEOUT_OUTBOX", "outbox.sqlite"),
    ]
    /// The options of commands that commit to what is sent.
    private static let commitments = "--route-key route.key --disclosures disclosures.json"
    /// The most bytes that a command may print.
    private static let longestOutput = 1 << 20

    /// What stands for the systems.
    let receiver: LocalReceiver
    private let folder: [UInt8]
    private let clock: MachineClock
    private let console: Console

    /// What to type before a command about deliveries can be repeated.
    static var preparation: [String] {
        ["export " + environment.map { "\($0)=\($1)" }.joined(separator: " ")]
    }

    /// Starts the receiver, and writes the routes that lead to it.
    init(in folder: [UInt8], at now: Instant, _ console: Console) async throws {
        self.folder = folder
        self.console = console
        clock = MachineClock(start: now)
        let place = try Directory.open(folder)
        var inboxes: [String: LocalReceiver.Inbox] = [:]
        for name in Self.systems {
            let key = try randomBytes(32)
            inboxes[name] = LocalReceiver.Inbox(key: key, isOpen: name != "itsm")
            try place.write(
                new: Array("\(name)-secret".utf8), Array("whsec_\(Base64.string(key))\n".utf8),
                permissions: 0o600)
        }
        receiver = try await LocalReceiver.start(inboxes, now: now)
        try place.write(new: Array("receiver.pem".utf8), receiver.certificate)
        let routes = Self.systems.map { Self.route($0, port: receiver.port) }
        let json: JSON = ["kind": "closeout/routes/v1", "routes": .array(routes)]
        try place.write(
            new: Array("routes.json".utf8), json.printedBytes + [UInt8(ascii: "\n")])
    }

    private static func route(_ name: String, port: Int) -> JSON {
        [
            "name": JSON(name), "provider": "webhook",
            "url": JSON("https://127.0.0.1:\(port)/\(name)"), "ports": [.integer(Int64(port))],
            "ca_file": "receiver.pem", "allow_addresses": ["127.0.0.1/32"],
            "events": ["closeout", "decision", "retention-alert"],
            "settings": ["signing_secrets": [["file": JSON("\(name)-secret")]]],
        ]
    }

    /// Step 7: the closeout goes to both systems, and one of them refuses it.
    func deliver(_ run: inout TrialRun) async throws {
        try show([
            "", " 7  Delivery",
            "    routes.json has two routes to https://127.0.0.1:\(receiver.port), with a secret each in a file.",
            "    No alert about retention is called for, which is recorded.", "",
        ])
        try show(try await run.leaveDeliveries())
        try await take("closeout redaction keygen -o route.key")
        try await take("closeout deliver \(TrialRun.bundle) \(Self.commitments)", exit: .failed)
        try showCounts()
    }

    /// Step 8: what was refused is planned, rehearsed, reviewed and sent again.
    func retry() async throws {
        let bundle = TrialRun.bundle
        try show([
            "", " 8  Retry: plan, dry run, review, live run",
            "    The desk plans, the operations team reviews, and nothing else is sent than what it saw.",
            "",
        ])
        guard let date = clock.now.adding(seconds: 60 * 86_400) else {
            throw CommandFailure(.internal, "the machine's clock is out of range")
        }
        let plan = try await record(
            "closeout retry plan \(bundle) --owner 'Bea Example, delivery desk' "
                + "--resolve-by \(date) --reason 'itsm did not take closeouts' --key keys/desk.pem")
        let rehearsal = try await record(
            "closeout retry run \(bundle) --plan \(plan.name) --dry-run \(Self.commitments) "
                + "--key keys/desk.pem")
        let review = try await record(
            "closeout retry review \(bundle) \(rehearsal.name) --approve --key keys/operations.pem")
        try showCounts()
        let due = try dueDate(of: plan)
        receiver.open("itsm")
        try show(["    From now on itsm takes closeouts. The plan is due at \(due)."])
        while clock.now < due { try await clock.sleep(seconds: 1) }
        try await take(
            "closeout retry run \(bundle) --live --plan \(plan.name) --run \(rehearsal.name) "
                + "--review \(review.name) \(Self.commitments) --key keys/desk.pem")
        try await take("closeout deliver status --all")
        try showCounts()
    }

    /// When the first attempts of a plan are due.
    private func dueDate(of plan: Stored) throws -> Instant {
        let path = Path.join(folder, Array("\(TrialRun.bundle)/\(plan.path)".utf8))
        let json = try JSON(parsing: readFile(path, limit: Self.longestOutput))
        var due = clock.start
        for entry in try JSONItem(json["entries"] ?? .null, at: "entries").array() {
            var entry = try entry.object()
            guard let first = try entry.optional("next_attempts")?.array().first else { continue }
            due = max(due, try first.instant())
        }
        return due
    }

    /// A record that a command has written.
    private struct Stored {
        /// Its path in the bundle.
        let path: String
        /// The first digits of its digest, which name it in later commands.
        var name: Substring { path.split(separator: "/").last?.prefix(16) ?? "" }
    }

    /// Runs a command that writes a record.
    private func record(_ line: String) async throws -> Stored {
        Stored(path: try await take(line).split(separator: "\n").last.map(String.init) ?? "")
    }

    /// Runs a command in the folder, and shows it with all that it prints.
    ///
    /// - Returns: What it printed on standard output.
    /// - Throws: `CommandFailure` where it ends otherwise than it must.
    @discardableResult
    private func take(_ line: String, exit: ExitStatus = .success) async throws -> String {
        let words = Self.words(of: line)
        var environment = Environment.inherit
        for (name, value) in TrialRun.environment + Self.environment {
            environment = environment.updating([Environment.Key(stringLiteral: name): value])
        }
        let result = try await Subprocess.run(
            .path(FilePath(String(decoding: try Machine.program(), as: UTF8.self))),
            arguments: Arguments(Array(words.dropFirst())), environment: environment,
            workingDirectory: FilePath(String(decoding: folder, as: UTF8.self)),
            output: .bytes(limit: Self.longestOutput), error: .bytes(limit: Self.longestOutput))
        let output = String(decoding: result.standardOutput, as: UTF8.self)
        let messages = String(decoding: result.standardError, as: UTF8.self)
        let lines = (output + messages).split(separator: "\n").map { "    " + $0 }
        guard case .exited(exit.rawValue) = result.terminationStatus else {
            throw CommandFailure(
                .internal, "`\(line)` ended otherwise than it must: \(messages)",
                hint: "its folder is kept")
        }
        try show(["  $ \(line)"] + lines)
        return output
    }

    /// The words of a line, of which those in single quotes are one.
    private static func words(of line: String) -> [String] {
        line.split(separator: "'", omittingEmptySubsequences: false).enumerated().flatMap {
            $0.isMultiple(of: 2) ? $1.split(separator: " ").map(String.init) : [String($1)]
        }
    }

    /// What the systems have counted.
    private func showCounts() throws {
        try show(
            Self.systems.map { name in
                let count = receiver.count(of: name)
                return "    \(name) has counted \(count.taken) taken, \(count.refused) refused, "
                    + "\(count.ids.count) different"
            })
    }

    private func show(_ lines: [String]) throws {
        try console.result(lines.joined(separator: "\n") + "\n")
    }
}
