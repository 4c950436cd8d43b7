import CloseoutFiles
import Testing

@Suite("Work in parts")
struct PartsTests {
    private struct Refused: Error, Equatable {
        let item: Int
    }

    @Test(
        "each item is worked on once, and the results are in order",
        arguments: [0, 1, 7, 8, 9, 1000, 1001])
    func order(count: Int) async throws {
        let parts = await inParts(of: count, least: 4) { range in range.map { $0 * 3 } }
        #expect(Array(parts.joined()) == (0..<count).map { $0 * 3 })
    }

    @Test("few items are one part")
    func few() async {
        #expect(await inParts(of: 7, least: 4) { $0 } == [0..<7])
    }

    @Test("of several parts that fail the first one says why")
    func failure() async {
        await #expect(throws: Refused(item: 300)) {
            _ = try await inParts(of: 1000, least: 4) { range throws(Refused) in
                for item in range where item >= 300 { throw Refused(item: item) }
            }
        }
    }
}
