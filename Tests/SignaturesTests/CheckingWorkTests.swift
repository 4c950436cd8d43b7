import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import Testing

@Suite("The work of checking signatures")
struct CheckingWorkTests {
    @Test(
        "looks up in time-stamps what it hashes once, however many there are", .requires("openssl"))
    func timeStamps() async throws {
        let message = Array("what is stamped".utf8)
        try await withTemporaryDirectory { folder in
            let root = try await Authority.root(in: folder)
            let authority = try await root.certify("tsa", Authority.timeStampExtensions)
            let digest = try SHA256Digest.of(message).bytes
            let other = try SHA256Digest.of(Array("something else".utf8)).bytes
            var stamps: [TimeStamp] = []
            for (number, imprint) in [digest, other, digest, digest, other].enumerated() {
                let token = try await TimeStampToken(
                    parsing: authority.token(over: imprint, at: "2026020\(5 - number)000000Z"))
                for name in ["one", "two"] {
                    let proof = try TimeProof(
                        instant: at("2026-02-0\(5 - number)T00:00:00Z"),
                        source: .timestamp(keyID: "tsa"), operator: name)
                    stamps.append(TimeStamp(imprint: token.imprint, proof: proof))
                }
            }
            let lookup = TimeStamps(stamps)
            #expect(lookup.digestsEach == 1)
            let proofs = try lookup.proofs(of: message)
            #expect(proofs.map(\.operator) == ["one", "two"])
            let earliest = try at("2026-02-02T00:00:00Z")
            #expect(proofs.allSatisfy { $0.instant == earliest })
            #expect(try lookup.proofs(of: Array("neither".utf8)).isEmpty)
        }
    }

    @Test("keeps the earliest proof of each operator alone")
    func earliest() throws {
        var random = SplitMix64(seed: 7)
        for _ in 0..<50 {
            let all = try (0..<40).map { _ in
                try TimeProof(
                    instant: Instant.at(Int64.random(in: 0..<20, using: &random)),
                    source: .witness(keyID: "w"),
                    operator: ["a", "b", "c"].randomElement(using: &random) ?? "a")
            }
            var kept: [TimeProof] = []
            for proof in all { kept.includeEarliest(proof) }
            #expect(Set(kept.map(\.operator)).count == kept.count)
            for signers in [[], ["a"], ["b", "c"]] {
                let those = { (proofs: [TimeProof]) in
                    proofs.filter { !signers.contains($0.operator) }
                        .min { $0.instant < $1.instant }
                }
                #expect(those(kept) == those(all))
            }
        }
    }

    @Test("is one check where a signature names its key, else one for each key that could make it")
    func keys() throws {
        let signers = try (0..<5).map { _ in try Signer() } + [Signer(.p384), Signer(.rsa)]
        let verifier = try verify(
            policy(
                signers.enumerated().map { $1.entry("k\($0)") },
                roles: ["release": rule((0..<7).map { "k\($0)" })]))
        let named = try signers[0].envelope()
        func unnamed(_ envelope: DSSEEnvelope) throws -> DSSEEnvelope {
            let fingerprint = envelope.signatures.first?.keyID ?? []
            let text = String(decoding: envelope.encoded, as: UTF8.self)
            let parts = text.split(separator: String(decoding: fingerprint, as: UTF8.self))
            return try DSSEEnvelope(parsing: Array(parts.joined().utf8))
        }
        func units(_ envelope: DSSEEnvelope) -> Int {
            verifier.units(for: envelope.signatures, size: envelope.payload.count)
        }
        #expect(units(named) == 1)
        #expect(try units(unnamed(named)) == 5)
        // A check with P-384 takes as long as six with Ed25519.
        #expect(try units(unnamed(signers[5].envelope())) == 6)
        #expect(try units(unnamed(signers[6].envelope())) == 1)
        // The other digests of the curve, or the schemes of RSA, are tried only to find a reason.
        func reasons(_ envelope: DSSEEnvelope) -> Int {
            verifier.unitsOfReasons(for: envelope.signatures, size: envelope.payload.count)
        }
        #expect(reasons(named) == 0)
        #expect(try reasons(unnamed(named)) == 0)
        #expect(try reasons(unnamed(signers[5].envelope())) == 2 * 6)
        #expect(try reasons(unnamed(signers[6].envelope())) == 6)
        let long = SignedContent.seal([UInt8](repeating: 0x20, count: 180_000))
        #expect(try units(unnamed(signers[1].envelope(long))) == 5 * 3)
        let file = named.encoded
        #expect(verifier.units(for: file, as: .dsse, over: seal, CheckingWork()) == 1)
        let other = Array("no envelope".utf8)
        #expect(verifier.units(for: other, as: .dsse, over: seal, CheckingWork()) == 0)
    }

    @Test("is taken in order until none is left, and what does not fit is counted")
    func limit() {
        var work = CheckingWork(limit: 10)
        #expect([4, 5, 3, 1, 1].map { work.take($0) } == [true, true, false, true, false])
        #expect(work.rest == 0 && work.leftOut == 2)
        // What is looked for beyond that leaves no file out.
        var other = CheckingWork(limit: 16)
        #expect([2, 1, 0].map { other.takeReasons($0) } == [true, false, true])
        #expect(other.rest == 16 && other.leftOut == 0)
    }
}

extension Instant {
    fileprivate static func at(_ seconds: Int64) throws -> Instant {
        try #require(Instant(secondsSince1970: 1_700_000_000 + seconds))
    }
}
