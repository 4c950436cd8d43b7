import CloseoutTestSupport
import Testing

/// What an operator has who signs with certificates and has signatures stamped: an authority of
/// each kind, run by `openssl` in folders of the scene.
struct Authorities {
    let scene: Scene
    /// Certifies signers.
    let signing: Authority
    /// Certifies the time-stamp authority.
    let stamping: Authority
    /// The time-stamp authority.
    let stamper: Authority.Certified

    init(_ scene: Scene) async throws {
        self.scene = scene
        try makeDirectory(scene.path + "/ca")
        try makeDirectory(scene.path + "/tsa")
        signing = try await Authority.root(in: scene.path + "/ca")
        stamping = try await Authority.root(in: scene.path + "/tsa")
        stamper = try await stamping.certify("tsa", Authority.timeStampExtensions)
        try scene.write(
            """
            [tsa]
            default_tsa = this
            [this]
            serial = tsa/serial
            signer_cert = tsa/tsa.crt.pem
            signer_key = tsa/tsa.pem
            signer_digest = sha256
            default_policy = 1.2.3.4.1
            digests = sha256
            ess_cert_id_alg = sha256

            """, to: "tsa/ts.cnf")
        try scene.write("01\n", to: "tsa/serial")
    }

    /// Lets the policy `trust.json` take the authority's time-stamps.
    func trustStamper() async throws {
        try await scene.done(
            "trust", "add", "trust.json", "tsa/root.crt.pem", "--operator", "stamper", "--role",
            "timestamp", "--id", "tsa")
    }

    /// Asks for a time-stamp as `request` prints it, and runs the printed command as it stands.
    ///
    /// - Returns: The path of the answer.
    func stamp(over path: String? = nil) async throws -> String {
        let request = try await scene.closeout(
            ["request", "p-1.closeout", "--for", "openssl-ts", "--key-reference", "tsa/ts.cnf"]
                + (path.map { ["--over", $0] } ?? []))
        try #require(request.status == 0, "\(request.stderrText)")
        try await scene.shellDone(lines(request.stdoutText).dropFirst().joined(separator: "\n"))
        let name = (path ?? "checkpoint").split(separator: "/").last ?? ""
        return "p-1.request/\(name).tsr"
    }

    /// Attaches files under the policy, renewing the checkpoint if a log key is given.
    @discardableResult
    func attach(_ files: String..., logKey: Bool = true) async throws -> [String] {
        let attached = try await scene.closeout(
            ["attach", "p-1.closeout"] + files + ["--trust", "trust.json"]
                + (logKey ? ["--log-key", "release.pem"] : []))
        try #require(attached.status == 0, "\(attached.stderrText)")
        return lines(attached.stdoutText)
    }

    /// Verifies the bundle under the policy.
    func verify(_ arguments: String...) async throws -> ReportReading {
        let verified = try await scene.closeout(
            ["verify", "p-1.closeout", "--trust", "trust.json", "--artifacts", "dist", "--format"]
                + ["json"] + arguments)
        return try ReportReading(parsing: verified.stdout)
    }
}

/// Runs `body` with a sealed release and authorities.
func withAuthorities(_ body: (Scene, Authorities) async throws -> Void) async throws {
    try await withSealedRelease { scene in try await body(scene, Authorities(scene)) }
}
