import CloseoutBundles
import CloseoutEncodings
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import CloseoutVerification
import FoundationEssentials
import Testing

/// Failures of other verifiers that can apply here, each by what went wrong there.
@Suite("Lessons of other verifiers")
struct LessonTests {
    private func report(_ body: (inout Bench) async throws -> Void) async throws -> Report {
        var report: Report?
        try await Bench.run { bench in
            try await body(&bench)
            report = try await bench.verify()
        }
        return try #require(report)
    }

    @Test("a proof that comes along and fails is never ignored: a witness that does not verify")
    func failingProofFails() async throws {
        let report = try await report { bench in
            try bench.witness(at: "2026-05-10T00:00:00Z")
            var note = try SignedNote(parsing: try bench.file("checkpoint"))
            let lines = note.signatures
            note = try SignedNote(text: note.text, signatures: [lines[0]])
            var forged = lines[1].bytes
            forged[forged.count - 1] ^= 1
            try note.append(
                NoteSignature(name: lines[1].name, keyID: lines[1].keyID, bytes: forged))
            try bench.write(note.encoded, to: "checkpoint")
        }
        #expect(report.verdict == .failed && report.tells(.logCheckpointSignature, .fail))
    }

    @Test("a public key or certificate inside the bundle never becomes an anchor")
    func evidenceIsNoAnchor() async throws {
        let report = try await report { bench in
            let stranger = try KeyPair()
            try bench.smuggle(stranger.publicKey.pem, .attachment, as: "attachments/key.pem")
            try bench.attach(stranger.envelope(bench.file("seal.json")))
            try bench.commit()
        }
        #expect(report.verdict == .verified)
        #expect(report.signatures.map(\.counts) == [true, false])
        let inside = try await self.report { bench in
            try bench.smuggle(bench.release.publicKey.pem, .attachment, as: "attachments/key.pem")
            bench.request.trust.path = bytes(bench.path("attachments/key.pem"))
        }
        #expect(inside.verdict == .failed && inside.tells(.trustLocation, .fail))
    }

    @Test("a statement of another predicate type is no seal")
    func predicateType() async throws {
        let report = try await report { bench in
            let seal = String(decoding: try bench.file("seal.json"), as: UTF8.self)
            try bench.forgeSeal(bytes(seal.replacing("urn:closeout:seal:v1", with: "urn:other:v1")))
        }
        #expect(report.verdict == .failed && report.tells(.sealFormat, .fail))
    }

    @Test("empty policies and thresholds below one are errors")
    func emptyPolicies() async throws {
        try await Bench.run { bench in
            let good = bench.policy
            var empty = good
            empty.keys = []
            #expect(throws: TrustError.self) { try empty.policy() }
            for release in [
                ["keys": [], "threshold": 1], rule("release-2026", threshold: 0),
                rule("release-2026", threshold: -1),
                rule("release-2026", "release-2026", threshold: 2),
            ] as [JSON] {
                var spoilt = good
                spoilt.roles["release"] = release
                #expect(throws: TrustError.self) { try spoilt.policy() }
            }
            bench.policy.roles = ["log": rule("log-2026")]
            let report = try await bench.verify()
            #expect(report.verdict == .incomplete)
        }
    }

    @Test(
        "a file that has grown beyond what the log says is refused unread",
        arguments: [EntryKind.manifest, .sums, .attachment])
    func unboundedFiles(kind: EntryKind) async throws {
        let report = try await report { bench in
            try await runSuccessfully(
                "truncate", ["-s", "2G", bench.path(bench.first(kind))])
        }
        let reported = report.findings.filter { $0.id == .bundleDigest && $0.status == .fail }
        #expect(reported.count == 1 && reported[0].reason.hasSuffix("and was not read"))
        #expect(report.verdict == .failed && report.tells(.bundlePrivateKey, .unknown))
    }

