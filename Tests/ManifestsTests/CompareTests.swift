import CloseoutEncodings
import CloseoutFiles
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutTestSupport
import Testing

@Suite("Comparing a tree with its manifest")
struct CompareTests {
    /// One change of the tree, as a shell command in it, and the differences that it makes.
    struct Change: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let differences: [ArtifactDifference]

        init(_ command: String, _ differences: (String, ArtifactDifference.Kind)...) {
            testDescription = command
            self.differences = differences.map {
                ArtifactDifference(path: bytes($0.0), kind: $0.1)
            }
        }
    }

    private static let helloDigest = SHA256Digest(
        hex: bytes("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"))
    private static let hallo = SHA256Digest(
        hex: bytes("d3751d33f9cd5049c4af2b462735457e4d3baf130bcbb87f389e349fbaeb20b9"))

    @Test(
        "finds each kind of difference and nothing else",
        arguments: [
            Change("rm bin/tool", ("bin/tool", .missing(.file))),
            Change("rm link", ("link", .missing(.symlink))),
            Change("rmdir empty", ("empty", .missing(.directory))),
            Change(
                "rm -r bin", ("bin", .missing(.directory)), ("bin/other", .missing(.file)),
                ("bin/tool", .missing(.file))),
            Change("touch new", ("new", .unexpected(.regular))),
            Change("touch bin/zz", ("bin/zz", .unexpected(.regular))),
            Change(
                "mkdir bin.d; touch bin.d/x", ("bin.d", .unexpected(.directory)),
                ("bin.d/x", .unexpected(.regular))),
            Change("ln -s bin new", ("new", .unexpected(.symlink))),
            Change("mkfifo new", ("new", .unexpected(.fifo))),
            Change(
                "mv bin/tool bin/tool2", ("bin/tool", .missing(.file)),
                ("bin/tool2", .unexpected(.regular))),
            Change("printf longer > a", ("a", .size(expected: 5, found: 6))),
            Change("printf '' > a", ("a", .size(expected: 5, found: 0))),
            Change("chmod +x a", ("a", .mode(expected: 0o644, found: 0o755))),
            Change("chmod 644 bin/tool", ("bin/tool", .mode(expected: 0o755, found: 0o644))),
            Change("chmod 4755 bin/tool", ("bin/tool", .mode(expected: 0o755, found: 0o4755))),
            Change(
                "chmod +x a; printf x > a", ("a", .size(expected: 5, found: 1)),
                ("a", .mode(expected: 0o644, found: 0o755))),
            Change(
                "cp a b; ln -sf b a; rm b; ln -s a b",
                ("a", .type(expected: .file, found: .symlink)), ("b", .unexpected(.symlink))),
            Change(
                "mv bin x; ln -s x bin", ("bin", .type(expected: .directory, found: .symlink)),
                ("bin/other", .missing(.file)), ("bin/tool", .missing(.file)),
                ("x", .unexpected(.directory)), ("x/other", .unexpected(.regular)),
                ("x/tool", .unexpected(.regular))),
            Change("rm a; mkdir a", ("a", .type(expected: .file, found: .directory))),
            Change("rm a; mkfifo a", ("a", .type(expected: .file, found: .fifo))),
            Change(
                "rmdir empty; touch empty", ("empty", .type(expected: .directory, found: .regular))),
            Change(
                "ln -sfn bin link",
                ("link", .linkTarget(expected: bytes("bin/tool"), found: bytes("bin")))),
            Change(
                "rm link; cp bin/tool link", ("link", .type(expected: .symlink, found: .regular))),
            Change("chmod 600 a; chmod 711 bin/tool; chmod 700 bin; touch a"),
        ])
    func kinds(change: Change) async throws {
        try await Scratch.make { scratch in
            try await Self.makeTree(scratch)
            let manifest = try await scratch.freeze().read()
            try await runSuccessfully(
                "sh", ["-ec", change.testDescription], workingDirectory: scratch.tree)
            #expect(try await scratch.differences(manifest) == change.differences)
        }
    }

    @Test("reports both digests of a file with other contents of the same size")
    func digest() async throws {
        try await Scratch.make { scratch in
            try await Self.makeTree(scratch)
            let manifest = try await scratch.freeze().read()
            try await scratch.file("a", "hallo")
            let expected = try #require(Self.helloDigest)
            let found = try #require(Self.hallo)
            #expect(
                try await scratch.differences(manifest) == [
                    ArtifactDifference(
                        path: bytes("a"), kind: .digest(expected: expected, found: found))
                ])
        }
    }

    @Test("notices every single byte that changes")
    func everyByte() async throws {
        try await Scratch.make { scratch in
            let contents = String(repeating: "0123456789", count: 10)
            try await scratch.file("x", contents)
            let manifest = try await scratch.freeze().read()
            for index in 0..<contents.utf8.count {
                var changed = Array(contents.utf8)
                changed[index] ^= 1
                try writeFile(changed, to: scratch.tree + "/x")
                let differences = try await scratch.differences(manifest)
                #expect(differences.count == 1)
            }
        }
    }

    @Test("looks at modes as the manifest records them, or not at all")
    func modes() async throws {
        try await Scratch.make { scratch in
            try await scratch.file("a", mode: "0640")
            let exact = try await scratch.freeze(ManifestOptions(modes: .exact)).read()
            let executable = try await scratch.freeze().read()
            let ignored = try await scratch.freeze(ManifestOptions(modes: .ignore)).read()
            #expect(try await scratch.differences(exact).isEmpty)
            try await runSuccessfully("chmod", ["0600", scratch.tree + "/a"])
            let difference = ArtifactDifference(
                path: bytes("a"), kind: .mode(expected: 0o640, found: 0o600))
            #expect(try await scratch.differences(exact) == [difference])
            #expect(try await scratch.differences(exact, ignoringModes: true).isEmpty)
            #expect(try await scratch.differences(executable).isEmpty)
            try await runSuccessfully("chmod", ["0700", scratch.tree + "/a"])
            #expect(try await scratch.differences(executable).count == 1)
            #expect(try await scratch.differences(executable, ignoringModes: true).isEmpty)
            #expect(try await scratch.differences(ignored).isEmpty)
        }
    }

    @Test("reports a file that cannot be read, and differences beside it")
    func unreadable() async throws {
        // A process's memory is a regular file of no size whose beginning cannot be read, by
        // nobody.
        let empty =
            #""sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","size":0"#
        let text = """
            {"algorithm":"sha256","excludes":[],"kind":"closeout/manifest/v1","modes":"ignore","outside_links":false}
            {"path":"mem",\(empty),"type":"file"}

            """
        let manifest = try #require(try await Manifest.read(bytes(text)).manifest)
        let root = try Directory.open(bytes("/proc/thread-self"))
        let differences = try await compare(manifest, root: root)
        let kinds = differences.filter { $0.path == bytes("mem") }.map(\.kind)
        guard kinds.count == 1, case .unreadable(.system)? = kinds.first else {
            Issue.record("\(kinds)")
            return
        }
    }

    @Test("reports a file that changes while it is read, and nothing of the files read after it")
    func unstable() async throws {
        try await Scratch.make { scratch in
            let contents = String(repeating: "0123456789", count: 100_000)
            try await scratch.file("a", contents)
            try await scratch.file("b", "hello")
            let manifest = try await scratch.freeze().read()
            let path = scratch.tree + "/a"
            let progress = Progress(interval: 0) { state in
                guard state.files == 0 else { return }
                do { try writeFile(contents + "x", to: path) } catch { Issue.record(error) }
            }
            let differences = try await compare(
                manifest, root: Directory.open(bytes(scratch.tree)), workers: 1, progress: progress)
            #expect(
                differences == [ArtifactDifference(path: bytes("a"), kind: .changedWhileRead)])
        }
    }

    @Test("throws when there is no tree to look at")
    func noRoot() async throws {
        try await Scratch.make { scratch in
            try await scratch.file("x")
            let manifest = try await scratch.freeze().read()
            let root = try Directory.open(bytes(scratch.tree))
            try Directory.open(bytes(scratch.path)).removeTree(bytes("tree"))
            let differences = try await compare(manifest, root: root)
            #expect(differences == [ArtifactDifference(path: bytes("x"), kind: .missing(.file))])
        }
    }

    @Test("gives the same differences whatever the number of workers")
    func workers() async throws {
        try await Scratch.make { scratch in
            for index in 0..<2_000 { try await scratch.file("d\(index % 7)/\(index)", "\(index)") }
            let manifest = try await scratch.freeze().read()
            for index in stride(from: 0, to: 2_000, by: 3) {
                let path = "d\(index % 7)/\(index)"
                switch index % 4 {
                case 0: try await scratch.file(path, "other")
                case 1:
                    try Directory.open(bytes(scratch.tree + "/d\(index % 7)")).remove(
                        bytes("\(index)"))
                default: try await scratch.file(path + "x")
                }
            }
            let root = try Directory.open(bytes(scratch.tree))
            let one = try await compare(manifest, root: root, workers: 1)
            let many = try await compare(manifest, root: root, workers: 7)
            #expect(one.count == 667)
            #expect(one == many)
            #expect(one.map(\.path) == one.map(\.path).sorted { $0.lexicographicallyPrecedes($1) })
        }
    }

    private static func makeTree(_ scratch: Scratch) async throws {
        try await scratch.file("a", "hello", mode: "644")
        try await scratch.file("bin/tool", "hello", mode: "755")
        try await scratch.file("bin/other", "", mode: "644")
        try scratch.directory("empty")
        try await scratch.link("link", to: "bin/tool")
    }
}

