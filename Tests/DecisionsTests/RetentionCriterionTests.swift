import CloseoutDecisions
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutSignatures
import CloseoutVerification
import Testing

@Suite("Retention that is demanded")
struct RetentionCriterionTests {
    private func element(_ with: String) throws -> Criteria {
        try criteria(
            #"{"id":"R","title":"t","check":"retention.approved","with":\#(with),"severity":"critical","waivable":false}"#
        )
    }

    @Test("is undone by a later denial, and only a decision that names it undoes that")
    func laterDenial() throws {
        var release = try ReleaseCase.ready()
        let request = try #require(release.records.first { $0.record.kind == .retentionRequest })
        let denial = try release.rule(.denied, on: request.digest, by: [])
        #expect(try release.result("C5").reason == "retention was denied")
        try release.rule(.approved, on: request.digest)
        #expect(try release.decision().outcome == .blocked)
        try release.add(
            .retentionDecision(
                RetentionDecision(.approved, reason: nil, externalReference: nil)),
            [("request", request.digest), ("supersedes", denial)], by: ReleaseCase.Hand.bob)
        #expect(try release.decision().outcome == .readyForRelease)
    }

    @Test("is not approved by who asked for it, under whatever key")
    func selfApproval() throws {
        var release = ReleaseCase()
        let request = try release.ask()
        try release.rule(.approved, on: request, by: [.init(role: .retention, name: "alice")])
        let result = try release.result("C5")
        #expect(result.status == .fail)
        #expect(result.reason.contains("alice also signed the request"))
    }

    @Test("is not approved by an approval of another request in the same log")
    func replayed() throws {
        var release = ReleaseCase()
        try release.rule(.approved, on: try release.ask(until: "2027-01-01T00:00:00Z"))
        try release.ask(until: "2034-01-01T00:00:00Z")
        release.asOf = "2027-01-01T00:00:01Z"
        #expect(try release.result("C5").reason == "retention ended at 2027-01-01T00:00:00Z")
    }

    @Test("is never shortened: the latest that was approved counts")
    func shortened() throws {
        var release = try ReleaseCase.ready()
        try release.rule(.approved, on: try release.ask(until: "2027-01-01T00:00:00Z"))
        #expect(try release.result("C5").reason == "approved until 2033-01-01T00:00:00Z")
        #expect(try release.result("C7").findings.map(\.check) == ["RH-SHORTENED"])
        #expect(try release.decision().outcome == .blocked)
    }

    @Test("is never shortened or weakened behind a denial of what was longer and stricter")
    func hiddenByDenial() throws {
        let words = { (release: inout ReleaseCase, isStrict: Bool) -> [String] in
            let short = try release.ask(
                until: isStrict ? "2027-01-01T00:00:00Z" : "2040-01-01T00:00:00Z")
            let long = try release.ask(
                until: isStrict ? "2040-01-01T00:00:00Z" : "2027-01-01T00:00:00Z",
                mode: isStrict ? .compliance : nil)
            try release.rule(.approved, on: long)
            let denial = try release.rule(.denied, on: long, by: [])
            try release.add(
                .retentionDecision(
                    RetentionDecision(.approved, reason: nil, externalReference: nil)),
                [("request", short), ("supersedes", denial)], by: ReleaseCase.Hand.bob)
            #expect(try release.result("C5").status == .pass)
            return try release.health().findings.map(\.check).sorted()
        }
        var worse = ReleaseCase()
        #expect(try words(&worse, true) == ["RH-MODE-DOWN", "RH-SHORTENED"])
        #expect(try worse.decision().outcome == .blocked)
        var better = ReleaseCase()
        #expect(try words(&better, false) == [])
    }

