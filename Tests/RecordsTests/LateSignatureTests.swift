import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutSignatures
import Testing

@Suite("A signature that comes late")
struct LateSignatureTests {
    private let alice = Story.Hand(name: "alice", role: .requester)
    private let bob = Story.Hand(name: "bob", role: .retention)
    private let carol = Story.Hand(name: "carol", role: .retention)
    private let reviewer = Story.Hand(name: "rita", role: .delivery)

    private let yes = Record.Body.retryReview(RetryReview(.approved, reason: nil))

    /// A failed delivery, a plan for it, and a dry run of that.
    private func rehearsed(by maker: String? = "mo") throws -> (Story, SHA256Digest, SHA256Digest) {
        var story = Story()
        let failed = try story.add(delivery(.failed))
        let planned = try story.add(plan(), [("delivery", failed)])
        let dry = try story.add(run(.dryRun), [("plan", planned)], makes: maker)
        return (story, planned, dry)
    }

    private func unreviewed(_ story: Story) throws -> Int {
        try story.state().issues.count {
            if case .notReviewed = $0.problem { true } else { false }
        }
    }

    @Test("reviews no live run that is before it in the log, and one that is behind it")
    func review() throws {
        for isLate in [false, true] {
            var (story, planned, dry) = try rehearsed()
            let review = try story.add(yes, [("run", dry)])
            if !isLate { try story.sign(review, by: reviewer) }
            try story.add(run(.live), [("plan", planned), ("review", review)])
            if isLate { try story.sign(review, by: reviewer) }
            #expect(try unreviewed(story) == (isLate ? 1 : 0))
            #expect(try story.state().retries.reviewedDryRun(of: planned) != nil)
        }
    }

    @Test("says too late who made a run for a review that a live run rests on already")
    func maker() throws {
        for isLate in [false, true] {
            var (story, planned, dry) = try rehearsed(by: nil)
            let maker = Story.Hand(name: "mo", role: .delivery)
            if !isLate { try story.sign(dry, by: maker) }
            let review = try story.add(yes, [("run", dry)], by: reviewer)
            try story.add(run(.live), [("plan", planned), ("review", review)])
            if isLate { try story.sign(dry, by: maker) }
            #expect(try unreviewed(story) == (isLate ? 1 : 0))
        }
    }

    @Test("takes nothing from a review that another one follows")
    func secondReview() throws {
        var (story, planned, dry) = try rehearsed()
        let review = try story.add(yes, [("run", dry)], makes: "a", by: reviewer)
        try story.add(yes, [("run", dry)], makes: "b", by: reviewer)
        try story.add(run(.live), [("plan", planned), ("review", review)])
        #expect(try unreviewed(story) == 0)
    }

    @Test("approves nothing that was denied before it came")
    func denied() throws {
        var story = Story()
        let asked = try story.add(request(), by: alice)
        let said = try story.add(decision(.approved), [("request", asked)])
        try story.add(decision(.denied), [("request", asked)])
        try story.sign(said, by: bob)
        #expect(try !story.state().retention.isApproved)
    }

    @Test("undoes a denial from its own place on, and no earlier")
    func undone() throws {
        for isLate in [false, true] {
            var story = Story()
            let first = try story.add(request(), by: alice)
            let second = try story.add(request(until: "2036-01-01T00:00:00Z"), by: alice)
            let no = try story.add(decision(.denied), [("request", first)])
            let other = try story.add(
                decision(.approved), [("request", second), ("supersedes", no)])
            if !isLate { try story.sign(other, by: bob) }
            try story.add(decision(.approved), [("request", first)], by: carol)
            if isLate { try story.sign(other, by: bob) }
            let state = try story.state()
            #expect(state.retention.approved.count == (isLate ? 1 : 2))
            #expect(
                state.issues.contains { if case .notUndone = $0.problem { true } else { false } }
                    == isLate)
        }
    }

    @Test("accepts no finding whose acceptance was revoked before it came")
    func revoked() throws {
        let hands = [
            Story.Hand(name: "alice", role: .riskOwner), .init(name: "bob", role: .riskApprover),
        ]
        for isLate in [false, true] {
            var story = Story()
            let evidence = ("evidence", try digest("e"))
            let first = try story.add(acceptance(), [evidence], by: hands[0], hands[1])
            let second = try story.add(acceptance(), [evidence], by: hands[0])
            if !isLate { try story.sign(second, by: hands[1]) }
            try story.add(revocation, [("acceptance", first)])
            if isLate { try story.sign(second, by: hands[1]) }
            #expect(
                try story.state().acceptances.map(\.status)
                    == [.revoked, isLate ? .revoked : .accepted])
        }
    }

    @Test("completes what it is needed for, and what needs that")
    func completion() throws {
        var story = Story()
        story.thresholds[.retention] = 2
        let asked = try story.add(request())
        let said = try story.add(decision(.approved), [("request", asked)], by: bob, carol)
        try story.sign(said, by: Story.Hand(name: "dora", role: .retention))
        func completed() throws -> [Int] { try story.state().records.map(\.completed) }
        // The request at 0, the decision at 1, its signatures at 2 to 4.
        #expect(try completed() == [0, 4])
        try story.sign(asked, by: alice)
        #expect(try completed() == [5, 5])
        story = story.without { index, _, name in index == 1 && name == "bob" }
        #expect(try completed() == [5, 5])
    }
}
