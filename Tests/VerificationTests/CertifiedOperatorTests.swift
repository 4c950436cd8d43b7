import CloseoutBundles
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutSignatures
import CloseoutTestSupport
import CloseoutVerification
import Testing

@Suite("Operators whose keys an authority certified", .requires("openssl"))
struct CertifiedOperatorTests {
    /// A release that two operators have to sign, signed by certificates of both.
    private func report(
        oneKey: Bool, bobFirst: Bool = false, byProof: Bool = false
    ) async throws -> Report {
        var result: Report?
        try await Bench.run { bench in
            let folder = bench.root + "/ca"
            try makeDirectory(folder)
            let authority = try await Authority.root(in: folder)
            let alice = try await authority.certify("alice")
            let bob = try await authority.certify("bob", of: oneKey ? alice : nil)
            for signer in bobFirst ? [bob, alice] : [alice, bob] {
                try bench.attach(
                    SignatureFormat.signCMS(
                        .seal(bench.file("seal.json")),
                        with: PrivateKey(parsing: signer.key(), passphrase: nil),
                        certificates: [Certificate(parsing: signer.certificate())],
                        algorithm: .ecdsaP256SHA256), as: .cms)
            }
            try bench.commit()
            for name in ["alice", "bob"] {
                bench.policy.keys.append(
                    .object([
                        JSONMember("id", JSON(name)), JSONMember("operator", JSON(name)),
                        JSONMember("format", "x509"), JSONMember("revocation", "none"),
                        JSONMember("key", .string(try authority.own.certificate())),
                        JSONMember("subjects", .array([JSON("CN=\(name),O=Acme")])),
                    ]))
            }
            bench.policy.roles["release"] = rule("alice", "bob", threshold: 2)
            if byProof { try await bench.prove("bin/tool") }
            result = try await bench.verify()
        }
        return try #require(result)
    }

    @Test("count once each, by keys of their own", arguments: [false, true])
    func twoKeys(byProof: Bool) async throws {
        let report = try await report(oneKey: false, byProof: byProof)
        #expect(report.verdict == .verified, "\(report.problems)")
    }

    @Test(
        "count as one with one key, and the second signature's line says why",
        arguments: [false, true], [false, true])
    func oneKey(bobFirst: Bool, byProof: Bool) async throws {
        let report = try await report(oneKey: true, bobFirst: bobFirst, byProof: byProof)
        let (first, second) = bobFirst ? ("bob", "alice") : ("alice", "bob")
        #expect(report.verdict == .incomplete)
        #expect(report.tells(.signatureThreshold, .unknown))
        #expect(report.tells(.certificateChain, .fail))
        let lines = report.signatures.filter { $0.format == "cms" }
        #expect(lines.filter(\.counts).map(\.operator) == [first])
        let refused = try #require(lines.first { !$0.counts })
        #expect(refused.operator == second)
        #expect(
            refused.reason == "its key counts for \(first) already, and for one operator only")
    }
}

@Suite("Signature files beyond the limit")
struct SignatureLimitTests {
    @Test("over the seal are reported and not verified", arguments: [false, true])
    func seal(byProof: Bool) async throws {
        try await Bench.run { bench in
            for _ in 0..<64 { try bench.attach(KeyPair().envelope(bench.file("seal.json"))) }
            try bench.attach(bytes("not even an envelope"))
            try bench.commit()
            if byProof { try await bench.prove("bin/tool") }
            let report = try await bench.verify()
            #expect(report.verdict == .failed && report.tells(.signatureLimits, .fail))
            #expect(report.signatures.count == 64)
            #expect(!report.tells(.signatureFormat, .fail))
        }
    }

    @Test("over a record are reported and not verified")
    func record() async throws {
        try await Bench.run { bench in
            let record = try bench.file(bench.first(.evidence))
            for _ in 0..<64 {
                try bench.attach(
                    RecordSignature.signing(
                        record, with: KeyPair().key(), algorithm: .ed25519))
            }
            var report = try await bench.verify()
            let checked = report.findings.count { $0.id == .signatureKeyKnown }
            #expect(!report.tells(.signatureLimits, .fail))
            try bench.attach(
                RecordSignature.signing(record, with: KeyPair().key(), algorithm: .ed25519))
            report = try await bench.verify()
            #expect(report.tells(.signatureLimits, .fail))
            #expect(report.findings.count { $0.id == .signatureKeyKnown } == checked)
        }
    }
}
