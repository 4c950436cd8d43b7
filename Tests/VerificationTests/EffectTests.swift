import CloseoutBundles
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import CloseoutVerification
import Testing

/// The table of docs/signatures.md, "Effects", row by row, on whole bundles.
@Suite("The effect of one signature on the verdict")
struct EffectTests {
    private func report(_ body: (inout Bench) async throws -> Void) async throws -> Report {
        var report: Report?
        try await Bench.run { bench in
            try await body(&bench)
            report = try await bench.verify()
        }
        return try #require(report)
    }

    @Test("one by an unknown key is shown and not counted, whatever its format")
    func unknownKey() async throws {
        for format in [SignatureFormat.dsse, .raw] {
            let report = try await report { bench in
                try bench.attach(
                    KeyPair().sign(bench.file("seal.json"), as: format), as: format)
                try bench.commit()
            }
            #expect(report.verdict == .verified)
            #expect(report.signatures.map(\.counts) == [true, false])
            #expect(report.signatures.last?.key == nil && report.signatures.last?.operator == nil)
        }
    }

    @Test("one without a key id is tried with every policy key of its type, and counts")
    func triedWithAll() async throws {
        let report = try await report { bench in
            try bench.write(
                bench.release.sign(bench.file("seal.json"), as: .raw), to: bench.first(.signature))
            let entries = try bench.entries().filter { $0.kind != .evidence }.map { entry in
                guard entry.kind == .signature else { return entry }
                return LogEntry(
                    sequence: 0, at: entry.at, kind: .signature,
                    mediaType: SignatureFormat.raw.mediaType, path: entry.path,
                    digest: entry.digest, size: entry.size)
            }
            try bench.setLog(entries)
            try bench.remove("evidence")
            try bench.mend()
        }
        #expect(report.verdict == .verified, "\(report.problems)")
        #expect(report.signatures.map(\.key) == ["release-2026"])
    }

    @Test("one by a revoked key is not counted, and harms only where its role is missed")
    func revokedKey() async throws {
        let enough = try await report { bench in
            let old = try KeyPair()
            try bench.attach(old.envelope(bench.file("seal.json")))
            try bench.commit()
            bench.policy.keys.append(
                old.entry("old", "acme-old", revoked("2026-01-01T00:00:00Z", "superseded")))
            bench.policy.roles["release"] = rule("release-2026", "old")
        }
        #expect(enough.verdict == .verified && enough.tells(.signatureKeyRevoked, .fail))
        let missed = try await report { bench in
            let old = try KeyPair()
            try bench.attach(old.envelope(bench.file("seal.json")))
            try bench.commit()
            bench.policy.keys.append(
                old.entry("old", "acme-old", revoked("2026-01-01T00:00:00Z", "superseded")))
            bench.policy.roles["release"] = rule("release-2026", "old", threshold: 2)
        }
        #expect(missed.verdict == .failed && missed.tells(.signatureThreshold, .fail))
    }

    @Test("one whose time is not established is not counted, and its role is then incomplete")
    func timeUnknown() async throws {
        let report = try await report { bench in
            bench.policy.keys[0] = bench.release.entry(
                "release-2026", "acme-release", window(to: "2026-05-10T00:00:00Z"))
        }
        #expect(report.verdict == .incomplete && report.tells(.signatureThreshold, .unknown))
        #expect(report.signatures.map(\.counts) == [false])
        #expect(report.headline.contains("INCOMPLETE"))
    }

    @Test("one key in two entries of two operators is an error of the policy")
    func keyOfTwoOperators() async throws {
        try await Bench.run { bench in
            bench.policy.keys.append(bench.release.entry("again", "acme-security"))
            #expect(throws: TrustError.self) { try bench.policy.policy() }
        }
    }

    @Test("a typo in the name of a role is an error of the policy that names the place")
    func typoInRole() async throws {
        try await Bench.run { bench in
            bench.policy.roles["relaese"] = rule("release-2026")
            do {
                _ = try bench.policy.policy()
                Issue.record("the policy was taken")
            } catch {
                #expect("\(error)".contains("relaese"))
            }
        }
    }

    @Test("two operators over two formats meet a threshold of two")
    func thresholdMet() async throws {
        let report = try await report { bench in
            let other = try KeyPair(.p256)
            try bench.attach(other.sign(bench.file("seal.json"), as: .raw), as: .raw)
            try bench.commit()
            bench.policy.keys.append(other.entry("other", "acme-security"))
            bench.policy.roles["release"] = rule("release-2026", "other", threshold: 2)
        }
        #expect(report.verdict == .verified, "\(report.problems)")
    }

    @Test("without policy and key the signers are listed as asserted, and nothing counts")
    func nobodyTrusted() async throws {
        let report = try await report { $0.trustsNobody = true }
        #expect(report.verdict == .incomplete)
        #expect(report.signatures.map(\.counts) == [false])
        #expect(report.signatures.first?.key == nil)
        #expect(report.signatures.first?.claimedKey?.utf8.count == 64)
        #expect(report.gravest?.id == .trustGiven)
    }

    @Test("neither zero findings nor passes of one check alone make VERIFIED")
    func nothingIsNotGood() {
        let all = CheckID.allCases
        #expect(
            Verdict(on: [], indispensable: Verdict.indispensableForBundle, reported: all)
                == .incomplete
        )
        let idle = all.map { Finding($0, .notApplicable, "x", "y") }
        #expect(
            Verdict(on: idle, indispensable: Verdict.indispensableForBundle, reported: all)
                == .incomplete)
        for failing in CheckStatus.allCases where failing != .pass && failing != .notApplicable {
            let one =
                all.map { Finding($0, .pass, "x", "y") } + [Finding(all[0], failing, "x", "y")]
            #expect(
                Verdict(on: one, indispensable: Verdict.indispensableForBundle, reported: all)
                    != .verified)
        }
    }
}
