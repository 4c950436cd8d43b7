import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import CloseoutVerification
import CloseoutWorkflows
import Testing

/// A folder with a release, its bundle that nobody has signed, and four keys: one seals and signs the
/// log, two others sign records, and one is known to nobody.
struct Workplace: Sendable {
    /// The path of the whole place.
    let path: String
    let release: LocalKey
    let alice: LocalKey
    let bob: LocalKey
    let stranger: LocalKey
    /// All roles for the three; a record needs operators that differ.
    let policy: TrustPolicy

    /// The bundle's path.
    var bundle: [UInt8] { Array("\(path)/p-1.closeout".utf8) }

    static let now = Instant(secondsSince1970: 1_790_000_000)

    /// Makes the place, runs the test in it and removes it.
    static func make(_ body: (Workplace) async throws -> Void) async throws {
        try await withTemporaryDirectory { path in
            try makeDirectory(path + "/dist")
            try writeFile("tool", to: path + "/dist/tool")
            func key() throws -> LocalKey { LocalKey(try PrivateKey.generate(.ed25519)) }
            let (release, alice, bob) = (try key(), try key(), try key())
            let place = Workplace(
                path: path, release: release, alice: alice, bob: bob, stranger: try key(),
                policy: try TrustPolicy.starting(
                    with: [
                        KeyEntry(
                            id: "release", operator: "release", inlining: release.publicKey.pem),
                        KeyEntry(id: "alice", operator: "alice", inlining: alice.publicKey.pem),
                        KeyEntry(id: "bob", operator: "bob", inlining: bob.publicKey.pem),
                    ],
                    roles: [
                        Role.release, .log, .requester, .retention, .hold, .riskOwner,
                        .riskApprover, .delivery, .decider,
                    ].map { RoleEntry($0) }))
            let draft = try await BundleDraft(
                freezing: .directory(Array("\(path)/dist".utf8)),
                as: Release(name: "p", version: "1"), created: try instant(),
                options: ManifestOptions(), beside: try BundleTarget(place.bundle))
            try draft.publish(at: BundleTarget(place.bundle))
            try await body(place)
        }
    }

    static func instant() throws -> Instant { try #require(now) }

    /// What an append takes here: the policy, and the log key.
    func options(by name: String? = nil) throws -> AppendOptions {
        AppendOptions(
            now: try Self.instant(), policy: policy, logSigner: release, by: name)
    }

    /// What a record takes here.
    func terms(_ key: LocalKey?) throws -> RecordTerms {
        RecordTerms(try options(), signer: key.map { EnvelopeSigner($0) })
    }

    /// Opens the bundle, unless somebody else has it open for longer than a test that starts a program.
    func open() async throws -> BundleSession {
        try await BundleSession(opening: bundle, waiting: LockWait(seconds: 3))
    }

    /// Seals: the release key signs, and the log is committed.
    func sign() async throws {
        var session = try await open()
        _ = try await session.sign(
            with: FormatSigner(key: release, format: .dsse), try options())
    }

    /// Verifies the bundle as an auditor does.
    func verify() async throws -> Report {
        var trust = Trust()
        trust.policy = policy
        trust.isFile = true
        var request = VerificationRequest(trust: trust, asOf: try Self.instant())
        request.artifacts = .directory(Array("\(path)/dist".utf8))
        return try await verifyBundle(at: bundle, request).report
    }

    /// The bundle's files.
    func files() throws -> [[UInt8]: SimulatedDisk.Item] {
        try readTree(String(decoding: bundle, as: UTF8.self))
    }

    /// Writes a file beside the bundle and gives its path.
    func file(_ text: String, named name: String) throws -> [UInt8] {
        try writeFile(text, to: "\(path)/\(name)")
        return Array("\(path)/\(name)".utf8)
    }
}

/// What the receipt warns of.
func warnings(_ receipt: Receipt) -> [String] {
    receipt.remarks.compactMap { if case .warning(let text, _) = $0 { text } else { nil } }
}

/// The refusal that a workflow throws.
func refusal(
    _ body: () async throws -> Void
) async throws -> WorkflowError.Refusal? {
    do {
        try await body()
        return nil
    } catch WorkflowError.refused(let refusal) {
        return refusal
    }
}
