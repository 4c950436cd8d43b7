import CloseoutEncodings
import CloseoutTestSupport
import Testing

@Suite("A decision that is demanded")
struct RequiredDecisionTests {
    private static let verifying = "--trust trust.json --artifacts dist --criteria artifacts-only"

    private func verify(_ scene: Scene, _ options: String) async throws -> RunResult {
        try await scene.shell("closeout verify p-1.closeout --details \(options)")
    }

    private func close(_ scene: Scene, _ options: String = "") async throws -> RunResult {
        try await scene.append(
            "close p-1.closeout --key dora.pem --artifacts dist --criteria artifacts-only "
                + options)
    }

    @Test("is there once it was made and recomputes, and not before")
    func demanded() async throws {
        try await withDecider { scene in
            let before = try await verify(scene, Self.verifying + " --require-decision")
            #expect(before.status == 40)
            #expect(
                before.stdoutText.hasPrefix("INCOMPLETE p 1: decisions: no decision is recorded"))
            #expect(try await verify(scene, Self.verifying).status == 0)
            #expect(try await close(scene).status == 0)
            let after = try await verify(scene, Self.verifying + " --require-decision")
            #expect(after.status == 0, "\(after.stdoutText)")
            #expect(!lines(after.stdoutText)[0].contains("decision"))
            let asserted = "--trust trust.json --artifacts dist"
            #expect(try await verify(scene, asserted).status == 0)
            #expect(try await verify(scene, asserted + " --require-decision").status == 40)
        }
    }

    @Test(
        "a decision that was not recomputed is reported as such, and is no ready one where one is demanded"
    )
    func otherPolicy() async throws {
        try await withDecider { scene in
            #expect(try await close(scene).status == 0)
            try await scene.shellDone(
                """
                closeout keygen --no-passphrase -o next --quiet
                cp trust.json old.json
                closeout trust add trust.json next.pub.pem --operator next --role release
                sed -i 's/"earlier":[^]]*],//' trust.json
                """)
            let reported = try await verify(scene, Self.verifying)
            #expect(reported.status == 0)
            let all = lines(reported.stdoutText)
            #expect(
                all[0].contains(
                    " · recorded decision ready_for_release not recomputed: it was decided under "
                        + "another policy, "))
            #expect(
                all.contains {
                    $0.hasPrefix("Decided on ")
                        && $0.hasSuffix(": ready_for_release, asserted and not recomputed")
                })
            #expect(all.contains { $0.hasPrefix("  hint: ") && $0.contains("--trust-then") })
            let demanded = try await verify(scene, Self.verifying + " --require-decision")
            #expect(demanded.status == 40)
            #expect(demanded.stdoutText.contains("the last decision was not recomputed"))
            // Who decides again, by the policy of now, has a decision that counts.
            #expect(try await close(scene).status == 0)
            #expect(try await verify(scene, Self.verifying + " --require-decision").status == 0)
        }
    }

    @Test("is blocked where the last one is, whatever was decided before")
    func blocked() async throws {
        try await withDecider { scene in
            #expect(try await close(scene).status == 0)
            let closed = try await scene.append(
                "close p-1.closeout --key dora.pem --artifacts dist --criteria final-closeout")
            #expect(closed.status == 20)
            let options = "--trust trust.json --artifacts dist --criteria final-closeout"
            #expect(try await verify(scene, options).status == 0)
            let demanded = try await verify(scene, options + " --require-decision")
            #expect(demanded.status == 30)
            #expect(demanded.stdoutText.contains("the last decision is blocked, and recomputes"))
        }
    }

    @Test("is demanded by a policy, of bundles and proofs, and not of who decides")
    func rule() async throws {
        try await withDecider { scene in
            try await scene.shellDone(
                """
                sed -i '1s/{/{"require_decision":true,/' trust.json
                closeout prove p-1.closeout NOTES.md -o proof
                """)
            #expect(
                try await scene.shellDone("closeout trust show trust.json")
                    .contains("\ndecision required\n"))
            #expect(try await verify(scene, Self.verifying).status == 40)
            let decided = try await scene.shell("closeout decide p-1.closeout \(Self.verifying)")
            #expect(decided.status == 0)
            #expect(try await close(scene).status == 0)
            #expect(try await verify(scene, Self.verifying).status == 0)
            let proof = "closeout verify proof --file dist/NOTES.md"
            let proven = try await scene.shell("\(proof) --trust trust.json")
            #expect(proven.status == 40)
            #expect(
                proven.stdoutText.contains("the policy requires a decision, and a proof has none"))
            #expect(try await scene.shell("\(proof) --key release.pub.pem").status == 0)
            let refused = try await scene.shell(
                "\(proof) --key release.pub.pem --require-decision")
            #expect(refused.status == 64)
            // A change by command keeps the rule.
            try await scene.shellDone(
                "closeout trust pin trust.json artifacts-only; grep -q require_decision trust.json")
        }
    }

    @Test("a decision under other criteria than the policy pins keeps the bundle from VERIFIED")
    func otherCriteria() async throws {
        try await withDecider { scene in
            #expect(try await close(scene).status == 0)
            try await scene.shellDone("closeout trust pin trust.json final-closeout")
            let reported = try await verify(scene, "--trust trust.json --artifacts dist")
            #expect(reported.status == 40)
            #expect(
                reported.stdoutText.hasPrefix(
                    "INCOMPLETE p 1: recorded decision: it was made under "))
            let again = try await scene.append("close p-1.closeout --key dora.pem --artifacts dist")
            #expect(again.status == 20)
            #expect(try await verify(scene, "--trust trust.json --artifacts dist").status == 0)
        }
    }
}
