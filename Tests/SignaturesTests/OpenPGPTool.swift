import CloseoutEncodings
import CloseoutSignatures
import CloseoutTestSupport
import Testing

/// The programs `gpg` and `gpgv` over a home of their own.
struct OpenPGPTool: Sendable {
    let home: String

    /// Runs `gpg` without a question; what it needs to be told stands in `answers`.
    @discardableResult
    func gpg(_ arguments: [String], stdin: [UInt8] = [], answers: Bool = false) async throws
        -> [UInt8]
    {
        let mode = answers ? ["--no-tty", "--command-fd", "0"] : ["--batch", "--yes"]
        return try await runSuccessfully(
            "gpg",
            ["--homedir", home, "--quiet", "--pinentry-mode", "loopback", "--passphrase", ""]
                + mode + arguments, stdin: stdin)
    }

    /// Makes a key pair.
    func generate(
        _ user: String, _ algorithm: String = "ed25519", usage: String = "sign",
        expires: String = "never", _ options: [String] = []
    ) async throws {
        try await gpg(options + ["--quick-generate-key", user, algorithm, usage, expires])
    }

    /// Takes the RSA key of `a@example.org`, which is made once a process, because that takes seconds.
    func takeRSAKey() async throws {
        try await gpg(["--import"], stdin: try await Self.rsaKey.value)
    }

    private static let rsaKey = Task {
        try await withOpenPGP { tool in
            try await tool.generate("a@example.org", "rsa3072")
            return try await tool.gpg(["--export-secret-keys", "a@example.org"])
        }
    }

    /// The fingerprint of a primary key.
    func fingerprint(of user: String) async throws -> String {
        let listing = try await gpg(["--list-keys", "--with-colons", user])
        let line = try #require(
            String(decoding: listing, as: UTF8.self).split(separator: "\n")
                .first { $0.hasPrefix("fpr:") })
        return String(try #require(line.split(separator: ":").last))
    }

    /// The public keys of users, armoured.
    func publicKeys(of users: String..., options: [String] = []) async throws -> [UInt8] {
        try await gpg(options + ["--armor", "--export"] + users)
    }

    /// A detached signature by all of these users, binary where nothing else is asked for.
    func sign(
        _ content: [UInt8], as users: String..., options: [String] = []
    ) async throws -> [UInt8] {
        let signers = users.flatMap { ["--local-user", $0] }
        return try await gpg(signers + options + ["--detach-sign"], stdin: content)
    }

    /// Writes a file into the home.
    ///
    /// - Returns: Its path.
    func store(_ bytes: [UInt8], _ name: String) throws -> String {
        try writeFile(bytes, to: "\(home)/\(name)")
        return "\(home)/\(name)"
    }

    /// Whether `gpgv` accepts a detached signature with the home's whole key ring.
    func accepts(_ signature: [UInt8], over content: [UInt8]) async throws -> Bool {
        let ring = try store(try await gpg(["--export"]), "ring.gpg")
        let files = [try store(signature, "s"), try store(content, "m")]
        let result = try await run("gpgv", ["--homedir", home, "--keyring", ring] + files)
        return result.status == 0
    }
}

/// Runs a test with an empty home, and ends the agent that `gpg` started for it.
@discardableResult
func withOpenPGP<Value>(_ body: (OpenPGPTool) async throws -> Value) async throws -> Value {
    try await withTemporaryDirectory { folder in
        try await runSuccessfully("chmod", ["700", folder])
        let tool = OpenPGPTool(home: folder)
        let result: Result<Value, any Error>
        do { result = .success(try await body(tool)) } catch { result = .failure(error) }
        _ = try? await run("gpgconf", ["--homedir", folder, "--kill", "all"])
        return try result.get()
    }
}

/// An `openpgp` entry of a policy.
func openPGPEntry(
    _ id: String, _ key: [UInt8], operator name: String? = nil, _ members: [JSONMember] = []
) -> JSON {
    .object(
        [
            JSONMember("id", JSON(id)), JSONMember("operator", JSON(name ?? id)),
            JSONMember("format", "openpgp"), JSONMember("key", .string(key)),
        ] + members)
}

/// What comes of a file under a policy of one OpenPGP entry, which is its release key.
func openPGPOutcomes(
    _ file: [UInt8], key: [UInt8], over content: SignedContent = seal,
    as format: SignatureFormat = .openPGP, asOf: String = "2026-12-01T00:00:00Z",
    proofs: [TimeProof] = [], _ members: [JSONMember] = []
) throws -> [SignatureResult.Outcome] {
    let policy = try policy([openPGPEntry("k", key, members)], roles: ["release": rule(["k"])])
    return try verify(policy, asOf: asOf).verify(file, as: format, over: content, proofs: proofs)
        .map(\.outcome)
}
