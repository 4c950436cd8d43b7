import Testing

@Suite("The glossary")
struct GlossaryTests {
    /// The terms that documents, messages and code share.
    private static let required = [
        "attestation", "bundle", "checkpoint", "closeout record", "inclusion proof", "log operator",
        "module", "payload", "revocation", "seal", "snapshot", "status", "trust policy",
        "untrusted certificates", "verification key", "verification result", "verification time",
        "witness",
    ]

    @Test("has each term once, in order, with a source or a dash")
    func terms() throws {
        let rows = try SourceFile(reading: "docs/glossary.md").lines.filter {
            $0.hasPrefix("| **")
        }.map { $0.split(separator: "|").map { $0.trimmed.drop { $0 == "*" } } }
        let terms = rows.map { row in String(row[0].prefix { $0 != "*" }) }
        #expect(Set(terms).count == terms.count)
        #expect(terms == terms.sorted())
        #expect(Set(Self.required).isSubset(of: terms))
        #expect(rows.allSatisfy { $0.count == 3 && !$0[1].isEmpty && !$0[2].isEmpty })
    }
}
