import CloseoutBundles
import CloseoutEncodings
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import CloseoutVerification
import Testing

@Suite("A file by its proof")
struct ProofTests {
    @Test("is verified, and the first line names the file and what was not looked at")
    func good() async throws {
        try await Bench.run { bench in
            try await bench.prove("bin/tool")
            let report = try await bench.verify()
            #expect(report.verdict == .verified, "\(report.problems)")
            #expect(report.headline.contains("1 of 3 files: bin/tool"))
            #expect(report.headline.contains("log not looked at"))
            let parsed = try Proof(parsing: try #require(bench.proven).canonicalBytes)
            bench.proven = parsed
            #expect(try await bench.verify() == report)
        }
    }

    /// A good proof that is changed before it is verified.
    private func verdict(
        _ change: (inout Bench, Proof) async throws -> Proof
    ) async throws -> Report {
        var result: Report?
        try await Bench.run { bench in
            try await bench.prove("bin/tool")
            let proof = try #require(bench.proven)
            bench.proven = try await change(&bench, proof)
            result = try await bench.verify()
        }
        return try #require(result)
    }

    @Test("fails with another seal, which no signature covers")
    func otherSeal() async throws {
        let report = try await verdict { _, proof in
            let seal = String(decoding: proof.seal, as: UTF8.self)
            return proof.with(seal: bytes(seal.replacing("1.4.0", with: "1.4.1")))
        }
        #expect(report.verdict == .failed)
        #expect(report.tells(.signatureSubject, .fail))
    }

    @Test("fails with an entry that was edited to fit another file")
    func otherEntry() async throws {
        let report = try await verdict { _, proof in
            let line = String(decoding: proof.entry, as: UTF8.self)
            return proof.with(entry: bytes(line.replacing("0755", with: "0644")))
        }
        #expect(report.verdict == .failed && report.tells(.manifestMerkleRoot, .fail))
    }

    @Test("fails with the entry of another release")
    func foreignEntry() async throws {
        let report = try await verdict { bench, proof in
            try writeFile("evil", to: bench.tree + "/bin/tool")
            try await bench.seal()
            return proof.with(entry: try await bench.proof(of: "bin/tool").entry)
        }
        #expect(report.verdict == .failed && report.tells(.manifestMerkleRoot, .fail))
    }

    @Test("fails with any other index", arguments: [0, 2, 7, 8, 1 << 40])
    func otherIndex(index: Int) async throws {
        let report = try await verdict { _, proof in proof.with(index: index) }
        #expect(report.verdict == .failed && report.tells(.manifestMerkleRoot, .fail))
    }

    @Test("fails with a node of the path changed, removed or added")
    func otherPath() async throws {
        let other = try SHA256Digest.of(bytes("another"))
        let changes: [([SHA256Digest]) -> [SHA256Digest]] = [
            { [other] + $0.dropFirst() }, { Array($0.dropLast()) }, { $0 + [other] },
            { $0.reversed() }, { _ in [] },
        ]
        for change in changes {
            let report = try await verdict { _, proof in proof.with(path: change(proof.path)) }
            #expect(report.verdict == .failed && report.tells(.manifestMerkleRoot, .fail))
        }
    }

    @Test("is incomplete without signatures, and with a stranger's alone")
    func noSignature() async throws {
        #expect(try await verdict { $1.with(material: []) }.verdict == .incomplete)
        let report = try await verdict { _, proof in
            let envelope = try KeyPair().envelope(proof.seal)
            return proof.with(material: [try named(envelope)])
        }
        #expect(report.verdict == .incomplete && report.tells(.signatureKeyKnown, .unknown))
    }

    @Test("fails with a signature that was edited, and with one in a place where none can be")
    func tamperedMaterial() async throws {
        let edited = try await verdict { _, proof in
            let item = try #require(proof.material.first)
            let text = String(decoding: item.bytes, as: UTF8.self)
            let place = try #require(text.firstRange(of: #""sig":""#)).upperBound
            let changed = text[..<place] + "AAAA" + text[place...].dropFirst(4)
            return proof.with(material: [try named(bytes(String(changed)))])
        }
        #expect(edited.verdict == .failed && edited.tells(.signatureValid, .fail))
        for path in ["seal.json", "evidence/x.dsse.json", "../x.dsse.json", "signatures/a/b"] {
            let report = try await verdict { _, proof in
                let signature = try #require(proof.material.first).bytes
                return proof.with(
                    material: proof.material + [.init(path: bytes(path), bytes: signature)])
            }
            #expect(report.verdict == .failed && report.tells(.signatureFormat, .fail), "\(path)")
        }
    }

    /// A signature in the file that a bundle has it in.
    private func named(_ envelope: [UInt8]) throws -> Proof.Material {
        let name = try SHA256Digest.of(envelope).hex
        return .init(path: bytes("signatures/\(name).dsse.json"), bytes: envelope)
    }

    @Test("fails with a file under the name of other bytes, whatever else counts")
    func renamedMaterial() async throws {
        let report = try await verdict { _, proof in
            let item = try #require(proof.material.first)
            let other = try named(item.bytes + [0x0A]).path
            return proof.with(material: proof.material + [.init(path: other, bytes: item.bytes)])
        }
        #expect(report.verdict == .failed && report.tells(.signatureFormat, .fail))
    }

    @Test("fails for another file, and says of which one it is the proof")
    func otherFile() async throws {
        let report = try await verdict { bench, proof in
            try Bench.flip(bench.tree + "/bin/tool")
            return proof
        }
        #expect(report.verdict == .failed && report.tells(.artifactDigest, .fail))
        #expect(!report.tells(.artifactDigest, .pass))
    }

    @Test("says nothing of a second file, of a folder of artifacts or of an earlier checkpoint")
    func cannotBeAsked() async throws {
        let second = try await verdict { bench, proof in
            let file = bench.tree + "/lib/x.so.1"
            bench.request.chosenFiles.append(.init(file: bytes(file), path: nil))
            return proof
        }
        #expect(second.verdict == .incomplete && second.tells(.artifactGiven, .unknown))
        let folder = try await verdict { bench, proof in
            bench.request.artifacts = .directory(bytes(bench.tree))
            return proof
        }
        #expect(folder.verdict == .incomplete)
        let earlier = try await verdict { bench, proof in
            bench.request.previous = try bench.checkpoint()
            return proof
        }
        #expect(earlier.verdict == .incomplete && earlier.tells(.logRollback, .unknown))
    }

    @Test("is not verified without the file, nor for a directory or a link of the release")
    func filesOnly() async throws {
        let absent = try await verdict { bench, proof in
            bench.request.chosenFiles = []
            return proof
        }
        #expect(absent.verdict == .incomplete && absent.tells(.artifactGiven, .unknown))
        for path in ["share/empty", "lib/x.so"] {
            try await Bench.run { bench in
                try await bench.prove(path)
                #expect(try await bench.verify().verdict == .incomplete, "\(path)")
            }
        }
    }

    @Test("is of the release that is demanded, and says when only some roles are")
    func demands() async throws {
        let other = try await verdict { bench, proof in
            bench.request.release = try .init(parsing: "payments@1.4.1")
            return proof
        }
        #expect(other.verdict == .failed && other.tells(.sealRelease, .fail))
        let narrowed = try await verdict { bench, proof in
            bench.request.requiredRoles = [.release]
            return proof
        }
        #expect(narrowed.verdict == .verified)
        #expect(narrowed.headline.contains("only release required"))
    }

    @Test(
        "is never verified once any check's pass is taken out", arguments: Verdict.reportedForProof)
    func everyCheckCounts(id: CheckID) async throws {
        try await Bench.run { bench in
            try await bench.prove("bin/tool")
            let good = try await bench.verify()
            let fewer = good.findings.filter { $0.id != id }
            #expect(
                Verdict(
                    on: fewer, indispensable: Verdict.indispensableForProof,
                    reported: Verdict.reportedForProof) == .incomplete)
        }
    }
}

extension Proof {
    /// The proof with some of its parts changed.
    fileprivate func with(
        seal: [UInt8]? = nil, entry: [UInt8]? = nil, index: Int? = nil, path: [SHA256Digest]? = nil,
        material: [Material]? = nil
    ) -> Proof {
        Proof(
            seal: seal ?? self.seal, entry: entry ?? self.entry, index: index ?? self.index,
            path: path ?? self.path, material: material ?? self.material)
    }
}
