import CloseoutBundles
import CloseoutDecisions
import CloseoutEncodings
import CloseoutFiles
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutSignatures
import CloseoutTestSupport
import CloseoutVerification
import Testing

@Suite("What a bundle asks to be done")
struct WorkTests {
    @Test("is verified up to a limit, and what is beyond makes it FAILED and counts for nothing")
    func signatures() async throws {
        try await Bench.run { bench in
            let staff = try bench.hire()
            let (first, last) = (try bench.request(staff), try bench.request(staff, until: later))
            #expect(try await bench.verify().verdict == .verified)
            // The seal's signature, which is judged before those of records, and that of the first.
            bench.request.mostWork = 2
            let report = try await bench.verify()
            #expect(report.verdict == .failed)
            let reported = report.findings.filter {
                $0.id == .signatureLimits && $0.status == .fail
            }
            #expect(reported.map(\.subject) == ["signatures"])
            let evidence = try #require(report.evidence)
            #expect(evidence.record(first)?.status.counts == true)
            #expect(evidence.record(last)?.status.counts == false)
            #expect(report.signatures.map(\.counts) == [true])
        }
    }

    private let later = "2034-01-01T00:00:00Z"

    @Test("leaves decisions unknown that are older than the limits take, and never the newest")
    func decisions() async throws {
        try await Bench.run { bench in
            let dora = try bench.hireDecider()
            for _ in 0..<3 { try await bench.close(by: dora) }
            func statuses(_ limits: RecheckLimits) async throws -> [CheckStatus] {
                let report = try await bench.recheck(bench.verifier(), limits: limits)
                let statuses = report.decision?.recorded.map(\.status) ?? []
                let isWhole = !statuses.contains(.unknown)
                #expect(report.verdict == (isWhole ? .verified : .incomplete))
                #expect(report.integrity == .verified)
                return statuses
            }
            let sizes = try bench.entries().filter { $0.kind == .evidence }.suffix(3)
                .map { $0.sequence - 1 }
            #expect(try await statuses(RecheckLimits()) == [.pass, .pass, .pass])
            #expect(
                try await statuses(RecheckLimits(decisions: 1, entries: 0))
                    == [.unknown, .unknown, .pass])
            #expect(
                try await statuses(RecheckLimits(decisions: 0, entries: sizes[2] + sizes[1]))
                    == [.unknown, .pass, .pass])
        }
    }

    @Test("of files that the log does not name, looks at the first thousand and says how many")
    func unlisted() async throws {
        try await Bench.run { bench in
            for number in 0...BundleLimits.unlisted {
                try bench.write(bytes("\(number)"), to: "attachments/added-\(number)")
            }
            let report = try await bench.verify()
            let reported = report.findings.filter { $0.id == .bundleLimits && $0.status == .fail }
            #expect(reported.map(\.subject) == ["bundle"])
            #expect(report.tells(.bundlePrivateKey, .unknown))
            #expect(
                report.findings.count { $0.id == .bundleUnlisted && $0.status == .fail }
                    == BundleLimits.unlisted)
        }
    }

    @Test("does not read an attachment that is larger than one may be")
    func attachment() async throws {
        try await Bench.run { bench in
            let size = BundleLimits.attachment + 1
            let entry = LogEntry(
                sequence: 0, at: try at("2026-05-03T00:00:00Z"), kind: .attachment,
                mediaType: "application/octet-stream", path: bytes("attachments/large"),
                digest: try SHA256Digest.of([]), size: size)
            try bench.setLog(try bench.entries() + [entry])
            // A file with a hole, which takes no room.
            try await runSuccessfully(
                "truncate", ["-s", "\(size)", bench.path("attachments/large")])
            try bench.commit()
            let report = try await bench.verify()
            #expect(report.verdict == .failed)
            let reported = report.findings.first { $0.id == .bundleLimits && $0.status == .fail }
            #expect(reported?.subject == "attachments/large")
            #expect(reported?.reason == "has more than \(BundleLimits.attachment) bytes")
        }
    }

    @Test("does not read more certificates than a bundle may hold")
    func certificates() async throws {
        try await Bench.run { bench in
            let most = BundleLimits.certificateCount
            let text = String(repeating: "-----BEGIN CERTIFICATE-----\n", count: most + 1)
            try bench.smuggle(bytes(text), .certificate, as: "certificates/many.cer")
            let report = try await bench.verify()
            let reported = report.findings.filter { $0.id == .bundleLimits && $0.status == .fail }
            #expect(reported.map(\.subject) == ["certificates"])
            #expect(!report.tells(.certificateFormat, .fail))
        }
    }

    @Test("reports what is wrong with the signatures of a record once, however often it is named")
    func copies() async throws {
        try await Bench.run { bench in
            let staff = try bench.hire()
            let record = try bench.record(
                .retentionRequest(
                    RetentionRequest(retentionClass: "c", until: try at(later), reason: "r")))
            let digest = try bench.store(record, by: staff.alice)
            let signature = try #require(try bench.entries().last { $0.kind == .signature })
            let path = String(decoding: signature.path, as: UTF8.self)
            let envelope = try JSON(parsing: bench.file(path))
            let twice = try #require(envelope.signedTwice)
            try bench.forge(path, twice)
            let entry = try #require(try bench.entries().first { $0.digest == digest })
            let copies = (0..<3).map { number in
                LogEntry(
                    sequence: 0, at: entry.at, kind: entry.kind, mediaType: entry.mediaType,
                    path: bytes("evidence/copy-\(number).json"), digest: digest, size: entry.size)
            }
            for copy in copies {
                try bench.write(record, to: String(decoding: copy.path, as: UTF8.self))
            }
            try bench.setLog(try bench.entries() + copies)
            try bench.commit()
            let report = try await bench.verify()
            #expect(report.tells(.logDuplicate, .fail))
            let reported = report.findings.filter {
                $0.id == .recordSignature && $0.status == .fail
            }
            #expect(reported.count == 1)
        }
    }
}

extension JSON {
    /// An envelope with its one signature twice.
    fileprivate var signedTwice: [UInt8]? {
        guard case .object(let members) = self else { return nil }
        return JSON.object(
            members.map { member in
                guard member.key.elementsEqual("signatures".utf8),
                    case .array(let one) = member.value
                else { return member }
                return JSONMember("signatures", .array(one + one))
            }
        ).canonicalBytes
    }
}
