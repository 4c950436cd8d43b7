import CloseoutEncodings
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutTestSupport
import Testing

@Suite("Damaged inputs")
struct MutationTests {
    private static let lines = [
        ManifestReadingTests.directory("d"),
        ManifestReadingTests.file(#"d/\"\\\n\u0001é😀"#, mode: "0755", size: "9007199254740991"),
        ManifestReadingTests.file("d/x"), ManifestReadingTests.link("l", "d/x"),
    ]
    private static let tokens = [
        "\n", "\\u0000", "\\n", "\\\"", "\"", "../", "/", ".", #""mode":"0644","#, "0", "}", "é",
        #"{"path":"a","type":"directory"}"#, #","type":"file"}"#,
    ]

    @Test("thousands of manifests are read as the strict JSON reader reads each of their lines")
    func manifests() async throws {
        let sample = ManifestReadingTests.manifest(Self.lines)
        #expect(try await Manifest.read(sample).defects.isEmpty)
        var wrong: [[UInt8]] = []
        for input in mutations(of: sample, seed: 1, count: 20_000, tokens: Self.tokens) {
            let reading = try await Manifest.read(input, workers: 1)
            if reading.manifest == nil && reading.defects.isEmpty { wrong.append(input) }
            guard let manifest = reading.manifest else { continue }
            if !Self.isCanonical(manifest, input) { wrong.append(input) }
        }
        #expect(wrong.isEmpty)
    }

    @Test("thousands of lines are entries exactly when they are the canonical JSON of one")
    func lines() async throws {
        var wrong: [[UInt8]] = []
        var accepted = 0
        for (seed, line) in Self.lines.enumerated() {
            let mutants = mutations(
                of: bytes(line), seed: UInt64(seed), count: 5_000, tokens: Self.tokens)
            for mutant in mutants where !mutant.contains(0x0A) {
                let input = bytes(ManifestReadingTests.header + "\n") + mutant + [0x0A]
                let reading = try await Manifest.read(input, workers: 1)
                let isEntry = !reading.defects.contains { $0.reason == .notAnEntry }
                if isEntry { accepted += 1 }
                if isEntry != Self.isEntry(mutant) { wrong.append(mutant) }
            }
        }
        #expect(wrong.isEmpty)
        #expect(accepted > 50)
    }

    @Test("thousands of seals are refused, or are the canonical bytes of what was read")
    func seals() throws {
        let sample = try SealTests.sample()
        let bytes = sample.canonicalBytes
        var wrong: [[UInt8]] = []
        let tokens = [
            "0", "9007199254740992", "-1", "\"", "null", "{", "}", ",", "é", "sha256", "/",
        ]
        for input in mutations(of: bytes, seed: 3, count: 20_000, tokens: tokens) {
            guard let seal = try? Seal(parsing: input) else { continue }
            if seal.canonicalBytes != input { wrong.append(input) }
        }
        #expect(wrong.isEmpty)
    }

    /// Tells whether the entries of a manifest, written again, are the lines that were read.
    private static func isCanonical(_ manifest: Manifest, _ input: [UInt8]) -> Bool {
        var written = manifest.header.line + [0x0A]
        for index in 0..<manifest.count {
            guard let entry = manifest.entry(at: index) else { return false }
            written += entry.line + [0x0A]
        }
        return written == input
    }

    /// Judges a line by way of the JSON reader: of the grammar, not of what a path may be.
    private static func isEntry(_ line: [UInt8]) -> Bool {
        guard let json = try? JSON(parsingCanonical: line), case .object(let members) = json else {
            return false
        }
        let keys = members.map { String(decoding: $0.key, as: UTF8.self) }
        guard case .string(let path)? = json["path"], !path.contains(0) else { return false }
        switch json["type"] {
        case "file":
            guard case .string(let digits)? = json["sha256"], SHA256Digest(hex: digits) != nil,
                case .integer(let size)? = json["size"], size >= 0
            else { return false }
            if keys == ["path", "sha256", "size", "type"] { return true }
            guard case .string(let mode)? = json["mode"] else { return false }
            return keys == ["mode", "path", "sha256", "size", "type"] && mode.count == 4
                && mode.allSatisfy { 0x30...0x37 ~= $0 }
        case "directory": return keys == ["path", "type"]
        case "symlink":
            guard case .string(let target)? = json["target"] else { return false }
            return keys == ["path", "target", "type"] && !target.isEmpty && !target.contains(0)
                && target.count <= 4096
        default: return false
        }
    }
}
