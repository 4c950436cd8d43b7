import CloseoutBundles
import CloseoutDecisions
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutTestSupport
import CloseoutVerification
import Testing

extension FailureCase {
    static let deciding = decisionInputs + decisionRecords

    private static let decisionInputs: [FailureCase] = [
        FailureCase(.criteriaGiven, .unknown, "the policy pins criteria that nobody has") {
            bench in
            let dora = try bench.hireDecider()
            bench.policy.members = [
                JSONMember("criteria", ["sha256": JSON(String(repeating: "0", count: 64))])
            ]
            bench.criteria = nil
            try await bench.close(by: dora)
        },
        FailureCase(.criteriaPinned, "a decision under weaker criteria than the policy pins") {
            bench in
            let dora = try bench.hireDecider()
            bench.policy.members = [
                JSONMember(
                    "criteria",
                    ["sha256": JSON(try Profile.finalCloseout.criteria().digest.hex)])
            ]
            try await bench.close(by: dora)
        },
        FailureCase(.criteriaPinned, .unknown, "a decision under other criteria than are pinned") {
            bench in
            let dora = try bench.hireDecider()
            bench.pinCriteria()
            try await bench.close(by: dora) {
                $0.criteria = try #require(SHA256Digest([UInt8](repeating: 0, count: 32)))
            }
        },
        FailureCase(.decisionRequired, .unknown, "a decision is demanded, and there is none") {
            bench in
            _ = try bench.hireDecider()
            bench.policy.members = [JSONMember("require_decision", .bool(true))]
        },
        FailureCase(.decisionRequired, .unknown, "the decision is of another policy") { bench in
            let dora = try bench.hireDecider()
            bench.policy.members = [JSONMember("require_decision", .bool(true))]
            try await bench.close(by: dora) {
                $0.policy = try #require(SHA256Digest([UInt8](repeating: 0, count: 32)))
            }
        },
        FailureCase(.decisionRequired, .unknown, "the decision was made by earlier rules") {
            bench in
            let dora = try bench.hireDecider()
            bench.policy.members = [JSONMember("require_decision", .bool(true))]
            try await bench.close(by: dora) { $0.rules = .v1 }
        },
        FailureCase(.decisionRequired, .unknown, "a decision is demanded of a proof") { bench in
            _ = try bench.hireDecider()
            bench.policy.members = [JSONMember("require_decision", .bool(true))]
            try await bench.prove("bin/tool")
        },
        FailureCase(.decisionRequired, "the decision that is demanded is blocked") { bench in
            let dora = try bench.hireDecider()
            bench.policy.members = [JSONMember("require_decision", .bool(true))]
            bench.request.artifacts = .none
            try await bench.close(by: dora)
        },
        FailureCase(.decisionRequired, "a later decision that does not count is blocked") { bench in
            let dora = try bench.hireDecider()
            bench.policy.members = [JSONMember("require_decision", .bool(true))]
            try await bench.close(by: dora)
            try await bench.close(by: try KeyPair()) { $0.outcome = .blocked }
        },
        FailureCase(.decisionRecomputed, .unknown, "the shipped files are no longer given") {
            bench in
            let dora = try bench.hireDecider()
            try await bench.close(by: dora)
            bench.request.artifacts = .none
        },
    ]

    private static let decisionRecords: [FailureCase] = [
        FailureCase(.decisionRecomputed, "a decision says ready, and the release was blocked") {
            bench in
            let dora = try bench.hireDecider()
            bench.request.artifacts = .none
            try await bench.close(by: dora) { $0.outcome = .readyForRelease }
        },
        FailureCase(.decisionRecomputed, "a decision has another result for one criterion") {
            bench in
            let dora = try bench.hireDecider()
            try await bench.close(by: dora) { draft in
                draft.results[1] = ReleaseDecision.Criterion(
                    id: "A2", status: .notApplicable, evidence: [])
            }
        },
        FailureCase(.decisionRecomputed, "a decision rests on other evidence") { bench in
            let dora = try bench.hireDecider()
            try await bench.close(by: dora) { draft in
                draft.results[1] = ReleaseDecision.Criterion(
                    id: "A2", status: .pass, evidence: [try bench.sealDigest()])
            }
        },
        FailureCase(.decisionPrefix, "a decision is put behind records that it did not see") {
            bench in
            let dora = try bench.hireDecider()
            try await bench.close(by: dora) { draft in
                try bench.add(.attachment, .octets, bytes("later"))
            }
        },
        FailureCase(.decisionPrefix, "a decision pins another history") { bench in
            let dora = try bench.hireDecider()
            try await bench.close(by: dora) { draft in
                draft.log = LogPrefix(size: draft.log.size, root: try bench.sealDigest())
            }
        },
        FailureCase(.decisionPrefix, "a decision pins entries behind itself") { bench in
            let dora = try bench.hireDecider()
            try await bench.close(by: dora) { draft in
                draft.log = LogPrefix(size: 99, root: draft.log.root)
            }
        },
        FailureCase(.decisionAsOf, "a decision is dated back to before what its log proves") {
            bench in
            let dora = try bench.hireDecider()
            try bench.witness(at: "2026-05-20T00:00:00Z")
            try bench.add(.timestamp, .note, bench.file("checkpoint"))
            try bench.commit()
            try await bench.close(by: dora) { $0.asOf = try at("2026-05-19T00:00:00Z") }
        },
        FailureCase(.decisionAsOf, "a decision is dated back to before its seal") { bench in
            let dora = try bench.hireDecider()
            try await bench.close(by: dora) { $0.asOf = try at("2020-01-01T00:00:00Z") }
        },
        FailureCase(.decisionAsOf, "a decision is dated back to before a record of its log") {
            bench in
            let staff = try bench.hire()
            let dora = try bench.hireDecider()
            _ = try bench.request(staff)
            try await bench.close(by: dora) { $0.asOf = try at("2026-05-01T23:54:59Z") }
        },
        FailureCase(
            .decisionAsOf, .unknown, "a decision is of an instant after the verification time"
        ) { bench in
            let dora = try bench.hireDecider()
            try await bench.close(by: dora) {
                $0.asOf = try at("2026-06-01T00:00:01Z")
            }
        },
        FailureCase(.decisionComputed, "a summary says that there is less than there is") {
            bench in
            let dora = try bench.hireDecider()
            let summary = try bench.store(summaryOf: 0)
            try await bench.close(by: dora) { $0.links = [(ReleaseDecision.summary, summary)] }
        },
    ]
}
