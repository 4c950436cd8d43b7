import CloseoutDecisions
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutSignatures
import CloseoutVerification
import Testing

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

extension ReleaseCase {
    /// Approves retention in mode compliance, and has a copy that keeps it but for some fields.
    mutating func strictly(
        _ changes: [String: String], without field: String? = nil
    ) throws {
        records = []
        try rule(.approved, on: try ask(mode: .compliance))
        sources.observations = [try observations(copy(changes, without: field))]
    }
}
