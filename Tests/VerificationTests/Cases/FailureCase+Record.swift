import CloseoutBundles
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutSignatures
import CloseoutTestSupport
import CloseoutVerification
import Testing

extension FailureCase {
    static let record = recordForm + recordSigning + recordMeaning

    private static let recordForm: [FailureCase] = [
        FailureCase(.recordFormat, "a record is not canonical") { bench in
            let name = try bench.first(.evidence)
            try bench.forge(name, bench.file(name) + bytes("\n"))
        },
        FailureCase(.recordFormat, .unknown, "a record is of a kind that is not known") { bench in
            let name = try bench.first(.evidence)
            let record = String(decoding: try bench.file(name), as: UTF8.self)
            let other = record.replacing("archive-signature/v1", with: "archive-signature/v9")
            try bench.forge(name, bytes(other))
        },
        FailureCase(.recordRelease, "a record is about another version") { bench in
            let name = try bench.first(.evidence)
            let record = String(decoding: try bench.file(name), as: UTF8.self)
            try bench.forge(name, bytes(record.replacing("1.4.0", with: "1.4.1")))
        },
        FailureCase(.recordSeal, "an approval for another bundle of the release is replayed") {
            bench in
            let staff = try bench.hire()
            let request = try bench.request(staff)
            let record = try bench.record(
                decision(.approved), [("request", request)],
                seal: SHA256Digest.of(bytes("another")))
            try bench.store(record, by: staff.bob)
        },
        FailureCase(.recordLink, "a record links to what the log does not name") { bench in
            let record = try bench.record(of: SHA256Digest.of(bytes("nothing")))
            try bench.smuggle(record, .evidence, as: "evidence/r.json")
        },
        FailureCase(.recordLink, "a record links to what only a later entry names") { bench in
            let later = bytes("later")
            let record = try bench.record(of: SHA256Digest.of(later))
            try bench.smuggle(record, .evidence, as: "evidence/r.json")
            try bench.smuggle(later, .attachment, as: "attachments/later")
        },
        FailureCase(.recordLink, "a decision links to a hold as the request that it decides on") {
            bench in
            let staff = try bench.hire()
            let hold = try bench.store(
                .legalHold(.place(.init(matter: "m", custodian: "c", reason: "r"))),
                by: staff.bob)
            try bench.store(decision(.approved), [("request", hold)], by: staff.bob)
        },
        FailureCase(.recordLink, .unknown, "a decision links to a request that is withheld") {
            bench in
            let staff = try bench.hire()
            let request = try bench.request(staff)
            try bench.store(decision(.approved), [("request", request)], by: staff.bob)
            let name = "evidence/\(request.hex).json"
            try bench.remove(name)
            try bench.write(WithheldList(paths: [bytes(name)]).canonicalBytes, to: "withheld.json")
        },
        FailureCase(.recordLink, "a decision links to an attachment as its request") { bench in
            let staff = try bench.hire()
            let file = try bench.add(.attachment, .octets, bytes("no record"))
            try bench.store(decision(.approved), [("request", file)], by: staff.bob)
        },
        FailureCase(
            .recordAt, "a record claims to be younger than T by more than clocks differ",
            verdict: .verified
        ) { bench in
            bench.request.asOf = try at("2026-05-01T23:54:59Z")
        },
        FailureCase(.recordWithheld, .unknown, "a record is withheld and listed") { bench in
            let name = try bench.first(.evidence)
            try bench.remove(name)
            try bench.write(WithheldList(paths: [bytes(name)]).canonicalBytes, to: "withheld.json")
        },
        FailureCase(.recordWithheld, "a record that is there is listed as withheld") { bench in
            let name = try bench.first(.evidence)
            try bench.write(WithheldList(paths: [bytes(name)]).canonicalBytes, to: "withheld.json")
        },
        FailureCase(.recordWithheld, "a file that nobody logged is listed as withheld") { bench in
            let list = WithheldList(paths: [bytes("evidence/none.json")])
            try bench.write(list.canonicalBytes, to: "withheld.json")
        },
        FailureCase(.recordWithheld, "the list of withheld files names the seal") { bench in
            try bench.remove("seal.json")
            let list = WithheldList(paths: [bytes("seal.json")])
            try bench.write(list.canonicalBytes, to: "withheld.json")
        },
        FailureCase(.recordWithheld, "the list of withheld files is empty") { bench in
            try bench.write(WithheldList(paths: []).canonicalBytes, to: "withheld.json")
        },
    ]

