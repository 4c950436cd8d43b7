import CloseoutEncodings
import CloseoutOutbound
import CloseoutTestSupport
import Glibc
import Testing

/// The receiver of receiver.py while it runs, with an authority that it has its certificates from.
struct Receiver: Sendable {
    /// The host that its certificates are for, which only the resolver of the tests knows.
    static let name = "receiver.test"

    let authority: Authority
    private let ports: [String: UInt16]
    private let eventsPath: String

    fileprivate init(_ authority: Authority) throws {
        self.authority = authority
        eventsPath = authority.path("events")
        let text = String(decoding: try readFile(authority.path("ports")), as: UTF8.self)
        ports = Dictionary(
            uniqueKeysWithValues: text.split(separator: "\n").compactMap { line in
                let words = line.split(separator: " ")
                return UInt16(words[1]).map { (String(words[0]), $0) }
            })
    }

    /// The port of one of its listeners.
    func port(_ listener: String = "receiver") throws -> UInt16 { try #require(ports[listener]) }

    /// A destination at one of its listeners.
    func destination(
        _ target: String = "/echo", at listener: String = "receiver", host: String = name
    ) throws -> Destination {
        let port = try port(listener)
        return try Destination("https://\(host):\(port)\(target)", ports: [port])
    }

    /// What it has seen, such as `request receiver GET /echo`.
    func events() throws -> [String] {
        guard fileExists(eventsPath) else { return [] }
        return String(decoding: try readFile(eventsPath), as: UTF8.self).split(separator: "\n")
            .map(String.init)
    }

    /// How many events begin with these words.
    func count(_ words: String) throws -> Int {
        try events().count { $0 == words || $0.hasPrefix(words + " ") }
    }

    /// Waits until it has seen so many events that begin with these words: it may write them a little later.
    ///
    /// - Returns: how many it has seen, after some ten seconds at most.
    func count(_ words: String, reaching number: Int) async throws -> Int {
        for _ in 0..<2_000 where try count(words) < number {
            try await Task.sleep(for: .milliseconds(5))
        }
        return try count(words)
    }

    /// The usual settings of the tests: loopback is allowed, the authority trusted.
    func settings() throws -> OutboundSettings {
        let loopback = try #require(AddressRange("127.0.0.0/8"))
        return OutboundSettings(
            addresses: AddressPolicy(allowing: [loopback]),
            tls: try OutboundTLS(authorities: try authority.own.certificate()),
            deadline: .seconds(20))
    }

    /// A client with the usual settings, unless told otherwise.
    func client(
        at listener: String = "receiver", settings: OutboundSettings? = nil,
        resolver: Resolver = .loopback
    ) throws -> OutboundClient {
        OutboundClient(
            for: try destination(at: listener), settings: try settings ?? self.settings(),
            resolver: resolver)
    }

    /// Sends one request with a new client.
    func send(
        _ target: String, at listener: String = "receiver", settings: OutboundSettings? = nil,
        body: [UInt8] = Array("{}".utf8)
    ) async throws -> OutboundResult {
        let client = try client(at: listener, settings: settings)
        defer { client.close() }
        return await client.send(
            try OutboundRequest(.post, to: destination(target, at: listener), body: body))
    }

    /// Sends one request in a short time, and in a longer one where the machine was too slow to reach what is tested.
    ///
    /// - Parameters:
    ///   - target: The target of the request.
    ///   - isReached: Whether the failure is one of what is tested.
    /// - Returns: the first failure that is, or the last one of all.
    /// - Throws: what making the request throws.
    func failure(
        _ target: String, until isReached: (OutboundFailure) -> Bool
    ) async throws -> OutboundFailure? {
        var settings = try settings()
        settings.deadline = .milliseconds(500)
        while true {
            let failure = try await send(target, settings: settings).failure
            settings.deadline *= 2
            guard let failure, !isReached(failure), settings.deadline < .seconds(60) else {
                return failure
            }
        }
    }
}

extension Resolver {
    /// Says 127.0.0.1 for every name.
    static let loopback = Resolver { _ in .addresses([IPAddress(v4: 0x7f00_0001)]) }
}

/// Blocks the thread for a moment, as a look-up does.
func pauseBriefly() {
    usleep(20_000)
}

/// Extensions of a certificate for the receiver, under its name and its address.
let receiverExtensions = [
    "basicConstraints=critical,CA:FALSE", "extendedKeyUsage=serverAuth",
    "subjectAltName=DNS:\(Receiver.name),DNS:localhost,IP:127.0.0.1",
]

/// The files of an authority that has certified the receiver, made once.
private let prepared = Task {
    var files: [String: [UInt8]] = [:]
    try await withTemporaryDirectory { folder in
        let authority = try await Authority.root(in: folder)
        _ = try await authority.certify("receiver", receiverExtensions)
        files = try authority.files()
    }
    return files
}

/// Runs a body while a receiver runs.
///
/// - Parameters:
///   - certify: Makes further certificates; each gets a listener of its name.
///   - body: What needs the receiver.
/// - Throws: what the body throws, or the error of starting the receiver.
func withReceiver(
    certify: (Authority) async throws -> [String] = { _ in [] },
    _ body: (Receiver) async throws -> Void
) async throws {
    try await withTemporaryDirectory { folder in
        let authority = try Authority(restoring: try await prepared.value, in: folder)
        let names = ["receiver"] + (try await certify(authority))
        let script = repositoryRoot + "/Tests/OutboundTests/Receiver/receiver.py"
        try await withService(
            "python3", [script, folder] + names, isReady: { fileExists(folder + "/ports") }
        ) {
            try await body(try Receiver(authority))
        }
    }
}
