import CloseoutFiles
import CloseoutManifests
import CloseoutTestSupport
import Testing

@Suite("Patterns of what is left out")
struct GlobTests {
    @Test(
        "match the paths that they name",
        arguments: [
            ("*.o", "a.o"), ("*.o", "d/e/a.o"), ("*.o", ".o"), ("a.o", "d/a.o"), ("/a.o", "a.o"),
            ("d/*.o", "d/a.o"), ("d/**", "d/a"), ("d/**", "d/e/f"), ("**/a", "a"),
            ("**/a", "d/e/a"),
            ("d/**/a", "d/a"), ("d/**/a", "d/e/f/a"), ("?", "é"), ("??", "ab"), ("a?c", "a\nc"),
            ("[a-c]x", "bx"), ("[!a-c]x", "dx"), ("[^a]", "b"), ("[]]", "]"), ("[a-]", "-"),
            (#"\*"#, "*"), (#"[\]]"#, "]"), (#"\[a"#, "[a"), ("a*b*c", "a1b2b3c"), ("*", "x"),
            ("日*", "日本"), ("[日-本]", "日"), ("a**b", "axb"), ("/**/x/*.c", "p/q/x/y.c"),
            ("a/**/b/**/c", "a/b/x/b/y/c"),
        ])
    func matches(pattern: String, path: String) throws {
        let glob = try Glob(bytes(pattern))
        #expect(glob.matches(bytes(path), isDirectory: false))
        #expect(glob.matches(bytes(path), isDirectory: true))
    }

    @Test(
        "do not match others",
        arguments: [
            ("*.o", "a.out"), ("*.o", "a.o/x"), ("/a.o", "d/a.o"), ("d/*.o", "e/d/a.o"),
            ("d/*", "d/e/f"), ("d/**", "d"), ("?", ""), ("?", "ab"), ("?", "/"), ("a?c", "a/c"),
            ("[a-c]x", "dx"), ("[!a]", "a"), ("d/**/a", "d/b"), ("d/**/a", "e/d/a"),
            ("é", "e\u{301}"),
            ("A", "a"), ("a*b*c", "a1b2"), ("[!a]", "bb"), ("**/a/**", "a"),
        ])
    func differs(pattern: String, path: String) throws {
        #expect(try !Glob(bytes(pattern)).matches(bytes(path), isDirectory: false))
    }

    @Test("with a slash at the end match directories only")
    func directories() throws {
        for pattern in ["build/", "/build/"] {
            let glob = try Glob(bytes(pattern))
            #expect(glob.matches(bytes("build"), isDirectory: true))
            #expect(!glob.matches(bytes("build"), isDirectory: false))
        }
        #expect(try Glob(bytes("build/")).matches(bytes("a/build"), isDirectory: true))
        #expect(try !Glob(bytes("/build/")).matches(bytes("a/build"), isDirectory: true))
    }

    @Test(
        "are refused when nobody can know what they mean",
        arguments: [
            ("", GlobError.empty), ("/", .empty), ("//", .empty), ("a//b", .empty),
            ("!a", .negated),
            ("[a", .unclosedSet), ("[]", .unclosedSet), ("[b-a]", .unclosedSet),
            ("a\\", .danglingEscape), ("[\\", .danglingEscape), ("..", .dots), ("a/./b", .dots),
        ])
    func refused(pattern: String, error: GlobError) {
        #expect(throws: error) { try Glob(bytes(pattern)) }
    }

    @Test("are refused when they hold a NUL or more than 1,024 bytes")
    func notText() throws {
        #expect(throws: GlobError.notText) { try Glob(bytes("a\0b")) }
        #expect(throws: GlobError.notText) { try Glob([0xFF]) }
        #expect(throws: GlobError.tooLong) { try Glob([UInt8](repeating: 0x61, count: 1025)) }
        _ = try Glob([UInt8](repeating: 0x61, count: 1024))
    }

    @Test("are matched in a time that does not explode")
    func slowPattern() throws {
        let glob = try Glob(bytes(String(repeating: "**/a*a*a*/", count: 60) + "b"))
        let path = String(repeating: String(repeating: "a", count: 60) + "/", count: 60) + "c"
        #expect(!glob.matches(bytes(path), isDirectory: false))
    }
}

@Suite("Excluding paths")
struct ExcludeTests {
    private static func options(_ patterns: String...) throws -> ManifestOptions {
        ManifestOptions(excludes: try patterns.map { try Glob(bytes($0)) })
    }

    @Test("leaves out what is named, all below it, and writes the patterns into the header")
    func freezing() async throws {
        try await Scratch.make { scratch in
            for name in ["a", "a.o", "d/a.o", "d/b", ".git/config", ".git/x/y", "tmp/x"] {
                try await scratch.file(name)
            }
            let frozen = try await scratch.freeze(try Self.options("*.o", ".git/", "*.o", "/tmp/*"))
            #expect(frozen.lines[0].contains(#""excludes":["*.o",".git/","/tmp/*"]"#))
            let manifest = try await frozen.read()
            let paths = (0..<manifest.count).compactMap { manifest.entry(at: $0)?.path }
            #expect(paths == ["a", "d", "d/b", "tmp"].map(bytes))
        }
    }

