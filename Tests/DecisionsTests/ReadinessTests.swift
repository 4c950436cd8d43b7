import CloseoutDecisions
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutTestSupport
import CloseoutVerification
import Testing

@Suite("Evidence of readiness")
struct ReadinessTests {
    private func demanding(
        _ kinds: Readiness.Evidence..., severity: String = "high"
    ) throws -> Criteria {
        let words = kinds.map { #""\#($0.rawValue)""# }.joined(separator: ",")
        return try criteria(
            #"{"id":"R","title":"t","check":"readiness.complete","with":{"evidence":[\#(words)]},"severity":"\#(severity)","waivable":true}"#
        )
    }

    /// A release with readiness records of one link each.
    private func release(
        _ links: [(Readiness.Evidence, String)], sharedBecause: String? = nil
    ) throws -> ReleaseCase {
        var release = ReleaseCase()
        release.attachments = Set(try ["a", "b", "c"].map(digest))
        for (kind, file) in links {
            try release.add(
                .readiness(Readiness(references: [], sharedBecause: sharedBecause)),
                [(kind.rawValue, try digest(file))])
        }
        return release
    }

    @Test("is an attachment that is not empty, and nothing else of the bundle")
    func attachments() throws {
        let tests = try demanding(.tests)
        #expect(try release([(.tests, "a")]).result("R", tests).status == .pass)
        var reported = try release([])
        try reported.add(.readiness(Readiness(references: [])), [("tests", reported.seal)])
        let result = try reported.result("R", tests)
        #expect(result.status == .fail)
        #expect(
            result.reason
                == "there is no evidence of: tests (what is linked is empty or no attachment)")
        #expect(result.evidence == [try reported.seal])
    }

    @Test("shows one thing, unless a record says why it shows another as well")
    func shared() throws {
        let two = try demanding(.tests, .sbom)
        let both = [(Readiness.Evidence.tests, "a"), (.sbom, "a")]
        let result = try release(both).result("R", two)
        #expect(result.status == .fail)
        #expect(
            result.reason == "there is no evidence of: sbom (its file shows something else "
                + "already, and no record says why it is shared)")
        #expect(
            try release(both, sharedBecause: "one report").result("R", two).status == .pass)
        #expect(try release(both + [(.sbom, "b")]).result("R", two).status == .pass)
        #expect(try release(both + [(.tests, "c")]).result("R", two).status == .pass)
        #expect(
            try release(both, sharedBecause: "one report").result("R", demanding(.scan)).status
                == .fail)
    }

    @Test("is one file for each kind over all criteria together")
    func acrossCriteria() throws {
        let element = { (id: String, kind: String, isWaivable: Bool) in
            #"{"id":"\#(id)","title":"t","check":"readiness.complete","with":{"evidence":["\#(kind)"]},"severity":"high","waivable":\#(isWaivable)}"#
        }
        let criteria = try criteria(element("X", "tests", true), element("Y", "sbom", false))
        var release = try release([(.tests, "a"), (.sbom, "a")])
        #expect(try release.result("X", criteria).status == .pass)
        #expect(try release.result("Y", criteria).status == .fail)
        // Where the lack of one is accepted, the file is for the other.
        try release.accept("X", on: [release.seal])
        #expect(try release.result("Y", criteria).status == .pass)
        #expect(try release.decision(criteria).outcome == .readyWithAcceptedRisk)
    }

    @Test("is there for as many kinds as any way of dealing the files out serves")
    func matching() throws {
        var random = SplitMix64(seed: 81)
        let kinds: [Readiness.Evidence] = [.tests, .sbom, .scan, .approval]
        /// Whether distinct files can be found for all, by trying every way.
        func canServe(_ left: ArraySlice<Set<Int>>, _ taken: Set<Int> = []) -> Bool {
            guard let first = left.first else { return true }
            return first.subtracting(taken).contains {
                canServe(left.dropFirst(), taken.union([$0]))
            }
        }
        var served = 0
        for _ in 0..<400 {
            let links = kinds.map { _ in
                Set((0..<4).filter { _ in Int.random(in: 0..<5, using: &random) < 2 })
            }
            var release = ReleaseCase()
            release.attachments = Set(try (0..<4).map { try digest("\($0)") })
            for (kind, files) in zip(kinds, links) where !files.isEmpty {
                try release.add(
                    .readiness(Readiness(references: [])),
                    files.map { (kind.rawValue, try digest("\($0)")) })
            }
            let isServed = canServe(links[...])
            served += isServed ? 1 : 0
            let criteria = try demanding(.tests, .sbom, .scan, .approval)
            #expect((try release.result("R", criteria).status == .pass) == isServed, "\(links)")
        }
        #expect(served > 50 && served < 350)
    }

    @Test("that only a file of another system links to shows nothing")
    func imported() throws {
        let tests = try demanding(.tests)
        for source in [false, true] {
            var release = ReleaseCase()
            release.attachments = [try digest("file")]
            try release.add(
                .readiness(Readiness(references: [], sharedBecause: "one report")),
                [("tests", try digest("file"))]
                    + (source ? [("source", try digest("package"))] : []))
            #expect(try release.result("R", tests).status == (source ? .unknown : .pass))
        }
    }

    @Test("that is only referred to is no worse than none, where that is accepted")
    func reference() throws {
        let tests = try demanding(.tests)
        var release = try release([])
        #expect(try release.result("R", tests).evidence == [release.seal])
        try release.accept("R", on: [release.seal])
        #expect(try release.decision(tests).outcome == .readyWithAcceptedRisk)
        for source in [false, true] {
            var reported = release
            try reported.add(
                .readiness(Readiness(references: [.init(.tests, "JOB-7")])),
                source ? [("source", try digest("package"))] : [])
            #expect(try reported.result("R", tests).isAccepted)
            #expect(try reported.decision(tests).outcome == .readyWithAcceptedRisk)
        }
    }
}

