import Decisions
import Encodings
import OpenSSL
import Records
import Signatures
import Testing
import Verification

/// One way in which retention is not healthy.
struct HealthCase: Sendable, CustomTestStringConvertible {
    let check: HealthCheck
    let title: String
    let status: CriterionStatus
    let spoil: @Sendable (inout ReleaseCase) throws -> Void

    init(
        _ check: HealthCheck, _ title: String, _ status: CriterionStatus = .fail,
        _ spoil: @escaping @Sendable (inout ReleaseCase) throws -> Void
    ) {
        self.check = check
        self.title = title
        self.status = status
        self.spoil = spoil
    }

    var testDescription: String { "\(check.rawValue): \(title)" }

    static let all = ofRecords + ofSignatures + ofClasses + ofCopies

    private static let ofSignatures = [
        HealthCase(.signature, "a key ends before the retention") {
            $0.keyEnd = "2032-12-31T23:59:59Z"
        },
        HealthCase(.signature, "a key ends while all is held") { release in
            release.keyEnd = "2034-01-01T00:00:00Z"
            try release.hold()
        },
        HealthCase(.signature, "a signature does not verify") {
            $0.spoiled[.signatureValid] = .fail
        },
        HealthCase(.renewal, "the certificates of a time-stamp end in 90 days") {
            $0.keyEnd = "2027-01-01T00:00:00Z"
            $0.proof = (time: "2026-05-01T00:00:00Z", end: "2026-08-30T00:00:00Z")
        },
        HealthCase(.chain, "the log does not add up") { $0.spoiled[.logRoot] = .fail },
    ]

    private static let ofRecords = [
        HealthCase(.missing, "nobody asked for retention") { $0.records = [] },
        HealthCase(.approval, "another request is denied") { release in
            try release.rule(.denied, on: try release.ask())
        },
        HealthCase(.approval, "the requester approves with another key") { release in
            release.records = []
            let request = try release.ask()
            try release.rule(
                .approved, on: request, by: [.init(role: .retention, name: "alice")])
        },
        HealthCase(.expired, "the last second has passed") { $0.asOf = "2033-01-01T00:00:01Z" },
        HealthCase(.expired, "a hold that nobody signed does not keep it") { release in
            try release.hold(by: [])
            release.asOf = "2033-01-01T00:00:01Z"
        },
        HealthCase(.expired, "a hold by somebody without the role does not keep it") { release in
            try release.hold(by: ReleaseCase.Hand.alice)
            release.asOf = "2033-01-01T00:00:01Z"
        },
        HealthCase(.expiring, "the last 30 days have begun") { $0.asOf = "2032-12-02T00:00:00Z" },
        HealthCase(.shortened, "a request ends before one that was approved") { release in
            try release.ask(until: "2032-12-31T00:00:00Z")
        },
        HealthCase(.modeDown, "a weaker mode is approved later") { release in
            for mode in [RetentionRequest.Mode.compliance, .governance] {
                try release.rule(
                    .approved, on: try release.ask(until: "2034-01-01T00:00:00Z", mode: mode))
            }
        },
        HealthCase(.modeDown, "a weaker mode that was asked for before is approved later") {
            release in
            let weaker = try release.ask(until: "2034-01-01T00:00:00Z", mode: .governance)
            let stricter = try release.ask(until: "2034-01-01T00:00:00Z", mode: .compliance)
            try release.rule(.approved, on: stricter)
            try release.rule(.approved, on: weaker)
        },
        HealthCase(.modeDown, "a weaker mode was approved before, and that is signed later") {
            release in
            let weaker = try release.ask(until: "2034-01-01T00:00:00Z", mode: .governance)
            let said = try release.rule(.approved, on: weaker, by: [])
            let stricter = try release.ask(until: "2034-01-01T00:00:00Z", mode: .compliance)
            try release.rule(.approved, on: stricter)
            try release.sign(said, by: ReleaseCase.Hand.bob)
        },
        HealthCase(.eventOpen, "an approved request waits for its event") { release in
            try release.rule(.approved, on: try release.ask(until: nil, event: "contract-end"))
        },
        HealthCase(.holdRelease, "one operator alone would release a hold") { release in
            let hold = try release.hold()
            try release.add(
                .legalHold(.release(.init(matter: "m", reason: "r"))), [("placement", hold)],
                by: [.init(role: .hold, name: "bob")])
        },
        HealthCase(.holdRelease, "two operators release a hold as one of another matter") {
            release in
            let hold = try release.hold()
            try release.add(
                .legalHold(.release(.init(matter: "n", reason: "r"))), [("placement", hold)],
                by: [.init(role: .hold, name: "bob"), .init(role: .hold, name: "carol")])
        },
        HealthCase(.clockForward, "a record says that it is of tomorrow") { release in
            try release.add(
                .readiness(Readiness(references: [.init(.tests, "x")])),
                at: "2026-06-01T00:05:01Z")
        },
        HealthCase(.clockBack, "a time-stamp proves that it is later than T") { release in
            release.provenTimes = [
                ProvenTime(sequence: 4, instant: try at("2026-06-01T00:05:01Z"))
            ]
        },
        HealthCase(.fixity, "the bundle is not verified", .unknown) {
            $0.spoiled[.logRoot] = .fail
        },
    ]

