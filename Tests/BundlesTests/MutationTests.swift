import CloseoutBundles
import CloseoutEncodings
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutTestSupport
import Testing

@Suite("Damaged inputs")
struct MutationTests {
    private static let count = 20_000
    private static let tokens = [
        "\"", "{", "}", "[", "]", ",", ":", "\\", "\\u0000", "null", "-1", "9007199254740993",
        "\n", "\"kind\":\"seal\"", "\"seq\":0", "../", "\u{FEFF}", "1e9",
    ]

    @Test("of a log line are refused, or read as what writes the same bytes")
    func logLines() throws {
        let sample = try entry(4, .attachment, "attachments/a.txt").line
        var accepted = 0
        for input in mutations(of: sample, seed: 11, count: Self.count, tokens: Self.tokens) {
            guard let entry = try? LogEntry(parsing: input) else { continue }
            #expect(entry.line == input)
            accepted += 1
        }
        #expect(accepted > 0 && accepted < Self.count)
    }

    @Test("of a log are reported as defects, or read as what writes the same bytes")
    func logs() throws {
        let lines = try [
            entry(0, .seal, "seal.json"), entry(1, .manifest, "manifest.jsonl"),
            entry(2, .sums, "SHA256SUMS"), entry(3, .readme, "README.txt"),
            entry(4, .signature, "signatures/a.sig"),
        ]
        let sample = content(of: lines)
        #expect(try BundleLog(parsing: sample).defects == [])
        var accepted = 0
        for input in mutations(of: sample, seed: 12, count: Self.count, tokens: Self.tokens) {
            let log = try BundleLog(parsing: input)
            #expect(log.leaves.count >= log.entries.count)
            guard log.defects.isEmpty else { continue }
            #expect(content(of: log.entries) == input)
            accepted += 1
        }
        #expect(accepted < Self.count)
    }

    @Test("of a list of withheld files are refused, or read as what writes the same bytes")
    func withheldLists() throws {
        let list = WithheldList(paths: [bytes("signatures/b.json"), bytes("evidence/a.json")])
        #expect(try WithheldList(parsing: list.canonicalBytes) == list)
        for input in mutations(
            of: list.canonicalBytes, seed: 15, count: Self.count, tokens: Self.tokens)
        {
            guard let taken = try? WithheldList(parsing: input) else { continue }
            #expect(taken.canonicalBytes == input)
        }
    }

    @Test("of a proof are refused, or read as what writes the same bytes")
    func proofs() throws {
        let digest = try SHA256Digest.of(bytes("x"))
        let sample = Proof(
            seal: bytes("{}"), entry: bytes("{}"), index: 3, path: [digest, digest],
            material: [Proof.Material(path: bytes("signatures/a.sig"), bytes: [1, 2, 3])])
        #expect(try Proof(parsing: sample.canonicalBytes).canonicalBytes == sample.canonicalBytes)
        for input in mutations(
            of: sample.canonicalBytes, seed: 13, count: Self.count, tokens: Self.tokens)
        {
            guard let proof = try? Proof(parsing: input) else { continue }
            #expect(proof.canonicalBytes == input)
        }
    }

    @Test("of a record are refused, or read as what writes the same bytes")
    func records() throws {
        let digest = try SHA256Digest.of(bytes("x"))
        let sample = Record(
            header: RecordHeader(
                releaseName: "payments", releaseVersion: "1.4.0", seal: digest, at: try instant(),
                by: "me", visibility: .restricted, salt: digest.bytes,
                links: [RecordLink(kind: ArchiveSignature.link, digest: digest)]),
            body: .archiveSignature(ArchiveSignature(format: "dsse", keyReference: "arn:aws")))
        #expect(try Record(parsing: sample.canonicalBytes) == sample)
        for input in mutations(
            of: sample.canonicalBytes, seed: 14, count: Self.count, tokens: Self.tokens)
        {
            guard let record = try? Record(parsing: input) else { continue }
            #expect(record.canonicalBytes == input)
        }
    }

    @Test("do not stop the scanner for private keys")
    func scanner() throws {
        let sample = try PrivateKey.generate(.p256).pem(passphrase: nil)
        for input in mutations(
            of: sample, seed: 15, count: Self.count, tokens: ["-----", "BEGIN ", "0\u{82}"])
        {
            _ = PrivateKeyScanner.finds(in: input)
        }
        for input in mutations(
            of: [0x30, 0x82, 1, 2, 2, 1, 0, 4, 32, 1, 2, 3], seed: 16, count: 5000)
        {
            _ = PrivateKeyScanner.finds(in: input)
        }
    }

    private func content(of entries: [LogEntry]) -> [UInt8] {
        var bytes: [UInt8] = []
        for entry in entries { bytes += entry.line + [0x0A] }
        return bytes
    }

    private func entry(_ number: Int, _ kind: EntryKind, _ path: String) throws -> LogEntry {
        LogEntry(
            sequence: number, at: try instant(), kind: kind,
            mediaType: MediaType.head(kind)?.name ?? "text/plain", path: bytes(path),
            digest: try SHA256Digest.of(bytes(path)), size: 12)
    }
}