    @Test("without an end gets one only from a request that says when its event occurred")
    func endOfOpenEnded() throws {
        for (event, occurred, isShortened) in [
            (nil, nil, true), ("other", "2026-05-10T00:00:00Z", true),
            ("contract-end", "2026-05-10T00:00:00Z", false),
        ] {
            var release = ReleaseCase()
            let open = try release.ask(until: nil, event: "contract-end")
            let closed = try release.ask(event: event, occurred: occurred)
            try release.rule(.approved, on: open)
            let denial = try release.rule(.denied, on: open)
            try release.add(
                .retentionDecision(
                    RetentionDecision(.approved, reason: nil, externalReference: nil)),
                [("request", closed), ("supersedes", denial)], by: ReleaseCase.Hand.bob)
            #expect(
                try release.health().findings.map(\.check)
                    == (isShortened ? ["RH-SHORTENED"] : []))
        }
    }

    @Test("goes on through its last second")
    func lastSecond() throws {
        var release = try ReleaseCase.ready()
        release.asOf = "2033-01-01T00:00:00Z"
        #expect(try release.result("C5").status == .pass)
        release.asOf = "2033-01-01T00:00:01Z"
        #expect(try release.result("C5").status == .fail)
        try release.hold()
        #expect(try release.result("C5").status == .pass)
    }

    @Test("is of the class, period and mode that the criteria ask for")
    func demands() throws {
        var release = ReleaseCase()
        try release.rule(
            .approved, on: try release.ask(until: "2033-05-01T00:00:00Z", mode: .governance))
        for (with, status) in [
            (#"{"classes":[]}"#, CriterionStatus.pass), (#"{"classes":["standard"]}"#, .pass),
            (#"{"classes":["other"]}"#, .fail), (#"{"classes":[],"minimum":"P7Y"}"#, .pass),
            (#"{"classes":[],"minimum":"P7Y1D"}"#, .fail),
            (#"{"classes":[],"mode":"governance"}"#, .pass),
            (#"{"classes":[],"mode":"compliance"}"#, .fail),
        ] {
            #expect(try release.result("R", try element(with)).status == status, "\(with)")
        }
    }

    @Test("is of one that fits: no other props it up once it has run out")
    func unfitting() throws {
        let demanded = try element(#"{"classes":["regulated"]}"#)
        for end in ["2033-01-01T00:00:00Z", nil] {
            var release = ReleaseCase()
            try release.rule(
                .approved,
                on: try release.ask(until: "2026-05-20T00:00:00Z", class: "regulated"))
            try release.rule(
                .approved, on: try release.ask(until: end, event: end == nil ? "e" : nil))
            let result = try release.result("R", demanded)
            #expect(result.status == .fail)
            #expect(result.reason == "retention ended at 2026-05-20T00:00:00Z")
            release.asOf = "2026-05-20T00:00:00Z"
            #expect(try release.result("R", demanded).status == .pass)
        }
    }

    @Test("counts its period from the seal where the event was before that")
    func earlyEvent() throws {
        var release = ReleaseCase()
        try release.rule(
            .approved,
            on: try release.ask(
                until: "2033-04-30T23:59:59Z", event: "contract-end",
                occurred: "2000-01-01T00:00:00Z"))
        let demanded = try element(#"{"classes":[],"minimum":"P7Y"}"#)
        #expect(try release.result("R", demanded).status == .fail)
        try release.rule(
            .approved,
            on: try release.ask(
                until: "2033-05-01T00:00:00Z", event: "contract-end",
                occurred: "2000-01-01T00:00:00Z"))
        #expect(try release.result("R", demanded).status == .pass)
    }

    @Test("is not kept beyond its end by a hold that does not count")
    func unsignedHold() throws {
        for hands in [[], ReleaseCase.Hand.alice] {
            var release = try ReleaseCase.ready()
            release.asOf = "2033-01-01T00:00:01Z"
            try release.hold(by: hands)
            let result = try release.result("C5")
            #expect(result.status == .fail)
            #expect(
                result.reason.hasPrefix(
                    "retention ended at 2033-01-01T00:00:00Z; the hold for m does not keep it, "
                        + "as it is only asserted: "))
            #expect(try release.result("C7").findings.map(\.check).contains("RH-EXPIRED"))
        }
    }

    @Test("has no end while the event is awaited")
    func openEnded() throws {
        var release = ReleaseCase()
        try release.rule(.approved, on: try release.ask(until: nil, event: "contract-end"))
        release.asOf = "2099-01-01T00:00:00Z"
        #expect(try release.result("C5").status == .pass)
    }

    @Test("is decided by the table of classes that the criteria name, and by no weaker one")
    func classes() throws {
        let table = { (minimum: String) in
            try RetentionClasses(
                parsing: Array(
                    #"{"kind":"closeout/retention-classes/v1","warning":"P30D","freshness":"P7D","classes":[{"id":"standard","minimum":"\#(minimum)","mode":"none"}]}"#
                        .utf8))
        }
        let strict = try table("P7Y")
        let named = try criteria(
            #"{"id":"H","title":"t","check":"retention.healthy","with":{"at_or_above":"low","observed":false,"classes":"\#(strict.digest.hex)"},"severity":"high","waivable":true}"#
        )
        var release = try ReleaseCase.ready()
        #expect(try release.result("H", named).status == .unknown)
        release.sources.classes = try table("P1Y")
        #expect(try release.result("H", named).status == .unknown)
        release.sources.classes = strict
        #expect(try release.result("H", named).status == .fail)
    }

    @Test("cannot be decided where the bundle is not VERIFIED, which is reported")
    func notVerified() throws {
        var release = try ReleaseCase.ready()
        release.spoiled[.logUncommitted] = .unknown
        for id in ["C7", "C8"] {
            let result = try release.result(id)
            #expect(result.status == .unknown)
            #expect(
                result.reason == "the bundle is INCOMPLETE, so retention cannot be checked")
            #expect(result.remedy?.hasPrefix("give --artifacts DIR") == true)
        }
    }

    @Test("that was denied is remedied by an approval that names all denials")
    func denied() throws {
        var release = ReleaseCase()
        let request = try release.ask()
        let denials = [
            try release.rule(.denied, on: request), try release.rule(.denied, on: request, by: []),
        ]
        let remedy = try #require(try release.result("C5").remedy)
        #expect(remedy.hasSuffix(denials.map { " --supersedes \($0.hex)" }.joined()))
    }

    @Test("is decided by every copy where the criteria ask for that")
    func observed() throws {
        let observed = try criteria(
            #"{"id":"H","title":"t","check":"retention.healthy","with":{"at_or_above":"critical","observed":true},"severity":"high","waivable":true}"#
        )
        var release = try ReleaseCase.ready()
        #expect(try release.result("H", observed).status == .unknown)
        #expect(try release.result("H", observed).reason == "no provider reported a copy")
        release.sources.observations = [try observations("", expected: 0)]
        #expect(try release.result("H", observed).status == .unknown)
        release.sources.observations = [try observations(copy())]
        #expect(try release.result("H", observed).status == .pass)
        let text =
            #"{"kind":"closeout/observations/v1","provider":"s3","at":"2026-05-31T00:00:00Z","expected":3,"copies":[]}"#
        release.sources.observations = [try Observations(parsing: Array(text.utf8))]
        let result = try release.result("H", observed)
        #expect(result.status == .unknown)
        #expect(result.reason == "1 of 4 objects were observed")
    }
}

@Suite("Retries that are demanded")
struct RetryCriterionTests {
    private func failed() throws -> (ReleaseCase, SHA256Digest) {
        var release = ReleaseCase()
        let failed = try release.deliver(.failed)
        return (release, failed)
    }

    @Test("have a plan and a dry run that another operator approved")
    func planned() throws {
        var (release, delivery) = try failed()
        #expect(try release.result("C9").reason == "d-closeout-audit over audit has no plan")
        try release.plan(for: delivery, isReviewed: false)
        #expect(try release.result("C9").reason.contains("no dry run is reviewed"))
        try release.plan(for: delivery)
        #expect(try release.result("C9").status == .pass)
    }

    @Test("are resolved by the day that the plan names")
    func overdue() throws {
        var (release, delivery) = try failed()
        try release.plan(for: delivery, resolveBy: "2026-06-01T00:00:00Z")
        #expect(try release.result("C9").status == .pass)
        release.asOf = "2026-06-01T00:00:01Z"
        #expect(
            try release.result("C9").reason
                == "d-closeout-audit over audit was to be resolved by 2026-06-01T00:00:00Z")
    }

    @Test("are not needed once the delivery went through")
    func settled() throws {
        var (release, _) = try failed()
        try release.deliver(.delivered)
        #expect(try release.result("C9").status == .notApplicable)
        #expect(try release.result("C4").status == .pass)
    }

    @Test("never went out before they were reviewed")
    func unreviewed() throws {
        var (release, delivery) = try failed()
        let entry = RetryPlan.Entry(
            delivery: "d-closeout-audit", action: .retry, owner: "Al",
            resolveBy: try at("2026-07-01T00:00:00Z"), reason: "down")
        let plan = try release.add(
            .retryPlan(RetryPlan(entries: [entry])), [("delivery", delivery)])
        let dry = RetryRun(
            mode: .dryRun, results: [.init(delivery: "d-closeout-audit", outcome: .wouldSend)])
        let run = try release.add(.retryRun(dry), [("plan", plan)])
        let review = try release.add(
            .retryReview(RetryReview(.approved, reason: nil)), [("run", run)])
        for isEarly in [true, false] {
            var release = release
            if isEarly { try release.sign(review, by: ReleaseCase.Hand.carol) }
            try release.add(
                .retryRun(
                    RetryRun(
                        mode: .live,
                        results: [.init(delivery: "d-closeout-audit", outcome: .delivered)])),
                [("plan", plan), ("review", review)])
            if !isEarly { try release.sign(review, by: ReleaseCase.Hand.carol) }
            try release.deliver(.delivered)
            let result = try release.result("C9")
            #expect(result.status == (isEarly ? .notApplicable : .fail))
            let reason = "a live run was not reviewed before: the review "
            #expect(result.reason.hasPrefix(reason) == !isEarly)
        }
    }

    @Test(
        "that only a file of another system reports plan nothing", arguments: ["", "plan", "run"])
    func imported(what: String) throws {
        var (release, delivery) = try failed()
        let source = [("source", try digest("package"))]
        let entry = RetryPlan.Entry(
            delivery: "d-closeout-audit", action: .retry, owner: "Al",
            resolveBy: try at("2026-07-01T00:00:00Z"), reason: "down")
        let plan = try release.add(
            .retryPlan(RetryPlan(entries: [entry])),
            [("delivery", delivery)] + (what == "plan" ? source : []))
        let dry = RetryRun(
            mode: .dryRun, results: [.init(delivery: "d-closeout-audit", outcome: .wouldSend)])
        let run = try release.add(
            .retryRun(dry), [("plan", plan)] + (what == "run" ? source : []))
        try release.add(
            .retryReview(RetryReview(.approved, reason: nil)), [("run", run)],
            by: ReleaseCase.Hand.carol)
        #expect(try release.result("C9").status == (what.isEmpty ? .pass : .fail))
    }

    @Test("do not make up for a route that nothing was sent to")
    func routes() throws {
        let routed = try criteria(
            #"{"id":"D","title":"t","check":"delivery.settled","with":{"event":"closeout","routes":["audit","security"]},"severity":"medium","waivable":true}"#
        )
        var release = ReleaseCase()
        try release.deliver(.delivered)
        #expect(try release.result("D", routed).reason == "nothing went to security")
        for state in [DeliveryRecord.State.suppressed, .acceptedUnconfirmed, .sentUnconfirmed] {
            var unsure = release
            try unsure.deliver(state, route: "security")
            #expect(try unsure.result("D", routed).status == .fail)
            try unsure.deliver(state, .retentionAlert)
            #expect(try unsure.result("C8").status == .pass)
        }
        try release.deliver(.delivered, route: "security")
        #expect(try release.result("D", routed).status == .pass)
    }
}
