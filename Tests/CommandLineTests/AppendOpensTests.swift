import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutTestSupport
import Testing

/// A command that appends opens each file of the bundle, each policy and each key once, and nothing that
/// it has written.
@Suite("What an append opens", .requires("strace"))
struct AppendOpensTests {
    /// A command on a bundle with a proposed risk, a hold and evidence.
    struct Case: Sendable, CustomTestStringConvertible {
        let command: String
        /// The words behind the bundle and the policy; `RISK` stands for the proposed risk.
        let rest: String
        /// Files that it must have opened; `JUNIT` and `SBOM` are evidence that the bundle has.
        let inputs: Set<String>
        var status: Int32 = 0
        var testDescription: String { "\(command) \(rest)" }
    }

    static let all = [
        Case(
            command: "sign", rest: "--key alice.pem --log-key release.pem",
            inputs: ["alice.pem", "release.pem", "trust.json"]),
        Case(
            command: "attach", rest: "other.sig --log-key release.pem",
            inputs: ["release.pem", "trust.json", "other.sig"]),
        Case(
            command: "add", rest: "dist/NOTES.md --log-key release.pem",
            inputs: ["release.pem", "trust.json", "dist/NOTES.md"]),
        Case(
            command: "add", rest: "more.json --log-key release.pem",
            inputs: ["more.json", "p-1.closeout/manifest.jsonl"]),
        Case(
            command: "checkpoint", rest: "--key release.pem",
            inputs: ["release.pem", "trust.json"]),
        Case(
            command: "risk accept",
            rest: "RISK --criteria criteria.json --key bob.pem --log-key release.pem",
            inputs: ["bob.pem", "release.pem", "trust.json", "criteria.json"]),
        Case(
            command: "hold place",
            rest: "--matter n --custodian c --reason r --key bob.pem --log-key release.pem",
            inputs: ["bob.pem", "release.pem", "trust.json"]),
        Case(
            command: "risk propose",
            rest: "--finding C4 --owner Al --reason s --control c --reference C-1 "
                + "--expires 2126-01-01T00:00:00Z --criteria criteria.json --key alice.pem "
                + "--log-key release.pem",
            inputs: ["alice.pem", "trust.json", "criteria.json", "p-1.closeout/manifest.jsonl"]),
        Case(
            command: "record readiness",
            rest: "--tests dist/NOTES.md --key alice.pem --log-key release.pem",
            inputs: ["alice.pem", "release.pem", "trust.json", "dist/NOTES.md"]),
        Case(
            command: "record readiness",
            rest: "--tests more.xml --sbom more.json --criteria criteria.json --key alice.pem "
                + "--log-key release.pem",
            inputs: [
                "more.xml", "more.json", "criteria.json", "p-1.closeout/manifest.jsonl", "JUNIT",
                "SBOM",
            ]),
        Case(
            command: "import cavra cavra.json --bundle", rest: "--log-key release.pem",
            inputs: ["release.pem", "trust.json", "cavra.json"], status: 20),
        Case(
            command: "close",
            rest: "--criteria artifacts-only --artifacts dist --key dora.pem --log-key release.pem",
            inputs: [
                "dora.pem", "release.pem", "trust.json", "dist/NOTES.md",
                "p-1.closeout/manifest.jsonl", "JUNIT", "SBOM",
            ]),
    ]

    @Test("each file at the most once", arguments: all)
    func opens(_ example: Case) async throws {
        try await withStaffedRelease { scene in
            let risk = try await Self.prepare(scene)
            let words = example.rest.replacing("RISK", with: risk)
            let counts = try await scene.opens(
                "closeout \(example.command) p-1.closeout \(words) --trust trust.json",
                endingWith: example.status)
            #expect(counts.values.allSatisfy { $0 == 1 }, "\(counts.filter { $0.value > 1 })")
            let evidence = [
                "JUNIT": try Self.stored("pytest-pass.xml", "xml"),
                "SBOM": try Self.stored("cyclonedx-release.json", "json"),
            ]
            for input in example.inputs {
                #expect(counts[evidence[input] ?? input] == 1, "\(input)")
            }
            #expect(counts["p-1.closeout/seal.json"] == 1)
            #expect(counts["p-1.closeout/log.jsonl"] == 1)
            // A temporary file would have been read again behind its writing.
            #expect(!counts.keys.contains { $0.contains(".closeout-tmp-") })
        }
    }

    private static let evidence = "\(repositoryRoot)/fixtures/evidence"

    /// Where the bundle has a file of the fixtures.
    private static func stored(_ name: String, _ type: String) throws -> String {
        let digest = try SHA256Digest.of(try readFile("\(evidence)/\(name)"))
        return "p-1.closeout/attachments/\(digest.hex).\(type)"
    }

    /// Makes a bundle on which each of the commands has something to do.
    private static func prepare(_ scene: Scene) async throws -> String {
        try await scene.shellDone(
            """
            closeout keygen --quiet --no-passphrase -o dora
            closeout trust add trust.json dora.pub.pem --operator dora --role decider
            closeout criteria init final-closeout -o criteria.json
            cp -r p-1.closeout elsewhere
            closeout sign elsewhere --key release.pem --type raw --quiet
            cp elsewhere/signatures/*.sig other.sig
            closeout add p-1.closeout trust.json --log-key release.pem --quiet
            sed s/pytest/more/ \(evidence)/pytest-pass.xml > more.xml
            tr -d '\\n' < \(evidence)/cyclonedx-release.json > more.json
            printf '%s' '{"schema_version": "cavra.final_closeout_trial.v1",
              "release_closeout_summary": {"closeout_state": "closed"}}' > cavra.json
            """)
        try await scene.record(
            "record readiness p-1.closeout --tests \(evidence)/pytest-pass.xml "
                + "--sbom \(evidence)/cyclonedx-release.json --key alice.pem")
        let first = try await scene.record(
            "risk propose p-1.closeout --finding C4 --evidence seal.json --owner Al --reason r "
                + "--control c --reference C-1 --expires 2126-01-01T00:00:00Z --key alice.pem")
        try await scene.shellDone(
            "closeout risk accept p-1.closeout \(first) --key bob.pem --log-key release.pem "
                + "--trust trust.json --quiet")
        let risk = try await scene.record(
            "risk propose p-1.closeout --finding C5 --evidence seal.json --owner Al --reason r "
                + "--control c --reference C-1 --expires 2126-01-01T00:00:00Z --key alice.pem")
        try await scene.shellDone("closeout checkpoint p-1.closeout --key release.pem --quiet")
        return risk
    }
}
