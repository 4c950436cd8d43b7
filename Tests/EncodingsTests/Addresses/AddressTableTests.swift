import CloseoutEncodings
import CloseoutTestSupport
import Testing

@Suite("The table of addresses")
struct AddressTableTests {
    private let table = AddressTable.standard

    @Test(
        "the addresses at both sides of every edge of every range are of the kind that is written down"
    )
    func edges() throws {
        for edge in addressEdges {
            let address = try #require(IPAddress(edge.address))
            #expect(table.row(of: address).kind == edge.kind, "\(edge.address)")
        }
    }

    @Test("the edges of every row are among those that are written down")
    func edgesAreComplete() throws {
        let written = Set(addressEdges.compactMap { IPAddress($0.address) })
        for row in table.rows where row.range.prefixLength > 0 {
            let (first, last) = (row.range.first, row.range.last)
            for edge in [first.previous, first, last, last.next] {
                guard let edge else { continue }
                #expect(written.contains(edge), "\(edge) beside \(row.range)")
            }
        }
    }

    @Test("every text of the table is a range, and no two rows have the same")
    func rowsAreRanges() {
        let texts = AddressTable.v4 + AddressTable.v6
        #expect(table.rows.count == texts.count)
        #expect(Set(table.rows.map(\.range)).count == texts.count)
        #expect(texts.allSatisfy { !$0.source.isEmpty })
    }

    @Test("every kind has a row, and words of its own")
    func kindsAreUsed() {
        #expect(Set(table.rows.map(\.kind)) == Set(AddressKind.allCases))
        #expect(Set(AddressKind.allCases.map(\.words)).count == AddressKind.allCases.count)
    }

    @Test("the document has every row with its kind and source")
    func documented() throws {
        let text = String(
            decoding: try readFile(repositoryRoot + "/docs/outbound.md"), as: UTF8.self)
        let lines = Set(text.split(separator: "\n"))
        for row in table.rows {
            let never =
                row.kind.isNeverAllowed ? "never" : row.kind == .global ? "yes" : "by its owner"
            let line = "| `\(row.range)` | \(row.kind.rawValue) | \(never) | \(row.source) |"
            #expect(lines.contains(Substring(line)), "\(line)")
        }
    }

    @Test(
        "no address at an edge is global here that Python's registry calls private",
        .requires("python3"))
    func agreesWithPython() async throws {
        let script = """
            import ipaddress, sys
            for line in sys.stdin:
                address = ipaddress.ip_address(line.strip())
                print(line.strip(), int(address.is_global and not address.is_multicast))
            """
        let input = addressEdges.map { $0.address + "\n" }.joined()
        let output = try await runSuccessfully("python3", ["-c", script], stdin: Array(input.utf8))
        let lines = String(decoding: output, as: UTF8.self).split(separator: "\n")
        #expect(lines.count == addressEdges.count)
        for line in lines {
            let words = line.split(separator: " ")
            let address = try #require(IPAddress(String(words[0])))
            let isGlobal = table.row(of: address).kind == .global
            #expect(!isGlobal || words[1] == "1", "\(line)")
        }
    }
}
