import CloseoutManifests
import CloseoutTestSupport
import Testing

@Suite("Symbolic links")
struct LinkTests {
    /// Links by name and target, in a tree with the directories `d` and `d/e` and the file `d/e/x`.
    struct Links: CustomTestStringConvertible, Sendable {
        let links: [(name: String, target: String)]
        var testDescription: String {
            links.map { "\($0.name) -> \($0.target)" }.joined(separator: ", ")
        }

        init(_ links: (String, String)...) {
            self.links = links
        }

        func make(in scratch: Scratch) async throws {
            try await scratch.file("d/e/x")
            for (name, target) in links { try await scratch.link(name, to: target) }
        }
    }

    @Test(
        "that stay in the tree are recorded",
        arguments: [
            Links(("l", "d/e/x")), Links(("l", "nothing")), Links(("d/e/l", "../../d")),
            Links(("d/e/l", "../..")), Links(("l", ".")), Links(("l", "d/../d/./e//x")),
            Links(("l", "nothing/../d")), Links(("a", "d/e"), ("l", "a/../..")),
            Links(("l", "d/e/x/..")),
        ])
    func inside(links: Links) async throws {
        try await Scratch.make { scratch in
            try await links.make(in: scratch)
            let manifest = try await scratch.freeze().read()
            #expect(manifest.totals.symlinks == links.links.count)
            #expect(try await scratch.differences(manifest).isEmpty)
        }
    }

    @Test(
        "that leave the tree are refused at freeze and a defect when read",
        arguments: [
            Links(("l", "/etc/passwd")), Links(("l", "..")), Links(("l", "../tree/d")),
            Links(("d/e/l", "../../..")), Links(("l", "d/../../x")),
            Links(("l", "nothing/../../x")), Links(("b", "."), ("l", "b/..")),
            Links(("b", "d/e"), ("l", "b/../../../x")),
            Links(("d/b", "../d/e/.."), ("l", "d/b/../..")),
            Links(("l", "l")), Links(("l", "m"), ("m", "l")),
        ])
    func outside(links: Links) async throws {
        try await Scratch.make { scratch in
            try await links.make(in: scratch)
            let refusal = try await scratch.refusal()
            guard case .outsideLink(let path, let target)? = refusal else {
                Issue.record("not refused: \(String(describing: refusal))")
                return
            }
            #expect(links.links.contains { bytes($0.name) == path && bytes($0.target) == target })

            let allowed = try await scratch.freeze(ManifestOptions(allowOutsideLinks: true))
            #expect(allowed.lines[0].hasSuffix(#""outside_links":true}"#))
            #expect(try await scratch.differences(allowed.read()).isEmpty)
            let claimed = String(decoding: allowed.manifest, as: UTF8.self)
                .replacing(#""outside_links":true"#, with: #""outside_links":false"#)
            let defects = try await Manifest.read(bytes(claimed)).defects
            #expect(
                defects.contains { $0.path == path && $0.reason == .outsideLink(target: target) })
        }
    }

    @Test("may follow each other forty times and no more")
    func hops() async throws {
        try await Scratch.make { scratch in
            try await scratch.file("x")
            for index in 1...40 {
                let target = index == 1 ? "x" : "l\(index - 1)"
                try await scratch.link("l\(index)", to: target)
            }
            #expect(try await scratch.freeze().summary.totals.symlinks == 40)
            try await scratch.link("l41", to: "l40")
            let refused = ManifestError.outsideLink(path: bytes("l41"), target: bytes("l40"))
            #expect(try await scratch.refusal() == refused)
        }
    }

    @Test("that are a named file are recorded by what they point to, not by what is there")
    func named() async throws {
        try await Scratch.make { scratch in
            try await scratch.file("x")
            try await scratch.link("l", to: "x")
            let output = try scratch.output()
            let paths = ["x", "l"].map { bytes(scratch.tree + "/" + $0) }
            let frozen = try await freeze(.files(paths), options: ManifestOptions(), into: output)
            #expect(frozen.totals.files == 1)
            #expect(frozen.totals.symlinks == 1)
        }
    }

    @Test("with a target that is not UTF-8 are refused by name")
    func badTarget() async throws {
        try await Scratch.make { scratch in
            try await scratch.file("x")
            try await runSuccessfully(
                "sh", ["-c", #"ln -s "$(printf '\377')" "$0"/l"#, scratch.tree])
            let refused = Irregularity(path: bytes("l"), kind: .badTarget)
            #expect(try await scratch.refusal() == .refused(refused))
        }
    }

    @Test(
        "that the system resolves to a place outside are never taken for inside",
        arguments: [1, 2, 3, 4, 5, 6, 7, 8])
    func oracle(seed: UInt64) async throws {
        try await Scratch.make { scratch in
            var generator = SplitMix64(seed: seed)
            var commands = "mkdir -p d/e/f g; touch x"
            var links: [String] = []
            for number in 0..<30 {
                // A link may go through those before it, so that none goes round in circles.
                let steps = ["..", "..", "d", "e", "f", "nothing"] + links.suffix(4)
                let target = (0..<Int.random(in: 1...4, using: &generator))
                    .compactMap { _ in steps.randomElement(using: &generator) }
                    .joined(separator: "/")
                links.append("l\(number)")
                commands += "; ln -s \(target) l\(number)"
            }
            try await runSuccessfully("sh", ["-ec", commands], workingDirectory: scratch.tree)
            let resolved = try await run(
                "realpath", ["-m", "--"] + links, workingDirectory: scratch.tree)
            let places = resolved.stdoutText.split(separator: "\n").map(String.init)
            let root = try #require(
                try await run("realpath", [scratch.tree]).stdoutText.split(separator: "\n").first)
            try #require(places.count == links.count)

            let frozen = try await scratch.freeze(ManifestOptions(allowOutsideLinks: true))
            let claimed = String(decoding: frozen.manifest, as: UTF8.self)
                .replacing(#""outside_links":true"#, with: #""outside_links":false"#)
            let refused = try await Manifest.read(bytes(claimed)).defects.map(\.path)
            let outside = zip(links, places).filter {
                $1 != root && !$1.hasPrefix(root + "/")
            }.map(\.0)
            try #require(!outside.isEmpty)
            #expect(refused.count < links.count)
            #expect(outside.allSatisfy { refused.contains(bytes($0)) })
        }
    }
}
