import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutSignatures
import Testing

private let alice = Story.Hand(name: "alice", role: .requester)
private let bob = Story.Hand(name: "bob", role: .retention)
private let carol = Story.Hand(name: "carol", role: .retention)

@Suite("The state of retention")
struct RetentionStateTests {
    @Test("is approved by a signed word of another operator, and by nothing less")
    func approval() throws {
        for (hands, isApproved) in [
            ([bob], true), ([], false), ([Story.Hand(name: "bob", role: .requester)], false),
            ([Story.Hand(name: "alice", role: .retention)], false),
            ([Story.Hand(name: "bob", role: .retention, counts: false)], false),
        ] {
            var story = Story()
            let asked = try story.add(request(), by: alice)
            let said = try story.add(decision(.approved), [("request", asked)])
            for hand in hands { try story.sign(said, by: hand) }
            let state = try story.state()
            #expect(state.retention.isApproved == isApproved, "\(hands)")
            #expect(state.issues.isEmpty == isApproved, "\(hands)")
        }
    }

    @Test("is not approved by whoever signed the request with another key, also an expired one")
    func ownRequest() throws {
        var story = Story()
        let asked = try story.add(
            request(), by: alice, Story.Hand(name: "bob", role: .requester, counts: false))
        try story.add(decision(.approved), [("request", asked)], by: bob)
        let state = try story.state()
        #expect(!state.retention.isApproved)
        #expect(state.issues.map(\.problem) == [.samePerson("bob also signed the request")])
    }

    @Test("is not approved where nobody signed the request")
    func unsignedRequest() throws {
        var story = Story()
        let asked = try story.add(request())
        try story.add(decision(.approved), [("request", asked)], by: bob)
        #expect(try !story.state().retention.isApproved)
    }

    @Test("takes as many operators as the policy demands, the requester not among them")
    func threshold() throws {
        var story = Story()
        story.thresholds[.retention] = 2
        let asked = try story.add(request(), by: alice)
        let said = try story.add(
            decision(.approved), [("request", asked)], by: bob,
            Story.Hand(name: "alice", role: .retention))
        #expect(try !story.state().retention.isApproved)
        try story.sign(said, by: carol)
        #expect(try story.state().retention.isApproved)
    }

    @Test("is denied by a later denial, whoever signed it, until an approval names that")
    func denial() throws {
        for hands in [[], [bob], [alice]] {
            var story = Story()
            let asked = try story.add(request(), by: alice)
            try story.add(decision(.approved), [("request", asked)], by: bob)
            let no = try story.add(decision(.denied), [("request", asked)])
            for hand in hands { try story.sign(no, by: hand) }
            #expect(try !story.state().retention.isApproved)
            try story.add(decision(.approved), [("request", asked)], by: carol)
            let replayed = try story.state()
            #expect(!replayed.retention.isApproved)
            #expect(
                replayed.issues.contains {
                    if case .notUndone = $0.problem { true } else { false }
                })
            try story.add(
                decision(.approved), [("request", asked), ("supersedes", no)], by: carol)
            #expect(try story.state().retention.isApproved)
        }
    }

    @Test("stays denied beside another request that is approved and does not name the denial")
    func otherRequest() throws {
        for names in [false, true] {
            var story = Story()
            let first = try story.add(request(), by: alice)
            let no = try story.add(decision(.denied), [("request", first)], by: bob)
            let second = try story.add(
                request(until: "2036-01-01T00:00:00Z"), names ? [("supersedes", no)] : [],
                by: alice)
            try story.add(decision(.approved), [("request", second)], by: bob)
            let retention = try story.state().retention
            #expect(retention.approved.count == 1)
            #expect(retention.isApproved == names)
        }
    }

    @Test("ends at the latest instant approved; a shorter request is reported and shortens nothing")
    func until() throws {
        var story = Story()
        for until in ["2033-06-30T23:59:59Z", "2030-01-01T00:00:00Z"] {
            let asked = try story.add(request(until: until), by: alice)
            try story.add(decision(.approved), [("request", asked)], by: bob)
        }
        let state = try story.state()
        #expect(state.retention.until == (try at("2033-06-30T23:59:59Z")))
        #expect(
            state.issues.contains { if case .shortened = $0.problem { true } else { false } })
        let open = try story.add(request(until: nil), by: alice)
        try story.add(decision(.approved), [("request", open)], by: bob)
        #expect(try story.state().retention.until == nil)
        #expect(try story.state().retention.isOpenEnded)
    }
}