@Suite("What is absent")
struct AbsenceTests {
    @Test("rests on the seal alone, whatever else is in the log")
    func seal() throws {
        var release = ReleaseCase()
        release.isArchived = false
        try release.showReadiness(without: .approval)
        try release.ask()
        for id in ["C1", "C2", "C4", "C5"] {
            let result = try release.result(id)
            #expect(result.status == .fail, "\(id)")
            #expect(result.evidence == [try release.seal], "\(id)")
        }
    }

    @Test("stays accepted when other evidence comes in")
    func accepted() throws {
        var release = ReleaseCase()
        try release.showReadiness(without: .documentation)
        try release.retain(until: "2033-01-01T00:00:00Z")
        for id in ["C4", "C10"] { try release.accept(id, on: [release.seal]) }
        #expect(try release.decision().outcome == .readyWithAcceptedRisk)
        try release.add(
            .readiness(Readiness(references: [])), [("tests", try digest("tests"))])
        try release.deliver(.suppressed, .retentionAlert)
        #expect(try release.decision().outcome == .readyWithAcceptedRisk)
    }

    @Test("and what is open beside it are accepted apart, and lapse apart")
    func parts() throws {
        let routes = try criteria(
            #"{"id":"C4","title":"t","check":"delivery.settled","with":{"event":"closeout","routes":["mail"]},"severity":"medium","waivable":true}"#
        )
        var release = ReleaseCase()
        try release.accept("C4", on: [release.seal])
        #expect(try release.decision(routes).outcome == .readyWithAcceptedRisk)
        let failed = try release.deliver(.failed, route: "siem")
        #expect(try release.result("C4", routes).evidence == [failed, release.seal].sorted())
        #expect(try release.decision(routes).outcome == .blocked)
        var apart = release
        try apart.accept("C4", on: [failed])
        #expect(try apart.decision(routes).outcome == .readyWithAcceptedRisk)
        #expect(try apart.result("C4", routes).acceptances.count == 2)
        try release.accept("C4", on: [failed, release.seal])
        #expect(try release.result("C4", routes).acceptances.count == 1)
        try apart.deliver(.delivered, route: "siem")
        #expect(try apart.decision(routes).outcome == .readyWithAcceptedRisk)
    }
}
