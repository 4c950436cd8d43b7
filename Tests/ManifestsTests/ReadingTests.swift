import CloseoutEncodings
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutTestSupport
import Testing

@Suite("Reading a manifest")
struct ManifestReadingTests {
    static let header =
        #"{"algorithm":"sha256","excludes":[],"kind":"closeout/manifest/v1","modes":"executable","outside_links":false}"#
    static let digest = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"

    static func file(_ path: String, mode: String = "0644", size: String = "5") -> String {
        #"{"mode":"\#(mode)","path":"\#(path)","sha256":"\#(digest)","size":\#(size),"type":"file"}"#
    }

    static func directory(_ path: String) -> String {
        #"{"path":"\#(path)","type":"directory"}"#
    }

    static func link(_ path: String, _ target: String) -> String {
        #"{"path":"\#(path)","target":"\#(target)","type":"symlink"}"#
    }

    /// A manifest of these lines under the usual header.
    static func manifest(_ lines: [String]) -> [UInt8] {
        bytes(([header] + lines).map { $0 + "\n" }.joined())
    }

    @Test("gives its entries, totals, root and the list for sha256sum")
    func good() async throws {
        let lines = [
            Self.directory("d"), Self.file("d/x"), Self.link("l", "d"), Self.file("z", size: "0"),
        ]
        let reading = try await Manifest.read(Self.manifest(lines))
        let manifest = try #require(reading.manifest)
        #expect(reading.defects.isEmpty)
        #expect(reading.defectCount == 0)
        #expect(manifest.count == 4)
        let digest = try #require(SHA256Digest(hex: bytes(Self.digest)))
        let entries = (0..<4).compactMap { manifest.entry(at: $0) }
        #expect(
            entries == [
                ManifestEntry(path: bytes("d"), kind: .directory),
                ManifestEntry(
                    path: bytes("d/x"), kind: .file(mode: 0o644, size: 5, digest: digest)),
                ManifestEntry(path: bytes("l"), kind: .symlink(target: bytes("d"))),
                ManifestEntry(path: bytes("z"), kind: .file(mode: 0o644, size: 0, digest: digest)),
            ])
        #expect(entries.map { $0.line } == lines.map(bytes))
        #expect(entries[1].name == bytes("x"))
        #expect(manifest.entry(at: 4) == nil)
        #expect(manifest.line(at: -1) == nil)
        #expect(manifest.index(of: bytes("l")) == 2)
        #expect(manifest.index(of: bytes("d/y")) == nil)
        let leaves = try lines.map { try Merkle.leafHash(bytes($0)) }
        #expect(manifest.merkleRoot == (try Merkle.root(of: leaves)))
        #expect(try manifest.merkleTree().root == manifest.merkleRoot)
        let sums = bytes("\(Self.digest)  d/x\n\(Self.digest)  z\n")
        #expect(manifest.sumsDigest == (try SHA256Digest.of(sums)))
        #expect(manifest.sumsSize == sums.count)
        #expect(manifest.totals.files == 2)
        #expect(manifest.totals.bytes == 5)
    }

    /// Lines with one thing wrong, and what is said of it.
    struct Case: CustomTestStringConvertible, Sendable {
        let lines: [String]
        let line: Int
        let path: String?
        let reason: ManifestDefect.Reason
        var testDescription: String { lines.joined(separator: " ") }

        init(_ reason: ManifestDefect.Reason, line: Int, _ path: String?, _ lines: String...) {
            self.reason = reason
            self.line = line
            self.path = path
            self.lines = lines
        }
    }

    @Test(
        "reports what is wrong with a line, and its number",
        arguments: [
            Case(.noFiles, line: 1, nil),
            Case(.noFiles, line: 2, nil, directory("d")),
            Case(.notAnEntry, line: 2, nil, ""),
            Case(.notAnEntry, line: 3, nil, file("a"), header),
            Case(.order, line: 3, "a", file("b"), file("a")),
            Case(.order, line: 4, "a-b", directory("a"), file("a/b"), file("a-b")),
            Case(.duplicate, line: 3, "a", file("a"), file("a")),
            Case(.duplicate, line: 3, "a", directory("a"), file("a")),
            Case(.badPath, line: 2, "", file("")),
            Case(.badPath, line: 2, "/a", file("/a")),
            Case(.badPath, line: 2, "..", file("..")),
            Case(.badPath, line: 2, ".", file(".")),
            Case(.badPath, line: 2, "a/", file("a/")),
            Case(.badPath, line: 3, "a//b", directory("a"), file("a//b")),
            Case(.badPath, line: 3, "a/../b", directory("a"), file("a/../b")),
            Case(.badPath, line: 3, "a/.", directory("a"), file("a/.")),
            Case(.badMode, line: 2, "a", file("a", mode: "0600")),
            Case(.badMode, line: 2, "a", file("a", mode: "4755")),
            Case(
                .badMode, line: 2, "a",
                file("a").replacing(#""mode":"0644","#, with: "")),
            Case(.noParent, line: 2, "d/a", file("d/a")),
            Case(.noParent, line: 3, "d/a", file("d"), file("d/a")),
            Case(.noParent, line: 3, "d/a", link("d", "e"), file("d/a")),
            Case(.outsideLink(target: bytes("..")), line: 3, "l", file("a"), link("l", "..")),
            Case(.outsideLink(target: bytes("/")), line: 3, "l", file("a"), link("l", "/")),
        ])
    func defects(example: Case) async throws {
        let reading = try await Manifest.read(Self.manifest(example.lines))
        #expect(
            reading.defects.contains {
                $0.line == example.line && $0.path == example.path.map(bytes)
                    && $0.reason == example.reason
            }, "\(reading.defects)")
        #expect(reading.defectCount == reading.defects.count)
    }

    @Test(
        "refuses every other spelling of a line",
        arguments: [
            file("a") + " ", " " + file("a"), file("a") + "\r",
            file("a").replacing(":", with: ": "),
            file("a", size: "05"), file("a", size: "5.0"), file("a", size: "-5"),
            file("a", size: "9007199254740992"), file("a", size: ""), file("a", size: "\"5\""),
            file("a", mode: "644"), file("a", mode: "0o644"), file("a", mode: "0648"),
            file("a", mode: "00644"), file(#"\u0061"#), file(#"\/"#), file(#"\u000a"#),
            file(#"\u0000"#), file(#"\u001F"#), file(#"\ud83d\ude00"#), file(#"\x"#), file(#"a\"#),
            file("tab\t"), file("nul\0"), file("a").replacing("2cf2", with: "2CF2"),
            file("a").replacing("2cf2", with: "2cg2"), file("a").replacing("2cf2", with: "2cf"),
            file("a").dropLast() + #","x":1}"#, #"{"a":1,"# + file("a").dropFirst(),
            directory("a").replacing("directory", with: "dir"),
            directory("a").replacing("directory", with: "file"),
            link("a", ""), link("a", #"\u0000"#),
            #"{"type":"directory","path":"a"}"#, #"{"mode":"0755","path":"a","type":"directory"}"#,
            #"{"path":"a","target":"b","type":"directory"}"#, "{}", "[]", "null",
            "\u{FEFF}" + file("a"),
        ])
    func spellings(line: String) async throws {
        let reading = try await Manifest.read(Self.manifest([line, Self.file("z")]))
        #expect(reading.manifest == nil)
        #expect(reading.defects.map(\.reason) == [.notAnEntry])
        #expect(reading.defects.map(\.line) == [2])
    }

    @Test(
        "refuses bytes that are not UTF-8", arguments: [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80]])
    func notUTF8(name: [UInt8]) async throws {
        let good = Self.manifest([Self.file("NAME")])
        let place = try #require(good.firstRange(of: bytes("NAME")))
        var bad = good
        bad.replaceSubrange(place, with: name)
        #expect(try await Manifest.read(bad).defects.map(\.reason) == [.notAnEntry])
    }

    @Test("refuses an end without a line feed, and no bytes at all")
    func unterminated() async throws {
        let good = Self.manifest([Self.file("a")])
        for bytes in [[], good.dropLast(), good + [0x20]] {
            let reading = try await Manifest.read(bytes)
            #expect(reading.manifest == nil)
            #expect(reading.defects.map(\.reason) == [.unterminated])
        }
    }

    @Test(
        "refuses every other header",
        arguments: [
            header.replacing("v1", with: "v2"), header.replacing("sha256", with: "sha512"),
            header.replacing("executable", with: "none"), header.replacing("false", with: "0"),
            header.replacing("false}", with: #"false,"x":1}"#), header.replacing(",", with: ", "),
            header.replacing("[]", with: #"["b","a"]"#),
            header.replacing("[]", with: #"["a","a"]"#),
            header.replacing("[]", with: #"["!a"]"#), header.replacing("[]", with: #"[1]"#),
            header.replacing(#","outside_links":false"#, with: ""), "", "{}", "null",
        ])
    func headers(header: String) async throws {
        let reading = try await Manifest.read(bytes(header + "\n" + Self.file("a") + "\n"))
        #expect(reading.manifest == nil)
        guard reading.defects.count == 1, case .header? = reading.defects.first?.reason else {
            Issue.record("\(reading.defects)")
            return
        }
        #expect(reading.defects.first?.line == 1)
    }

    @Test("reports the first thousand defects in order, and how many there are")
    func manyDefects() async throws {
        let lines = (0..<10_000).map { $0 == 5_000 ? Self.file("a") : "bad" }
        let reading = try await Manifest.read(Self.manifest(lines), workers: 3)
        #expect(reading.defects.map(\.line) == Array(2..<1002))
        #expect(reading.defectCount == 9_999)
        #expect(reading.manifest == nil)
    }

    @Test("says of an unsorted manifest that it is, even when parents are missing everywhere")
    func formFirst() async throws {
        let lines = (0..<5_000).map { Self.file("d/\($0 + 10_000)") } + [Self.file("a")]
        let reading = try await Manifest.read(Self.manifest(lines))
        #expect(reading.manifest == nil)
        #expect(reading.defects.map(\.reason) == [.order])
        #expect(reading.defects.first?.line == 5_002)
    }

    @Test("finds order and parents across the borders of blocks", arguments: [4_095, 4_096, 4_097])
    func borders(swapped: Int) async throws {
        var lines = [Self.directory("d")] + (0..<9_000).map { Self.file("d/\($0 + 10_000)") }
        #expect(try await Manifest.read(Self.manifest(lines)).defectCount == 0)
        let leaves = try lines.map { try Merkle.leafHash(bytes($0)) }
        let root = try await Manifest.read(Self.manifest(lines), workers: 4).manifest?.merkleRoot
        #expect(root == (try Merkle.root(of: leaves)))
        lines.swapAt(swapped, swapped + 1)
        let reading = try await Manifest.read(Self.manifest(lines))
        #expect(reading.defects.map(\.line) == [swapped + 3])
        #expect(reading.defects.map(\.reason) == [.order])
    }

    @Test("does not add sizes beyond what fits, but says the most there is")
    func overflow() async throws {
        let lines = (0..<3_000).map {
            Self.file("\($0 + 10_000)", size: "9007199254740991")
        }
        let totals = try await Manifest.read(Self.manifest(lines)).manifest?.totals
        #expect(totals?.bytes == .max)
    }
}
