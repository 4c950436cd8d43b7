import CloseoutEncodings
import CloseoutTestSupport
import Testing

@Suite("Attaching time-stamps", .requires("openssl"))
struct TimeStampAttachTests {
    private static let late = "2032-01-01T00:00:00Z"

    /// Ends the key in 2031, and lets another one sign checkpoints from then on.
    private func endReleaseKey(_ scene: Scene) async throws {
        try await scene.shellDone(
            """
            closeout trust retire trust.json release --at 2031-01-01T00:00:00Z
            """)
    }

    @Test("the printed command's answer over the checkpoint dates all that it commits")
    func checkpoint() async throws {
        try await withAuthorities { scene, authorities in
            try await authorities.trustStamper()
            try await endReleaseKey(scene)
            #expect(try await authorities.verify("--as-of", Self.late).verdict == "INCOMPLETE")
            let answer = try await authorities.stamp()
            let stored = try await authorities.attach(answer)
            #expect(stored == ["p-1.closeout/checkpoint.tsr"])
            #expect(try scene.bytes("p-1.closeout/checkpoint.tsr") == (try scene.bytes(answer)))
            let report = try await authorities.verify("--as-of", Self.late)
            #expect(report.verdict == "VERIFIED")
            #expect(report.findings("pass").contains { $0.id == "timestamp.valid" })
        }
    }

    @Test("over a signature it is stored under its digest, logged, and dates that signature")
    func signature() async throws {
        try await withAuthorities { scene, authorities in
            try await authorities.trustStamper()
            let signature = try await scene.signature(in: "p-1.closeout", ending: ".dsse.json")
            let path = String(signature.dropFirst("p-1.closeout/".count))
            let answer = try await authorities.stamp(over: path)
            // The bare token inside serves as well as the whole answer.
            try await scene.shellDone(
                "openssl ts -reply -in \(answer) -token_out -out bare.tst")
            let attached = try await scene.closeout(
                "attach", "p-1.closeout", answer, "bare.tst", "--trust", "trust.json",
                "--log-key", "release.pem")
            #expect(attached.status == 0, "\(attached.stderrText)")
            #expect(attached.stderrText.contains("recognised as a time-stamp over \(path)"))
            let stored = lines(attached.stdoutText)
            #expect(stored.count == 2)
            #expect(stored.allSatisfy { $0.hasPrefix("timestamps/") && $0.hasSuffix(".tsr") })
            let report = try await authorities.verify()
            #expect(report.verdict == "VERIFIED")
            #expect(report.isSignatureDated)
        }
    }

    @Test("over the seal it is stored, and said to date no signature")
    func seal() async throws {
        try await withAuthorities { scene, authorities in
            try await authorities.trustStamper()
            let answer = try await authorities.stamp(over: "seal.json")
            let attached = try await scene.closeout(
                "attach", "p-1.closeout", answer, "--trust", "trust.json")
            #expect(attached.stderrText.contains("over the seal, and dates no signature"))
            try await endReleaseKey(scene)
            #expect(try await authorities.verify("--as-of", Self.late).verdict == "INCOMPLETE")
        }
    }

