import CloseoutDelivery
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutOutbound
import CloseoutTestSupport
import Synchronization
import Testing

/// A clock that a test sets; waiting takes a moment and moves nothing.
final class SetClock: SendingClock {
    private let instant: Mutex<Instant>

    init() throws {
        instant = Mutex(try at(0))
    }

    var now: Instant { instant.withLock { $0 } }

    /// Lets so many seconds pass.
    func pass(_ seconds: Int64) {
        instant.withLock { $0 = $0.adding(seconds: seconds) ?? $0 }
    }

    func sleep(seconds: Int64) async throws {
        try await Task.sleep(for: .milliseconds(20))
    }
}

/// What a dispatcher reported, in its order.
final class Reports: Sendable {
    private let reports = Mutex<[SendingReport]>([])

    func add(_ report: SendingReport) {
        reports.withLock { $0.append(report) }
    }

    /// Everything so far.
    var all: [SendingReport] { reports.withLock { $0 } }

    /// The routes whose attempts ended, in this order.
    var finished: [String] {
        all.compactMap { report in
            if case .finished(let attempt, _, _, _) = report { attempt.lease.route } else { nil }
        }
    }

    /// The most attempts of a route that were under way at once.
    func mostAtOnce(on route: String) -> Int {
        var (running, most) = (0, 0)
        for report in all {
            switch report {
            case .began(let attempt) where attempt.lease.route == route: running += 1
            case .finished(let attempt, _, _, _) where attempt.lease.route == route: running -= 1
            default: break
            }
            most = max(most, running)
        }
        return most
    }

    /// Waits until something was reported.
    ///
    /// - Returns: whether it was, after some ten seconds at most.
    func wait(until isThere: (SendingReport) -> Bool) async throws -> Bool {
        for _ in 0..<2_000 {
            if all.contains(where: isThere) { return true }
            try await Task.sleep(for: .milliseconds(5))
        }
        return false
    }
}

/// A receiver that runs, with an outbox whose routes lead to it.
struct SendingPlace {
    /// The folder of both.
    let folder: String
    let outbox: Outbox
    let clock: SetClock
    let reports = Reports()
    private let ports: [String: UInt16]

    fileprivate init(_ folder: String, _ outbox: Outbox) throws {
        self.folder = folder
        self.outbox = outbox
        clock = try SetClock()
        let text = String(decoding: try readFile(folder + "/ports"), as: UTF8.self)
        ports = Dictionary(
            uniqueKeysWithValues: text.split(separator: "\n").compactMap { line in
                let words = line.split(separator: " ")
                return UInt16(words[1]).map { (String(words[0]), $0) }
            })
    }

    /// The URL of a path at one of the receiver's listeners.
    func url(_ path: String, at listener: String = "receiver") throws -> String {
        "https://receiver.test:\(try port(listener))\(path)"
    }

