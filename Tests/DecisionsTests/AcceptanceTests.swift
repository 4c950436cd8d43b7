import CloseoutDecisions
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutSignatures
import CloseoutVerification
import Testing

@Suite("An acceptance")
struct AcceptanceTests {
    /// A release whose closeout is delivered to nobody, with the digest that this rests on.
    private func undelivered() throws -> (release: ReleaseCase, evidence: [SHA256Digest]) {
        var release = ReleaseCase()
        try release.showReadiness()
        try release.retain(until: "2033-01-01T00:00:00Z")
        return (release, try release.result("C4").evidence)
    }

    @Test("of something that is absent is for the seal, and makes the release ready with a risk")
    func counts() throws {
        var (release, evidence) = try undelivered()
        #expect(evidence == [try release.seal])
        let accepted = try release.accept("C4", on: evidence)
        let decision = try release.decision()
        #expect(decision.outcome == .readyWithAcceptedRisk)
        let result = try release.result("C4")
        #expect(result.status == .fail)
        #expect(result.acceptances.map(\.record) == [accepted])
        #expect(decision.obstacles.map(\.id) == ["C4"])
    }

    @Test("counts to the last second, and no longer")
    func expires() throws {
        var (release, evidence) = try undelivered()
        try release.accept("C4", on: evidence, until: "2026-06-30T23:59:59Z")
        release.asOf = "2026-06-30T23:59:59Z"
        #expect(try release.decision().outcome == .readyWithAcceptedRisk)
        release.asOf = "2026-07-01T00:00:00Z"
        let decision = try release.decision()
        #expect(decision.outcome == .blocked)
        #expect(try release.result("C4").reason.contains("expired at 2026-06-30T23:59:59Z"))
        #expect(decision.notes.contains { $0.contains("expired") })
    }

    @Test("no longer counts once the evidence is another")
    func bindsEvidence() throws {
        var (release, evidence) = try undelivered()
        try release.accept("C4", on: evidence)
        try release.plan(for: try release.deliver(.failed))
        #expect(try release.decision().outcome == .blocked)
        #expect(try release.result("C4").reason.contains("its evidence has changed"))
    }