@Suite("Comparing one file with its entry")
struct CompareFileTests {
    @Test("looks at contents, size, type and mode, and not at the name")
    func file() async throws {
        try await Scratch.make { scratch in
            try await scratch.file("a", "hello")
            let manifest = try await scratch.freeze().read()
            let entry = try #require(manifest.entry(at: 0))
            try await scratch.file("b", "hello")
            try await scratch.file("c", "hallo")
            try await scratch.file("d", "hello!", mode: "755")
            try await scratch.link("e", to: "a")
            func kinds(_ name: String, _ modes: ModeRule) throws -> [ArtifactDifference.Kind] {
                try compareFile(entry, at: bytes(scratch.tree + "/" + name), modes: modes).map(
                    \.kind)
            }
            #expect(try kinds("b", .executable).isEmpty)
            #expect(try kinds("c", .executable).count == 1)
            #expect(
                try kinds("d", .executable) == [
                    .size(expected: 5, found: 6), .mode(expected: 0o644, found: 0o755),
                ])
            #expect(try kinds("d", .ignore) == [.size(expected: 5, found: 6)])
            #expect(try kinds("e", .executable) == [.type(expected: .file, found: .symlink)])
            #expect(throws: ManifestError.self) { try kinds("missing", .executable) }
        }
    }
}
