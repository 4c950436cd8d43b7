import CloseoutFiles
import CloseoutOpenSSL
import CloseoutTestSupport
import Glibc
import Testing

/// A release to seal, its key, and the real command, for what goes wrong.
struct BadInputPlace: Sendable {
    /// Holds the tree, the keys and the folder for bundles.
    let path: String
    /// The shipped files.
    var tree: String { path + "/tree" }
    /// Where bundles go.
    var out: String { path + "/out" }
    /// The bundle's path.
    var bundle: String { out + "/payments.closeout" }
    /// The signing key, and its public half.
    var key: String { path + "/key.pem" }
    var publicKey: String { path + "/key.pub.pem" }

    /// Makes the place with a tree of one file, runs the test in it and removes it.
    static func make(_ body: (BadInputPlace) async throws -> Void) async throws {
        try await withTemporaryDirectory { path in
            let place = BadInputPlace(path: path)
            try makeDirectory(place.tree)
            try makeDirectory(place.out)
            try writeFile("tool", to: place.tree + "/tool")
            let key = try PrivateKey.generate(.ed25519)
            try writeFile(key.pem(passphrase: nil), to: place.key)
            try writeFile(key.publicKey.pem, to: place.publicKey)
            try await runSuccessfully("chmod", ["600", place.key])
            try await body(place)
        }
    }

    /// The same with a sealed bundle.
    static func withBundle(_ body: (BadInputPlace) async throws -> Void) async throws {
        try await make { place in
            try await runSuccessfully(closeoutExecutable, place.sealing)
            try await body(place)
        }
    }

    /// The arguments that seal the tree.
    var sealing: [String] {
        ["seal", tree, "--release", "payments@1", "--key", key, "-o", bundle]
    }

    /// The arguments that freeze something.
    func freezing(_ sources: [String], to target: String? = nil) -> [String] {
        ["freeze"] + sources + ["--release", "payments@1", "-o", target ?? bundle]
    }

    /// Runs the command, which must end with an exit code, say all of these words, and leave
    /// everything in `out` as it was.
    func expectRefusal(
        _ arguments: [String], _ status: Int32, saying words: [String],
        user: [String] = [], sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let before = try readTree(out)
        let result = try await runAs(user, arguments)
        expect(result, status, saying: words, sourceLocation)
        #expect(try readTree(out) == before, sourceLocation: sourceLocation)
    }

    /// Looks at how the command ended and what it said.
    func expect(
        _ result: RunResult, _ status: Int32, saying words: [String],
        _ sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(result.status == status, "\(result.stderrText)", sourceLocation: sourceLocation)
        #expect(result.stdout == [], sourceLocation: sourceLocation)
        for word in words {
            #expect(
                result.stderrText.contains(word), "\(result.stderrText)",
                sourceLocation: sourceLocation)
        }
        #expect(
            result.stderrText.split(separator: "\n").contains { $0.hasPrefix("closeout: ") },
            sourceLocation: sourceLocation)
    }

    /// Runs the command behind another one, such as `setpriv`.
    func runAs(_ prefix: [String], _ arguments: [String]) async throws -> RunResult {
        let all = prefix + [closeoutExecutable] + arguments
        return try await run(all[0], Array(all.dropFirst()))
    }
}

/// What stands before a command to run it without privileges; empty where there are none.
let unprivileged: [String] = {
    guard geteuid() == 0 else { return [] }
    return ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
}()