    @Test(
        "of a finding ends where the retention is another that the finding compares with",
        arguments: [
            ("RH-SHORT", ["until": #""2029-12-31T00:00:00Z""#]),
            ("RH-UNLOCKED", ["locked": "false"]),
            ("RH-UNLOCKED", ["mode": #""none""#]), ("RH-BYPASS", ["bypass": "true"]),
            (
                "RH-LIFECYCLE",
                ["locked": "false", "lifecycle_end": #""2029-12-31T00:00:00Z""#]
            ), ("RH-SIG", [:]),
        ])
    func bindsRetention(check: String, changes: [String: String]) throws {
        var release = ReleaseCase()
        try release.showReadiness()
        try release.deliver(.delivered)
        try release.deliver(.delivered, .retentionAlert)
        try release.rule(
            .approved, on: try release.ask(until: "2030-01-01T00:00:00Z", mode: .governance))
        release.sources.observations = [try observations(copy(changes))]
        release.keyEnd = changes.isEmpty ? "2029-12-31T00:00:00Z" : nil
        let findings = try release.health().findings
        #expect(findings.map(\.check).contains(check))
        for finding in findings { try release.accept(finding.id, on: finding.evidence) }
        #expect(try release.decision().outcome == .readyWithAcceptedRisk)
        try release.rule(
            .approved, on: try release.ask(until: "2032-01-01T00:00:00Z", mode: .governance))
        #expect(try release.health().findings.map(\.id) == findings.map(\.id))
        #expect(try release.decision().outcome == .blocked)
        #expect(try release.result("C7").reason.contains("its evidence has changed"))
    }

    @Test("of a finding ends where the table of classes is another, or another hold is placed")
    func bindsClassesAndHolds() throws {
        var release = try ReleaseCase.ready()
        try release.deliver(.delivered, .retentionAlert)
        try release.hold()
        release.sources.classes = try classes(minimum: "P7Y")
        release.keyEnd = "2027-01-01T00:00:00Z"
        let findings = try release.health().findings
        #expect(Set(findings.map(\.check)) == ["RH-SHORT", "RH-SIG"])
        for finding in findings { try release.accept(finding.id, on: finding.evidence) }
        #expect(try release.decision().outcome == .readyWithAcceptedRisk)
        var other = release
        other.sources.classes = try classes(minimum: "P20Y")
        #expect(try other.decision().outcome == .blocked)
        try release.hold("n")
        #expect(try release.decision().outcome == .blocked)
    }

    @Test("for other evidence is none from the beginning")
    func otherEvidence() throws {
        var (release, evidence) = try undelivered()
        try release.accept("C4", on: [try digest("something else")])
        #expect(try release.decision().outcome == .blocked)
        try release.accept("C4", on: evidence + [try digest("something else")])
        #expect(try release.decision().outcome == .blocked)
    }

    @Test("by the owner alone, by the approver alone or by one operator for both is none")
    func fourEyes() throws {
        let owner = ReleaseCase.Hand(role: .riskOwner, name: "alice")
        for hands in [
            [], [owner], [ReleaseCase.Hand(role: .riskApprover, name: "bob")],
            [owner, ReleaseCase.Hand(role: .riskApprover, name: "alice")],
        ] {
            var (release, evidence) = try undelivered()
            try release.accept("C4", on: evidence, by: hands)
            #expect(try release.decision().outcome == .blocked)
            #expect(try release.result("C4").reason.contains("does not apply: it is only proposed"))
        }
    }

    @Test("ends when it is revoked, by whomever")
    func revoked() throws {
        var (release, evidence) = try undelivered()
        let accepted = try release.accept("C4", on: evidence)
        try release.add(
            .riskAcceptance(.revoke(.init(reason: "no"))), [("acceptance", accepted)])
        #expect(try release.decision().outcome == .blocked)
        #expect(try release.result("C4").reason.contains("was revoked"))
    }

    @Test("never covers what is unknown")
    func unknown() throws {
        var release = ReleaseCase()
        try release.showReadiness(asserting: .tests)
        let criteria = try criteria(
            #"{"id":"R","title":"t","check":"readiness.complete","with":{"evidence":["tests"]},"severity":"high","waivable":true}"#
        )
        let result = try release.result("R", criteria)
        #expect(result.status == .unknown)
        try release.accept("R", on: result.evidence)
        #expect(try release.decision(criteria).outcome == .blocked)
    }

    @Test("is not needed for a bare reference below severity high")
    func bareReference() throws {
        var release = ReleaseCase()
        try release.showReadiness(asserting: .tests)
        let criteria = try criteria(
            #"{"id":"R","title":"t","check":"readiness.complete","with":{"evidence":["tests"]},"severity":"medium","waivable":true}"#
        )
        #expect(try release.decision(criteria).outcome == .readyForRelease)
    }

    @Test("is for no longer than the criteria allow")
    func tooLong() throws {
        var (release, evidence) = try undelivered()
        // C4 is of severity medium, for which the profile allows 90 days from the record's `at`.
        try release.accept("C4", on: evidence, until: "2026-07-31T00:00:01Z")
        #expect(try release.decision().outcome == .blocked)
        #expect(
            try release.result("C4").reason.contains(
                "longer than the 90 days that the criteria allow"))
        try release.accept("C4", on: evidence, until: "2026-07-31T00:00:00Z")
        #expect(try release.decision().outcome == .readyWithAcceptedRisk)
    }

    @Test(
        "is for no longer than the criteria allow from the verification time, where it is dated after that"
    )
    func tooLongFromTomorrow() throws {
        var (release, evidence) = try undelivered()
        let element =
            #"{"id":"C4","title":"t","check":"delivery.settled","with":{"event":"closeout","routes":[]},"severity":"medium","waivable":true}"#
        let limited = try criteria(element, acceptance: #"{"max_days":{"medium":90}}"#)
        for (dated, until, outcome) in [
            ("2027-06-01T00:00:00Z", "2027-06-02T00:00:00Z", ReleaseOutcome.blocked),
            ("9999-12-31T00:00:00Z", "9999-12-31T00:00:01Z", .blocked),
            ("2027-06-01T00:00:00Z", "2026-08-30T00:00:01Z", .blocked),
            ("2027-06-01T00:00:00Z", "2026-08-30T00:00:00Z", .readyWithAcceptedRisk),
        ] {
            var release = release
            try release.accept("C4", on: evidence, until: until, at: dated)
            #expect(try release.decision(limited).outcome == outcome, "\(dated) \(until)")
        }
        release.asOf = "9999-12-31T00:00:00Z"
        try release.accept(
            "C4", on: evidence, until: "9999-12-31T23:59:59Z", at: "9999-12-31T00:00:00Z")
        #expect(try release.decision(limited).outcome == .blocked)
    }

    @Test("counts with no more others than the criteria allow")
    func tooMany() throws {
        let element = { (id: String, kind: String) in
            #"{"id":"\#(id)","title":"t","check":"readiness.complete","with":{"evidence":["\#(kind)"]},"severity":"low","waivable":true}"#
        }
        let two = try criteria(
            element("X", "tests"), element("Y", "sbom"),
            acceptance: #"{"max_active":1,"max_days":{}}"#)
        var release = ReleaseCase()
        for id in ["X", "Y"] {
            try release.accept(id, on: try release.result(id, two).evidence)
        }
        #expect(try release.decision(two).outcome == .blocked)
        #expect(try release.result("X", two).reason.contains("more than 1 acceptances"))
        let many = try criteria(element("X", "tests"), element("Y", "sbom"))
        #expect(try release.decision(many).outcome == .readyWithAcceptedRisk)
    }

    @Test("is offered only of what somebody can accept")
    func offered() throws {
        let (release, _) = try undelivered()
        #expect(try release.result("C4").canBeAccepted)
        #expect(try release.decision().next == .readyWithAcceptedRisk)
        var unapproved = ReleaseCase()
        try unapproved.showReadiness()
        try unapproved.deliver(.delivered)
        try unapproved.ask()
        let result = try unapproved.result("C7")
        #expect(result.status == .fail && result.isWaivable && !result.canBeAccepted)
        #expect(result.remedy?.contains("accepted") == false)
        try unapproved.accept("C7", on: result.evidence)
        #expect(
            try unapproved.result("C7").reason.hasSuffix("does not apply: this cannot be waived"))
        #expect(try unapproved.decision().next == .readyForRelease)
    }

    @Test("that counts stays a risk when everything else is done")
    func staysARisk() throws {
        var release = ReleaseCase()
        try release.showReadiness()
        try release.ask()
        try release.accept("C4", on: try release.result("C4").evidence)
        let decision = try release.decision()
        #expect(decision.outcome == .blocked)
        #expect(decision.results.contains { $0.id == "C4" && $0.isAccepted })
        #expect(decision.next == .readyWithAcceptedRisk)
    }

    @Test("that fits nothing is reported")
    func unused() throws {
        var release = try ReleaseCase.ready()
        try release.accept("C4", on: [try release.seal])
        try release.accept("NO-SUCH", on: [try release.seal])
        let decision = try release.decision()
        #expect(decision.outcome == .readyForRelease)
        #expect(
            decision.notes.contains { $0.contains("of C4 does not apply: the criterion passes") })
        #expect(
            decision.notes.contains { $0.contains("these criteria do not ask for it") })
    }
}
