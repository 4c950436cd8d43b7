import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
import CloseoutOpenSSL
import CloseoutTestSupport
import FoundationEssentials
import Testing

@Suite("What is kept of a bundle in memory")
struct ReadWholeTests {
    /// Adds evidence records of 1,000 bytes that differ.
    private func addEvidence(_ count: Int, to place: Place) throws {
        var appending = try BundleAppending(opening: place.bundlePath)
        for number in 0..<count {
            let content = [UInt8](repeating: UInt8(ascii: "a") + UInt8(number), count: 1000)
            _ = try appending.add(
                NewFile(kind: .evidence, mediaType: .record, bytes: content), at: instant())
        }
        try appending.commit(checkpoint: nil)
    }

    /// Adds an attachment of one byte.
    private func addAttachment(to place: Place) throws {
        var appending = try BundleAppending(opening: place.bundlePath)
        _ = try appending.add(
            NewFile(kind: .attachment, mediaType: .octets, bytes: [1, 2]), at: instant())
        try appending.commit(checkpoint: nil)
    }

    /// The bytes of log, seal and README, which are read before.
    private func head(_ place: Place) throws -> Int {
        try place.log().entries.filter { $0.kind == .seal || $0.kind == .readme }
            .map(\.size).reduce(readFile(place.bundle + "/log.jsonl").count, +)
    }

    @Test("no more bytes of attachments are hashed than they may have together")
    func attachments() async throws {
        try await Place.withBundle { place in
            var appending = try BundleAppending(opening: place.bundlePath)
            for number in UInt8(0)..<3 {
                _ = try appending.add(
                    NewFile(
                        kind: .attachment, mediaType: .octets,
                        bytes: [UInt8](repeating: number, count: 1000)), at: instant())
            }
            try appending.commit(checkpoint: nil)
            _ = consume appending
            let reader = try BundleReader(opening: place.bundlePath)
            let whole = try reader.contents().files(.attachment)
            #expect(whole.map(\.reading.size) == [1000, 1000, 1000])
            let some = try reader.contents(hashing: 2999).files(.attachment)
            #expect(some.map(\.reading.size) == [1000, 1000, nil])
            guard case .beyondTotal(2999) = some[2].reading else {
                Issue.record("\(some[2].reading)")
                return
            }
        }
    }

    @Test("no more bytes are read than the files may have together, in the order of the log")
    func total() async throws {
        try await Place.withBundle { place in
            try addEvidence(3, to: place)
            try writeFile("-----BEGIN PRIVATE KEY-----\n", to: place.bundle + "/stray")
            let reader = try BundleReader(opening: place.bundlePath)
            let whole = try reader.contents()
            #expect(whole.files(.evidence).allSatisfy { $0.trueBytes?.count == 1000 })
            #expect(whole.unlisted.map(\.holdsPrivateKey) == [true])
            let total = try head(place) + 2000
            let some = try reader.contents(readingWhole: total)
            let read = some.files(.evidence)
            #expect(read.map { $0.trueBytes?.count } == [1000, 1000, nil])
            guard case .beyondTotal(total) = read[2].reading else {
                Issue.record("\(read[2].reading)")
                return
            }
            #expect(some.unlisted.map(\.holdsPrivateKey) == [nil])
        }
    }

    @Test("what is read on all processors is what is read one file after the other")
    func concurrently() async throws {
        try await Place.withBundle { place in
            var appending = try BundleAppending(opening: place.bundlePath)
            for number in 0..<600 {
                _ = try appending.add(
                    NewFile(kind: .evidence, mediaType: .record, bytes: bytes("record \(number)")),
                    at: instant())
            }
            try appending.commit(checkpoint: nil)
            _ = consume appending
            let paths = try place.log().entries.suffix(600)
                .map { place.bundle + "/" + text($0.path) }
            try FileManager.default.removeItem(atPath: paths[20])
            try writeFile("shorter", to: paths[30])
            try writeFile(String(repeating: "larger ", count: 1000), to: paths[500])
            let reader = try BundleReader(opening: place.bundlePath)
            let head = try head(place)
            for total in [BundleLimits.readWhole, head + 8000, head + 7000, head + 300, head, 100] {
                let one = try reader.contents(readingWhole: total)
                let all = try await reader.contentsConcurrently(readingWhole: total)
                #expect(all.log.entries == one.log.entries)
                #expect(all.log.leaves == one.log.leaves)
                #expect(all.files.map { "\($0.reading)" } == one.files.map { "\($0.reading)" })
            }
        }
    }

    @Test("bytes that are not what the log says are not kept, and private keys in them are found")
    func untrue() async throws {
        try await Place.withBundle { place in
            try addEvidence(2, to: place)
            let paths = try place.log().entries.suffix(2).map { place.bundle + "/" + text($0.path) }
            let key = "-----BEGIN PRIVATE KEY-----\n"
            try writeFile(
                key + String(repeating: "a", count: 1000 - key.utf8.count), to: paths[0])
            try writeFile("longer or shorter", to: paths[1])
            let files = try BundleReader(opening: place.bundlePath).contents().files(.evidence)
            #expect(files.allSatisfy { $0.reading.bytes == nil && $0.trueBytes == nil })
            #expect(files.map(\.reading.size) == [1000, 17])
            #expect(files.map(\.reading.holdsPrivateKey) == [true, false])
        }
    }

    @Test("no command adds what would not be read")
    func adding() async throws {
        try await Place.withBundle { place in
            let digest = try SHA256Digest.of([1])
            let kinds: [(EntryKind, String, Int)] = [
                (.certificate, "certificates/a.cer", BundleLimits.readWhole),
                (.certificate, "certificates/a.cer", 1 << 52),
                (.attachment, "attachments/a", BundleLimits.attachments),
            ]
            for (kind, path, size) in kinds {
                let entry = LogEntry(
                    sequence: 4, at: try instant(), kind: kind,
                    mediaType: "application/octet-stream", path: bytes(path), digest: digest,
                    size: size)
                let head = try place.log().entries.prefix(4).flatMap { $0.line + bytes("\n") }
                try writeFile(head + entry.line + bytes("\n"), to: place.bundle + "/log.jsonl")
                let error = try failure {
                    if kind == .attachment { return try addAttachment(to: place) }
                    try addEvidence(1, to: place)
                }
                guard case .limit = error else {
                    Issue.record("\(String(describing: error))")
                    return
                }
            }
        }
    }
}
