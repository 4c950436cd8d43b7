import CloseoutBundles
import CloseoutDecisions
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutSignatures
import CloseoutTestSupport
import CloseoutVerification
import Testing

@Suite("A decision under an earlier policy")
struct EarlierPolicyTests {
    /// Decides as `close` does, which stores the policy, and changes the policy then.
    private func closed(
        _ bench: inout Bench, storing: Bool = true, listing: Bool = true,
        until: String? = nil, _ spoil: (inout Bench.Draft) throws -> Void = { _ in }
    ) async throws {
        let dora = try bench.hireDecider()
        if storing { try bench.add(.attachment, .octets, bench.policy.bytes) }
        try bench.commit()
        try await bench.close(by: dora, spoiling: spoil)
        try change(&bench, listing: listing, until: until)
    }

    /// Changes the policy as next year's key does.
    private func change(
        _ bench: inout Bench, listing: Bool = true, until: String? = nil
    ) throws {
        let digest = JSON(try bench.policy.policy().digest.hex)
        let entry: JSON = until.map { ["sha256": digest, "until": JSON($0)] } ?? digest
        bench.policy.keys.append(try KeyPair().entry("next", "next"))
        if listing { bench.policy.members.append(JSONMember("earlier", [entry])) }
    }

    private func status(_ report: Report) -> CheckStatus? { report.decision?.recorded.last?.status }

    @Test("is recomputed where today's policy lists it and the bundle holds it")
    func listed() async throws {
        try await Bench.run { bench in
            try await closed(&bench)
            let report = try await bench.verify()
            #expect(report.verdict == .verified, "\(report.problems)")
            #expect(status(report) == .pass)
            #expect(report.decision?.recorded.last?.sinceThen == [])
        }
    }

    @Test("is only asserted where it merely lies in the bundle, and moves no check")
    func unlisted() async throws {
        for isTrue in [true, false] {
            try await Bench.run { bench in
                try await closed(&bench, listing: false) { draft in
                    if !isTrue {
                        draft.results[1] = .init(id: "A2", status: .unknown, evidence: [])
                    }
                }
                let report = try await bench.verify()
                #expect(report.verdict == .verified, "\(report.problems)")
                #expect(status(report) == .notApplicable)
                let reported = try #require(report.findings.last { $0.id == .decisionRecomputed })
                #expect(reported.hint?.contains("--trust-then") == true)
                #expect(report.headline.contains("decided under another policy"))
                bench.policy.members.append(JSONMember("require_decision", .bool(true)))
                let demanded = try await bench.verify()
                #expect(demanded.verdict == .incomplete)
                #expect(demanded.tells(.decisionRequired, .unknown))
            }
        }
    }

    @Test("is recomputed where the auditor gives it, and fails where it says something else")
    func given() async throws {
        for isTrue in [true, false] {
            try await Bench.run { bench in
                let dora = try bench.hireDecider()
                bench.trustedThen = [bench.policy]
                try await bench.close(by: dora) { draft in
                    if !isTrue {
                        draft.results[1] = .init(id: "A2", status: .unknown, evidence: [])
                    }
                }
                try change(&bench, listing: false)
                bench.policy.members.append(JSONMember("require_decision", .bool(true)))
                let report = try await bench.verify()
                #expect(report.verdict == (isTrue ? .verified : .failed), "\(report.problems)")
                #expect(status(report) == (isTrue ? .pass : .fail))
                #expect(report.tells(.decisionRequired, isTrue ? .pass : .fail))
            }
        }
    }

    @Test("is not recomputed where the bundle does not hold it, or something else in its place")
    func absent() async throws {
        try await Bench.run { bench in
            try await closed(&bench, storing: false)
            let report = try await bench.verify()
            #expect(report.verdict == .verified && status(report) == .notApplicable)
        }
    }

    @Test("is not recomputed where it was made once that policy had been replaced")
    func stale() async throws {
        for (until, expected) in [
            ("2026-06-01T00:00:00Z", CheckStatus.pass), ("2026-05-31T23:59:59Z", .notApplicable),
        ] {
            try await Bench.run { bench in
                try await closed(&bench, until: until)
                let report = try await bench.verify()
                #expect(status(report) == expected)
                let reason = report.decision?.recorded.last?.reason ?? ""
                #expect(reason.contains("replaced at") == (expected == .notApplicable))
            }
        }
    }

    @Test("has its own signature verified under today's policy, and under no other")
    func decider() async throws {
        try await Bench.run { bench in
            try await closed(&bench)
            bench.policy.roles["decider"] = rule("next")
            let report = try await bench.verify()
            #expect(status(report) == .notApplicable)
            #expect(report.decision?.recorded.last?.operators == [])
        }
    }

