import CloseoutEncodings
import CloseoutTestSupport
import Testing

@Suite(.requires(pythonTool)) struct ForeignJSONTests {
    @Test("another implementation of RFC 8785 writes 2,000 random documents to the same bytes")
    func canonicalForm() async throws {
        var generator = SplitMix64(seed: 8785)
        let documents = (0..<2_000).map { _ in randomValue(depth: 0, using: &generator) }
        let answer = try await ForeignPrograms.run(
            ForeignPrograms.canonicalize, on: .array(documents))
        let foreign = try JSONItem(answer).array().map { item in try item.base64() }
        #expect(foreign == documents.map(\.canonicalBytes))
    }

    private func randomValue(depth: Int, using generator: inout SplitMix64) -> JSON {
        switch Int.random(in: depth < 4 ? 0..<7 : 2..<7, using: &generator) {
        case 0:
            let count = Int.random(in: 0...6, using: &generator)
            return .array((0..<count).map { _ in randomValue(depth: depth + 1, using: &generator) })
        case 1:
            let keys = Set((0...8).map { _ in randomText(using: &generator) })
            let members = keys.sorted { $0.lexicographicallyPrecedes($1) }.map { key in
                JSONMember(key: key, value: randomValue(depth: depth + 1, using: &generator))
            }
            return .object(members.shuffled(using: &generator))
        case 2: return .null
        case 3: return .bool(Bool.random(using: &generator))
        case 4: return .integer(Int64.random(in: -99...99, using: &generator))
        case 5:
            let largest = JSON.largestInteger
            return .integer(Int64.random(in: -largest...largest, using: &generator))
        default: return .string(randomText(using: &generator))
        }
    }

    /// Text of scalars near the points where UTF-8 and UTF-16 differ, and of what JSON escapes.
    private func randomText(using generator: inout SplitMix64) -> [UInt8] {
        let ranges: [ClosedRange<UInt32>] = [
            0x00...0x7F, 0x00...0x22, 0x80...0x7FF, 0xD700...0xD7FF, 0xE000...0xE0FF,
            0xFE00...0xFFFF, 0x10000...0x100FF, 0x1F600...0x1F64F, 0x10FF00...0x10FFFF,
        ]
        let count = Int.random(in: 0...4, using: &generator)
        return (0..<count).flatMap { _ in
            let range = ranges.randomElement(using: &generator) ?? 0x00...0x7F
            let scalar = Unicode.Scalar(UInt32.random(in: range, using: &generator))
            return Array(String(Character(scalar ?? "?")).utf8)
        }
    }
}