@Suite("The state of legal holds")
struct HoldStateTests {
    private let first = Story.Hand(name: "bob", role: .hold)
    private let second = Story.Hand(name: "carol", role: .hold)

    @Test("holds from the placement on, signed or not, until two operators release it")
    func release() throws {
        for placing in [[], [first]] {
            var story = Story()
            let placed = try story.add(placement())
            for hand in placing { try story.sign(placed, by: hand) }
            #expect(try story.state().isHeld)
            #expect(try story.state().isProtected == !placing.isEmpty)
            let ended = try story.add(RecordsTests.release(), [("placement", placed)], by: first)
            #expect(try story.state().isHeld)
            try story.sign(ended, by: first)
            #expect(try story.state().isHeld)
            try story.sign(ended, by: Story.Hand(name: "dave", role: .retention))
            #expect(try story.state().isHeld)
            try story.sign(ended, by: second)
            #expect(try !story.state().isHeld)
            #expect(try !story.state().isProtected)
        }
    }

    @Test("is not released by a release of another matter, whoever signed that")
    func otherMatter() throws {
        for (matter, isHeld) in [("parking-ticket", true), ("M", true), ("m", false)] {
            var story = Story()
            let placed = try story.add(placement("m"), by: first)
            try story.add(
                RecordsTests.release(matter), [("placement", placed)], by: first, second)
            #expect(try story.state().isHeld == isHeld)
        }
    }

    @Test("is a set: each matter and each placement is released by itself")
    func matters() throws {
        var story = Story()
        let placed = try story.add(placement("a"), by: first)
        try story.add(placement("b"), by: first)
        try story.add(placement("a"), by: first)
        try story.add(RecordsTests.release("a"), [("placement", placed)], by: first, second)
        #expect(try story.state().holds.map(\.isHeld) == [false, true, true])
    }
}

@Suite("The state of accepted risks")
struct AcceptanceStateTests {
    private let owner = Story.Hand(name: "alice", role: .riskOwner)
    private let approver = Story.Hand(name: "bob", role: .riskApprover)

    private func status(_ hands: Story.Hand...) throws -> AcceptanceState.Status? {
        var story = Story()
        let digest = try story.add(acceptance(), [("evidence", try digest("e"))])
        for hand in hands { try story.sign(digest, by: hand) }
        return try story.state().acceptances.first?.status
    }

    @Test("takes an owner and an approver that are two operators")
    func twoPersons() throws {
        #expect(try status() == .proposed)
        #expect(try status(owner) == .proposed)
        #expect(try status(approver) == .proposed)
        #expect(try status(owner, approver) == .accepted)
        #expect(try status(owner, Story.Hand(name: "alice", role: .riskApprover)) == .proposed)
        let both = [Role.riskOwner, .riskApprover]
        #expect(
            try status(
                Story.Hand(name: "a", role: both[0]), Story.Hand(name: "a", role: both[1]),
                Story.Hand(name: "b", role: both[0]), Story.Hand(name: "b", role: both[1]))
                == .accepted)
    }

    @Test("counts up to its last instant and not a second longer")
    func expiry() throws {
        var story = Story()
        try story.add(acceptance(), [("evidence", try digest("e"))], by: owner, approver)
        #expect(
            try story.state(asOf: "2026-12-31T23:59:59Z").acceptances.map(\.status) == [.accepted])
        #expect(
            try story.state(asOf: "2027-01-01T00:00:00Z").acceptances.map(\.status) == [.expired])
    }

    @Test("ends with a revocation, which the next acceptance of the finding must name")
    func revoked() throws {
        for names in [false, true] {
            var story = Story()
            let evidence = ("evidence", try digest("e"))
            let first = try story.add(acceptance(), [evidence], by: owner, approver)
            let end = try story.add(revocation, [("acceptance", first)])
            try story.add(
                acceptance(), [evidence] + (names ? [("supersedes", end)] : []), by: owner,
                approver)
            try story.add(acceptance("other"), [evidence], by: owner, approver)
            #expect(
                try story.state().acceptances.map(\.status)
                    == [.revoked, names ? .accepted : .revoked, .accepted])
        }
    }
}

