import CloseoutDecisions
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutVerification
import Testing

/// A row of the outcome table: what is done to a release of which everything is in place.
struct OutcomeRow: Sendable, CustomTestStringConvertible {
    let title: String
    let outcome: ReleaseOutcome
    /// The criteria that keep it from being better.
    let open: [String]
    let make: @Sendable () throws -> ReleaseCase

    init(
        _ title: String, _ outcome: ReleaseOutcome, _ open: [String] = [],
        _ make: @escaping @Sendable () throws -> ReleaseCase
    ) {
        self.title = title
        self.outcome = outcome
        self.open = open
        self.make = make
    }

    var testDescription: String { title }

    static let all: [OutcomeRow] = hardBlockers + soft

    /// The rows that nobody's acceptance changes.
    static let hardBlockers = [
        OutcomeRow("the closeout is open", .blocked, ["C1", "C3"]) {
            var release = ReleaseCase()
            try release.showReadiness(without: .approval)
            try release.retain(until: "2033-01-01T00:00:00Z")
            try release.deliver(.delivered)
            return release
        },
        OutcomeRow("the seal is not signed for the archive", .blocked, ["C2", "C3"]) {
            var release = try ReleaseCase.ready()
            release.isArchived = false
            return release
        },
        OutcomeRow("a file of the bundle is missing", .blocked, ["C3", "C6", "C7", "C8", "C11"]) {
            var release = try ReleaseCase.ready()
            release.spoiled[.bundleMissing] = .fail
            return release
        },
        OutcomeRow(
            "a private key is in the bundle", .blocked, ["C2", "C3", "C6", "C7", "C8", "C11"]
        ) {
            var release = try ReleaseCase.ready()
            release.spoiled[.bundlePrivateKey] = .fail
            return release
        },
        OutcomeRow("retention is not asked for", .blocked, ["C5", "C7", "C8"]) {
            var release = ReleaseCase()
            try release.showReadiness()
            try release.deliver(.delivered)
            return release
        },
        OutcomeRow("retention is asked for and not approved", .blocked, ["C5", "C7", "C8"]) {
            var release = ReleaseCase()
            try release.showReadiness()
            try release.deliver(.delivered)
            try release.ask()
            return release
        },
        OutcomeRow("retention ran out", .blocked, ["C5", "C7", "C8"]) {
            var release = try ReleaseCase.ready()
            release.asOf = "2033-01-01T00:00:01Z"
            return release
        },
        OutcomeRow("a delivery failed and has no plan", .blocked, ["C9"]) {
            var release = ReleaseCase()
            try release.showReadiness()
            try release.retain(until: "2033-01-01T00:00:00Z")
            let failed = try release.deliver(.failed)
            try release.accept("C4", on: [failed])
            try release.accept("C9", on: [failed])
            return release
        },
        OutcomeRow("the shipped files are not given", .blocked, ["C3", "C11"]) {
            var release = try ReleaseCase.ready()
            release.hasArtifacts = false
            return release
        },
    ]

    /// The rows of what can be accepted.
    static let soft = [
        OutcomeRow("everything is in place", .readyForRelease) { try ReleaseCase.ready() },
        OutcomeRow(
            "a delivery failed, has a plan, and that is accepted", .readyWithAcceptedRisk, ["C4"]
        ) {
            var release = try planned()
            let failed = try #require(release.records.last { $0.record.kind == .delivery })
            try release.accept("C4", on: [failed.digest])
            return release
        },
        OutcomeRow("a delivery failed, has a plan, and nobody accepts that", .blocked, ["C4"]) {
            try planned()
        },
        OutcomeRow("retention runs out soon, and nobody accepts that", .blocked, ["C7", "C8"]) {
            try expiring()
        },
        OutcomeRow(
            "retention runs out soon, the alert is sent and its owner accepts the finding",
            .readyWithAcceptedRisk, ["C7"]
        ) {
            var release = try expiring()
            try release.deliver(.delivered, .retentionAlert)
            let finding = try #require(try release.health().findings.first)
            try release.accept(finding.id, on: finding.evidence)
            return release
        },
    ]

    private static func planned() throws -> ReleaseCase {
        var release = ReleaseCase()
        try release.showReadiness()
        try release.retain(until: "2033-01-01T00:00:00Z")
        try release.plan(for: try release.deliver(.failed))
        return release
    }

    private static func expiring() throws -> ReleaseCase {
        var release = ReleaseCase()
        try release.showReadiness()
        try release.retain(until: "2026-06-20T00:00:00Z")
        try release.deliver(.delivered)
        return release
    }
}

@Suite("The outcome")
struct OutcomeTableTests {
    @Test("follows the table, row by row", arguments: OutcomeRow.all)
    func follows(row: OutcomeRow) throws {
        let decision = try row.make().decision()
        #expect(decision.outcome == row.outcome, "\(decision.reason)")
        #expect(decision.obstacles.map(\.id) == row.open, "\(decision.reason)")
    }

    @Test("names for every obstacle what would have to change", arguments: OutcomeRow.all)
    func remedies(row: OutcomeRow) throws {
        for result in try row.make().decision().obstacles { #expect(result.remedy != nil) }
    }

    @Test(
        "is blocked where nobody can accept, whatever is signed", arguments: OutcomeRow.hardBlockers
    )
    func cannotBeAccepted(row: OutcomeRow) throws {
        var release = try row.make()
        for result in try release.decision().results where result.status == .fail {
            try release.accept(result.id, on: result.evidence, until: "2033-06-01T00:00:00Z")
            for finding in result.findings {
                try release.accept(finding.id, on: finding.evidence)
            }
        }
        #expect(try release.decision().outcome == .blocked)
    }

    @Test("is blocked where no criterion is applicable")
    func noneApplies() throws {
        let criteria = try criteria(
            #"{"id":"X","title":"t","check":"retries.planned","severity":"high","waivable":false}"#)
        let decision = try ReleaseCase.ready().decision(criteria)
        #expect(decision.outcome == .blocked)
        #expect(decision.reason == "no criterion is applicable")
    }

    @Test("is blocked where the bundle is not VERIFIED, whatever the criteria ask for")
    func notVerified() throws {
        let criteria = try criteria(
            #"{"id":"X","title":"t","check":"readiness.complete","with":{"evidence":["tests"]},"severity":"low","waivable":false}"#
        )
        var release = try ReleaseCase.ready()
        #expect(try release.decision(criteria).outcome == .readyForRelease)
        release.spoiled[.logUncommitted] = .unknown
        let decision = try release.decision(criteria)
        #expect(decision.outcome == .blocked)
        #expect(decision.reason == "the bundle is INCOMPLETE")
    }
}

/// Criteria of the given elements.
func criteria(
    _ elements: String..., acceptance: String = #"{"max_days":{}}"#
) throws -> Criteria {
    let text =
        #"{"kind":"closeout/criteria/v1","id":"t","version":1,"title":"t","acceptance":"#
        + acceptance + #","criteria":["# + elements.joined(separator: ",") + "]}"
    return try Criteria(parsing: Array(text.utf8))
}
