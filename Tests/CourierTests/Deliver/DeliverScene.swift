import CloseoutEncodings
import CloseoutTestSupport
import Testing

/// A folder with a sealed release and a receiver on loopback, in which the programs are run as a person would.
struct DeliverScene: Sendable {
    /// The folder, where every program starts.
    let path: String
    /// The folder of the receiver.
    let receiver: String
    private let ports: [String: String]

    fileprivate init(_ path: String, _ receiver: String) throws {
        self.path = path
        self.receiver = receiver
        let text = String(decoding: try readFile(receiver + "/ports"), as: UTF8.self)
        ports = Dictionary(
            uniqueKeysWithValues: text.split(separator: "\n").compactMap { line in
                let words = line.split(separator: " ").map(String.init)
                return words.count == 2 ? (words[0], words[1]) : nil
            })
    }

    /// What `routes.json` has of one route that gets every event.
    func route(
        _ name: String, _ path: String, at listener: String = "receiver", deadline: Int = 60,
        settings: String = #"{"signing_secrets":[{"env":"HOOK_SECRET"}]}"#
    ) throws -> String {
        let port = try port(listener)
        return """
            {"name":"\(name)","provider":"webhook","url":"https://localhost:\(port)\(path)",
            "ports":[\(port)],"ca_file":"\(receiver)/root.crt.pem",
            "allow_addresses":["127.0.0.0/8","::1/128"],"deadline":\(deadline),
            "events":["closeout","decision","retention-alert"],"settings":\(settings)}
            """
    }

    /// The port of one of the receiver's listeners.
    func port(_ listener: String) throws -> String { try #require(ports[listener]) }

    /// Writes `routes.json`.
    func write(_ routes: [String]) throws {
        try writeFile(
            #"{"kind":"closeout/routes/v1","routes":[\#(routes.joined(separator: ","))]}"#,
            to: path + "/routes.json")
    }

    /// The variables of every run.
    static let environment: [String: String?] = [
        "CLOSEOUT_TRUST": "trust.json", "CLOSEOUT_LOG_KEY": "release.pem",
        "CLOSEOUT_ROUTES": "routes.json", "CLOSEOUT_OUTBOX": "outbox.sqlite",
        "SOURCE_DATE_EPOCH": nil, "HOOK_SECRET": secret + "\r\n",
    ]

    /// The secret of the hooks.
    static let secret = "whsec_Y2FuYXJ5Y2FuYXJ5Y2FuYXJ5Y2FuYXJ5"

    /// Runs the courier.
    func courier(_ arguments: String...) async throws -> RunResult {
        try await run(
            courierExecutable, arguments, environment: Self.environment, workingDirectory: path)
    }

    /// Runs `closeout` and demands that it ends well.
    @discardableResult
    func closeout(_ arguments: String...) async throws -> String {
        let result = try await run(
            closeoutExecutable, arguments, environment: Self.environment, workingDirectory: path)
        try #require(result.status == 0, "\(arguments): \(result.stderrText)\(result.stdoutText)")
        return result.stdoutText
    }

    /// The requests that the receiver saw: listener, method, target and id of the hook.
    func requests() throws -> [[String]] {
        guard fileExists(receiver + "/events") else { return [] }
        let log = String(decoding: try readFile(receiver + "/events"), as: UTF8.self)
        return log.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ").map(String.init)
            return words[0] == "request" ? Array(words.dropFirst()) : nil
        }
    }

    /// What `deliver status --all --format json` prints.
    func status() async throws -> JSON {
        let result = try await courier("deliver", "status", "--all", "--format", "json")
        return try JSON(parsing: result.stdout)
    }

    /// The records of deliveries in a bundle, the first first, with a member of each.
    func recorded(_ member: String, in bundle: String = "p-1.closeout") async throws -> [String] {
        let listing = try await run(
            "sh", ["-c", "cat \(bundle)/evidence/*.json"], workingDirectory: path)
        return try listing.stdoutText.replacing("}{", with: "}\n{").split(separator: "\n")
            .compactMap { line in
                let record = try JSON(parsing: Array(line.utf8))
                guard record["kind"]?.text?.hasPrefix("closeout/delivery/") == true else {
                    return nil
                }
                return record[member]?.text
            }.sorted()
    }
}

extension JSON {
    /// The text of a string.
    var text: String? {
        if case .string(let bytes) = self { String(decoding: bytes, as: UTF8.self) } else { nil }
    }

    /// The elements of an array.
    var elements: [JSON] {
        if case .array(let elements) = self { elements } else { [] }
    }
}

/// The files of an authority that has certified the receiver, made once.
private let prepared = Task {
    var files: [String: [UInt8]] = [:]
    try await withTemporaryDirectory { folder in
        let authority = try await Authority.root(in: folder)
        _ = try await authority.certify(
            "receiver",
            [
                "basicConstraints=critical,CA:FALSE", "extendedKeyUsage=serverAuth",
                "subjectAltName=DNS:localhost",
            ])
        files = try authority.files()
    }
    return files
}

/// Runs a body in a folder with `dist` sealed in `p-1.closeout`, which has a record of readiness, while a receiver runs.
func withDeliverScene(_ body: (DeliverScene) async throws -> Void) async throws {
    try await withTemporaryDirectory { folder in
        let (path, receiver) = (folder + "/scene", folder + "/receiver")
        try makeDirectory(path + "/dist")
        try makeDirectory(receiver)
        _ = try Authority(restoring: try await prepared.value, in: receiver)
        let script = repositoryRoot + "/Tests/OutboundTests/Receiver/receiver.py"
        try await withService(
            "python3", [script, receiver, "receiver"],
            isReady: { fileExists(receiver + "/ports") }
        ) {
            let scene = try DeliverScene(path, receiver)
            try writeFile("tool\n", to: path + "/dist/tool")
            try writeFile("all tests passed\n", to: path + "/summary.txt")
            try await scene.closeout(
                "keygen", "--no-passphrase", "-o", "release", "--trust", "trust.json")
            try await scene.closeout("seal", "dist", "--release", "p@1", "--key", "release.pem")
            try await scene.closeout(
                "record", "readiness", "p-1.closeout", "--summary", "summary.txt")
            try await body(scene)
        }
    }
}