@Suite("The state of many acceptances of one finding")
struct ManyAcceptancesTests {
    @Test("is that of each, however many were revoked before")
    func many() throws {
        var story = Story()
        let evidence = ("evidence", try digest("e"))
        let hands = [
            Story.Hand(name: "alice", role: .riskOwner),
            Story.Hand(name: "bob", role: .riskApprover),
        ]
        var revoked: [SHA256Digest] = []
        for _ in 0..<20 {
            let links = revoked.map { ("supersedes", $0) }
            let accepted = try story.add(acceptance(), [evidence] + links, by: hands[0], hands[1])
            #expect(try story.state().acceptances.last?.status == .accepted)
            try story.add(acceptance(), [evidence] + links.dropLast(), by: hands[0], hands[1])
            #expect(
                try story.state().acceptances.last?.isRevoked == !revoked.isEmpty)
            revoked.append(try story.add(revocation, [("acceptance", accepted)]))
            #expect(try story.state().acceptances.dropLast().last?.isRevoked == true)
        }
    }
}

@Suite("The state of deliveries")
struct DeliveryStateTests {
    private let reviewer = Story.Hand(name: "bob", role: .delivery)

    @Test("follows the last record of each delivery")
    func latest() throws {
        var story = Story()
        try story.add(delivery(.failed))
        #expect(try story.state().deliveries.open.count == 1)
        try story.add(delivery(.delivered))
        #expect(try story.state().deliveries.open.isEmpty)
        try story.add(delivery(.unknownOutcome))
        #expect(try story.state().deliveries.open.count == 1)
        #expect(try story.state().deliveries.items.count == 1)
    }

    @Test("has a dry run reviewed by an operator who made neither the run nor its plan")
    func review() throws {
        for (planner, runner, isSigned, isReviewed) in [
            ("alice", "carol", true, true), ("bob", "carol", true, false),
            ("alice", "carol", false, true), ("bob", "carol", false, false),
            ("alice", "bob", false, false), (nil, "carol", false, false),
            ("alice", nil, false, false), ("rob", "carol", false, false),
        ] {
            var story = Story()
            let failed = try story.add(delivery(.failed))
            let planned = try story.add(plan(), [("delivery", failed)], makes: planner)
            if isSigned, let planner {
                try story.sign(planned, by: Story.Hand(name: planner, role: .delivery))
            }
            let dry = try story.add(run(.dryRun), [("plan", planned)], makes: runner)
            try story.add(
                .retryReview(RetryReview(.approved, reason: nil)), [("run", dry)], makes: "rob",
                by: reviewer)
            let state = try story.state()
            #expect(
                (state.retries.reviewedDryRun(of: planned) != nil) == isReviewed,
                "\(planner ?? "-") \(runner ?? "-")")
            let key = try #require(state.deliveries.items.first?.key)
            #expect(state.retries.plans(for: key).map(\.plan.digest) == [planned])
            #expect(state.retries.isPlanned("d") && !state.retries.isPlanned("e"))
        }
    }

    @Test("reports a live run without the standing approval of a dry run of its plan")
    func liveRun() throws {
        func problems(_ extra: (inout Story, SHA256Digest, SHA256Digest) throws -> [SHA256Digest])
            throws -> Int
        {
            var story = Story()
            let failed = try story.add(delivery(.failed))
            let planned = try story.add(plan(), [("delivery", failed)])
            let dry = try story.add(run(.dryRun), [("plan", planned)])
            let reviews = try extra(&story, planned, dry)
            try story.add(run(.live), [("plan", planned)] + reviews.map { ("review", $0) })
            return try story.state().issues.count {
                if case .notReviewed = $0.problem { true } else { false }
            }
        }
        let yes = Record.Body.retryReview(RetryReview(.approved, reason: nil))
        let no = Record.Body.retryReview(RetryReview(.denied, reason: nil))
        #expect(try problems { _, _, _ in [] } == 1)
        #expect(
            try problems { story, _, dry in [try story.add(yes, [("run", dry)], by: reviewer)] }
                == 0)
        #expect(try problems { story, _, dry in [try story.add(yes, [("run", dry)])] } == 1)
        #expect(
            try problems { story, _, dry in [try story.add(no, [("run", dry)], by: reviewer)] }
                == 1)
        #expect(
            try problems { story, _, dry in
                let review = try story.add(yes, [("run", dry)], by: reviewer)
                try story.add(no, [("run", dry)])
                return [review]
            } == 1)
    }
}
