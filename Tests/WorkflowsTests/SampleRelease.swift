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

/// A small release in a folder of its own, and one key that signs its seal and its log.
struct SampleRelease: Sendable {
    /// The folder, with the shipped files in `dist`.
    let path: String
    let key: LocalKey
    let now: Instant
    let target: BundleTarget

    /// What is asked of sealing it.
    var sealRequest: SealRequest {
        get throws {
            SealRequest(
                of: .directory(bytes("dist")), as: try Release(name: "p", version: "1"),
                created: now, at: target)
        }
    }

    var signer: FormatSigner { FormatSigner(key: key, format: .dsse) }
    var options: AppendOptions { AppendOptions(now: now, logSigner: key) }

    /// Seals it with the key.
    func seal() async throws -> SealedRelease {
        try await sealRelease(sealRequest, by: .key(signer), options)
    }

    /// A policy that trusts the key.
    func policy() throws -> TrustPolicy {
        try TrustPolicy.single(
            key.publicKey.pem, algorithm: nil, in: PolicyContext(acceptingSampleKeys: true))
    }

    /// A verification of everything.
    func request(
        trusting policy: TrustPolicy, artifacts: VerificationRequest.Artifacts? = nil
    ) -> VerificationRequest {
        var trust = Trust()
        trust.policy = policy
        var request = VerificationRequest(trust: trust, asOf: now)
        request.artifacts = artifacts ?? .directory(bytes("dist"))
        return request
    }

    /// The path of something in the folder.
    func bytes(_ name: String) -> [UInt8] { Array((path + "/" + name).utf8) }

    /// All files and folders of the bundle.
    func tree() throws -> [[UInt8]: SimulatedDisk.Item] { try readTree(path + "/p-1.closeout") }

    /// Whether nothing half-made lies beside the bundle.
    var hasNothingTemporary: Bool {
        (try? Directory.open(Array(path.utf8)).entries().contains {
            TemporaryName.matches($0.name)
        }) == false
    }
}

/// Runs `body` with a release of two files and a folder.
func withRelease(_ body: (SampleRelease) async throws -> Void) async throws {
    try await withTemporaryDirectory { path in
        try makeDirectory(path + "/dist/f")
        try writeFile("a", to: path + "/dist/a")
        try writeFile("b", to: path + "/dist/f/b")
        try await body(
            SampleRelease(
                path: path, key: LocalKey(try PrivateKey.generate(.ed25519)),
                now: #require(Instant(parsing: Array("2026-05-01T00:00:00Z".utf8))),
                target: BundleTarget(Array((path + "/p-1.closeout").utf8))))
    }
}

/// The error of a workflow, or nil.
func workflowError(_ body: () async throws -> Void) async -> WorkflowError? {
    do {
        try await body()
        return nil
    } catch let error as WorkflowError {
        return error
    } catch {
        Issue.record(error)
        return nil
    }
}
