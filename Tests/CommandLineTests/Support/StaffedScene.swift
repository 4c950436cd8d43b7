import CloseoutTestSupport
import Testing

/// Runs `body` in a scene with a sealed release, whose policy `trust.json` knows `release` and three
/// operators: alice asks and owns risks, bob and carol decide, hold and approve.
func withStaffedRelease(_ body: (Scene) async throws -> Void) async throws {
    try await withSealedRelease { scene in
        for (name, roles) in [
            ("alice", ["requester", "risk-owner"]),
            ("bob", ["retention", "hold", "risk-approver"]),
            ("carol", ["retention", "hold", "delivery"]),
        ] {
            try await scene.done("keygen", "--no-passphrase", "-o", name)
            try await scene.shellDone(
                "closeout trust add trust.json \(name).pub.pem --operator \(name) "
                    + roles.map { "--role \($0)" }.joined(separator: " "))
        }
        try await body(scene)
    }
}

extension Scene {
    /// Runs a command that appends to the bundle, with policy and log key at hand.
    func append(_ command: String) async throws -> RunResult {
        try await shell(
            "export CLOSEOUT_TRUST=trust.json CLOSEOUT_LOG_KEY=release.pem; closeout \(command)")
    }

    /// The same, which must end well.
    ///
    /// - Returns: The digest of the record that was written, the last path printed.
    @discardableResult
    func record(_ command: String) async throws -> String {
        let result = try await append(command)
        try #require(result.status == 0, "\(command): \(result.stderrText)")
        let path = try #require(lines(result.stdoutText).last)
        return String(path.split(separator: "/").last?.prefix(64) ?? "")
    }
}
