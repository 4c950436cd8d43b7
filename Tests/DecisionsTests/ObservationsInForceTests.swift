import CloseoutDecisions
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutSignatures
import CloseoutVerification
import Testing

@Suite("Observations that a decision rested on")
struct ObservationsInForceTests {
    private static let bad = copy(["sha256": #""\#(hex("b"))""#])

    /// A release, the bytes of its attachments, and what it is judged by.
    private struct Log {
        var release = ReleaseCase()
        var attachments: [SHA256Digest: [UInt8]] = [:]

        /// Adds a decision that rests on observations.
        mutating func decide(
            on texts: String..., asOf instant: String = "2026-06-01T00:00:00Z",
            by hands: [ReleaseCase.Hand] = [.init(role: .decider, name: "dora")]
        ) throws {
            var links: [(String, SHA256Digest)] = []
            for text in texts {
                let digest = try digest(text)
                attachments[digest] = Array(text.utf8)
                links.append((RetentionFiles.observationsLink, digest))
            }
            let health = try release.add(.retentionHealth(try release.health()), links)
            let log = LogPrefix(size: 4, root: try release.seal)
            try release.add(
                .decision(
                    ReleaseDecision(
                        outcome: .blocked, log: log, criteria: try release.seal,
                        policy: try release.seal, asOf: try at(instant), usedArtifacts: false,
                        results: [.init(id: "H", status: .unknown, evidence: [])])),
                [(ReleaseDecision.health, health)], by: hands)
        }

        /// What is in force beside what is given.
        func sources(_ given: String..., asOf: String = "2026-06-01T00:00:00Z") throws
            -> RetentionSources
        {
            let state = try release.report().evidence
            return RetentionFiles(of: state, in: attachments).inForce(in: state).adding(
                RetentionSources(
                    observations: try given.map { try Observations(parsing: Array($0.utf8)) }),
                asOf: try at(asOf))
        }
    }

    private func days(_ sources: RetentionSources) -> [String] {
        sources.observations.map { String($0.at.description.prefix(10)) }
    }

    @Test("stay in force until a newer one of the same provider is given")
    func newer() throws {
        var log = Log()
        try log.decide(on: observationsText(Self.bad, at: "2026-05-30T00:00:00Z"))
        #expect(days(try log.sources()) == ["2026-05-30"])
        let older = observationsText(copy(), at: "2026-05-29T00:00:00Z")
        #expect(days(try log.sources(older)) == ["2026-05-30", "2026-05-29"])
        let other = observationsText(copy(), at: "2026-05-31T00:00:00Z", provider: "gcs")
        #expect(days(try log.sources(other)) == ["2026-05-30", "2026-05-31"])
        let newer = observationsText(copy(), at: "2026-05-31T00:00:00Z")
        #expect(days(try log.sources(newer)) == ["2026-05-31"])
        try log.decide(on: newer)
        try log.decide()
        #expect(days(try log.sources()) == ["2026-05-31"])
    }

    @Test(
        "are not replaced by what passes over one of their copies, or reports it of something else")
    func passedOver() throws {
        var log = Log()
        try log.decide(on: observationsText(Self.bad, at: "2026-05-30T00:00:00Z"))
        for changes in [["name": #""b""#], ["original": #""\#(hex("c"))""#]] {
            let newer = observationsText(copy(changes), at: "2026-05-31T00:00:00Z")
            #expect(days(try log.sources(newer)) == ["2026-05-30", "2026-05-31"])
        }
        let both = observationsText(
            copy() + "," + copy(["name": #""b""#]), at: "2026-05-31T00:00:00Z")
        #expect(days(try log.sources(both)) == ["2026-05-31"])
    }

    @Test("are not replaced by what is dated ahead, and what is itself ahead keeps nothing out")
    func future() throws {
        var log = Log()
        try log.decide(on: observationsText(Self.bad, at: "2026-05-30T00:00:00Z"))
        let ahead = observationsText(copy(), at: "2027-01-01T00:00:00Z")
        #expect(days(try log.sources(ahead)) == ["2026-05-30", "2027-01-01"])
        try log.decide(on: ahead)
        #expect(days(try log.sources()) == ["2026-05-30", "2027-01-01"])
        let now = observationsText(copy(), at: "2026-05-31T00:00:00Z")
        #expect(days(try log.sources(now)) == ["2026-05-31"])
    }

    @Test("two of one provider that were given together stay together")
    func together() throws {
        var log = Log()
        let first = observationsText(copy(["name": #""a""#]), at: "2026-05-30T00:00:00Z")
        let second = observationsText(copy(["name": #""b""#]), at: "2026-05-31T00:00:00Z")
        try log.decide(on: first, second)
        try log.decide(on: second, first)
        #expect(Set(days(try log.sources(first))) == ["2026-05-30", "2026-05-31"])
    }

    @Test("speak only against copies where the decision does not count")
    func doubted() throws {
        var log = Log()
        try log.release.retain(until: "2033-01-01T00:00:00Z")
        try log.decide(on: observationsText(Self.bad, at: "2026-05-30T00:00:00Z"))
        try log.decide(on: observationsText(copy(), at: "2026-05-31T00:00:00Z"), by: [])
        log.release.sources = try log.sources()
        #expect(days(log.release.sources) == ["2026-05-30"])
        #expect(log.release.sources.doubted.count == 1)
        let health = try log.release.health()
        #expect(health.coverage == .init(expected: 3, observed: 2, hashed: 1, skipped: 1))
        #expect(Set(health.findings.map(\.check)) == ["RH-FIXITY", "RH-OBS"])
        #expect(
            health.findings.contains {
                $0.reason == "is in the log for a decision that does not count, so nothing that it "
                    + "says for its copies counts"
            })
        let newest = try log.sources(observationsText(copy(), at: "2026-05-31T12:00:00Z"))
        #expect(newest.observations.count == 1 && newest.doubted.isEmpty)
    }

    @Test("that cannot be read say nothing")
    func unreadable() throws {
        var log = Log()
        try log.decide(on: "{}", observationsText(Self.bad))
        #expect(days(try log.sources()) == ["2026-05-31"])
    }
}
