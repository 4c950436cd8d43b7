import CloseoutEncodings
import CloseoutFiles
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutTestSupport
import Testing

@Suite("Freezing a tree")
struct FreezeTests {
    @Test("writes one canonical line a path, in the order of the bytes of the paths")
    func lines() async throws {
        try await Scratch.make { scratch in
            try await scratch.file("a/x", "hello\n", mode: "0755")
            try await scratch.file("a-b", "", mode: "0640")
            try await scratch.file("a.txt", "hello\n", mode: "0444")
            try await scratch.file("a0", "")
            try scratch.directory("z")
            try await scratch.link("l", to: "a/x")
            let frozen = try await scratch.freeze()
            let hello = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"
            let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
            #expect(
                frozen.lines == [
                    #"{"algorithm":"sha256","excludes":[],"kind":"closeout/manifest/v1","modes":"executable","outside_links":false}"#,
                    #"{"path":"a","type":"directory"}"#,
                    #"{"mode":"0644","path":"a-b","sha256":"\#(empty)","size":0,"type":"file"}"#,
                    #"{"mode":"0644","path":"a.txt","sha256":"\#(hello)","size":6,"type":"file"}"#,
                    #"{"mode":"0755","path":"a/x","sha256":"\#(hello)","size":6,"type":"file"}"#,
                    #"{"mode":"0644","path":"a0","sha256":"\#(empty)","size":0,"type":"file"}"#,
                    #"{"path":"l","target":"a/x","type":"symlink"}"#,
                    #"{"path":"z","type":"directory"}"#,
                ])
            #expect(frozen.manifest.last == 0x0A)
        }
    }

    @Test("gives the digests, sizes, totals and Merkle root of what it wrote")
    func summary() async throws {
        try await Scratch.make { scratch in
            for index in 0..<9 { try await scratch.file("d/\(index)", "\(index)") }
            try await scratch.link("l", to: "d")
            let frozen = try await scratch.freeze()
            #expect(frozen.summary.digest == (try SHA256Digest.of(frozen.manifest)))
            #expect(frozen.summary.size == frozen.manifest.count)
            #expect(frozen.summary.sumsDigest == (try SHA256Digest.of(frozen.sums)))
            #expect(frozen.summary.sumsSize == frozen.sums.count)
            var totals = ManifestTotals()
            (totals.files, totals.directories, totals.symlinks, totals.bytes) = (9, 1, 1, 9)
            #expect(frozen.summary.totals == totals)
            let leaves = try frozen.manifest.split(separator: 0x0A).dropFirst()
                .map { try Merkle.leafHash(Array($0)) }
            #expect(frozen.summary.merkleRoot == (try Merkle.root(of: Array(leaves))))
        }
    }

    @Test("gives the same bytes whatever the number of workers")
    func workers() async throws {
        try await Scratch.make { scratch in
            for index in 0..<300 { try await scratch.file("d\(index % 7)/\(index)", "\(index)") }
            let one = try await scratch.freeze(ManifestOptions(workers: 1))
            let five = try await scratch.freeze(ManifestOptions(workers: 5))
            #expect(one.manifest == five.manifest)
            #expect(one.sums == five.sums)
            #expect(one.summary == five.summary)
        }
    }

    @Test("is read back without a defect, and the tree then has no difference")
    func roundTrip() async throws {
        try await Scratch.make { scratch in
            for index in 0..<50 { try await scratch.file("d\(index % 7)/\(index)", "\(index)") }
            try scratch.directory("empty")
            try await scratch.link("d1/up", to: "../d2/9")
            let frozen = try await scratch.freeze()
            let manifest = try await frozen.read()
            #expect(manifest.merkleRoot == frozen.summary.merkleRoot)
            #expect(manifest.sumsDigest == frozen.summary.sumsDigest)
            #expect(manifest.sumsSize == frozen.summary.sumsSize)
            #expect(manifest.totals == frozen.summary.totals)
            #expect(try await scratch.differences(manifest).isEmpty)
        }
    }
}
