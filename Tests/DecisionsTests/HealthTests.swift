import CloseoutDecisions
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutSignatures
import CloseoutVerification
import Testing

@Suite("Retention health")
struct HealthTests {
    private func retained() throws -> ReleaseCase {
        var release = ReleaseCase()
        try release.retain(until: "2033-01-01T00:00:00Z")
        return release
    }

    @Test("reports a release that does not count once, however often it was tried")
    func tellsOnce() throws {
        var release = try ReleaseCase.ready()
        let hold = try release.hold()
        var releases: [SHA256Digest] = []
        for reason in ["a", "b"] {
            releases.append(
                try release.add(
                    .legalHold(.release(.init(matter: "m", reason: reason))), [("placement", hold)],
                    by: [.init(role: .hold, name: "bob")]))
        }
        let findings = try release.health().findings
        let finding = try #require(findings.first { $0.check == HealthCheck.holdRelease.rawValue })
        #expect(
            finding.reason == "was to be released, but 1 of 2 operators signed it for hold")
        #expect(finding.evidence == ([hold] + releases).sorted())
    }

    @Test("is healthy where everything is known and good")
    func healthy() throws {
        var release = try retained()
        try release.strictly([:])
        release.sources.classes = try classes()
        let health = try release.health()
        #expect(health.level == .healthy, "\(health.findings)")
        #expect(health.coverage == .init(expected: 2, observed: 2, hashed: 2, skipped: 0))
    }

    @Test("finds what is wrong, and never calls it healthy", arguments: HealthCase.all)
    func finds(item: HealthCase) throws {
        var release = try retained()
        try item.spoil(&release)
        let health = try release.health()
        let found = health.findings.filter { $0.check == item.check.rawValue }
        #expect(found.contains { $0.status == item.status }, "\(health.findings)")
        #expect(found.allSatisfy { !$0.evidence.isEmpty && $0.severity == item.check.severity })
        #expect(health.level != .healthy)
        #expect(item.status != .unknown || health.level == .unknown)
        #expect(Set(health.findings.map(\.id)).count == health.findings.count)
    }

    @Test("has a case for every check", arguments: HealthCheck.allCases)
    func isCovered(check: HealthCheck) {
        #expect(HealthCase.all.contains { $0.check == check })
    }

    @Test("gives a finding the same id in every run, and another for another object")
    func stableIDs() throws {
        var release = try retained()
        release.asOf = "2032-12-03T00:00:00Z"
        let first = try release.health().findings.map(\.id)
        release.asOf = "2032-12-04T00:00:00Z"
        #expect(try release.health().findings.map(\.id) == first)
        #expect(first.count == 1)
    }

    @Test(
        "asks for no proof of a time that it can do without",
        arguments: [
            (key: nil as String?, proof: nil as String?), ("2033-01-01T00:00:00Z", nil),
            ("2027-01-01T00:00:00Z", "2026-08-30T00:00:01Z"),
            ("2027-01-01T00:00:00Z", "2033-01-01T00:00:00Z"),
        ])
    func signatures(item: (key: String?, proof: String?)) throws {
        var release = try retained()
        release.keyEnd = item.key
        release.proof = item.proof.map { (time: "2026-05-01T00:00:00Z", end: $0) }
        #expect(try release.health().findings.isEmpty)
    }

    @Test("lets a hold beat the end")
    func holds() throws {
        var release = try retained()
        release.asOf = "2033-01-01T00:00:01Z"
        #expect(try release.health().level == .critical)
        try release.hold(by: [])
        let health = try release.health()
        #expect(health.level == .critical)
        #expect(
            health.findings.map(\.reason) == [
                "retention ran out at 2033-01-01T00:00:00Z; the hold for m does not keep it, "
                    + "as it is only asserted: nobody signed it"
            ])
        try release.hold()
        #expect(try release.health().level == .healthy)
    }

    @Test("does not count what is stale as observed")
    func stale() throws {
        var release = try retained()
        release.sources.observations = [try observations(copy(), at: "2026-05-24T23:59:59Z")]
        let coverage = try release.health().coverage
        #expect(coverage == .init(expected: 2, observed: 1, hashed: 1, skipped: 1))
    }

    @Test("takes a copy that is held as kept without an end")
    func openEnded() throws {
        var release = ReleaseCase()
        try release.rule(.approved, on: try release.ask(until: nil, event: "contract-end"))
        release.sources.observations = [
            try observations(
                copy(["lifecycle_end": #""2099-01-01T00:00:00Z""#], without: "locked"))
        ]
        #expect(try release.health().findings.map(\.check) == ["RH-EVENT-OPEN"])
    }

    @Test(
        "takes the period of a class from the event that occurred, and from no earlier than the seal"
    )
    func basis() throws {
        var release = ReleaseCase()
        try release.rule(
            .approved,
            on: try release.ask(
                until: "2033-05-10T00:00:00Z", event: "contract-end",
                occurred: "2026-05-10T00:00:00Z"))
        release.sources.classes = try classes(minimum: "P7Y", basis: "contract-end")
        #expect(try release.health().level == .healthy)
        release.sources.classes = try classes(minimum: "P7Y1D", basis: "contract-end")
        #expect(try release.health().level == .critical)
    }

    @Test("of nothing that was observed is unknown")
    func nothing() throws {
        var release = try retained()
        release.spoiled[.bundleDigest] = .fail
        let health = try release.health()
        #expect(health.level == .unknown)
        #expect(health.coverage.observed == 0)
    }
}
