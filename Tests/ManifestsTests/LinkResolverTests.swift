import CloseoutManifests
import CloseoutTestSupport
import Testing

@Suite("Resolving links")
struct LinkResolverTests {
    private static func escaping(_ links: [(String, String)]) -> (links: [String], steps: Int) {
        var resolver = LinkResolver(links.map { (bytes($0.0), bytes($0.1)) })
        return (resolver.escaping().map { links[$0].0 }, resolver.steps)
    }

    /// Goes through every link by itself and from its beginning, as docs/manifest.md has it.
    private static func escapesAlone(_ path: String, in links: [String: String]) -> Bool {
        var place = path.split(separator: "/").dropLast().map(String.init)
        var pending: [String] = []
        var (next, hops, steps) = (links[path], 0, 0)
        while true {
            if let target = next {
                hops += 1
                if target.hasPrefix("/") || hops > 40 { return true }
                pending += target.split(separator: "/").map(String.init).reversed()
                next = nil
            }
            guard let component = pending.popLast() else { return false }
            steps += 1
            if steps > 4096 { return true }
            switch component {
            case ".": continue
            case "..": if place.popLast() == nil { return true }
            default:
                next = links[(place + [component]).joined(separator: "/")]
                if next == nil { place.append(component) }
            }
        }
    }

    @Test(
        "gives the same as going through each by itself",
        arguments: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
    func oracle(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        for _ in 0..<200 {
            var links: [(String, String)] = []
            for number in 0..<Int.random(in: 1...12, using: &generator) {
                let folder = ["", "", "d/", "d/e/"].randomElement(using: &generator) ?? ""
                let steps = ["..", "..", ".", "d", "e", "x"] + (0...12).map { "l\($0)" }
                let target = (0..<Int.random(in: 1...5, using: &generator))
                    .compactMap { _ in steps.randomElement(using: &generator) }
                    .joined(separator: "/")
                let isAbsolute = Int.random(in: 0..<30, using: &generator) == 0
                links.append(("\(folder)l\(number)", (isAbsolute ? "/" : "") + target))
            }
            let table = Dictionary(uniqueKeysWithValues: links)
            let expected = links.map(\.0).filter { Self.escapesAlone($0, in: table) }
            #expect(Self.escaping(links).links == expected, "\(links)")
        }
    }

    @Test("keeps to 40 links and 4,096 components, in whatever order the links come")
    func limits() {
        var chain = (1...42).map { ("l\($0)", $0 == 1 ? "x" : "l\($0 - 1)") }
        #expect(Self.escaping(chain).links == ["l41", "l42"])
        chain.reverse()
        #expect(Self.escaping(chain).links == ["l42", "l41"])
        let long = String(repeating: "d/../", count: 2047)
        #expect(
            Self.escaping([("a", long + "d/x"), ("b", "a"), ("c", "a/y")]).links == ["b", "c"])
        #expect(Self.escaping([("c", "a/y"), ("b", "a"), ("a", long + "d")]).links == ["c"])
        #expect(Self.escaping([("a", "b"), ("b", "c"), ("c", "a"), ("d", "x")]).links.count == 3)
    }

    @Test("goes through each target once, however links lead through each other")
    func isBounded() {
        let number = 300
        let links = (0..<number).map { index in
            let next = index % 39 == 38 ? "zz" : "l\(index + 1)"
            return ("l\(index)", String(repeating: "d/../", count: 800) + next)
        }
        let components = links.reduce(0) { $0 + $1.1.split(separator: "/").count }
        #expect(Self.escaping(links).steps <= components)
        #expect(Self.escaping(links.reversed()).steps <= components)
        let chain = (0..<100_000).map { ("l\($0)", "l\($0 + 1)") }
        let followed = Self.escaping(chain)
        #expect(followed.links.count == 100_000 - 40 && followed.steps <= 100_000)
    }
}
