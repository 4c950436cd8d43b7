import CloseoutManifests
import CloseoutTestSupport
import Testing

@Suite("Holding many paths against patterns")
struct GlobMatcherTests {
    /// The definition of docs/manifest.md, "Excludes", tried in every way.
    private static func names(
        _ pattern: [[Character]], _ path: [[Character]]
    ) -> Bool {
        guard let part = pattern.first else { return path.isEmpty }
        let rest = Array(pattern.dropFirst())
        if part == ["*", "*"] {
            let least = rest.isEmpty ? 1 : 0
            return (least...max(least, path.count)).contains {
                $0 <= path.count && names(rest, Array(path.dropFirst($0)))
            }
        }
        guard let name = path.first, matches(part, name) else { return false }
        return names(rest, Array(path.dropFirst()))
    }

    private static func matches(_ part: [Character], _ name: [Character]) -> Bool {
        guard let first = part.first else { return name.isEmpty }
        let rest = Array(part.dropFirst())
        switch first {
        case "*": return (0...name.count).contains { matches(rest, Array(name.dropFirst($0))) }
        case "?": return !name.isEmpty && matches(rest, Array(name.dropFirst()))
        default: return name.first == first && matches(rest, Array(name.dropFirst()))
        }
    }

    private static func parts(_ text: String) -> [[Character]] {
        text.split(separator: "/").map(Array.init)
    }

    private static func text(
        _ pieces: [String], count: ClosedRange<Int>, using generator: inout SplitMix64
    ) -> String {
        (0..<Int.random(in: count, using: &generator))
            .compactMap { _ in pieces.randomElement(using: &generator) }.joined()
    }

    @Test(
        "gives what the definition says, whatever path was asked for before",
        arguments: [1, 2, 3, 4, 5, 6, 7, 8])
    func oracle(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        var matching = 0
        for _ in 0..<60 {
            let patterns = (0..<3).map { _ in
                (0..<Int.random(in: 1...4, using: &generator)).map { _ in
                    Bool.random(using: &generator)
                        ? "**" : Self.text(["a", "b", "*", "?"], count: 1...5, using: &generator)
                }.joined(separator: "/")
            }
            var matcher = GlobMatcher(try patterns.map { try Glob(bytes("/" + $0)) })
            for _ in 0..<60 {
                let path = (0..<Int.random(in: 1...5, using: &generator)).map { _ in
                    Self.text(["a", "b"], count: 1...4, using: &generator)
                }.joined(separator: "/")
                let expected = patterns.contains { pattern in
                    // Two stars beside others in a component are as good as one.
                    Self.names(Self.parts(pattern), Self.parts(path))
                }
                let found = matcher.match(bytes(path), isDirectory: false)
                #expect(found == expected, "\(patterns) \(path)")
                matching += expected ? 1 : 0
            }
        }
        #expect(matching > 300)
    }

    @Test("holds each name against each part of a pattern once in a walk")
    func isBounded() throws {
        let (depth, files, patterns) = (16, 40, 256)
        var matcher = GlobMatcher(
            try (0..<patterns).map { number in
                try Glob(bytes("*" + String(repeating: "a", count: 500 + number) + "b"))
            })
        let name = String(repeating: "a", count: 200)
        var folder = ""
        for _ in 0..<depth {
            folder += name
            // The entry itself, and its contents.
            for _ in 0..<2 {
                let found = matcher.match(bytes(folder), isDirectory: true)
                #expect(!found)
            }
            folder += "/"
        }
        for file in 0..<files {
            let found = matcher.match(bytes("\(folder)\(name)\(file)"), isDirectory: false)
            #expect(!found)
        }
        #expect(matcher.comparisons == patterns * (depth + files))
    }
}
