import CloseoutTestSupport
import Testing

@Suite("Signing the archive with gpg", .requires("gpg"), .requires("gpgconf"))
struct ArchiveSigningTests {
    /// Makes a key in a home of its own, and a policy that takes it for the archive.
    private static let preparation = """
        set -e
        mkdir -m 700 home; export GNUPGHOME="$PWD/home"
        gpg -q --batch --passphrase '' --quick-generate-key a@example.org ed25519 sign never
        gpg -q --armor --export a@example.org > archive-key.asc
        closeout trust add trust.json archive-key.asc --operator archivist --role archive

        """

    private func withArchivist(_ body: (Scene) async throws -> Void) async throws {
        try await withSealedRelease { scene in
            let result: Result<Void, any Error>
            do {
                try await scene.shellDone(Self.preparation)
                result = .success(try await body(scene))
            } catch { result = .failure(error) }
            _ = try? await scene.shell("gpgconf --homedir \"$PWD/home\" --kill all")
            try result.get()
        }
    }

    @Test("the printed command makes a signature that is attached and verifies")
    func request() async throws {
        try await withArchivist { scene in
            let lines = try await scene.done(
                "request", "p-1.closeout", "--for", "gpg", "--key-reference", "a@example.org")
            let folder = try #require(lines.first)
            let commands = lines.dropFirst().joined(separator: "\n")
            try await scene.shellDone("export GNUPGHOME=\"$PWD/home\"\n\(commands)")
            try await scene.done(
                "attach", "p-1.closeout", "\(folder)/seal.json.pgp", "--trust", "trust.json",
                "--log-key", "release.pem")
            let verified = try await scene.done(
                "verify", "p-1.closeout", "--trust", "trust.json", "--artifacts", "dist")
            #expect(verified.contains { $0.contains("by archivist (key archive-key)") })
        }
    }

    @Test("sign --with gpg does all of that in one step")
    func signWith() async throws {
        try await withArchivist { scene in
            try await scene.done(
                "sign", "p-1.closeout", "--with", "gpg", "--key-reference", "a@example.org",
                "--trust", "trust.json", "--log-key", "release.pem",
                environment: ["GNUPGHOME": scene.path + "/home"])
            try await scene.done(
                "verify", "p-1.closeout", "--trust", "trust.json", "--artifacts", "dist")
        }
    }

    @Test("a signature over something else, inline or in text mode is refused and not stored")
    func refused() async throws {
        try await withArchivist { scene in
            let seal = "p-1.closeout/seal.json"
            try await scene.shellDone(
                """
                set -e; export GNUPGHOME="$PWD/home"
                echo other | gpg -q --batch --detach-sign > other.sig
                gpg -q --batch --textmode --detach-sign < \(seal) > text.sig
                gpg -q --batch --armor --sign < \(seal) > inline.asc
                gpg -q --batch --clear-sign < \(seal) > clear.asc
                """)
            for (file, reason) in [
                ("other.sig", "does not verify over the content"), ("text.sig", "text mode"),
                ("inline.asc", "a signed message, where a detached signature belongs"),
                ("clear.asc", "a cleartext signed document, where a detached signature belongs"),
            ] {
                let result = try await scene.closeout(
                    "attach", "p-1.closeout", file, "--trust", "trust.json", "--log-key",
                    "release.pem")
                #expect(result.status == 30, "\(file)")
                #expect(result.stderrText.contains(reason), "\(file): \(result.stderrText)")
            }
            let stored = try await scene.files(below: "p-1.closeout/signatures")
            #expect(stored.allSatisfy { $0.hasSuffix(".dsse.json") })
        }
    }
}
