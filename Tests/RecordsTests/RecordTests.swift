import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutTestSupport
import Testing

@Suite("An evidence record")
struct RecordTests {
    private func record(
        by: String? = "alice", visibility: Visibility = .restricted, links: [String] = ["a"]
    ) throws -> Record {
        let header = RecordHeader(
            releaseName: "payments", releaseVersion: "1.4.0", seal: try digest("seal"),
            at: try at("2026-05-02T00:00:00Z"), by: by,
            visibility: visibility,
            salt: visibility == .restricted ? [UInt8](repeating: 7, count: 32) : nil,
            links: try links.map { RecordLink(kind: "signature", digest: try digest($0)) })
        return Record(
            header: header,
            body: .archiveSignature(ArchiveSignature(format: "dsse", keyReference: "arn:aws:kms")))
    }

    /// The record's document with a piece replaced.
    private func document(replacing old: String, with new: String) throws -> [UInt8] {
        let text = String(decoding: try record().canonicalBytes, as: UTF8.self)
        try #require(text.contains(old))
        return Array(text.replacing(old, with: new).utf8)
    }

    @Test("is read back as it was written, restricted or public, with and without `by`")
    func roundTrip() throws {
        for by in [nil, "alice", "\u{202E}\n"] {
            for visibility in Visibility.allCases {
                let record = try record(by: by, visibility: visibility)
                #expect(try Record(parsing: record.canonicalBytes) == record)
            }
        }
    }

    @Test("lists its links in ascending order, whatever order they came in")
    func links() throws {
        let forth = try record(links: ["a", "b", "c"])
        #expect(try record(links: ["c", "a", "b"]) == forth)
        #expect(forth.header.links.map(\.digest) == forth.header.links.map(\.digest).sorted())
    }

    @Test(
        "is refused if anything in it is changed into another form",
        arguments: [
            (#""by":"alice""#, #""by": "alice""#), (#""by":"alice""#, #""by":null"#),
            (#""by":"alice""#, #""by":1"#), (#""by":"alice""#, #""by":"alice","by":"bob""#),
            (#""at":"#, #""a":1,"at":"#), ("2026-05-02T00:00:00Z", "2026-05-02T00:00:00+00:00"),
            (#""visibility":"restricted""#, #""visibility":"secret""#),
            (#""visibility":"restricted""#, #""visibility":"public""#),
            ("0707", "07"), (#""format":"dsse","#, ""),
            (#""kind":"signature""#, #""kind":"other""#),
            (#""format":"dsse""#, #""extra":1,"format":"dsse""#),
            (#""version":"1.4.0""#, #""version":"1.4.0","x":1"#),
        ])
    func refusals(old: String, new: String) throws {
        let bytes = try document(replacing: old, with: new)
        do {
            _ = try Record(parsing: bytes)
            Issue.record("taken: \(String(decoding: bytes, as: UTF8.self))")
        } catch {
            guard case .malformed = error else {
                Issue.record("\(error)")
                return
            }
        }
    }

    @Test("about a signature has that one link and no other")
    func oneLink() throws {
        for links in [[], ["a", "b"]] {
            let bytes = try record(links: links).canonicalBytes
            #expect(throws: RecordError.self) { try Record(parsing: bytes) }
        }
    }

    @Test("of an unknown kind is kept apart from a malformed one")
    func unknownKind() throws {
        let bytes = try document(replacing: "signature/v1", with: "signature/v2")
        #expect(throws: RecordError.unknownKind("closeout/archive-signature/v2")) {
            try Record(parsing: bytes)
        }
    }

    @Test("of thousands of damaged ones none is taken that is not canonical")
    func mutations() throws {
        let good = try record().canonicalBytes
        for damaged in CloseoutTestSupport.mutations(of: good, seed: 5, count: 20_000) {
            guard let record = try? Record(parsing: damaged) else { continue }
            #expect(record.canonicalBytes == damaged)
        }
    }
}
