import CloseoutTestSupport
import Testing

@Suite("closeout trust pin")
struct PinTests {
    private static let verifying = "decide p-1.closeout --trust trust.json --artifacts dist"

    @Test("names the profile by which alone `decide` decides, until another is pinned")
    func profile() async throws {
        try await withSealedRelease { scene in
            let none = try await scene.shell("closeout \(Self.verifying)")
            #expect(none.status == 64)
            let pinned = try await scene.closeout("trust", "pin", "trust.json", "artifacts-only")
            #expect(pinned.stdoutText == "trust.json\n")
            #expect(pinned.stderrText.hasPrefix("version 2, sha256:"))
            let decided = try await scene.shell("closeout \(Self.verifying)")
            #expect(decided.status == 0, "\(decided.stderrText)")
            #expect(decided.stdoutText.contains("criteria artifacts-only 1, "))
            let other = try await scene.shell(
                "closeout \(Self.verifying) --criteria final-closeout")
            #expect(other.status == 64)
            try await scene.done("trust", "pin", "trust.json", "final-closeout")
            #expect(try await scene.shell("closeout \(Self.verifying)").status == 20)
        }
    }

    @Test("names a file by its digest, which `trust show` prints; what is no file is refused")
    func file() async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone(
                """
                closeout criteria init --profile artifacts-only -o mine.json
                printf '\\n' >> mine.json
                closeout trust pin trust.json mine.json
                """)
            let digest = try await scene.shellDone("sha256sum mine.json | cut -d' ' -f1")
            let shown = try await scene.done("trust", "show", "trust.json")
            #expect(shown.contains("criteria sha256:" + lines(digest).joined()))
            for (criteria, status) in [("", Int32(64)), ("--criteria mine.json", 0)] {
                let decided = try await scene.shell("closeout \(Self.verifying) \(criteria)")
                #expect(decided.status == status, "\(decided.stderrText)")
            }
            let policy = try scene.bytes("trust.json")
            #expect(try await scene.closeout("trust", "pin", "trust.json", "gone").status == 66)
            #expect(
                try await scene.closeout("trust", "pin", "trust.json", "p-1.closeout/log.jsonl")
                    .status == 65)
            #expect(try scene.bytes("trust.json") == policy)
        }
    }
}
