import CloseoutTestSupport
import Testing

/// A row of docs/signatures.md, "What counts, row by row".
private struct SignatureRow: Sendable, CustomTestStringConvertible {
    let format: String
    let name: String
    /// What the format's own tool says.
    let tool: String
    /// What comes of it here.
    let verdict: String
    let isExplained: Bool

    var testDescription: String { "\(format) \(name)" }

    /// Takes a line of a table apart; `nil` for any other line.
    init?(_ line: String) {
        let cells = line.split(separator: " | ", omittingEmptySubsequences: false)
        guard cells.count == 5, cells[0].hasPrefix("| `"), cells[0].hasSuffix("`"),
            cells[4].hasSuffix(" |")
        else { return nil }
        let words = cells[0].dropFirst(3).dropLast().split(separator: " ")
        guard words.count == 2 else { return nil }
        (format, name) = (String(words[0]), String(words[1]))
        (tool, verdict) = (String(cells[2]), String(cells[3]))
        isExplained = cells[4] != "– |"
    }

    /// All rows of the document.
    static let all = section("What counts, row by row").compactMap(SignatureRow.init)

    /// The lines of a section of the document.
    static func section(_ title: String) -> [String] {
        let path = repositoryRoot + "/docs/signatures.md"
        let text = (try? readFile(path)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        let lines = text.split(separator: "\n").map(String.init)
        let start = lines.firstIndex(of: "## " + title) ?? lines.endIndex
        return lines[start...].dropFirst().prefix { !$0.hasPrefix("## ") }.map(\.self)
    }
}

@Suite(
    "What counts, beside the tool of each format", .requires("gpg"), .requires("gpgv"),
    .requires("sqv"), .requires("ssh-keygen"), .requires("minisign"), .requires("signify-openbsd"),
    .requires("openssl"), .requires("gpgsm"), .requires("python3"))
struct SignatureRowTests {
    private static let cases = repositoryRoot + "/Tests/CommandLineTests/SignatureRows"

    @Test("is what the table says, and what it says of the tool", arguments: SignatureRow.all)
    fileprivate func row(row: SignatureRow) async throws {
        try await withTemporaryDirectory { path in
            let output = try await Scene(path: path).shellDone(
                "'\(Self.cases)/run' \(row.format) \(row.name)")
            let found = lines(output)
            #expect(found.first == "tool \(row.tool)", "\(output)")
            #expect(found.dropFirst().first == "closeout \(row.verdict)", "\(output)")
        }
    }

    @Test("differs from the tool only where the table says why")
    func explained() {
        #expect(SignatureRow.all.count > 100)
        for row in SignatureRow.all {
            let differs = (row.tool == "accepts") != (row.verdict == "counts")
            #expect(row.isExplained == differs, "\(row.testDescription)")
        }
    }

    @Test("has the case that each line on what tools write names")
    func toolLines() {
        let named = SignatureRow.section("What tools write").filter { $0.hasPrefix("| `") }
            .compactMap { $0.split(separator: "`").dropLast().last.map(String.init) }
        let known = Set(SignatureRow.all.map(\.testDescription))
        #expect(!named.isEmpty)
        for name in named { #expect(known.contains(name), "\(name)") }
    }

    @Test("has a row for each case that is made, and for each format")
    func complete() async throws {
        let scene = Scene(path: Self.cases)
        let made = try await scene.shellDone("grep -ho '^case_[a-z0-9_]*' *.sh | sort")
        let reported = SignatureRow.all.map { "case_" + $0.name.replacing("-", with: "_") }.sorted()
        #expect(lines(made) == reported)
    }
}
