import CloseoutTestSupport
import Testing

@Suite("Offline")
struct OfflineTests {
    /// What people beside auditors do.
    private static let others = [
        "closeout keygen --no-passphrase -o other",
        "closeout freeze dist --release q@1 -o q.closeout",
        "closeout seal dist --release q@1 --key release.pem",
        "closeout attach p-1.closeout release.pub.pem --key release.pub.pem",
        "closeout pack p-1.closeout --artifacts dist -o p.tar",
        "closeout prove p-1.closeout NOTES.md -o two.closeout-proof",
        "closeout criteria init", "closeout trust lint trust.json", "closeout explain",
        "closeout trial --list", "closeout diff p-1.closeout p-1.closeout",
        "closeout decide p-1.closeout --key release.pub.pem --criteria artifacts-only "
            + "--artifacts dist",
        "closeout repair p-1.closeout",
        "closeout record readiness p-1.closeout --tests dist/NOTES.md",
        "closeout trial --out trial",
        "closeout --help",
        "closeout --generate-completion-script bash",
    ]

    /// Runs each command with the kernel telling every system call about networks.
    @Test(
        "no command that the program has itself opens a socket", .requires("strace"),
        arguments: [
            "closeout verify p-1.closeout --trust trust.json --artifacts dist",
            "closeout verify one.closeout-proof --trust trust.json --file dist/NOTES.md",
            "closeout verify-signature p-1.closeout/seal.json p-1.closeout/signatures/*.dsse.json "
                + "--trust trust.json",
            "closeout show p-1.closeout", "closeout status p-1.closeout",
        ] + Self.others)
    func noSocket(command: String) async throws {
        try await withSealedRelease { scene in
            try await scene.done("prove", "p-1.closeout", "NOTES.md", "-o", "one.closeout-proof")
            let result = try await scene.shell(
                "strace -f -e trace=%network,execve -o calls \(command)")
            #expect(result.status != 64, "\(result.stderrText)")
            let calls = lines(String(decoding: try scene.bytes("calls"), as: UTF8.self))
            #expect(calls.contains { $0.contains("execve(") && $0.contains("closeout") })
            #expect(!calls.contains { $0.contains("socket") || $0.contains("connect") })
        }
    }

    @Test("sealing and verifying work where there is no network at all", .requires("unshare"))
    func noNetwork() async throws {
        try await withScene { scene in
            let isolated = "unshare --net --map-root-user"
            // Some containers do not let anybody make a namespace.
            guard try await scene.shell("\(isolated) true").status == 0 else {
                print("no network namespace can be made here: `\(isolated)` is refused")
                return
            }
            try await scene.shellDone(
                """
                set -e
                closeout keygen --quiet --no-passphrase -o release --trust trust.json
                ! \(isolated) grep -v -e '|' -e ' lo:' /proc/net/dev
                \(isolated) closeout seal dist --release p@1 --key release.pem
                \(isolated) closeout verify p-1.closeout --trust trust.json --artifacts dist
                """)
        }
    }
}