    @Test("stays what it is by a log of its own: it is dated back to before nothing")
    func datedBack() async throws {
        try await Bench.run { bench in
            try await closed(&bench) { $0.asOf = try at("2020-01-01T00:00:00Z") }
            #expect(try await bench.verify().verdict == .failed)
        }
    }

    // MARK: Keys that were revoked since

    /// A decision that rests on an approval by bob, whose key today's policy revokes.
    private func decidedOnApproval(
        _ bench: inout Bench, revoking members: [JSONMember]
    ) async throws {
        let staff = try bench.hire()
        let dora = try bench.hireDecider()
        let criteria = try Criteria(
            parsing: bytes(
                """
                {"kind":"closeout/criteria/v1","id":"c","version":1,"title":"t",
                 "acceptance":{"max_days":{}},"criteria":[
                 {"id":"R","title":"r","check":"retention.approved","with":{"classes":[]},
                  "severity":"high","waivable":false}]}
                """))
        bench.criteria = criteria
        let request = try bench.request(staff)
        try bench.store(decision(.approved), [("request", request)], by: staff.bob)
        try bench.add(.attachment, .octets, bench.policy.bytes)
        try bench.commit()
        try await bench.close(by: dora, under: criteria)
        try change(&bench)
        let place = try #require(bench.policy.keys.firstIndex { $0["id"] == "bob-1" })
        bench.policy.keys[place] = staff.bob.entry("bob-1", "bob", members)
    }

    @Test(
        "does not count what rests on a key that today's policy revokes, and is not called wrong",
        arguments: [
            ([], CheckStatus.pass),
            (revoked("2026-06-01T00:00:01Z", "superseded"), .pass),
            (revoked("2026-06-01T00:00:00Z", "superseded"), .notApplicable),
            (revoked("2026-05-01T00:00:00Z", "ceased"), .notApplicable),
            (revoked("2026-05-01T00:00:00Z", "compromised"), .notApplicable),
            (revoked("2030-01-01T00:00:00Z", "compromised"), .notApplicable),
            (window(to: "2026-05-01T00:00:00Z"), .pass),
        ] as [([JSONMember], CheckStatus)])
    func revokedSince(members: [JSONMember], expected: CheckStatus) async throws {
        try await Bench.run { bench in
            try await decidedOnApproval(&bench, revoking: members)
            let report = try await bench.verify()
            #expect(status(report) == expected, "\(report.decision?.recorded.last?.reason ?? "")")
            #expect(report.verdict == .verified, "\(report.problems)")
            bench.policy.members.append(JSONMember("require_decision", .bool(true)))
            let demanded = try await bench.verify()
            #expect(demanded.verdict == (expected == .pass ? .verified : .incomplete))
        }
    }

    // MARK: Criteria

    @Test("is recomputed by the criteria that the policy of then pinned, and satisfies no others")
    func pinnedThen() async throws {
        try await Bench.run { bench in
            let dora = try bench.hireDecider()
            bench.pinCriteria()
            try bench.add(.attachment, .octets, bench.policy.bytes)
            try bench.commit()
            try await bench.close(by: dora)
            let listed = JSON(try bench.policy.policy().digest.hex)
            let final = JSON(try Profile.finalCloseout.criteria().digest.hex)
            bench.policy.members = [
                JSONMember("earlier", [listed]), JSONMember("criteria", ["sha256": final]),
            ]
            bench.criteria = try Profile.finalCloseout.criteria()
            let pinned = try await bench.verify()
            #expect(status(pinned) == .pass)
            #expect(pinned.verdict == .incomplete)
            #expect(pinned.tells(.criteriaPinned, .unknown))
            // Where no criteria are pinned or given today, it is told and satisfies no demand.
            bench.criteria = nil
            bench.policy.members = [JSONMember("earlier", [listed])]
            let free = try await bench.verify()
            #expect(status(free) == .pass && free.verdict == .verified, "\(free.problems)")
            bench.policy.members.append(JSONMember("require_decision", .bool(true)))
            let demanded = try await bench.verify()
            #expect(demanded.verdict == .incomplete)
            #expect(demanded.tells(.decisionRequired, .unknown))
            bench.criteria = try Profile.artifactsOnly.criteria()
            #expect(try await bench.verify().verdict == .verified)
        }
    }

    @Test("is recomputed as long as there is work left for it, the newest first")
    func work() {
        var limits = RecheckLimits(decisions: 9, entries: 100)
        let isTaken = [(60, true), (60, true), (60, false), (40, true)].map { size, isEarlier in
            limits.take(size, isEarlier: isEarlier)
        }
        #expect(isTaken == [true, false, true, true])
        #expect(limits.recomputed == 3 && limits.checked == 160)
    }
}
