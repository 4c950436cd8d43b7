import CloseoutEncodings
import CloseoutTestSupport
import Testing

@Suite("The commands of evidence")
struct EvidenceTests {
    private func verify(_ scene: Scene) async throws -> RunResult {
        try await scene.closeout(
            "verify", "p-1.closeout", "--trust", "trust.json", "--artifacts", "dist")
    }

    private let asking =
        "retention request p-1.closeout --class regulated --until 2033-06-30T23:59:59Z "
        + "--reason 'the law demands it'"

    @Test("record readiness stores evidence, links it, and says what is only referred to")
    func readiness() async throws {
        try await withStaffedRelease { scene in
            try scene.write("<tests/>", to: "tests.xml")
            try scene.write("{}", to: "sbom.json")
            let recorded = try await scene.append(
                "record readiness p-1.closeout --tests tests.xml --sbom sbom.json "
                    + "--reference approval=CHG-7 --by 'A. Manager'")
            let paths = lines(recorded.stdoutText)
            #expect(
                paths.map { String($0.prefix(9)) } == ["attachmen", "attachmen", "evidence/"])
            let record = try JSON(parsing: scene.bytes("p-1.closeout/" + (paths.last ?? "")))
            #expect(record["by"] == "A. Manager")
            #expect(record["visibility"] == "restricted")
            #expect(record["references"] == [["kind": "approval", "reference": "CHG-7"]])
            let shown = try await scene.done("show", "p-1.closeout", "--evidence")
            #expect(shown.contains { $0.contains("sbom, tests, approval (only referred to)") })
            #expect(try await verify(scene).status == 0)
        }
    }

    @Test("record readiness without any evidence, or with an unknown kind, writes nothing")
    func nothing() async throws {
        try await withStaffedRelease { scene in
            let log = try scene.bytes("p-1.closeout/log.jsonl")
            for arguments in ["", "--reference rumour=x", "--reference tests=", "--tests none.xml"]
            {
                let refused = try await scene.append("record readiness p-1.closeout \(arguments)")
                #expect([64, 65, 66].contains(refused.status), "\(arguments)")
            }
            #expect(try scene.bytes("p-1.closeout/log.jsonl") == log)
        }
    }

    @Test("retention is approved only by another operator's signature, and says so at once")
    func retention() async throws {
        try await withStaffedRelease { scene in
            #expect(try await scene.append("retention approve p-1.closeout").status == 64)
            try await scene.record(asking + " --key alice.pem")
            let own = try await scene.append(
                "retention approve p-1.closeout --key alice.pem --even-if-it-does-not-count")
            #expect(own.stderrText.contains("warning: it does not count yet"))
            let other = try await scene.append("retention approve p-1.closeout --key bob.pem")
            #expect(other.stderrText.contains("approved, signed by bob"))
            let status = try await scene.done(
                "status", "p-1.closeout", "--trust", "trust.json")
            #expect(status.contains { $0.contains("retention-request") && $0.contains("approved") })
            #expect(try await verify(scene).status == 0)
        }
    }

    @Test("a denial is undone only by naming it")
    func denial() async throws {
        try await withStaffedRelease { scene in
            try await scene.record(asking + " --key alice.pem")
            let denial = try await scene.record("retention deny p-1.closeout --reason no")
            let refused = try await scene.append("retention approve p-1.closeout --key bob.pem")
            #expect(refused.status == 64)
            #expect(refused.stderrText.contains("hint: --supersedes \(denial) undoes that"))
            try await scene.record(
                "retention approve p-1.closeout --key bob.pem --supersedes \(denial.prefix(12))")
            let status = try await scene.done("status", "p-1.closeout", "--trust", "trust.json")
            #expect(status.contains { $0.contains("retention-request") && $0.contains("approved") })
        }
    }

    @Test("a bare date is refused with the instant to write instead")
    func dates() async throws {
        try await withStaffedRelease { scene in
            let refused = try await scene.append(
                "retention request p-1.closeout --class c --until 2033-06-30 --reason r")
            #expect(refused.status == 64)
            #expect(refused.stderrText.contains("write 2033-06-30T00:00:00Z"))
            try scene.write(
                #"{"kind":"retention-request","class":"c","until":"2033-06-30","reason":"r"}"#,
                to: "r.json")
            let file = try await scene.append("record add p-1.closeout --file r.json")
            #expect(file.status == 65)
            #expect(file.stderrText.contains("until: not an instant but a date"))
        }
    }

    @Test("a hold is released by two operators, each in a run of their own")
    func holds() async throws {
        try await withStaffedRelease { scene in
            try await scene.record(
                "hold place p-1.closeout --matter 2026/17 --custodian legal --reason claim "
                    + "--key bob.pem")
            func state() async throws -> String {
                try await scene.shellDone(
                    "closeout hold list p-1.closeout --trust trust.json | cut -d' ' -f1")
            }
            #expect(try await state() == "held\n")
            let early = try await scene.append(
                "hold release p-1.closeout --matter 2026/17 --key bob.pem")
            #expect(early.status == 64)
            try await scene.record(
                "hold release p-1.closeout --matter 2026/17 --reason settled --key bob.pem")
            #expect(try await state() == "held\n")
            try await scene.record("hold release p-1.closeout --matter 2026/17 --key bob.pem")
            #expect(try await state() == "held\n")
            try await scene.record("hold release p-1.closeout --matter 2026/17 --key carol.pem")
            #expect(try await state() == "released\n")
            #expect(try await verify(scene).status == 0)
        }
    }

    @Test("a risk is proposed by its owner, accepted by another, expires, and is revoked")
    func risks() async throws {
        try await withStaffedRelease { scene in
            let record = try await scene.record(
                "risk propose p-1.closeout --finding REL-050 --evidence seal.json --owner 'A. O.' "
                    + "--reason r --control c --reference RISK-9 --expires 2099-12-31T23:59:59Z "
                    + "--key alice.pem")
            func state(_ options: String = "") async throws -> String {
                try await scene.shellDone(
                    "closeout risk list p-1.closeout --trust trust.json \(options)| cut -d' ' -f1")
            }
            #expect(try await state() == "proposed\n")
            try await scene.record("risk accept p-1.closeout \(record) --key bob.pem")
            #expect(try await state() == "accepted\n")
            #expect(try await state("--as-of 2100-01-01T00:00:00Z ") == "expired\n")
            try await scene.record("risk revoke p-1.closeout \(record) --reason over")
            #expect(try await state() == "revoked\n")
            #expect(
                try await scene.append("risk accept p-1.closeout \(record) --key bob.pem").status
                    == 64)
            #expect(try await verify(scene).status == 0)
        }
    }

    @Test("record add takes any kind that people write from a file, and refuses the others")
    func add() async throws {
        try await withStaffedRelease { scene in
            let delivery = """
                {"kind":"delivery","delivery":"d-1","event":"closeout","route":"security",
                 "provider":"webhook","state":"failed",
                 "attempts":[{"at":"2026-11-23T18:00:00Z","outcome":"transient","status":503}]}
                """
            try scene.write(delivery, to: "d.json")
            let record = try await scene.record("record add p-1.closeout --file d.json")
            try await scene.record("record sign p-1.closeout \(record) --key carol.pem")
            #expect(try await verify(scene).status == 0)
            for (text, reason) in [
                (#"{"kind":"artifact-bundle"}"#, "not written by hand"),
                (#"{"kind":"decision"}"#, "not written by hand"),
                (#"{"kind":"rumour"}"#, "no kind of record"),
                (delivery.replacing("}]}", with: "}],\"seal\":\"x\"}"), "seal: unknown member"),
                (delivery.replacing("failed", with: "lost"), "state: must be one of"),
                (
                    delivery.replacing(
                        "}]}",
                        with: "}],\"links\":[{\"kind\":\"plan\",\"sha256\":\""
                            + String(repeating: "0", count: 64) + "\"}]}"),
                    "which no earlier log entry names"
                ),
            ] {
                try scene.write(text, to: "d.json")
                let refused = try await scene.append("record add p-1.closeout --file d.json")
                #expect([64, 65].contains(refused.status), "\(text)")
                #expect(refused.stderrText.contains(reason), "\(refused.stderrText)")
            }
        }
    }

    @Test("what names a ticket or an e-mail address is restricted, and carries a salt")
    func visibility() async throws {
        try await withStaffedRelease { scene in
            for (options, visibility) in [
                ("", "public"), ("--by a@b.example", "restricted"),
                ("--visibility restricted", "restricted"),
                ("--by a@b.example --visibility public", "public"),
            ] {
                let digest = try await scene.record(asking + " \(options)")
                let record = try JSON(
                    parsing: scene.bytes("p-1.closeout/evidence/\(digest).json"))
                #expect(record["visibility"] == JSON(visibility), "\(options)")
                #expect((record["salt"] != nil) == (visibility == "restricted"))
            }
        }
    }

    @Test("attach takes a signature over a record that was made elsewhere, if it covers one here")
    func attach() async throws {
        try await withStaffedRelease { scene in
            let record = try await scene.record(asking + " --key alice.pem")
            try await scene.shellDone(
                """
                cp -r p-1.closeout copy.closeout
                closeout retention approve copy.closeout --key bob.pem --log-key release.pem
                cp "copy.closeout/$(closeout show copy.closeout --log | tail -2 | head -1 |
                  sed 's/.* //')" stray.dsse.json
                closeout record sign copy.closeout \(record) --key carol.pem --log-key release.pem
                cp "copy.closeout/$(closeout show copy.closeout --log | tail -1 |
                  sed 's/.* //')" carol.dsse.json
                """)
            let log = try scene.bytes("p-1.closeout/log.jsonl")
            let stray = try await scene.append("attach p-1.closeout stray.dsse.json")
            #expect(stray.status == 30)
            #expect(stray.stderrText.contains("covers a record that this bundle does not hold"))
            let unknown = try await scene.append(
                "attach p-1.closeout carol.dsse.json --key release.pub.pem")
            #expect(unknown.status == 30)
            #expect(try scene.bytes("p-1.closeout/log.jsonl") == log)
            #expect(try await scene.append("attach p-1.closeout carol.dsse.json").status == 0)
            #expect(try await verify(scene).status == 0)
        }
    }

    @Test("a proof of a file holds no signature of a record")
    func proofs() async throws {
        try await withStaffedRelease { scene in
            try await scene.record(asking + " --key alice.pem")
            try await scene.done("prove", "p-1.closeout", "NOTES.md", "-o", "notes.proof")
            let proof = try JSON(parsing: scene.bytes("notes.proof"))
            guard case .array(let material) = proof["material"] else {
                Issue.record("no material")
                return
            }
            #expect(material.count == 1)
            let verified = try await scene.closeout(
                "verify", "notes.proof", "--file", "dist/NOTES.md", "--trust", "trust.json")
            #expect(verified.status == 0)
        }
    }
}