    func port(_ listener: String) throws -> UInt16 { try #require(ports[listener]) }

    /// A route with its secrets.
    ///
    /// - Parameters:
    ///   - name: The name of the route.
    ///   - path: What is asked of the receiver.
    ///   - listener: Which of the receiver's listeners it leads to.
    ///   - provider: The kind of receiver.
    ///   - settings: What the provider is told, in JSON.
    ///   - connections: The most connections.
    ///   - deadline: The seconds that an attempt may take.
    /// - Returns: the route.
    /// - Throws: why there is no such route.
    func route(
        _ name: String, _ path: String, at listener: String = "receiver",
        provider: String = "webhook", settings: String = "{}", connections: Int = 4,
        deadline: Int = 60
    ) throws -> ReadyRoute {
        let url = try url(path, at: listener)
        let isSecret = ["slack", "teams"].contains(provider)
        let text = """
            {"kind":"closeout/routes/v1","routes":[{"name":"\(name)","provider":"\(provider)",
            "url":\(isSecret ? #"{"env":"URL"}"# : "\"\(url)\""),"ports":[\(try port(listener))],
            "ca_file":"\(folder)/root.crt.pem","allow_addresses":["127.0.0.0/8"],
            "events":["decision"],"connections":\(connections),"deadline":\(deadline),
            "settings":\(settings)}]}
            """
        let routes = try Routes(parsing: Array(text.utf8))
        var source = Samples.Source()
        source.values["URL"] = url + "\n"
        source.values[folder + "/root.crt.pem"] = String(
            decoding: try readFile(folder + "/root.crt.pem"), as: UTF8.self)
        return try #require(routes.routes.first).ready(with: source)
    }

    /// Queues events of their own for a route.
    ///
    /// - Returns: the ids of the deliveries.
    @discardableResult
    func queue(_ count: Int = 1, for route: ReadyRoute) async throws -> [String] {
        var ids: [String] = []
        for number in 0..<count {
            let stored = try Samples.event(id: "\(route.name)-\(number)").stored
            let result = try await outbox.enqueue(
                QueuedEvent(
                    id: "\(route.name)-\(number)", kind: "decision", seal: try seal(),
                    body: stored),
                deliveries: [
                    NewDelivery(
                        route: route.name, provider: route.kind.rawValue,
                        isIdempotent: route.kind.repetition.mayRepeatUnknown)
                ], now: clock.now)
            ids += result.added
        }
        return ids
    }

    /// What sends over some routes.
    func dispatcher(_ routes: [ReadyRoute]) -> Dispatcher {
        Dispatcher(
            outbox, routes: routes, clock: clock,
            resolver: Resolver { _ in .addresses([IPAddress(v4: 0x7f00_0001)]) }
        ) { [reports] in reports.add($0) }
    }

    /// Sends over some routes until nothing is due.
    func send(_ routes: [ReadyRoute], only: Set<String>? = nil) async throws {
        let dispatcher = dispatcher(routes)
        try await dispatcher.run(.once, only: only)
        dispatcher.close()
    }

    /// The only delivery of a route.
    func delivery(on route: String) async throws -> DeliverySummary {
        let all = try await outbox.deliveries(route: route, limit: 2)
        try #require(all.count == 1)
        return all[0]
    }

    /// The attempts of the only delivery of a route.
    func attempts(on route: String) async throws -> [KeptAttempt] {
        try await outbox.attempts(of: try await delivery(on: route).id)
    }

    /// The requests that the receiver saw: method, target and id of the hook.
    func requests() throws -> [String] {
        guard fileExists(folder + "/events") else { return [] }
        return String(decoding: try readFile(folder + "/events"), as: UTF8.self)
            .split(separator: "\n").compactMap { line in
                let words = line.split(separator: " ").dropFirst(2)
                return line.hasPrefix("request ") ? words.joined(separator: " ") : nil
            }
    }

    /// How many requests the receiver saw for a path.
    func requests(for path: String) throws -> Int {
        try requests().count { $0.split(separator: " ")[1] == path }
    }
}

extension Samples {
    /// An event with an id of its own.
    static func event(id: String) throws -> DeliveryEvent {
        DeliveryEvent(
            kind: .decision, id: id, at: try now(), releaseName: "example", releaseVersion: "1.0",
            bundle: try seal(), outcome: .blocked, severity: .high)
    }
}

/// The files of an authority that has certified the receiver, made once.
private let prepared = Task {
    var files: [String: [UInt8]] = [:]
    try await withTemporaryDirectory { folder in
        let authority = try await Authority.root(in: folder)
        for (name, host) in [("receiver", "receiver.test"), ("wrong", "other.test")] {
            _ = try await authority.certify(
                name,
                [
                    "basicConstraints=critical,CA:FALSE", "extendedKeyUsage=serverAuth",
                    "subjectAltName=DNS:\(host),DNS:localhost",
                ])
        }
        files = try authority.files()
    }
    return files
}

/// Runs a body while a receiver runs that has an outbox beside it.
func withSendingPlace(_ body: (SendingPlace) async throws -> Void) async throws {
    try await withTemporaryDirectory { folder in
        _ = try Authority(restoring: try await prepared.value, in: folder)
        let script = repositoryRoot + "/Tests/OutboundTests/Receiver/receiver.py"
        try await withService(
            "python3", [script, folder, "receiver", "wrong"],
            isReady: { fileExists(folder + "/ports") }
        ) {
            let outbox = try await Outbox.open(Array((folder + "/outbox.sqlite").utf8))
            try await body(try SendingPlace(folder, outbox))
            try outbox.close()
        }
    }
}
