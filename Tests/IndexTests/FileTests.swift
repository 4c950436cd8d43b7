import CloseoutIndex
import CloseoutTestSupport
import CloseoutVerification
import CloseoutWorkflows
import Testing

@Suite("An index in a file")
struct FileTests {
    private static let bundle = repositoryRoot + "/fixtures/released/key/bundle"

    private func look(_ index: BundleIndex) async throws -> [IndexedBundle] {
        let now = try instant()
        let question = IndexQuestion(
            VerificationRequest(trust: Trust(), asOf: now), RecheckRequest(), now: { now })
        await Indexer(places: [Array(Self.bundle.utf8)], question: question, into: index).look()
        return try index.bundles(BundleQuery(), page: 0, rows: 10).items
    }

    @Test(
        "only its owner can read it, and another one takes its place whatever somebody wrote into it"
    )
    func replaced() async throws {
        try await withTemporaryDirectory { folder in
            let file = folder + "/index"
            let truth = try await look(BundleIndex(keptAt: Array(file.utf8)))
            #expect(truth.count == 1 && truth.first?.verdict != .verified)
            let mode = try await runSuccessfully("stat", ["-c", "%a", file])
            #expect(String(decoding: mode, as: UTF8.self) == "600\n")
            var bytes = try readFile(file)
            let verdict = try #require(truth.first?.verdict?.rawValue)
            for place in bytes.indices where bytes[place...].starts(with: verdict.utf8) {
                bytes.replaceSubrange(place..<(place + verdict.utf8.count), with: "VERIFIED  ".utf8)
            }
            let version = bytes[60..<64]
            for change in [0, 1, 2] {
                switch change {
                case 0: try writeFile(bytes, to: file)
                case 1:
                    try writeFile(Array(bytes.replacing(version, with: [0, 0, 0, 9])), to: file)
                default: try writeFile(Array(bytes.prefix(bytes.count / 2)), to: file)
                }
                try writeFile("what a process left", to: file + "-journal")
                #expect(try await look(BundleIndex(keptAt: Array(file.utf8))) == truth)
                #expect(!fileExists(file + "-journal"))
            }
        }
    }

    @Test("what is no index is not replaced")
    func foreign() async throws {
        try await withTemporaryDirectory { folder in
            let text = folder + "/notes.txt"
            try writeFile("mine", to: text)
            _ = try await runSuccessfully("ln", ["-s", "notes.txt", folder + "/link"])
            try makeDirectory(folder + "/folder")
            for name in ["notes.txt", "link", "folder"] {
                let path = Array("\(folder)/\(name)".utf8)
                #expect(throws: IndexError.notAnIndex(path: path)) {
                    try BundleIndex(keptAt: path)
                }
            }
            #expect(try readFile(text) == Array("mine".utf8))
            #expect(throws: IndexError.self) {
                try BundleIndex(keptAt: Array("\(folder)/nosuch/index".utf8))
            }
        }
    }
}