    @Test("what the log claims of size and digest is recomputed, and both must agree")
    func redundantClaims() async throws {
        for change in [("\"size\":11", "\"size\":12"), ("\"sha256\":\"", "\"sha256\":\"0")] {
            let report = try await report { bench in
                var line = String(decoding: try bench.logLines()[5], as: UTF8.self)
                line = line.replacing(change.0, with: change.1)
                if change.1.hasSuffix("0") {
                    let place = try #require(line.firstRange(of: change.1)).upperBound
                    line.remove(at: line.index(place, offsetBy: 63))
                }
                var lines = try bench.logLines()
                lines[5] = bytes(line)
                try bench.setLog(lines)
                try bench.commit()
            }
            #expect(report.verdict == .failed && report.tells(.bundleDigest, .fail), "\(change)")
        }
    }

    @Test("a repeated key in a JSON document is refused, whatever the reader would keep")
    func duplicateKeys() async throws {
        let report = try await report { bench in
            let seal = String(decoding: try bench.file("seal.json"), as: UTF8.self)
            let twice = seal.replacing(
                #""version":"1.4.0""#, with: #""version":"1.4.0","version":"1.4.0""#)
            try bench.forgeSeal(bytes(twice))
        }
        #expect(report.verdict == .failed && report.tells(.sealFormat, .fail))
    }

    @Test("two names that Unicode calls equal are two files")
    func unicodeNames() async throws {
        let report = try await report { bench in
            try writeFile("x", to: bench.tree + "/\u{e9}")
            try await bench.seal()
            try await runSuccessfully(
                "mv", [bench.tree + "/\u{e9}", bench.tree + "/e\u{301}"])
        }
        #expect(report.tells(.artifactMissing, .fail) && report.tells(.artifactUnexpected, .fail))
    }

    @Test("nothing is ignored that was not excluded, also not .git and files with a dot")
    func noImplicitIgnores() async throws {
        for name in [".git", ".DS_Store", "SHA256SUMS", "manifest.jsonl", "bag-info.txt"] {
            let report = try await report { try writeFile("x", to: $0.tree + "/" + name) }
            #expect(report.verdict == .failed && report.tells(.artifactUnexpected, .fail))
        }
    }

    @Test("a signature is verified by the algorithm of its key alone")
    func algorithmConfusion() async throws {
        let report = try await report { bench in
            let key = try KeyPair(.rsa)
            let signature = try key.key().sign(
                bench.file("seal.json"), algorithm: .rsaPKCS1SHA256)
            try bench.attach(signature, as: .raw)
            try bench.commit()
            bench.policy.keys[0] = key.entry("release-2026", "acme-release")
        }
        #expect(report.verdict == .incomplete)
        #expect(report.signatures.allSatisfy { !$0.counts })
    }

    @Test("base64 that is not canonical is refused where we write it ourselves")
    func looseBase64() async throws {
        try await Bench.run { bench in
            let proof = try await bench.proof(of: "bin/tool").canonicalBytes
            let text = String(decoding: proof, as: UTF8.self)
            let place = try #require(text.firstRange(of: #""seal":""#)).upperBound
            for loose in ["", "\\n", "="] where !loose.isEmpty {
                let changed = text[..<place] + loose + text[place...]
                #expect(throws: BundleError.self) { try Proof(parsing: bytes(String(changed))) }
            }
        }
    }

    @Test("no damage to any file of a bundle stops the verifier or makes it VERIFIED")
    func damage() async throws {
        try await Bench.run { bench in
            try bench.witness(at: "2026-05-10T00:00:00Z")
            for name in try bench.allFiles() {
                let good = try bench.file(name)
                let damages = mutations(of: good, seed: 12, count: repetitions(40, usually: 10))
                for damaged in damages where damaged != good {
                    try bench.write(damaged, to: name)
                    let report = try await bench.verify()
                    #expect(report.verdict != .verified, "\(name): \(printable(damaged))")
                }
                try bench.write(good, to: name)
            }
            #expect(try await bench.verify().verdict == .verified)
        }
    }

    @Test("the release's totals of one bundle cannot be lent to another")
    func swappedManifest() async throws {
        let report = try await report { bench in
            let old = try bench.file("manifest.jsonl")
            let sums = try bench.file("SHA256SUMS")
            try writeFile("new", to: bench.tree + "/bin/tool")
            try await bench.seal()
            try bench.forge("manifest.jsonl", old)
            try bench.forge("SHA256SUMS", sums)
        }
        #expect(report.verdict == .failed && report.tells(.manifestDigest, .fail))
        #expect(report.tells(.manifestMerkleRoot, .fail))
    }
}