    @Test("a renewed checkpoint keeps its predecessor and its time-stamp once, and no stale one")
    func renewal() async throws {
        try await withAuthorities { scene, authorities in
            try await authorities.trustStamper()
            try await authorities.attach(authorities.stamp())
            for name in ["one", "two"] {
                try scene.write(name, to: name)
                try await scene.done("add", "p-1.closeout", name, "--log-key", "release.pem")
            }
            #expect(!scene.has("p-1.closeout/checkpoint.tsr"))
            let kept = try await scene.files(below: "p-1.closeout/timestamps")
            #expect(
                kept == ["note", "tsr"].map { "p-1.closeout/timestamps/checkpoint-5.\($0)" })
            let report = try await authorities.verify()
            #expect(report.verdict == "VERIFIED")
            #expect(report.isSignatureDated)
        }
    }

    @Test("a stale time-stamp beside the checkpoint makes no renewal keep anything")
    func stale() async throws {
        try await withAuthorities { scene, authorities in
            let answer = try await authorities.stamp()
            try scene.write("one", to: "one")
            try await scene.done("add", "p-1.closeout", "one", "--log-key", "release.pem")
            try await scene.shellDone("cp \(answer) p-1.closeout/checkpoint.tsr")
            try scene.write("two", to: "two")
            try await scene.done("add", "p-1.closeout", "two", "--log-key", "release.pem")
            #expect(!scene.has("p-1.closeout/timestamps"))
            let report = try await authorities.verify()
            #expect(report.verdict == "VERIFIED")
            #expect(report.findings("unknown").contains { $0.id == "timestamp.stale" })
        }
    }

    @Test("a second one over the same checkpoint goes into the log")
    func second() async throws {
        try await withAuthorities { scene, authorities in
            try await authorities.trustStamper()
            try await authorities.attach(authorities.stamp())
            let first = try scene.bytes("p-1.closeout/checkpoint.tsr")
            let stored = try await authorities.attach(authorities.stamp())
            #expect(stored.first?.hasPrefix("timestamps/") == true)
            let kept = try await scene.files(below: "p-1.closeout/timestamps")
            #expect(kept.count == 3)
            #expect(try kept.contains { try scene.bytes($0) == first })
            #expect(try await authorities.verify().verdict == "VERIFIED")
        }
    }

    @Test("one given with what renews the checkpoint goes into the log, and its path is named")
    func withRenewal() async throws {
        try await withAuthorities { scene, authorities in
            try await authorities.trustStamper()
            let answer = try await authorities.stamp()
            try writeFile(
                try await authorities.signing.revocationList(), to: scene.path + "/list")
            let stored = try await authorities.attach(answer, "list")
            #expect(stored.last == "timestamps/checkpoint-5.tsr")
            #expect(
                try scene.bytes("p-1.closeout/timestamps/checkpoint-5.tsr")
                    == (try scene.bytes(answer)))
            #expect(try await authorities.verify().isSignatureDated)
        }
    }

    @Test("one by the signer's own operator is stored, and said to date nothing")
    func ownOperator() async throws {
        try await withAuthorities { scene, authorities in
            try await scene.done(
                "trust", "add", "trust.json", "tsa/root.crt.pem", "--operator", "release", "--role",
                "timestamp", "--id", "tsa")
            let signature = try await scene.signature(in: "p-1.closeout", ending: ".dsse.json")
            let answer = try await authorities.stamp(
                over: String(signature.dropFirst("p-1.closeout/".count)))
            let attached = try await scene.closeout(
                "attach", "p-1.closeout", answer, "--trust", "trust.json")
            #expect(attached.status == 0)
            #expect(attached.stderrText.contains("it dates no signature"))
        }
    }

    @Test("of another operator, over something else, refused or damaged: 30, and nothing written")
    func refused() async throws {
        try await withAuthorities { scene, authorities in
            let unknown = try await authorities.stamp()
            try await refuses(unknown, "issued by nobody whom the policy knows", scene)
            try await authorities.trustStamper()
            try await scene.shellDone(
                """
                set -e
                echo other > other
                openssl ts -query -data other -sha256 -cert -out other.tsq
                openssl ts -reply -config tsa/ts.cnf -queryfile other.tsq -out other.tsr
                sed 's/digests = sha256/digests = sha512/' tsa/ts.cnf > strict.cnf
                openssl ts -reply -config strict.cnf -queryfile other.tsq -out refused.tsr
                """)
            try await refuses("other.tsr", "covers nothing in this bundle", scene)
            try await refuses("refused.tsr", "the authority refused the request", scene)
            var damaged = try scene.bytes(unknown)
            damaged[damaged.count - 5] ^= 1
            try writeFile(damaged, to: scene.path + "/damaged.tsr")
            try await refuses("damaged.tsr", "its signature does not verify", scene)
        }
    }

    private func refuses(_ file: String, _ reason: String, _ scene: Scene) async throws {
        let before = try await scene.shellDone("cksum $(find p-1.closeout -type f)")
        let good = try await scene.signature(in: "p-1.closeout", ending: ".dsse.json")
        let refused = try await scene.closeout(
            "attach", "p-1.closeout", good, file, "--trust", "trust.json", "--log-key",
            "release.pem")
        #expect(refused.status == 30, "\(file): \(refused.stderrText)")
        #expect(refused.stderrText.contains(reason), "\(file): \(refused.stderrText)")
        #expect(try await scene.shellDone("cksum $(find p-1.closeout -type f)") == before)
    }
}

extension ReportReading {
    /// Whether a time-stamp proves when the seal was signed.
    fileprivate var isSignatureDated: Bool {
        json["signatures"]?.elements?.first?["proven_by"]?.text?.hasPrefix("time-stamp of tsa")
            ?? false
    }
}
