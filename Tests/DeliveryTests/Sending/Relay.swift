import CloseoutDelivery
import CloseoutEncodings
import CloseoutOutbound
import CloseoutTestSupport
import Testing

/// The relays of relay.py while they run.
struct Relay: Sendable {
    /// The password that they know, which nothing but a login may show.
    static let password = "canary-password"

    let folder: String
    let authority: Authority
    private let ports: [String: UInt16]

    fileprivate init(_ folder: String, _ authority: Authority) throws {
        self.folder = folder
        self.authority = authority
        ports = try readPorts(folder + "/ports")
    }

    /// The port of one of them.
    func port(_ name: String) throws -> UInt16 { try #require(ports[name]) }

    /// What they have seen.
    func events() throws -> [String] { try lines(of: folder + "/events") }

    /// What was said to one of them before TLS.
    func saidInTheClear(to name: String) throws -> [String] {
        try events().compactMap { event in
            let words = event.split(separator: " ")
            return words.count == 3 && words[0] == name && words[1] == "clear"
                ? String(words[2]) : nil
        }
    }

    /// The mails that were taken: sender and recipient, then the bytes.
    func mails() throws -> [[UInt8]] {
        try events().filter { $0.hasPrefix("mail ") }.map {
            try readFile(folder + "/mail-" + $0.dropFirst(5))
        }
    }

    /// Sends the event of the tests by a route to one of them.
    func send(
        to name: String, security: String = "starttls", members: String = "", deadline: Int = 20
    ) async throws -> SentMessage {
        let route = """
            "ca_file":"\(authority.own.path)","allow_addresses":["127.0.0.0/8"],"deadline":\(deadline),
            "settings":{"host":"localhost","port":\(try port(name)),"security":"\(security)",
            "user":"bot","password":{"env":"PASSWORD"},"from":"closeout@example.com",
            "to":"people@example.org"\(members)}
            """
        let sender = try Sending.sender("smtp", route)
        defer { sender.close() }
        return await sender.send(try Sending.event(), try Sending.attempt())
    }
}

/// What the tests of senders share.
enum Sending {
    /// Gives one password, and files.
    private struct Source: SecretSource {
        func bytes(of reference: SecretReference) throws(SecretFault) -> [UInt8] {
            guard case .file(let path) = reference else {
                return Array("\(Relay.password)\n".utf8)
            }
            do { return try readFile(path) } catch { throw .unavailable }
        }
    }

    /// A sender of a route with these members.
    static func sender(_ provider: String, _ members: String) throws -> any MessageSender {
        let text = """
            {"kind":"closeout/routes/v1","routes":[{"name":"a","provider":"\(provider)",
            "events":["decision"],\(members)}]}
            """
        let route = try #require(try Routes(parsing: Array(text.utf8)).routes.first)
        return try route.ready(with: Source()).sender(
            resolver: Resolver { _ in .addresses([IPAddress(v4: 0x7f00_0001)]) })
    }

    /// An event whose mail has a line with a dot in front, and text beyond ASCII.
    static func event() throws -> DeliveryEvent {
        try Samples.event(name: ".päyments", findings: [".hidden", "C1"])
    }

    /// The attempt of a delivery.
    static func attempt(_ delivery: String = "d-1") throws -> DeliveryAttempt {
        try Samples.attempt(delivery, grant: nil)
    }
}

/// The ports of listeners by their names.
func readPorts(_ path: String) throws -> [String: UInt16] {
    Dictionary(
        uniqueKeysWithValues: try lines(of: path).compactMap { line in
            let words = line.split(separator: " ")
            return UInt16(words[1]).map { (String(words[0]), $0) }
        })
}

/// The lines of a file; none where it is not there.
func lines(of path: String) throws -> [String] {
    guard fileExists(path) else { return [] }
    return String(decoding: try readFile(path), as: UTF8.self).split(separator: "\n")
        .map(String.init)
}

/// Extensions of a certificate for a host.
private func host(_ name: String) -> [String] {
    [
        "basicConstraints=critical,CA:FALSE", "extendedKeyUsage=serverAuth",
        "subjectAltName=DNS:\(name)",
    ]
}

/// The files of an authority that has certified `localhost` and another host, made once.
let certifiedHosts = Task {
    var files: [String: [UInt8]] = [:]
    try await withTemporaryDirectory { folder in
        let authority = try await Authority.root(in: folder)
        _ = try await authority.certify("receiver", host("localhost"))
        _ = try await authority.certify("other", host("other.test"))
        _ = try await authority.certify(
            "client", ["basicConstraints=critical,CA:FALSE", "extendedKeyUsage=clientAuth"])
        files = try authority.files()
    }
    return files
}

/// Runs a body while the relays run.
func withRelays(_ body: (Relay) async throws -> Void) async throws {
    try await withTemporaryDirectory { folder in
        let authority = try Authority(restoring: try await certifiedHosts.value, in: folder)
        let script = repositoryRoot + "/Tests/DeliveryTests/Sending/relay.py"
        try await withService(
            pythonTool, [script, folder], isReady: { fileExists(folder + "/ports") }
        ) {
            try await body(try Relay(folder, authority))
        }
    }
}
