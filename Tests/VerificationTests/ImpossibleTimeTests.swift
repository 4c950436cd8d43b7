import CloseoutBundles
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutSignatures
import CloseoutTestSupport
import CloseoutVerification
import Testing

/// The bench's seal was created at 2026-05-01T00:00:00Z; clocks may differ by five minutes.
@Suite("A time from before the seal", .requires("openssl"))
struct ImpossibleTimeTests {
    private static let end = [JSONMember("not_after", "2026-05-20T00:00:00Z")]

    @Test(
        "is no proof where a witness states it, and is reported",
        arguments: [
            "1970-01-01T00:00:00Z": false, "2026-04-30T23:54:59Z": false,
            "2026-04-30T23:55:00Z": true, "2026-05-01T00:00:00Z": true,
        ])
    func witness(instant: String, proves: Bool) async throws {
        try await Bench.run { bench in
            bench.policy.keys[0] = bench.release.entry("release-2026", "acme-release", Self.end)
            #expect(try await bench.verify().verdict == .incomplete)
            try bench.witness(at: instant)
            let report = try await bench.verify()
            #expect(report.verdict == (proves ? .verified : .incomplete), "\(report.problems)")
            #expect(report.problems.contains("more than 5 minutes before the seal") != proves)
            #expect(report.provenTimes.isEmpty != proves)
        }
    }

    @Test("is no proof where a stored checkpoint's witness states it")
    func storedCheckpoint() async throws {
        try await Bench.run { bench in
            bench.policy.keys[0] = bench.release.entry("release-2026", "acme-release", Self.end)
            let witness = try KeyPair()
            bench.policy.keys.append(try witness.witness("witness-1", "acme-witness"))
            bench.policy.roles["witness"] = rule("witness-1")
            let early = try bench.note(
                over: 5, of: try bench.logLines(), by: bench.log,
                witnesses: [("witness-1", witness, "1970-01-01T00:00:00Z")])
            try bench.smuggle(
                early.encoded, .timestamp, as: "timestamps/checkpoint-5.note", MediaType.note.name)
            try bench.commit(witnesses: [("witness-1", witness, "2026-05-21T00:00:00Z")])
            #expect(try await bench.verify().verdict == .incomplete)
        }
    }

    @Test(
        "is no proof where a time-stamp states it, and is reported",
        arguments: [
            "20260101000000Z": false, "20260430235459Z": false, "20260430235459.5Z": true,
            "20260430235500Z": true,
        ])
    func timeStamp(time: String, proves: Bool) async throws {
        for isOverCheckpoint in [false, true] {
            try await Bench.run { bench in
                bench.policy.keys[0] = bench.release.entry(
                    "release-2026", "acme-release", Self.end)
                let subject = isOverCheckpoint ? "checkpoint" : try bench.first(.signature)
                let token = try await bench.token(over: bench.file(subject), at: time)
                if isOverCheckpoint {
                    try bench.write(token, to: "checkpoint.tsr")
                } else {
                    try bench.smuggle(
                        token, .timestamp, as: "timestamps/a.tsr", "application/timestamp-reply")
                }
                let report = try await bench.verify()
                #expect(report.verdict == (proves ? .verified : .incomplete), "\(report.problems)")
                #expect(report.tells(.timestampValid, .unknown) != proves)
                #expect(report.problems.contains("more than 5 minutes before the seal") != proves)
            }
        }
    }

    @Test("lowers nothing that counts without it")
    func harmless() async throws {
        try await Bench.run { bench in
            let token = try await bench.token(
                over: bench.file(bench.first(.signature)), at: "20260101000000Z")
            try bench.smuggle(
                token, .timestamp, as: "timestamps/a.tsr", "application/timestamp-reply")
            #expect(try await bench.verify().verdict == .verified)
        }
    }

    @Test("dates no signature over a record")
    func record() async throws {
        for (instant, counts) in ["1970-01-01T00:00:00Z": false, "2026-05-03T00:00:00Z": true] {
            try await Bench.run { bench in
                let staff = try bench.hire()
                bench.policy.keys[2] = staff.alice.entry("alice-1", "alice", Self.end)
                _ = try bench.request(staff)
                try bench.witness(at: instant)
                let report = try await bench.verify()
                let request = report.evidence?.records.last
                #expect(request?.status.counts == counts, "\(report.problems)")
            }
        }
    }

    @Test(
        "of verification leaves a verdict open, whatever else is right, also for one file",
        arguments: ["2026-04-30T23:54:59Z": false, "2026-04-30T23:55:00Z": true])
    func checked(asOf: String, isPossible: Bool) async throws {
        for isProof in [false, true] {
            try await Bench.run { bench in
                if isProof { try await bench.prove("bin/tool") }
                bench.request.asOf = try at(asOf)
                let report = try await bench.verify()
                #expect(report.verdict == (isPossible ? .verified : .incomplete))
                #expect(report.tells(.sealCreated, isPossible ? .pass : .unknown))
            }
        }
    }
}

extension Bench {
    /// A token by a new authority, which the policy trusts from then on.
    fileprivate mutating func token(over bytes: [UInt8], at time: String) async throws -> [UInt8] {
        let folder = root + "/tsa"
        try makeDirectory(folder)
        let authority = try await Authority.root(in: folder)
        policy.keys.append(
            .object([
                JSONMember("id", "tsa"), JSONMember("operator", "stamper"),
                JSONMember("format", "timestamp"),
                JSONMember("key", .string(try authority.own.certificate())),
            ]))
        policy.roles["timestamp"] = rule("tsa")
        return try await authority.certify("tsa", Authority.timeStampExtensions).token(
            over: SHA256Digest.of(bytes).bytes, at: time)
    }
}
