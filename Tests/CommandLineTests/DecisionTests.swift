import CloseoutTestSupport
import FoundationEssentials
import Testing

/// Runs `body` in a scene with a sealed release, its staff, and dora, who decides.
func withDecider(_ body: (Scene) async throws -> Void) async throws {
    try await withStaffedRelease { scene in
        try await scene.done("keygen", "--no-passphrase", "-o", "dora")
        try await scene.shellDone(
            "closeout trust add trust.json dora.pub.pem --operator dora --role decider")
        try await body(scene)
    }
}

extension Scene {
    private static let verifying = "--trust trust.json --artifacts dist --criteria artifacts-only"

    /// Closes the release by the profile `artifacts-only`.
    fileprivate func close(_ options: String = "", key: String = "dora.pem") async throws
        -> RunResult
    {
        try await append(
            "close p-1.closeout --key \(key) --artifacts dist --criteria artifacts-only \(options)")
    }

    fileprivate func decide(_ options: String = verifying) async throws -> RunResult {
        try await shell("closeout decide p-1.closeout \(options)")
    }

    fileprivate func verify(_ options: String = verifying) async throws -> RunResult {
        try await shell("closeout verify p-1.closeout --details \(options)")
    }
}

@Suite("Deciding on the command line")
struct DecisionTests {
    @Test("a release is closed, and an auditor recomputes the decision from the bundle")
    func closes() async throws {
        try await withDecider { scene in
            let closed = try await scene.close()
            #expect(closed.status == 0, "\(closed.stderrText)")
            let paths = lines(closed.stdoutText)
            #expect(paths.count { $0.hasPrefix("evidence/") } == 4)
            #expect(paths.count { $0.hasPrefix("attachments/") } == 2)
            #expect(paths.count { $0.hasPrefix("signatures/") } == 1)
            #expect(paths.allSatisfy { scene.has("p-1.closeout/\($0)") })
            let verified = try await scene.verify()
            #expect(verified.status == 0)
            #expect(
                verified.stdoutText.contains(
                    #/\nDecided on [0-9TZ:-]+: ready_for_release\n/#))
            #expect(
                verified.stdoutText.contains(
                    "  signed by dora · rules decide/v2 · recomputed: pass, "))
            #expect(
                verified.stdoutText.contains("decision  pass: prefix, as-of, computed, recomputed"))
            let asserted = try await scene.verify("--trust trust.json --artifacts dist")
            #expect(asserted.status == 0)
            #expect(
                asserted.stdoutText.contains(": ready_for_release, asserted and not recomputed\n"))
        }
    }

    @Test("closing again supersedes the first decision, and both are recomputed")
    func closesAgain() async throws {
        try await withDecider { scene in
            #expect(try await scene.close().status == 0)
            #expect(try await scene.close().status == 0)
            let verified = try await scene.verify()
            #expect(verified.status == 0, "\(verified.stdoutText)")
            #expect(verified.stdoutText.split(separator: "recomputed: pass").count == 3)
        }
    }

    @Test("what has changed since a decision is reported, and does not change it")
    func sinceThen() async throws {
        try await withDecider { scene in
            #expect(try await scene.close().status == 0)
            try await scene.record(
                "hold place p-1.closeout --matter M-1 --custodian legal --reason claim --key bob.pem"
            )
            let verified = try await scene.verify()
            #expect(verified.status == 0)
            #expect(
                verified.stdoutText.contains("hold  none → held: everything is held for M-1\n"))
            try await scene.record(
                "hold place p-1.closeout --matter M-2 --custodian legal --reason claim")
            let reason = "only asserted: nobody signed it"
            #expect(
                try await scene.verify().stdoutText.contains(
                    "everything is held for M-2, as is \(reason)"))
            #expect(
                try await scene.shellDone("closeout hold list p-1.closeout --trust trust.json")
                    .contains(reason))
        }
    }

    @Test("a blocked release is recorded as blocked, and ends with 20")
    func blocked() async throws {
        try await withDecider { scene in
            let closed = try await scene.append(
                "close p-1.closeout --key dora.pem --artifacts dist --criteria final-closeout")
            #expect(closed.status == 20)
            let verified = try await scene.verify(
                "--trust trust.json --artifacts dist --criteria final-closeout")
            #expect(verified.status == 0)
            #expect(verified.stdoutText.contains(#/\nDecided on [0-9TZ:-]+: blocked\n/#))
        }
    }

    @Test("an accepted risk ends with 10, or with 0 where only blocked ones are to fail")
    func acceptedRisk() async throws {
        try await withDecider { scene in
            try scene.write(
                #"{"kind":"closeout/criteria/v1","id":"x","version":1,"title":"t","acceptance":{"max_days":{}},"criteria":[{"id":"T","title":"tests","check":"readiness.complete","with":{"evidence":["tests"]},"severity":"low","waivable":true}]}"#,
                to: "c.json")
            let options = "--trust trust.json --artifacts dist --criteria c.json"
            let blocked = try await scene.decide(options)
            #expect(blocked.status == 20)
            let reported = lines(blocked.stdoutText)
            #expect(
                reported.first == "blocked p 1: open: T")
            #expect(reported.contains("  T  fail  tests"))
            #expect(reported.contains("what would have to change for ready_with_accepted_risk:"))
            #expect(reported.contains("  T  closeout record readiness BUNDLE --tests FILE"))
            let proposal = "      or, with an accepted risk: closeout risk propose BUNDLE --owner "
            #expect(
                reported.contains {
                    $0.hasPrefix(proposal) && $0.contains(" --finding T --evidence ")
                })
            let digest = try await scene.record(
                "risk propose p-1.closeout --finding T --evidence seal.json --owner Al --reason r "
                    + "--control c --reference CHG-1 --expires 2126-01-01T00:00:00Z --key alice.pem"
            )
            #expect(try await scene.decide(options).status == 20)
            try await scene.record("risk accept p-1.closeout \(digest) --key bob.pem")
            let accepted = try await scene.decide(options)
            #expect(accepted.status == 10)
            #expect(accepted.stdoutText.contains("  T  fail, accepted  tests\n"))
            #expect(try await scene.decide(options + " --fail-on blocked").status == 0)
            let late = options + " --as-of 2126-01-01T00:00:01Z"
            #expect(try await scene.decide(late).status == 20)
            let expected = "criteria test p-1.closeout \(options) --expect "
            #expect(try await scene.shell("closeout \(expected) T=accepted").status == 0)
            #expect(try await scene.shell("closeout \(expected) T=pass").status == 30)
        }
    }

    @Test("a bundle that is not VERIFIED is not decided on, and nothing is written")
    func refuses() async throws {
        try await withDecider { scene in
            let log = try scene.bytes("p-1.closeout/log.jsonl")
            let open = "--trust trust.json --criteria artifacts-only"
            #expect(try await scene.decide(open).status == 40)
            let early = try await scene.append(
                "close p-1.closeout --key dora.pem --criteria artifacts-only")
            #expect(early.status == 40)
            #expect(
                early.stderrText.contains(
                    "closeout: nothing was recorded: the bundle is INCOMPLETE"))
            #expect(early.stderrText.contains("hint: give --artifacts DIR"))
            try scene.write("changed", to: "dist/NOTES.md")
            #expect(try await scene.decide().status == 30)
            let failed = try await scene.close()
            #expect(failed.status == 30)
            #expect(
                failed.stderrText.contains("closeout: nothing was recorded: the bundle is FAILED"))
            #expect(try scene.bytes("p-1.closeout/log.jsonl") == log)
        }
    }

    @Test(
        "a key without the role, no policy, and a time that the clock has not reached are refused")
    func refusesInput() async throws {
        try await withDecider { scene in
            let log = try scene.bytes("p-1.closeout/log.jsonl")
            #expect(try await scene.close(key: "bob.pem").status == 30)
            #expect(try await scene.close("--as-of 2126-01-01T00:00:00Z").status == 64)
            #expect(try await scene.decide("--trust trust.json --artifacts dist").status == 64)
            #expect(
                try await scene.shell(
                    "closeout close p-1.closeout --key dora.pem --criteria artifacts-only"
                ).status == 64)
            #expect(try await scene.decide("--trust trust.json --criteria none.json").status == 66)
            #expect(try await scene.decide("--trust trust.json --criteria trust.json").status == 65)
            #expect(try scene.bytes("p-1.closeout/log.jsonl") == log)
        }
    }

    @Test("criteria that the policy pins are used, also from the bundle, and no others")
    func pinned() async throws {
        try await withDecider { scene in
            try await scene.done("criteria", "init", "--profile", "artifacts-only", "-o", "c.json")
            try await scene.shellDone(
                """
                sed -i 's/"version":1/"version":2/;s/"version": 1/"version": 2/' c.json
                sum=$(sha256sum c.json | cut -d' ' -f1)
                sed -i '1s/{/{"criteria":{"sha256":"'$sum'"},/' trust.json
                """)
            let options = "--trust trust.json --artifacts dist"
            #expect(try await scene.decide(options).status == 64)
            #expect(try await scene.decide(options + " --criteria artifacts-only").status == 64)
            #expect(try await scene.decide(options + " --criteria c.json").status == 0)
            let closed = try await scene.append(
                "close p-1.closeout --key dora.pem --artifacts dist --criteria c.json")
            #expect(closed.status == 0, "\(closed.stderrText)")
            #expect(try await scene.decide(options).status == 0)
            let verified = try await scene.verify(options)
            #expect(verified.stdoutText.contains("recomputed: pass"))
            #expect(try await scene.verify(options + " --criteria artifacts-only").status == 30)
        }
    }

    @Test("is the same bytes under other time zones, locales, masks and working directories")
    func deterministic() async throws {
        try await withDecider { scene in
            #expect(try await scene.close().status == 0)
            let options = "--criteria artifacts-only --as-of 2126-01-01T00:00:00Z --format json"
            let first = try await scene.decide(
                "--trust trust.json --artifacts dist \(options)")
            #expect(first.status == 0)
            let root = scene.path
            let other = try await scene.shell(
                """
                umask 077; mkdir -p elsewhere; cd elsewhere
                export TZ=Pacific/Kiritimati LANG=tr_TR.UTF-8 LC_ALL=tr_TR.UTF-8
                closeout decide \(root)/p-1.closeout --trust ../trust.json --artifacts ../dist \(options)
                """)
            #expect(other.status == 0, "\(other.stderrText)")
            let normal = { (bytes: [UInt8]) in
                String(decoding: bytes, as: UTF8.self)
                    .replacing("../dist", with: "dist").replacing(
                        "../trust.json", with: "trust.json")
            }
            #expect(normal(first.stdout) == normal(other.stdout))
        }
    }

    @Test("retention health is shown without writing, by what a provider reported")
    func health() async throws {
        try await withDecider { scene in
            let health = "closeout retention health p-1.closeout --trust trust.json"
            #expect(try await scene.shell(health).status == 30)
            try await scene.record(
                "retention request p-1.closeout --class c --until 2126-01-01T00:00:00Z --reason r "
                    + "--key alice.pem")
            try await scene.record("retention approve p-1.closeout --key bob.pem")
            let healthy = try await scene.shell(health)
            #expect(healthy.status == 0)
            #expect(healthy.stdoutText.hasPrefix("healthy · 1 of 1 objects observed"))
            try scene.write(
                #"{"kind":"closeout/observations/v1","provider":"s3","at":"2026-01-01T00:00:00Z","expected":0,"copies":[]}"#,
                to: "o.json")
            let unknown = try await scene.shell(health + " --observations o.json --format json")
            #expect(unknown.status == 40)
            #expect(unknown.stdoutText.contains(#""check":"RH-OBS""#))
        }
    }

    @Test("what a provider reported for one decision counts for the next, until it reports again")
    func observationsStay() async throws {
        try await withDecider { scene in
            try scene.write(
                #"{"kind":"closeout/criteria/v1","id":"x","version":1,"title":"t","acceptance":{"max_days":{}},"criteria":[{"id":"H","title":"t","check":"retention.healthy","with":{"at_or_above":"critical","observed":true},"severity":"high","waivable":true}]}"#,
                to: "c.json")
            func report(_ digit: String, _ ago: String, to file: String) async throws {
                let sum = { (digit: String) in String(repeating: digit, count: 64) }
                try await scene.shellDone(
                    """
                    now=$(date -u -d '-\(ago) min' +%Y-%m-%dT%H:%M:%SZ)
                    printf '{"kind":"closeout/observations/v1","provider":"s3","at":"%s","expected":1,"copies":[{"name":"a","original":"\(sum("a"))","sha256":"\(sum(digit))","hashed_at":"%s","until":"2126-01-01T00:00:00Z"}]}' $now $now >\(file)
                    """)
            }
            let close = "close p-1.closeout --key dora.pem --artifacts dist --criteria c.json"
            let verifying = "--trust trust.json --artifacts dist --criteria c.json"
            #expect(try await scene.append(close).status == 20)
            try await report("b", "10", to: "bad.json")
            #expect(try await scene.append(close + " --observations bad.json").status == 20)
            let again = try await scene.append(close)
            #expect(again.status == 20)
            #expect(again.stderrText.contains("RH-FIXITY"))
            let health = "closeout retention health p-1.closeout --trust trust.json"
            #expect(try await scene.shell(health).stdoutText.contains("RH-FIXITY"))
            try await report("a", "1", to: "good.json")
            #expect(try await scene.decide(verifying + " --observations good.json").status == 0)
            #expect(try await scene.append(close + " --observations good.json").status == 0)
            #expect(try await scene.append(close).status == 0)
            #expect(try await scene.decide(verifying).status == 0)
            let verified = try await scene.verify(verifying)
            #expect(verified.status == 0, "\(verified.stdoutText)")
            #expect(verified.stdoutText.split(separator: "recomputed: pass").count == 6)
        }
    }
}
