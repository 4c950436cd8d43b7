import CloseoutConsole
import CloseoutEncodings
import CloseoutFiles
import CloseoutRecords
import CloseoutTestSupport
import CloseoutTrial
import CloseoutVerification
import CloseoutWorkflows
import Synchronization
import Testing

/// The instant of all trials here.
let moment = "2026-11-30T12:00:00Z"

func instant(_ text: String = moment) throws -> Instant {
    try #require(Instant(parsing: Array(text.utf8)))
}

/// A console that runs in this process, on a bundle of a trial.
struct Scene: Sendable {
    /// The folder of the trial.
    let folder: String
    /// What the console wrote into its log.
    let log: Log
    /// The address that opens it once.
    let address: String
    /// The value of the cookie, as a browser sends it.
    var cookie = ""
    /// More arguments of curl, for each request.
    var options: [String] = []

    /// The lines of a log.
    final class Log: Sendable {
        private let lines = Mutex<[String]>([])

        func add(_ line: [UInt8]) {
            lines.withLock { $0.append(String(decoding: line, as: UTF8.self)) }
        }

        var text: String { lines.withLock { $0.joined() } }
    }

    /// The port.
    var port: String {
        String(
            address.drop { $0 != ":" }.dropFirst().drop { $0 != ":" }.dropFirst().prefix {
                $0.isNumber
            })
    }

    /// The address without a path, as pages of it are from.
    var home: String {
        address.split(separator: "/", omittingEmptySubsequences: false).prefix(3)
            .joined(separator: "/")
    }

    /// The address of a path.
    func at(_ path: String) -> String { home + path }

    /// What curl gets, with the head before it.
    ///
    /// - Parameters:
    ///   - path: The path, with a query.
    ///   - options: More arguments of curl.
    ///   - isOpened: Whether the cookie is sent.
    /// - Returns: The answer.
    /// - Throws: Where curl cannot be run.
    func get(_ path: String, _ options: [String] = [], isOpened: Bool = true) async throws -> Reply
    {
        let cookie = isOpened ? ["-H", "Cookie: \(cookie)"] : []
        let result = try await run(
            "curl",
            ["-sS", "-i", "--path-as-is", "--max-time", "60"] + cookie + self.options + options
                + [at(path)])
        return Reply(result.stdout)
    }

    /// Sends a form, as a page of the console does.
    func post(_ path: String, _ body: String, _ options: [String] = []) async throws -> Reply {
        try await get(
            path,
            [
                "-H", "Origin: \(home)", "-H", "Sec-Fetch-Site: same-origin",
                "--data-binary", body,
            ] + options)
    }

    /// A page, once the bundle is verified.
    func page(_ path: String = "/") async throws -> String {
        for _ in 0..<600 {
            let reply = try await get(path)
            if !reply.body.contains("<h1>Being recomputed</h1>") { return reply.body }
            try await Task.sleep(for: .milliseconds(50))
        }
        Issue.record("the bundle is not verified")
        return ""
    }
}

/// An answer of a server.
struct Reply {
    let head: String
    let body: String

    init(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        let end = text.firstRange(of: "\r\n\r\n")
        head = end.map { String(text[..<$0.lowerBound]) } ?? text
        body = end.map { String(text[$0.upperBound...]) } ?? ""
    }

    /// All values of a line of the head that can be there several times.
    func fields(_ name: String) -> [String] {
        head.split(separator: "\r\n").dropFirst().filter {
            $0.lowercased().hasPrefix(name.lowercased() + ":")
        }.map { String($0.dropFirst(name.count + 1)).trimmed }
    }

    /// The number of the first line.
    var status: Int { Int(head.split(separator: " ").dropFirst().first ?? "") ?? 0 }

    /// The value of a line of the head.
    func field(_ name: String) -> String? {
        head.split(separator: "\r\n").dropFirst().first {
            $0.lowercased().hasPrefix(name.lowercased() + ":")
        }.map { String($0.dropFirst(name.count + 1)).trimmed }
    }
}

extension String {
    fileprivate var trimmed: String {
        String(drop { $0 == " " })
    }
}

/// Walks through a trial in a new folder, and runs a console on its bundle.
func withConsole(
    _ scenario: String = "ready", isOpened: Bool = true,
    clock: (@Sendable () -> Instant)? = nil,
    changing settings: (inout ConsoleSettings) -> Void = { _ in },
    preparing prepare: (String) async throws -> Void = { _ in },
    _ body: (Scene) async throws -> Void
) async throws {
    try await withTemporaryDirectory { folder in
        var trial = try TrialRun.begin(
            Scenario.load(scenario), in: Array("\(folder)/t".utf8), now: try instant())
        while try await trial.next() != nil {}
        try await prepare(folder + "/t")
        let (bundle, request, recheck) = try trial.question()
        var asked = request
        asked.isAsOfGiven = true
        let now = try instant()
        let subject = ConsoleSubject(
            path: bundle, request: asked, recheck: recheck, command: "closeout verify BUNDLE",
            now: clock ?? { now })
        try await withConsole(
            of: subject, in: folder + "/t", isOpened: isOpened, changing: settings, body)
    }
}

/// Runs a console on a bundle of the fixtures, under no policy.
func withPlainConsole(
    by options: [String] = [], changing settings: (inout ConsoleSettings) -> Void = { _ in },
    _ body: (Scene) async throws -> Void
) async throws {
    let now = try instant()
    let folder = repositoryRoot + "/fixtures/released/key"
    let subject = ConsoleSubject(
        path: Array("\(folder)/bundle".utf8),
        request: VerificationRequest(trust: Trust(), asOf: now), recheck: RecheckRequest(),
        command: "closeout verify BUNDLE", now: { now })
    try await withConsole(of: subject, in: folder, by: options, changing: settings, body)
}

/// Runs a console.
func withConsole(
    of subject: ConsoleSubject, in folder: String, isOpened: Bool = true, by options: [String] = [],
    changing change: (inout ConsoleSettings) -> Void = { _ in },
    _ body: (Scene) async throws -> Void
) async throws {
    try await withConsole(
        in: folder, isOpened: isOpened, by: options, changing: change,
        server: { ConsoleServer(subject, settings: $0) }, body)
}

/// Runs a console that somebody makes.
func withConsole(
    in folder: String, isOpened: Bool = true, by options: [String] = [],
    changing change: (inout ConsoleSettings) -> Void = { _ in },
    server make: (ConsoleSettings) throws -> ConsoleServer,
    _ body: (Scene) async throws -> Void
) async throws {
    let log = Scene.Log()
    var settings = ConsoleSettings()
    settings.log = { log.add($0) }
    settings.lookTime = .milliseconds(200)
    change(&settings)
    let server = try make(settings)
    let (addresses, opened) = AsyncStream.makeStream(of: String.self)
    let serving = Task {
        do {
            try await server.run { opened.yield($0) }
        } catch {
            Issue.record(error)
        }
        opened.finish()
    }
    var iterator = addresses.makeAsyncIterator()
    guard let address = await iterator.next() else { return await serving.value }
    var scene = Scene(folder: folder, log: log, address: address)
    scene.options = options
    do {
        if isOpened {
            let path = String(address.dropFirst(scene.home.count))
            let reply = try await scene.get(path, isOpened: false)
            scene.cookie = String((reply.field("Set-Cookie") ?? "").prefix { $0 != ";" })
        }
        try await body(scene)
    } catch {
        serving.cancel()
        await serving.value
        throw error
    }
    serving.cancel()
    await serving.value
}