    private static let ofClasses = [
        HealthCase(.short, "it ends before its class's minimum") { release in
            release.sources.classes = try classes(minimum: "P7Y")
        },
        HealthCase(.short, "its class is not in the table", .unknown) { release in
            release.sources.classes = try classes(id: "other")
        },
        HealthCase(.short, "it counts from an event before the seal") { release in
            release.records = []
            try release.rule(
                .approved,
                on: try release.ask(
                    until: "2033-01-01T00:00:00Z", event: "contract-end",
                    occurred: "2026-01-01T00:00:00Z"))
            release.sources.classes = try classes(minimum: "P7Y", basis: "contract-end")
        },
        HealthCase(.short, "it does not name the event of its class", .unknown) { release in
            release.sources.classes = try classes(basis: "contract-end")
        },
        HealthCase(.unlocked, "its mode is weaker than its class's") { release in
            release.sources.classes = try classes(mode: "compliance")
        },
    ]

    private static let ofCopies = [
        HealthCase(.observation, "a provider has no copy", .unknown) { release in
            release.sources.observations = [try observations("")]
        },
        HealthCase(.observation, "a provider has fewer copies than it should", .unknown) {
            release in
            release.sources.observations = [try observations(copy(), expected: 2)]
        },
        HealthCase(.observation, "an observation is a week old", .unknown) { release in
            release.sources.observations = [
                try observations(copy(), at: "2026-05-24T23:59:59Z")
            ]
        },
        HealthCase(.observation, "an observation is of tomorrow", .unknown) { release in
            release.sources.observations = [
                try observations(copy(), at: "2026-06-01T00:05:01Z")
            ]
        },
        HealthCase(.fixity, "a copy had another digest a month ago") { release in
            release.sources.observations = [
                try observations(
                    copy(["sha256": #""\#(hex("b"))""#]), at: "2026-05-01T00:00:00Z")
            ]
        },
        HealthCase(.observation, "it is not said how long a copy is kept", .unknown) { release in
            release.sources.observations = [try observations(copy(without: "until"))]
        },
        HealthCase(.fixity, "a copy has another digest") { release in
            release.sources.observations = [try observations(copy(["sha256": #""\#(hex("b"))""#]))]
        },
        HealthCase(.fixity, "nobody says which digest a copy has", .unknown) { release in
            release.sources.observations = [try observations(copy(without: "sha256"))]
        },
        HealthCase(.fixityAge, "a copy was hashed long ago") { release in
            release.sources.observations = [
                try observations(copy(["hashed_at": #""2026-03-02T23:59:59Z""#]))
            ]
        },
        HealthCase(.fixityAge, "a copy says that it was hashed tomorrow") { release in
            release.sources.observations = [
                try observations(copy(["hashed_at": #""2026-06-01T00:05:01Z""#]))
            ]
        },
        HealthCase(.short, "a copy has an end, and the retention waits for its event") { release in
            try release.rule(.approved, on: try release.ask(until: nil, event: "contract-end"))
            release.sources.observations = [try observations(copy(["held": "false"]))]
        },
        HealthCase(.lifecycle, "a rule deletes a copy, and the retention waits for its event") {
            release in
            try release.rule(.approved, on: try release.ask(until: nil, event: "contract-end"))
            release.sources.observations = [
                try observations(
                    copy(
                        ["lifecycle_end": #""2099-01-01T00:00:00Z""#, "held": "false"],
                        without: "locked"))
            ]
        },
        HealthCase(.short, "a copy is kept for less long than was approved") { release in
            release.sources.observations = [
                try observations(copy(["until": #""2032-12-31T23:59:59Z""#]))
            ]
        },
        HealthCase(.unlocked, "a copy is not locked") { try $0.strictly(["locked": "false"]) },
        HealthCase(.unlocked, "nobody says whether a copy is locked", .unknown) {
            try $0.strictly([:], without: "locked")
        },
        HealthCase(.bypass, "somebody may delete a copy, whatever was asked for") { release in
            release.sources.observations = [try observations(copy(["bypass": "true"]))]
        },
        HealthCase(.unlocked, "a copy is of a weaker mode than its class asks") { release in
            release.sources.classes = try classes(mode: "compliance")
            release.sources.observations = [try observations(copy(["mode": #""governance""#]))]
        },
        HealthCase(.bypass, "somebody may delete a copy") { try $0.strictly(["bypass": "true"]) },
        HealthCase(.holdMissing, "a copy is not held") { release in
            try release.hold()
            release.sources.observations = [try observations(copy(["held": "false"]))]
        },
        HealthCase(.holdMissing, "a copy is not held, as a hold asks that nobody signed") {
            release in
            try release.hold(by: [])
            release.sources.observations = [try observations(copy(["held": "false"]))]
        },
        HealthCase(.version, "a delete marker lies above a copy") { release in
            release.sources.observations = [try observations(copy(["hidden": "true"]))]
        },
        HealthCase(.lifecycle, "a rule deletes a copy too early") { release in
            release.sources.observations = [
                try observations(
                    copy(["lifecycle_end": #""2027-01-01T00:00:00Z""#], without: "locked"))
            ]
        },
        HealthCase(.encryptionKey, "a copy's key is to be deleted") { release in
            release.sources.observations = [try observations(copy(["key_usable": "false"]))]
        },
        HealthCase(.replica, "a copy's replica is missing") { release in
            release.sources.observations = [try observations(copy(["replica": "false"]))]
        },
        HealthCase(.standard, "what comes next is kept less strictly") { release in
            release.sources.observations = [try observations(copy(["default_rule": "false"]))]
        },
        HealthCase(.budget, "retention cannot be extended any more") { release in
            release.sources.observations = [try observations(copy(["changes_left": "0"]))]
        },
    ]
}

@Suite("Retention health")
struct HealthTests {
    private func retained() throws -> ReleaseCase {
        var release = ReleaseCase()
        try release.retain(until: "2033-01-01T00:00:00Z")
        return release
    }

    @Test("tells of a release that does not count once, however often it was tried")
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

extension ReleaseCase {
    /// Approves retention in mode compliance, and has a copy that keeps it but for some fields.
    fileprivate mutating func strictly(
        _ changes: [String: String], without field: String? = nil
    ) throws {
        records = []
        try rule(.approved, on: try ask(mode: .compliance))
        sources.observations = [try observations(copy(changes, without: field))]
    }
}
