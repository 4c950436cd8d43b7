import CloseoutOutbound
import CloseoutTestSupport
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
}

extension Resolver {
    /// Says 127.0.0.1 for every name.
    static let loopback = Resolver { _ in .addresses([IPAddress(v4: 0x7f00_0001)]) }
}

/// Extensions of a certificate for the receiver, under its name and its address.
let receiverExtensions = [
    "basicConstraints=critical,CA:FALSE", "extendedKeyUsage=serverAuth",
    "subjectAltName=DNS:\(Receiver.name),DNS:localhost,IP:127.0.0.1",
]

/// Runs a body while a receiver runs.
///
/// - Parameters:
///   - certify: Makes further certificates; each gets a listener of its name.
///   - body: What needs the receiver.
func withReceiver(
    certify: (Authority) async throws -> [String] = { _ in [] },
    _ body: (Receiver) async throws -> Void
) async throws {
    try await withTemporaryDirectory { folder in
        let authority = try await Authority.root(in: folder)
        _ = try await authority.certify("receiver", receiverExtensions)
        let names = ["receiver"] + (try await certify(authority))
        let script = repositoryRoot + "/Tests/OutboundTests/Receiver/receiver.py"
        try await withService(
            "python3", [script, folder] + names, isReady: { fileExists(folder + "/ports") }
        ) {
            try await body(try Receiver(authority))
        }
    }
}
