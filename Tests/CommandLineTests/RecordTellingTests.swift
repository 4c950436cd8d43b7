import CloseoutTestSupport
import Testing

@Suite("What commands of evidence print")
struct RecordTellingTests {
    private static func asking(until: String = "2033-06-30T23:59:59Z") -> String {
        "retention request p-1.closeout --class c --until \(until) --reason r"
    }

    private static func proposing(
        _ finding: String, until: String = "2126-01-01T00:00:00Z"
    ) -> String {
        "risk propose p-1.closeout --finding \(finding) --evidence seal.json --owner Al --reason r "
            + "--control c --reference CHG-1 --expires \(until)"
    }

    @Test("what speaks against the release is said to take effect at once, and how it is undone")
    func against() async throws {
        try await withStaffedRelease { scene in
            func reported(_ command: String) async throws -> String {
                let result = try await scene.append(command)
                #expect(result.status == 0, "\(result.stderrText)")
                #expect(!result.stderrText.contains("without effect"), "\(result.stderrText)")
                #expect(!result.stderrText.contains("does not count"), "\(result.stderrText)")
                return result.stderrText
            }
            let request = try await scene.record(Self.asking() + " --key alice.pem")
            let atOnce = "closeout: warning: it takes effect at once, whoever signed it: "
            let denied = try await reported("retention deny p-1.closeout")
            #expect(denied.contains("\(atOnce)retention is denied\nhint: closeout retention"))
            #expect(denied.contains("approve p-1.closeout --request \(request) --supersedes "))
            let held = try await reported(
                "hold place p-1.closeout --matter m --custodian c --reason r")
            #expect(held.contains("\(atOnce)everything is held for m; but it does not keep what"))
            #expect(held.contains("closeout hold release p-1.closeout --matter m --reason TEXT"))
            let accepted = try await scene.record(Self.proposing("C4") + " --key alice.pem")
            let revoked = try await reported("risk revoke p-1.closeout \(accepted) --reason over")
            #expect(
                revoked.contains("\(atOnce)C4 is no longer accepted\nhint: it is proposed anew"))
        }
    }

    @Test("a request for less than was approved is said to be final")
    func shortened() async throws {
        try await withStaffedRelease { scene in
            try await scene.record(Self.asking() + " --key alice.pem")
            try await scene.record("retention approve p-1.closeout --key bob.pem")
            let shorter = try await scene.append(
                Self.asking(until: "2030-01-01T00:00:00Z") + " --key alice.pem")
            #expect(shorter.status == 0)
            #expect(
                shorter.stderrText.contains(
                    "it takes effect at once, and nothing undoes it: it ends at 2030-01-01"))
        }
    }

    @Test("a decision on a request that nobody signed is said to need that signature")
    func linked() async throws {
        try await withStaffedRelease { scene in
            let request = try await scene.record(Self.asking())
            let approved = try await scene.append("retention approve p-1.closeout --key bob.pem")
            #expect(
                approved.stderrText.contains(
                    "the request that it decides on is only asserted\nhint: closeout record sign "
                        + "p-1.closeout \(request) --key KEY\n"))
        }
    }

    @Test("every denial in force is named where an approval undoes none")
    func denials() async throws {
        try await withStaffedRelease { scene in
            try await scene.record(Self.asking() + " --key alice.pem")
            let first = try await scene.record("retention deny p-1.closeout --reason a")
            let second = try await scene.record("retention deny p-1.closeout --reason b")
            let undoing = "--supersedes \(first) --supersedes \(second)"
            let approval = "retention approve p-1.closeout --key bob.pem"
            for options in ["", " --supersedes \(first)"] {
                let refused = try await scene.append(approval + options)
                #expect(refused.status == 64)
                #expect(refused.stderrText.contains("hint: \(undoing) undoes that"))
            }
            let approved = try await scene.append("\(approval) \(undoing)")
            #expect(approved.stderrText.contains("approved, signed by bob"))
        }
    }

    @Test("every revocation is named where a finding is proposed again")
    func revocations() async throws {
        try await withStaffedRelease { scene in
            let record = try await scene.record(Self.proposing("C4") + " --key alice.pem")
            var undoing: [String] = []
            for reason in ["a", "b"] {
                undoing.append(
                    try await scene.record("risk revoke p-1.closeout \(record) --reason \(reason)"))
            }
            let words = undoing.sorted().map { "--supersedes \($0)" }.joined(separator: " ")
            for command in [
                Self.proposing("C4") + " --key alice.pem",
                "risk accept p-1.closeout \(record) --key bob.pem",
            ] {
                let refused = try await scene.append(command)
                #expect(refused.status == 64)
                #expect(refused.stderrText.contains(words))
            }
            try await scene.record(Self.proposing("C4") + " \(words) --key alice.pem")
        }
    }

    @Test("what can never count because it has expired is neither proposed nor accepted")
    func expired() async throws {
        try await withStaffedRelease { scene in
            let past = try await scene.append(
                Self.proposing("C4", until: "2020-01-01T00:00:00Z") + " --key alice.pem")
            #expect(past.status == 64)
            #expect(past.stderrText.contains("--expires 2020-01-01T00:00:00Z is past"))
            try scene.write(
                #"{"kind":"risk-acceptance","action":"accept","finding":"C4","owner":"Al","reason":"r","compensating_control":"c","external_reference":"CHG-1","expires":"2020-01-01T00:00:00Z","links":[{"kind":"evidence","sha256":"SEAL"}]}"#,
                to: "r.json")
            try await scene.shellDone(
                "sed -i \"s/SEAL/$(sha256sum p-1.closeout/seal.json | cut -c-64)/\" r.json")
            let added = try await scene.append(
                "record add p-1.closeout --file r.json --key alice.pem --even-if-it-does-not-count")
            #expect(added.status == 0)
            #expect(added.stderrText.contains("it is without effect: it expired at 2020-01-01"))
            let record = lines(added.stdoutText).last?.split(separator: "/").last?.prefix(64) ?? ""
            let accepted = try await scene.append(
                "risk accept p-1.closeout \(record) --key bob.pem")
            #expect(accepted.status == 64)
            #expect(accepted.stderrText.contains("expired at 2020-01-01T00:00:00Z"))
        }
    }

    @Test(
        "who has signed a record already is named, whatever the key",
        arguments: ["ed25519", "p256"])
    func signedAlready(type: String) async throws {
        try await withStaffedRelease { scene in
            try await scene.done("keygen", "--no-passphrase", "--type", type, "-o", "erin")
            try await scene.shellDone(
                "closeout trust add trust.json erin.pub.pem --operator erin --role hold "
                    + "--role risk-owner")
            try await scene.record(
                "hold place p-1.closeout --matter m --custodian c --reason r --key erin.pem")
            try await scene.record(
                "hold release p-1.closeout --matter m --reason over --key erin.pem")
            let risk = try await scene.record(Self.proposing("C4") + " --key erin.pem")
            let log = try scene.bytes("p-1.closeout/log.jsonl")
            for command in [
                "hold release p-1.closeout --matter m", "risk accept p-1.closeout \(risk)",
            ] {
                let again = try await scene.append("\(command) --key erin.pem")
                #expect(again.status == 0)
                #expect(
                    again.stderrText.contains("it is signed with this key already; nothing was"))
                #expect(again.stderrText.contains("it does not count yet"))
            }
            #expect(try scene.bytes("p-1.closeout/log.jsonl") == log)
        }
    }

    @Test(
        "a bad value is named by its option",
        arguments: [
            ("hold place p-1.closeout --matter 'M 1' --custodian c --reason r", "--matter"),
            ("hold place p-1.closeout --matter m --custodian '' --reason r", "--custodian"),
            ("hold place p-1.closeout --matter m --custodian c --reason ''", "--reason"),
            (asking() + " --period 7Y", "--period"), (asking() + " --by ''", "--by"),
            (proposing("'C 4'"), "--finding"), (proposing("C4") + " --by ''", "--by"),
            ("retention approve p-1.closeout --reference ''", "--reference"),
        ])
    func values(command: String, option: String) async throws {
        try await withSealedRelease { scene in
            let refused = try await scene.append(command)
            #expect(refused.status == 64, "\(refused.stderrText)")
            #expect(refused.stderrText.contains("is invalid for '\(option) "))
        }
    }

    @Test("a short prefix, several requests and an unknown kind are refused with what can be given")
    func choices() async throws {
        try await withStaffedRelease { scene in
            let first = try await scene.record(Self.asking() + " --key alice.pem")
            let second = try await scene.record(
                Self.asking(until: "2034-01-01T00:00:00Z") + " --key alice.pem")
            let short = try await scene.append(
                "retention approve p-1.closeout --request \(first.prefix(4)) --key bob.pem")
            #expect(short.status == 64)
            #expect(
                short.stderrText.contains("is too short for a digest\nhint: give at least eight"))
            let several = try await scene.append("retention approve p-1.closeout --key bob.pem")
            #expect(several.stderrText.contains("\(first) (class c, until 2033-06-30T23:59:59Z), "))
            #expect(several.stderrText.contains("\(second) (class c, until 2034-01-01T00:00:00Z)"))
            let fields = #""matter":"m","action":"place","custodian":"c","reason":"r"}"#
            for kind in [
                "legal-hold", "closeout/legal-hold", "legal-hold/v1", "closeout/legal-hold/v1",
            ] {
                try scene.write(#"{"kind":"\#(kind)",\#(fields)"#, to: "h.json")
                try await scene.record("record add p-1.closeout --file h.json")
            }
            for kind in ["rumour", "closeout", "v1", "closeout/legal-hold/v2", "legal-hold/"] {
                try scene.write(#"{"kind":"\#(kind)",\#(fields)"#, to: "h.json")
                let refused = try await scene.append("record add p-1.closeout --file h.json")
                #expect(refused.status == 65)
                #expect(refused.stderrText.contains("use one of attachment, readiness, "))
            }
        }
    }
}
