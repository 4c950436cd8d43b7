import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutTestSupport
import Testing

@Suite struct MutationTests {
    @Test(
        "takes of thousands of damaged inputs only what it would write itself",
        arguments: Decoder.all)
    func decoders(decoder: Decoder) throws {
        let sample = Array(decoder.sample.utf8)
        #expect(try decoder.reencode(sample) == sample)
        var changed: [[UInt8]] = []
        for input in mutations(of: sample, seed: 2026, count: 20_000, tokens: decoder.tokens) {
            guard let output = try decoder.reencode(input) else { continue }
            if output != input { changed.append(input) }
        }
        #expect(changed.isEmpty)
    }

    @Test("thousands of damaged proofs of inclusion and of growth prove nothing")
    func proofs() throws {
        let leaves = try (0..<100).map { try Merkle.leafHash([UInt8]("\($0)".utf8)) }
        let tree = try MerkleTree(leaves)
        let inclusion = try #require(tree.inclusionPath(of: 70))
        let growth = try #require(tree.consistencyPath(from: 70))
        let oldRoot = try #require(try tree.root(first: 70))
        var accepted = 0
        for bytes in mutations(of: joined(inclusion), seed: 6962, count: 20_000) {
            let path = nodes(bytes)
            guard path != inclusion else { continue }
            let isIncluded = try Merkle.verifyInclusion(
                of: leaves[70], at: 70, size: 100, path: path, root: tree.root)
            accepted += isIncluded ? 1 : 0
        }
        for bytes in mutations(of: joined(growth), seed: 9162, count: 20_000) {
            let path = nodes(bytes)
            guard path != growth else { continue }
            let isGrowth = try Merkle.verifyConsistency(
                from: 70, oldRoot: oldRoot, to: 100, newRoot: tree.root, path: path)
            accepted += isGrowth ? 1 : 0
        }
        #expect(accepted == 0)
    }

    @Test("a seed gives the same damage every time, and another seed other damage")
    func determinism() {
        let sample = Array("a sample of some length".utf8)
        let first = Array(mutations(of: sample, seed: 1, count: 100))
        #expect(first == Array(mutations(of: sample, seed: 1, count: 100)))
        #expect(first != Array(mutations(of: sample, seed: 2, count: 100)))
        #expect(Set(first).count > 80)
        var generator = SplitMix64(seed: 1_234_567)
        #expect(generator.next() == 6_457_827_717_110_365_317)
        #expect(generator.next() == 3_203_168_211_198_807_973)
    }

    private func joined(_ path: [SHA256Digest]) -> [UInt8] {
        path.flatMap(\.bytes)
    }

    private func nodes(_ bytes: [UInt8]) -> [SHA256Digest] {
        stride(from: 0, to: bytes.count, by: 32).compactMap {
            SHA256Digest(bytes[$0..<min($0 + 32, bytes.count)])
        }
    }
}
