import CloseoutEncodings
import CloseoutFiles
import CloseoutManifests
import CloseoutTestSupport
import Testing

@Suite("Names of every kind")
struct NamesTests {
    static let names = [
        "plain", "two words", " leading", "trailing ", "back\\slash", "\\n", "line\nfeed", "\n",
        "carriage\rreturn", "\r", "mixed\\\n\r", "quote\"s", "tab\t", "bell\u{07}", "\u{1F}",
        "del\u{7F}", "é", "e\u{301}", "日本", "😀", "-", "--help", "*", "?", "$(x)", "a;b", "'", "`",
        "%0A", "#", "\u{202E}gnp", "\u{FEFF}", "\u{2028}",
    ]

    @Test("are listed so that `sha256sum --check --strict` finds every file")
    func sums() async throws {
        try await Scratch.make { scratch in
            try await Self.makeFiles(scratch)
            let frozen = try await scratch.freeze()
            let check = try await run(
                "sha256sum", ["--check", "--strict", frozen.directory + "/SHA256SUMS"],
                workingDirectory: scratch.tree)
            #expect(check.status == 0, "\(check.stderrText)")
            #expect(frozen.summary.totals.files == Self.names.count * 2)
            let oracle = try await run("sha256sum", ["--check", "-"], stdin: frozen.sums + [0x78])
            #expect(oracle.status != 0)
        }
    }

    @Test("are written as the strict JSON reader reads them")
    func lines() async throws {
        try await Scratch.make { scratch in
            try await Self.makeFiles(scratch)
            let frozen = try await scratch.freeze()
            let manifest = try await frozen.read()
            var paths: [[UInt8]] = []
            for line in frozen.manifest.split(separator: 0x0A).dropFirst() {
                guard case .string(let path)? = try JSON(parsingCanonical: Array(line))["path"]
                else { continue }
                paths.append(path)
            }
            #expect(paths.count == manifest.count)
            for (index, path) in paths.enumerated() {
                let entry = try #require(manifest.entry(at: index))
                #expect(entry.path == path)
                #expect(entry.line == manifest.line(at: index))
                #expect(manifest.index(of: path) == index)
            }
            #expect(paths == paths.sorted { $0.lexicographicallyPrecedes($1) })
            #expect(try await scratch.differences(manifest).isEmpty)
        }
    }

    @Test(
        "are refused by name when they are not UTF-8",
        arguments: [[0xFF], [0x61, 0xC3], [0xED, 0xA0, 0x80]])
    func notUTF8(name: [UInt8]) async throws {
        try await Scratch.make { scratch in
            try await scratch.file("d/x")
            let directory = try Directory.open(bytes(scratch.tree + "/d"))
            try directory.write(new: name, [])
            let path = bytes("d/") + name
            let refused = Irregularity(path: path, kind: .notUTF8)
            #expect(try await scratch.refusal() == .refused(refused))
            try directory.remove(name)
            let manifest = try await scratch.freeze().read()
            try directory.makeDirectory(name)
            #expect(
                try await scratch.differences(manifest)
                    == [ArtifactDifference(path: path, kind: .notUTF8)])
        }
    }

    @Test("that collide by case or normalisation are reported, and refused if asked")
    func collisions() async throws {
        try await Scratch.make { scratch in
            for name in ["d/README", "d/Readme", "d/other", "é", "e\u{301}", "ß", "SS", "plain"] {
                try await scratch.file(name)
            }
            let collisions = try await scratch.freeze().summary.collisions.map(\.paths)
            #expect(
                collisions == [
                    [bytes("SS"), bytes("ß")], [bytes("e\u{301}"), bytes("é")],
                    [bytes("d/README"), bytes("d/Readme")],
                ])
            let strict = try await scratch.refusal(ManifestOptions(strictNames: true))
            #expect(strict == .collision(NameCollision(paths: [bytes("SS"), bytes("ß")])))
        }
    }

    @Test("do not collide where only their directories differ")
    func noCollision() async throws {
        try await Scratch.make { scratch in
            for name in ["a/X", "b/x", "Y", "c/y"] { try await scratch.file(name) }
            #expect(try await scratch.freeze().summary.collisions.isEmpty)
        }
    }

    /// Writes one file of each name, and one in a directory of the name.
    private static func makeFiles(_ scratch: Scratch) async throws {
        let tree = try Directory.open(bytes(scratch.tree))
        try tree.makeDirectory(bytes("in"))
        let below = try tree.open(bytes("in"))
        for name in names {
            try tree.write(new: bytes(name), bytes("file " + name))
            try below.makeDirectory(bytes(name))
            try below.open(bytes(name)).write(new: bytes(name), bytes("below " + name))
        }
    }
}
