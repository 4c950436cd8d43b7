import CloseoutTestSupport
import FoundationEssentials
import Testing

/// Tarballs as their authors published and signed them, which scripts/bootstrap fetches.
private enum UpstreamReleases {
    static let folder = toolCache + "/upstream"
    static let missing = "no signed upstream releases: run scripts/bootstrap on a Debian system"

    static let names: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { fileExists("\(folder)/\($0)/key") }.sorted()
    }()
}

@Suite(
    "Releases that their authors signed", .requires("gpg"), .requires("gpgv"),
    .enabled("\(UpstreamReleases.missing)") { !UpstreamReleases.names.isEmpty })
struct UpstreamReleaseTests {
    /// Why `gpgv` accepts a signature that does not count here, and what lets it count.
    private static let stricter = [
        ("and its key ended by its owner's word at", "--key-expiry ignore"),
        ("its owner has bound it by signatures with SHA-1 alone", "--sha1-binding"),
    ]

    @Test(
        "count as gpgv says, or not for a reason that the documentation has",
        arguments: UpstreamReleases.names)
    func release(name: String) async throws {
        try await withTemporaryDirectory { path in
            let scene = Scene(path: path)
            try await scene.shellDone(
                """
                cp '\(UpstreamReleases.folder)/\(name)/'* . && mkdir -m 700 home
                gpg --homedir home --batch --quiet --dearmor <key >ring.gpg
                gpgv --homedir home --keyring ./ring.gpg file.asc file 2>&1
                """)
            let verify = ["verify-signature", "file", "file.asc"]
            let found = try await scene.closeout(verify + ["--key", "key"])
            let words = found.stdoutText + found.stderrText
            if found.status == 65 {
                #expect(words.contains("OpenPGP algorithm DSA is not accepted"))
                return
            }
            if found.status == 40 {
                let way = Self.stricter.first { words.contains($0.0) }?.1
                try await scene.shellDone(
                    "closeout trust init trust.json key --operator x --role release "
                        + (try #require(way, "\(words)")))
                try await scene.done(verify + ["--trust", "trust.json"])
            } else {
                #expect(found.status == 0, "\(words)")
            }
            try await scene.shellDone("printf x >>file")
            let changed = try await scene.closeout(verify + ["--key", "key"])
            #expect(changed.status == 30 || changed.status == 40 && found.status == 40)
        }
    }
}
