import CloseoutBundles
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutTestSupport
import Testing

@Suite("The log of a bundle")
struct LogTests {
    @Test("is read with its four first entries and no defect")
    func reading() async throws {
        try await Place.withBundle { place in
            let log = try place.log()
            #expect(log.defects == [])
            #expect(log.entries.map(\.kind) == EntryKind.head)
            #expect(log.entries.map(\.path) == EntryKind.head.map(\.fixedPath))
            #expect(log.size == 4)
            #expect(log.entries.map(\.line) == lines(try logBytes(place)))
            for size in 0...4 {
                #expect(
                    try log.root(ofFirst: size) == Merkle.root(of: Array(log.leaves.prefix(size))))
            }
            #expect(try log.root(ofFirst: 5) == nil)
        }
    }

    @Test(
        "a line that is read in the plain form is the one that JSON reads, however it was changed")
    func plainForm() async throws {
        try await Place.withBundle { place in
            let line = lines(try logBytes(place))[2]
            let entry = try #require(LogEntry(plain: line))
            #expect(try LogEntry(json: line) == entry)
            #expect(entry.line == line)
            var count = 0
            for changed in mutations(
                of: line, seed: 21, count: 20_000,
                tokens: ["\"", "\\u0041", "0", "-", ",", "}", "\u{e9}", " "])
            {
                guard let plain = LogEntry(plain: changed) else { continue }
                count += 1
                #expect(try LogEntry(json: changed) == plain)
                #expect(plain.line == changed)
            }
            #expect(count > 20)
        }
    }

    /// Each case changes the text of a log of five entries and names the defects that it has.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let kinds: [LogDefect.Kind]
        let change: @Sendable (inout [String]) -> Void
        var ending = "\n"

        init(
            _ name: String, _ kinds: [LogDefect.Kind], ending: String = "\n",
            _ change: @escaping @Sendable (inout [String]) -> Void
        ) {
            testDescription = name
            self.kinds = kinds
            self.change = change
            self.ending = ending
        }
    }

    static let cases: [Case] = [
        Case("nothing changed", []) { _ in },
        Case("no line feed at the end", [.format], ending: "") { _ in },
        Case("an empty line at the end", [.format], ending: "\n\n") { _ in },
        Case("a carriage return", [.format]) { $0[4] += "\r" },
        Case("no JSON", [.format]) { $0[4] = "x" },
        Case("a blank", [.format]) { $0[4] = $0[4].replacing(":", with: ": ", maxReplacements: 1) },
        Case("a key too much", [.format]) { $0[4] = "{\"a\":1," + $0[4].dropFirst() },
        Case("a key missing", [.format]) { $0[4] = $0[4].replacing("\"at\":", with: "\"av\":") },
        Case("an unknown kind", [.format]) { $0[4] = $0[4].replacing("attachment\"", with: "x\"") },
        Case("an empty media type", [.format]) {
            $0[4] = $0[4].replacing("text/plain", with: "")
        },
        Case("a blank in the media type", [.format]) {
            $0[4] = $0[4].replacing("text/plain", with: "text plain")
        },
        Case("a path of another kind", [.format]) {
            $0[4] = $0[4].replacing("attachments/", with: "signatures/")
        },
        Case("a path that climbs", [.format]) {
            $0[4] = $0[4].replacing("attachments/", with: "attachments/../")
        },
        Case("capitals in the path", [.format]) {
            $0[4] = $0[4].replacing("attachments/", with: "attachments/A")
        },
        Case("a negative size", [.format]) { $0[4] = $0[4].replacing("size\":", with: "size\":-") },
        Case("a fraction of a size", [.format]) {
            $0[4].insert(contentsOf: ".5", at: $0[4].index(before: $0[4].endIndex))
        },
        Case("capitals in the digest", [.format]) {
            $0[4] = $0[4].replacing("sha256\":\"", with: "sha256\":\"A")
        },
        Case("a line too long", [.limits]) {
            $0[4] = $0[4].replacing(
                "text/plain", with: String(repeating: "x", count: 1024))
        },
        Case("a wrong number", [.sequence]) { $0[4] = $0[4].replacing("seq\":4", with: "seq\":5") },
        Case("a line removed", [.sequence, .sequence, .sequence, .head]) {
            $0.remove(at: 1)
        },
        Case("two lines swapped", [.sequence, .sequence]) { $0.swapAt(3, 4) },
        Case("a line twice", [.sequence, .duplicate]) { $0.append($0[4]) },
        Case("a second seal", [.sequence, .duplicate]) { $0.append($0[0]) },
        Case("a head of another kind", [.head, .head]) { lines in
            lines[3] = lines[3].replacing("text/plain", with: "text/html")
            lines[2] = lines[2].replacing("text/plain", with: "text/html")
        },
        Case("too few lines", [.head, .head, .head]) { $0 = [$0[0]] },
    ]

    @Test("reports every defect of a line", arguments: cases)
    func defects(of test: Case) async throws {
        try await Place.withBundle { place in
            try place.add("evidence")
            var changed = lines(try logBytes(place)).map(text)
            test.change(&changed)
            let content = changed.joined(separator: "\n") + test.ending
            let log = try BundleLog(parsing: bytes(content))
            #expect(log.defects.map(\.kind) == test.kinds, "\(log.defects)")
            #expect(log.defects.allSatisfy { !$0.reason.isEmpty })
        }
    }

    @Test("of no bytes, or of one line feed, is defective")
    func empty() throws {
        #expect(try BundleLog(parsing: []).defects.map(\.kind).contains(.format))
        #expect(try !BundleLog(parsing: bytes("\n")).defects.isEmpty)
    }

    @Test("of more lines or bytes than allowed is reported and read no further")
    func limits() throws {
        let lines = try BundleLog(
            parsing: bytes(String(repeating: "\n", count: BundleLimits.logLines + 5)))
        #expect(lines.defects.last?.kind == .limits)
        #expect(lines.size == BundleLimits.logLines)
        let large = try BundleLog(parsing: [UInt8](repeating: 0x20, count: BundleLimits.log + 1))
        #expect(large.defects.map(\.kind) == [.limits])
    }

    private func logBytes(_ place: Place) throws -> [UInt8] {
        try readFile(place.bundle + "/log.jsonl")
    }

    private func lines(_ bytes: [UInt8]) -> [[UInt8]] {
        bytes.split(separator: 0x0A).map { Array($0) }
    }
}
