import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutTestSupport
import Testing

/// A release that scripts/ten-formats makes: ten operators, all of whom have to sign, each in a format
/// of its own.
@Suite(
    "Ten signatures of ten formats", .requires("openssl"), .requires("gpg"),
    .requires("minisign"), .requires("signify-openbsd"), .requires("ssh-keygen"))
struct TenFormatsTests {
    /// A format, and where the value of its signature stands in the file that the script makes.
    struct Case: Sendable, CustomTestStringConvertible {
        let format: String
        /// The text that stands before or, if the distance is negative, behind the value; without it
        /// the value ends the file.
        var mark: String?
        var distance = 8
        /// What is found if the value is damaged.
        let finding: String

        var testDescription: String { format }

        static let all = [
            Case(format: "aws-kms", mark: #""Signature":""#, finding: unknown),
            Case(format: "cms", finding: invalid),
            Case(format: "dsse", mark: #""sig":""#, finding: unknown),
            Case(format: "minisign", mark: "RU", distance: 40, finding: invalid),
            Case(format: "openpgp", finding: invalid),
            Case(format: "raw", finding: unknown),
            Case(format: "signify", mark: "RW", distance: 40, finding: invalid),
            Case(format: "sigstore", mark: #""signature":""#, distance: 20, finding: unknown),
            Case(format: "ssh", mark: "-----END", distance: -9, finding: invalid),
            Case(format: "vault", mark: "vault:v1:", distance: 20, finding: unknown),
        ]

        private static let unknown = "signature.key-known"
        private static let invalid = "signature.valid"

        /// The file with another value.
        func damaging(_ file: [UInt8]) throws -> [UInt8] {
            var file = file
            guard let mark else {
                file[file.count - 1] ^= 1
                return file
            }
            let range = try #require(file.firstRange(of: Array(mark.utf8)))
            let place = (distance < 0 ? range.lowerBound : range.upperBound) + distance
            file[place] = file[place] == UInt8(ascii: "Q") ? UInt8(ascii: "R") : UInt8(ascii: "Q")
            return file
        }
    }

    private func withRelease(_ body: (Scene) async throws -> Void) async throws {
        try await withTemporaryDirectory { path in
            try await Scene(path: path).shellDone("\(repositoryRoot)/scripts/ten-formats ten")
            try await body(Scene(path: path + "/ten"))
        }
    }

    private func verify(
        _ scene: Scene, _ options: [String] = []
    ) async throws -> ReportReading {
        let verified = try await scene.closeout(
            ["verify", "p-1.closeout", "--trust", "trust.json", "--artifacts", "dist"] + options
                + ["--format", "json"])
        return try ReportReading(parsing: verified.stdout)
    }

    @Test("all ten count, each explained in one line, and the threshold of ten is met")
    func all() async throws {
        try await withRelease { scene in
            let report = try await verify(scene)
            #expect(report.verdict == "VERIFIED", "\(report.findings("fail"))")
            let text = try await scene.done(
                "verify", "p-1.closeout", "--trust", "trust.json", "--artifacts", "dist",
                "--details")
            for each in Case.all.map(\.format) {
                let line = try #require(text.first { $0.hasPrefix("  \(each) (") })
                #expect(line.contains("valid, counts for the role \"release\""))
            }
            let policy = String(decoding: try scene.bytes("trust.json"), as: UTF8.self)
            #expect(policy.contains("\"threshold\":10"))
            try scene.write(
                policy.replacing("\"threshold\":10", with: "\"threshold\":11"), to: "eleven.json")
            let missed = try await scene.closeout(
                "verify", "p-1.closeout", "--trust", "eleven.json", "--artifacts", "dist")
            #expect(missed.status == 40)
        }
    }

    @Test("each one that is damaged is refused by attach and keeps the release from VERIFIED")
    func damaged() async throws {
        try await withRelease { scene in
            try await scene.shellDone("mv p-1.closeout whole; cp -a whole p-1.closeout")
            for each in Case.all {
                let file = try scene.bytes("signatures/\(each.format)")
                let bad = try each.damaging(file)
                try writeFile(bad, to: scene.path + "/bad")
                let attached = try await scene.closeout(
                    "attach", "p-1.closeout", "bad", "--trust", "trust.json")
                #expect(attached.status == 30, "\(each.format): \(attached.stderrText)")
                try await forge(bad, inPlaceOf: file, scene)
                let report = try await verify(scene)
                #expect(report.verdict != "VERIFIED", "\(each.format)")
                let found = report.findings("fail") + report.findings("unknown")
                #expect(found.map(\.id).contains(each.finding), "\(each.format): \(found)")
                #expect(found.map(\.id).contains("signature.threshold"), "\(each.format)")
                try await scene.shellDone("rm -r p-1.closeout; cp -a whole p-1.closeout")
            }
        }
    }

    @Test("each one whose key is not in good standing is missed, as the effects table says")
    func resolver() async throws {
        try await withRelease { scene in
            try await scene.shellDone("cp trust.json sound.json")
            let changes = [
                ("revoke", "--reason superseded --at 2025-01-01T00:00:00Z", "FAILED"),
                ("revoke", "--reason compromised --at 2025-01-01T00:00:00Z", "FAILED"),
                ("retire", "--at 2025-01-01T00:00:00Z", "INCOMPLETE"),
            ]
            for each in Case.all {
                for (action, options, verdict) in changes {
                    try await scene.shellDone(
                        "closeout trust \(action) trust.json \(each.format) \(options)")
                    let report = try await verify(scene)
                    #expect(report.verdict == verdict, "\(each.format) \(action)")
                    let id = action == "revoke" ? "key-revoked" : "key-window"
                    let found = report.checks(verdict == "FAILED" ? "fail" : "unknown")
                    #expect(found.isSuperset(of: ["signature.\(id)", "signature.threshold"]))
                    try await scene.shellDone("cp sound.json trust.json")
                }
            }
        }
    }

    @Test("all ten still count years after the end of their keys, by a time-stamp and not without")
    func years() async throws {
        try await withRelease { scene in
            for each in Case.all {
                try await scene.shellDone(
                    "closeout trust retire trust.json \(each.format) --at 2090-01-01T00:00:00Z")
            }
            let authorities = try await Authorities(scene)
            try await authorities.trustStamper()
            let late = ["--as-of", "2092-01-01T00:00:00Z"]
            #expect(try await verify(scene, late).verdict == "INCOMPLETE")
            #expect(
                try await verify(scene, ["--as-of", "2034-01-01T00:00:00Z"]).verdict == "VERIFIED")
            try await authorities.attach(authorities.stamp(), logKey: false)
            #expect(try await verify(scene, late).verdict == "VERIFIED")
            let text = try await scene.done(
                [
                    "verify", "p-1.closeout", "--trust", "trust.json", "--artifacts", "dist",
                    "--details",
                ]
                    + late)
            let dated = text.filter { $0.contains(", proven by time-stamp of tsa (stamper)") }
            #expect(dated.count == 10)
        }
    }

    /// Puts a file into the bundle and its log in place of another, as who has the log's key can.
    private func forge(_ bad: [UInt8], inPlaceOf good: [UInt8], _ scene: Scene) async throws {
        let (old, new) = try (SHA256Digest.of(good).hex, SHA256Digest.of(bad).hex)
        let log = String(decoding: try scene.bytes("p-1.closeout/log.jsonl"), as: UTF8.self)
        // Records speak of the signature that is gone.
        let kept = lines(log).filter { !$0.contains("\"kind\":\"evidence\"") }
        let forged = kept.enumerated().map { index, line in
            let place = line.firstRange(of: "\"seq\":")
            let head = place.map { line[..<$0.upperBound] } ?? ""
            let tail = place.map { line[$0.upperBound...].drop(while: \.isNumber) } ?? ""
            return "\(head)\(index)\(tail)".replacing(old, with: new) + "\n"
        }
        try scene.write(forged.joined(), to: "p-1.closeout/log.jsonl")
        let path = try #require(
            try await scene.files(below: "p-1.closeout/signatures").first { $0.contains(old) })
        try writeFile(bad, to: scene.path + "/" + path.replacing(old, with: new))
        try await scene.shellDone(
            """
            set -e
            rm -r \(path) p-1.closeout/evidence p-1.closeout/checkpoint
            closeout checkpoint p-1.closeout --key log.pem
            """)
    }
}
