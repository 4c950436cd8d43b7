import CloseoutBundles
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutTestSupport
import CloseoutVerification
import Testing

@Suite("The evidence of a bundle")
struct EvidenceTests {
    /// A request that is approved, a hold, and a risk that is accepted.
    private func fill(_ bench: inout Bench) throws -> Staff {
        let staff = try bench.hire()
        let request = try bench.request(staff)
        try bench.store(decision(.approved), [("request", request)], by: staff.bob)
        try bench.store(
            .legalHold(.place(.init(matter: "m", custodian: "c", reason: "r"))), by: staff.bob)
        try bench.store(
            .riskAcceptance(
                .accept(
                    .init(
                        finding: "REL-050", owner: "o", reason: "r", compensatingControl: "c",
                        externalReference: "x", expires: try at("2026-12-31T23:59:59Z")))),
            [("evidence", bench.sealDigest())], by: staff.alice, staff.carol)
        return staff
    }

    @Test("is decided by the policy: who asked, who approved, what is held and accepted")
    func state() async throws {
        try await Bench.run { bench in
            _ = try fill(&bench)
            let report = try await bench.verify()
            #expect(report.verdict == .verified, "\(report.problems)")
            let evidence = try #require(report.evidence)
            #expect(evidence.retention.isApproved && evidence.isHeld && evidence.issues.isEmpty)
            #expect(evidence.acceptances.map(\.status) == [.accepted])
            #expect(evidence.retention.until == (try at("2033-01-01T00:00:00Z")))
            #expect(
                report.recordLines.map(\.operators)
                    == [[], ["alice"], ["bob"], ["bob"], ["alice", "carol"]])
            #expect(!report.recordLines.contains { !$0.isVerified })
        }
    }

    @Test("counts a word from where its signature is in the log")
    func lateSignature() async throws {
        try await Bench.run { bench in
            let staff = try bench.hire()
            let request = try bench.request(staff)
            let word = try bench.record(decision(.approved), [("request", request)])
            let digest = try bench.store(word)
            _ = try bench.request(staff, until: "2034-01-01T00:00:00Z")
            for key in [staff.bob, staff.carol] {
                try bench.attach(key.envelope(ofRecord: word))
            }
            try bench.commit()
            let evidence = try #require(try await bench.verify().evidence)
            let signatures = try bench.entries().filter { $0.kind == .signature }.map(\.sequence)
            let late = try #require(evidence.record(digest))
            #expect(late.status.counts)
            #expect(late.completed == signatures.dropLast().last)
            for record in evidence.records where record.digest != digest {
                #expect(record.completed == record.signed.sequence)
            }
        }
    }

    @Test("says nothing more than asserted to an auditor who trusts nobody with records")
    func strangers() async throws {
        try await Bench.run { bench in
            _ = try fill(&bench)
            bench.policy.keys.removeLast(3)
            bench.policy.roles = bench.policy.roles.filter { ["release", "log"].contains($0.key) }
            let report = try await bench.verify()
            #expect(report.verdict == .verified, "\(report.problems)")
            let evidence = try #require(report.evidence)
            #expect(!evidence.retention.isApproved && evidence.isHeld)
            #expect(evidence.acceptances.map(\.status) == [.proposed])
            let reported = report.findings.filter { $0.status == .unknown }
            #expect(
                reported.map(\.id) == [.recordAsserted] && reported.first?.subject == "4 records")
        }
    }

    @Test("is never verified once any of its files or log lines is taken away")
    func removal() async throws {
        try await Bench.run { bench in
            let staff = try fill(&bench)
            let request = try #require(
                try await bench.verify().evidence?.retention.items.first?.record.digest)
            try bench.store(decision(.denied), [("request", request)], by: staff.carol)
            let good = try await bench.verify()
            #expect(good.verdict == .verified && good.evidence?.retention.isApproved == false)
            let log = try bench.file("log.jsonl")
            for entry in try bench.entries()
            where entry.kind == .evidence || entry.kind == .signature {
                let name = String(decoding: entry.path, as: UTF8.self)
                let bytes = try bench.file(name)
                try bench.remove(name)
                #expect(try await bench.verify().verdict == .failed, "\(name)")
                try bench.setLog(try bench.entries().filter { $0.path != entry.path })
                #expect(try await bench.verify().verdict == .failed, "\(name) and its line")
                try bench.write(bytes, to: name)
                try bench.write(log, to: "log.jsonl")
            }
            let again = try await bench.verify()
            #expect(again.verdict == .verified, "\(again.problems)")
        }
    }

    @Test("loses its approvals, and keeps its denials and holds, when the keys end")
    func ageing() async throws {
        try await Bench.run { bench in
            let staff = try fill(&bench)
            let last = bench.policy.keys.count - 1
            bench.policy.keys[last - 1] = staff.bob.entry(
                "bob-1", "bob", window(to: "2026-06-30T00:00:00Z"))
            #expect(try await bench.verify().evidence?.retention.isApproved == true)
            bench.request.asOf = try at("2026-07-01T00:00:00Z")
            let later = try await bench.verify()
            #expect(later.evidence?.retention.isApproved == false)
            #expect(later.evidence?.isHeld == true)
            #expect(later.tells(.signatureKeyWindow, .unknown))
        }
    }

    @Test("counts for no role of the seal, whoever signed it")
    func notForTheSeal() async throws {
        try await Bench.run { bench in
            let name = try bench.first(.signature)
            let record = try bench.record(
                .readiness(Readiness(references: [.init(.tests, "JOB-7")])))
            try bench.store(record, by: bench.release)
            #expect(try await bench.verify().verdict == .verified)
            try bench.remove(name)
            try bench.write(
                WithheldList(paths: [bytes(name)]).canonicalBytes, to: "withheld.json")
            let report = try await bench.verify()
            #expect(report.verdict == .incomplete)
            #expect(report.tells(.signatureThreshold, .unknown))
        }
    }

    @Test("is reported in the order of the log")
    func order() async throws {
        try await Bench.run { bench in
            var paths: [String] = []
            for number in 0..<12 {
                let record = try bench.record(
                    .readiness(Readiness(references: [.init(.tests, "JOB-\(number)")])))
                let digest = try bench.attach(KeyPair().envelope(ofRecord: record))
                paths.append("signatures/\(digest.hex).dsse.json")
            }
            try bench.commit()
            let report = try await bench.verify()
            #expect(report.findings.filter { $0.id == .recordSignature }.map(\.subject) == paths)
        }
    }

    @Test("that is withheld by name makes the verdict INCOMPLETE, and nothing better")
    func withheld() async throws {
        try await Bench.run { bench in
            _ = try fill(&bench)
            var paths: [[UInt8]] = []
            for entry in try bench.entries().dropFirst(7)
            where entry.kind == .evidence || entry.kind == .signature {
                paths.append(entry.path)
                try bench.remove(String(decoding: entry.path, as: UTF8.self))
                try bench.write(WithheldList(paths: paths).canonicalBytes, to: "withheld.json")
                let report = try await bench.verify()
                #expect(report.verdict == .incomplete, "\(report.problems)")
                #expect(report.findings.count { $0.id == .recordWithheld } == paths.count)
            }
        }
    }
}