    @Test("is said when comparing of what is there and hidden, and of nothing else")
    func comparing() async throws {
        try await Scratch.make { scratch in
            for name in ["a", "a.o", ".git/config"] { try await scratch.file(name) }
            let manifest = try await scratch.freeze(try Self.options("*.o", ".git")).read()
            #expect(
                try await scratch.differences(manifest) == [
                    ArtifactDifference(path: bytes(".git"), kind: .excluded),
                    ArtifactDifference(path: bytes("a.o"), kind: .excluded),
                ])
            let root = try Directory.open(bytes(scratch.tree))
            try root.removeTree(bytes(".git"))
            try root.remove(bytes("a.o"))
            #expect(try await scratch.differences(manifest).isEmpty)
        }
    }

    @Test("does not hide that a listed path is gone behind a pattern")
    func contradiction() async throws {
        try await Scratch.make { scratch in
            try await scratch.file("a.o")
            try await scratch.file("b")
            let text = String(decoding: try await scratch.freeze().manifest, as: UTF8.self)
            let claimed = text.replacing(#""excludes":[]"#, with: #""excludes":["*.o"]"#)
            let manifest = try #require(try await Manifest.read(bytes(claimed)).manifest)
            #expect(
                try await scratch.differences(manifest).map(\.kind) == [.excluded, .missing(.file)])
        }
    }

    @Test("of everything leaves nothing to freeze")
    func everything() async throws {
        try await Scratch.make { scratch in
            try await scratch.file("a")
            #expect(try await scratch.refusal(try Self.options("*")) == .noFiles)
        }
    }
}

@Suite("Freezing single files")
struct FilesTests {
    @Test("lists each by its last component, in order, whatever their places")
    func names() async throws {
        try await Scratch.make { scratch in
            for name in ["z/a", "y/c", "b"] { try await scratch.file(name, name) }
            let output = try scratch.output()
            let paths = ["z/a", "y//c", "b"].map { bytes(scratch.tree + "/" + $0) }
            _ = try await freeze(.files(paths), options: ManifestOptions(), into: output)
            let text = String(
                decoding: try output.read(Manifest.sumsFileName, limit: 1000), as: UTF8.self)
            #expect(text.split(separator: "\n").map { $0.suffix(1) } == ["a", "b", "c"])
            let reading = try await Manifest.read(output.read(Manifest.fileName, limit: 1000))
            let manifest = try #require(reading.manifest)
            for (index, path) in ["z/a", "b", "y/c"].enumerated() {
                let entry = try #require(manifest.entry(at: index))
                let place = bytes(scratch.tree + "/" + path)
                #expect(try compareFile(entry, at: place, modes: .executable).isEmpty)
            }
        }
    }

    @Test("refuses equal names, directories, special files and what is missing")
    func refused() async throws {
        try await Scratch.make { scratch in
            for name in ["a", "d/a"] { try await scratch.file(name) }
            try await runSuccessfully("mkfifo", [scratch.tree + "/fifo"])
            let places = ["a", "d/a", "d", "d/..", "fifo", "missing"].map {
                bytes(scratch.tree + "/" + $0)
            }
            func refusal(_ paths: [UInt8]...) async throws -> ManifestError? {
                do {
                    _ = try await freeze(
                        .files(paths), options: ManifestOptions(), into: scratch.output())
                    return nil
                } catch let error as ManifestError {
                    return error
                }
            }
            #expect(try await refusal(places[0], places[1]) == .sameName(bytes("a")))
            #expect(try await refusal(places[0], places[0]) == .sameName(bytes("a")))
            #expect(try await refusal(places[0], places[2]) == .directoryAmongFiles(places[2]))
            #expect(try await refusal(places[3]) == .directoryAmongFiles(places[3]))
            let fifo = Irregularity(path: bytes("fifo"), kind: .special(.fifo))
            #expect(try await refusal(places[0], places[4]) == .refused(fifo))
            guard case .file(let error)? = try await refusal(places[5]) else {
                Issue.record("what is missing was frozen")
                return
            }
            #expect(error.isMissing && error.path == places[5])
            #expect(try await refusal() == .noFiles)
        }
    }
}

@Suite("Progress")
struct ProgressTests {
    @Test("ends with all files and bytes, and knows their sums from the start")
    func totals() async throws {
        try await Scratch.make { scratch in
            for index in 0..<20 { try await scratch.file("d/\(index)", "12345") }
            let states = Recorder()
            let progress = Progress(interval: 0) { states.add($0) }
            _ = try await freeze(
                .directory(bytes(scratch.tree)), options: ManifestOptions(workers: 1),
                into: scratch.output(), progress: progress)
            let last = try #require(states.all.last)
            #expect((last.files, last.totalFiles) == (20, 20))
            #expect((last.bytes, last.totalBytes) == (100, 100))
            #expect(states.all.allSatisfy { $0.totalFiles == 20 && $0.totalBytes == 100 })
            #expect(states.all.map(\.files) == states.all.map(\.files).sorted())
        }
    }
}
