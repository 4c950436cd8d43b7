import CloseoutTestSupport
import Testing

@Suite("Records that cannot count")
struct RecordWorthTests {
    private static let asking =
        "retention request p-1.closeout --class c --until 2033-06-30T23:59:59Z --reason r"
    private static let proposing =
        "risk propose p-1.closeout --finding C4 --evidence seal.json --owner Al --reason r "
        + "--control c --reference CHG-1 --expires 2126-01-01T00:00:00Z"

    /// That a command is refused with a reason and the flag, writes nothing, and is done with the flag.
    private func refuses(
        _ command: String, _ reason: String, in scene: Scene,
        warning: String = "it does not count yet: ",
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let log = try scene.bytes("p-1.closeout/log.jsonl")
        let refused = try await scene.append(command)
        #expect(refused.status == 30, "\(refused.stderrText)", sourceLocation: sourceLocation)
        #expect(
            refused.stderrText.contains("record cannot count under the policy: \(reason)"),
            "\(refused.stderrText)", sourceLocation: sourceLocation)
        #expect(refused.stderrText.contains("--even-if-it-does-not-count stores it all the same"))
        #expect(try scene.bytes("p-1.closeout/log.jsonl") == log, sourceLocation: sourceLocation)
        let stored = try await scene.append(command + " --even-if-it-does-not-count")
        #expect(stored.status == 0, "\(stored.stderrText)", sourceLocation: sourceLocation)
        #expect(
            stored.stderrText.contains(warning), "\(stored.stderrText)",
            sourceLocation: sourceLocation)
    }

    @Test("by an unknown key, a key without the role, and a key that has ended are refused")
    func keys() async throws {
        try await withStaffedRelease { scene in
            try await scene.done("keygen", "--no-passphrase", "-o", "eve")
            try await refuses(
                Self.asking + " --key eve.pem", "the signature does not count: ", in: scene)
            try await refuses(
                Self.asking + " --key bob.pem",
                "the key bob has the roles retention, hold, risk-approver, and it needs requester",
                in: scene)
            try await scene.shellDone("closeout trust revoke trust.json alice --reason compromised")
            try await refuses(
                Self.asking + " --key alice.pem", "the signature does not count: ", in: scene)
        }
    }

    @Test("by a key whose window has ended are refused")
    func window() async throws {
        try await withStaffedRelease { scene in
            try await scene.done("keygen", "--no-passphrase", "-o", "old")
            try await scene.shellDone(
                "closeout trust add trust.json old.pub.pem --operator old --role requester "
                    + "--not-before 2020-01-01T00:00:00Z --not-after 2021-01-01T00:00:00Z")
            try await refuses(
                Self.asking + " --key old.pem", "the signature does not count: ", in: scene)
        }
    }

    @Test("by somebody on the other side are refused")
    func samePerson() async throws {
        try await withStaffedRelease { scene in
            try await scene.done("keygen", "--no-passphrase", "-o", "both")
            try await scene.shellDone(
                "closeout trust add trust.json both.pub.pem --operator both --role requester --role retention"
            )
            let request = try await scene.record(Self.asking + " --key both.pem")
            try await refuses(
                "retention approve p-1.closeout --key both.pem", "both also signed the request",
                in: scene)
            let approval = try await scene.record("retention approve p-1.closeout --key bob.pem")
            #expect(!approval.isEmpty && approval != request)
        }
    }

    @Test("for want of a role in the policy are refused, signed or not")
    func roles() async throws {
        try await withSealedRelease { scene in
            for options in ["", " --key release.pem"] {
                try await refuses(
                    Self.asking + options, "the policy has no role requester", in: scene)
            }
        }
    }

    @Test("because they have expired are refused")
    func expired() async throws {
        try await withStaffedRelease { scene in
            let seal = try await scene.shellDone("sha256sum p-1.closeout/seal.json | cut -c-64")
            try scene.write(
                #"{"kind":"risk-acceptance","action":"accept","finding":"C4","owner":"Al","reason":"r","compensating_control":"c","external_reference":"CHG-1","expires":"2020-01-01T00:00:00Z","links":[{"kind":"evidence","sha256":"\#(seal.split(separator: "\n").joined())"}]}"#,
                to: "r.json")
            try await refuses(
                "record add p-1.closeout --file r.json --key alice.pem",
                "it expired at 2020-01-01T00:00:00Z", in: scene,
                warning: "it is without effect: it expired at 2020-01-01T00:00:00Z")
        }
    }

    @Test("by a further signature that could not help are refused")
    func signing() async throws {
        try await withStaffedRelease { scene in
            let risk = try await scene.record(Self.proposing + " --key alice.pem")
            try await refuses(
                "record sign p-1.closeout \(risk) --key carol.pem", "the key carol has the roles ",
                in: scene)
            try await scene.done("keygen", "--no-passphrase", "-o", "eve")
            try await refuses(
                "risk accept p-1.closeout \(risk) --key eve.pem", "the signature does not count: ",
                in: scene)
            let accepted = try await scene.append("risk accept p-1.closeout \(risk) --key bob.pem")
            #expect(accepted.status == 0 && accepted.stderrText.contains("accepted"))
        }
    }

    @Test("yet, because others have still to sign, are stored and said to wait")
    func waiting() async throws {
        try await withStaffedRelease { scene in
            for command in [
                Self.asking, Self.proposing,
                Self.proposing.replacing("C4", with: "C5") + " --key alice.pem",
                Self.proposing.replacing("C4", with: "C6") + " --key bob.pem",
            ] {
                let stored = try await scene.append(command)
                #expect(stored.status == 0, "\(stored.stderrText)")
                #expect(stored.stderrText.contains("does not count yet"), "\(stored.stderrText)")
            }
        }
    }

    @Test("but take effect whoever signed them are stored: what speaks against the release")
    func objections() async throws {
        try await withStaffedRelease { scene in
            try await scene.done("keygen", "--no-passphrase", "-o", "eve")
            try await scene.record(Self.asking + " --key alice.pem")
            let risk = try await scene.record(Self.proposing + " --key alice.pem")
            for command in [
                "retention deny p-1.closeout --reason no",
                "risk revoke p-1.closeout \(risk) --reason over",
                "hold place p-1.closeout --matter m --custodian c --reason r",
            ] {
                let stored = try await scene.append("\(command) --key eve.pem")
                #expect(stored.status == 0, "\(stored.stderrText)")
                #expect(stored.stderrText.contains("it takes effect at once"))
            }
        }
    }

    @Test("are stored as before where no policy is given")
    func withoutPolicy() async throws {
        try await withStaffedRelease { scene in
            let stored = try await scene.shell(
                "export CLOSEOUT_LOG_KEY=release.pem; closeout \(Self.asking) --key bob.pem")
            #expect(stored.status == 0)
            #expect(
                stored.stderrText.contains("signed; what that counts for, --trust POLICY shows"))
        }
    }
}
