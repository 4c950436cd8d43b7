import CloseoutEncodings
import CloseoutTestSupport
import CloseoutVerification
import Testing

@Suite("A report as JSON")
struct JSONReportTests {
    @Test("is canonical, and the same for the same report")
    func canonical() throws {
        let bytes = try report().json.canonicalBytes
        #expect(try JSON(parsingCanonical: bytes).canonicalBytes == bytes)
        #expect(try report().json.canonicalBytes == bytes)
    }

    @Test("has the members of docs/checks.md and no others")
    func members() throws {
        let keys = try documented("## Report as JSON")
        #expect(keys == members(of: try report(signatures: []).json).sorted())
        let lines = try documented("## Signatures in a report")
        let json = try report(signatures: [stranger]).json
        #expect(lines == members(of: try #require(first("signatures", of: json))).sorted())
        #expect(
            members(of: try #require(first("checks", of: json))).sorted()
                == ["hint", "id", "reason", "required", "status", "subject"])
    }

    @Test("carries the same first line and findings as the text")
    func sameContent() throws {
        let report = try report(
            [Finding(.artifactDigest, .fail, "bin/tool", "differs", hint: "get it again")])
        let text = String(decoding: report.json.canonicalBytes, as: UTF8.self)
        #expect(
            text.contains(String(decoding: JSON(report.headline).canonicalBytes, as: UTF8.self)))
        #expect(
            text.contains(
                #"{"hint":"get it again","id":"artifact.digest","reason":"differs","required":true,"#
                    + #""status":"fail","subject":"bin/tool"}"#))
    }

    /// The keys in the first column of a section's table, sorted.
    private func documented(_ heading: String) throws -> [String] {
        let text = String(decoding: try readFile(repositoryRoot + "/docs/checks.md"), as: UTF8.self)
        let start = try #require(text.firstRange(of: heading)).upperBound
        let section = text[start...].split(separator: "\n## ").first ?? ""
        let rows = section.split(separator: "\n").filter { $0.hasPrefix("| `") }
        return rows.flatMap { row in
            let cell = row.dropFirst(2).prefix { $0 != "|" }
            return cell.split(separator: ",").map { $0.filter { $0 != "`" && $0 != " " } }
        }.map { String($0) }.sorted()
    }

    private func members(of json: JSON) -> [String] {
        guard case .object(let members) = json else { return [] }
        return members.map { String(decoding: $0.key, as: UTF8.self) }
    }

    private func first(_ key: String, of json: JSON) -> JSON? {
        guard case .object(let members) = json,
            case .array(let items) = members.first(where: { $0.key == Array(key.utf8) })?.value
        else { return nil }
        return items.first
    }
}