    private static let recordSigning: [FailureCase] = [
        FailureCase(.recordSignature, "a signature of a record is changed") { bench in
            let staff = try bench.hire()
            let record = try bench.record(
                .readiness(Readiness(references: [.init(.tests, "JOB-7")])))
            var envelope = try DSSEEnvelope(parsing: staff.bob.envelope(ofRecord: record))
            let signature = try #require(envelope.signatures.first)
            var forged = signature.bytes
            forged[3] ^= 1
            envelope = try DSSEEnvelope(
                parsing: Array(
                    String(decoding: envelope.encoded, as: UTF8.self).replacing(
                        String(decoding: Base64.encode(signature.bytes), as: UTF8.self),
                        with: String(decoding: Base64.encode(forged), as: UTF8.self)
                    ).utf8))
            try bench.attach(envelope.encoded)
            try bench.store(record)
        },
        FailureCase(.recordSignature, "a signature covers a record that is not in the log") {
            bench in
            let staff = try bench.hire()
            let record = try bench.record(
                .readiness(Readiness(references: [.init(.tests, "JOB-7")])))
            try bench.attach(staff.bob.envelope(ofRecord: record))
            try bench.commit()
        },
        FailureCase(.recordSignature, "one file holds the signatures of two persons") { bench in
            let staff = try bench.hire()
            let record = try bench.record(
                .readiness(Readiness(references: [.init(.tests, "JOB-7")])))
            let first = String(decoding: try staff.bob.envelope(ofRecord: record), as: UTF8.self)
            let second = try DSSEEnvelope(parsing: staff.carol.envelope(ofRecord: record))
            let signature = try #require(second.signatures.first)
            let extra: JSON = [
                "keyid": .string(signature.keyID), "sig": .string(Base64.encode(signature.bytes)),
            ]
            let text = String(decoding: extra.canonicalBytes, as: UTF8.self)
            try bench.attach(bytes(first.replacing("}]}", with: "},\(text)]}")))
            try bench.store(record)
        },
        FailureCase(.signatureLimits, "a record has 65 signatures") { bench in
            let record = try bench.record(
                .readiness(Readiness(references: [.init(.tests, "JOB-7")])))
            var appending = try BundleAppending(opening: bytes(bench.bundle))
            for _ in 0..<65 {
                _ = try appending.add(
                    NewFile(
                        kind: .signature, mediaType: .signature(.dsse),
                        bytes: KeyPair().envelope(ofRecord: record)),
                    at: at("2026-05-02T00:00:00Z"))
            }
            try appending.commit(checkpoint: nil)
            _ = consume appending
            try bench.store(record)
        },
        FailureCase(.recordAsserted, .unknown, "nobody signed a request", verdict: .verified) {
            bench in
            _ = try bench.hire()
            try bench.store(
                .retentionRequest(
                    RetentionRequest(
                        retentionClass: "c", until: try at("2033-01-01T00:00:00Z"), reason: "r")))
        },
        FailureCase(
            .recordAsserted, .unknown, "one operator alone releases a hold", verdict: .verified
        ) { bench in
            let staff = try bench.hire()
            let hold = try bench.store(
                .legalHold(.place(.init(matter: "m", custodian: "c", reason: "r"))),
                by: staff.bob)
            try bench.store(
                .legalHold(.release(.init(matter: "m", reason: "r"))), [("placement", hold)],
                by: staff.bob)
        },
        FailureCase(.recordRole, "a request is signed by who may only decide", verdict: .verified) {
            bench in
            let staff = try bench.hire()
            try bench.store(
                .retentionRequest(
                    RetentionRequest(
                        retentionClass: "c", until: try at("2033-01-01T00:00:00Z"), reason: "r")),
                by: staff.bob)
        },
        FailureCase(
            .recordOperator, "somebody approves their own request with another key",
            verdict: .verified
        ) { bench in
            let staff = try bench.hire()
            let other = try KeyPair()
            bench.policy.keys.append(other.entry("alice-2", "alice"))
            bench.policy.roles["retention"] = rule("alice-2", "bob-1")
            let request = try bench.request(staff)
            try bench.store(decision(.approved), [("request", request)], by: other)
        },
    ]

    private static let recordMeaning: [FailureCase] = [
        FailureCase(
            .recordSupersedes, "an approval comes after a denial and does not name it",
            verdict: .verified
        ) { bench in
            let staff = try bench.hire()
            let request = try bench.request(staff)
            try bench.store(decision(.denied), [("request", request)], by: staff.bob)
            try bench.store(decision(.approved), [("request", request)], by: staff.carol)
        },
        FailureCase(
            .retentionShortened, "a request asks for less than was approved", verdict: .verified
        ) { bench in
            let staff = try bench.hire()
            let request = try bench.request(staff)
            try bench.store(decision(.approved), [("request", request)], by: staff.bob)
            _ = try bench.request(staff, until: "2030-01-01T00:00:00Z")
        },
        FailureCase(
            .deliverySchedule, "a plan has another schedule than the one that follows",
            verdict: .verified
        ) { bench in
            let now = try at("2026-05-02T00:00:00Z")
            let failed = try bench.store(
                .delivery(
                    DeliveryRecord(
                        delivery: "d", event: .closeout, route: "r", provider: "p",
                        state: .failed,
                        attempts: [.init(at: now, outcome: .transient, status: nil)])))
            try bench.store(
                .retryPlan(
                    RetryPlan(
                        entries: [
                            .init(
                                delivery: "d", action: .retry, owner: "o",
                                resolveBy: try at("2026-06-01T00:00:00Z"), reason: "r",
                                nextAttempts: [try at("2026-05-02T00:00:01Z")],
                                lastAttempt: now)
                        ], isScheduled: true)), [("delivery", failed)])
        },
        FailureCase(.deliveryReview, "a live run names no review", verdict: .verified) { bench in
            let now = try at("2026-05-02T00:00:00Z")
            let failed = try bench.store(
                .delivery(
                    DeliveryRecord(
                        delivery: "d", event: .closeout, route: "r", provider: "p",
                        state: .failed,
                        attempts: [.init(at: now, outcome: .transient, status: nil)])))
            let plan = try bench.store(
                .retryPlan(
                    RetryPlan(entries: [
                        .init(
                            delivery: "d", action: .retry, owner: "o", resolveBy: now,
                            reason: "r")
                    ])), [("delivery", failed)])
            try bench.store(
                .retryRun(
                    RetryRun(mode: .live, results: [.init(delivery: "d", outcome: .delivered)])),
                [("plan", plan)])
        },
    ]
}
