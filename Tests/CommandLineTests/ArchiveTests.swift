import CloseoutTestSupport
import FoundationEssentials
import Testing

/// The commands of docs/debian-archive.md, run as they stand there.
@Suite("The Debian archive", .enabled("\(DebianArchive.missing)") { DebianArchive.isHere })
struct ArchiveTests {
    @Test("The archive's keys verify the signed Release, and that the package list")
    func release() async throws {
        try await withScene { scene in
            let output = try await scene.shellDone(try DebianArchive.script(sections: 1))
            #expect(output.contains("VERIFIED Release · as of "))
            #expect(output.contains(" · verifies\n"))
            #expect(output.hasSuffix("Packages: OK\n"))
        }
    }

    @Test("A package is verified from the archive's keys down to its bytes")
    func package() async throws {
        try await withScene { scene in
            let probe = try await scene.shell("mkdir probe && cd probe && apt-get download hello")
            if probe.status != 0 {
                try Test.cancel("the archive cannot be reached: \(probe.stderrText)")
            }
            let output = try await scene.shellDone(try DebianArchive.script(sections: 2))
            let last = try #require(output.split(separator: "\n").last)
            #expect(last.hasPrefix("hello_") && last.hasSuffix(".deb: OK"))
        }
    }

    @Test("A policy of the whole ring verifies it as well")
    func policy() async throws {
        try await withScene { scene in
            let output = try await scene.shellDone(
                try DebianArchive.script(sections: 1) + DebianArchive.script(section: 2))
            #expect(output.split(separator: "\n").count { $0.hasPrefix("VERIFIED Release") } == 2)
            #expect(output.contains("debian-archive-keyring (debian)"))
        }
    }

    @Test("A Release of one changed byte fails, and a document is not its own text")
    func refused() async throws {
        try await withScene { scene in
            try await scene.shellDone(
                try DebianArchive.script(sections: 1)
                    + "\nsed 's/^Origin: D/Origin: d/' Release > Changed; cp \"$inrelease\" signed\n"
            )
            let ring = DebianArchive.ring
            let changed = try await scene.closeout(
                "verify-signature", "Changed", "signed", "--key", ring)
            #expect(changed.status == 30)
            #expect(changed.stdoutText.contains("the document's text is not the content"))
            let itself = try await scene.closeout(
                "verify-signature", "signed", "signed", "--key", ring)
            #expect(itself.status == 30)
            try await scene.shellDone("sed 's/^Origin: D/Origin: d/' signed > damaged")
            let damaged = try await scene.closeout(
                "verify-signature", "Changed", "damaged", "--key", ring)
            #expect(damaged.status == 30)
            #expect(damaged.stdoutText.contains("does not verify over the content"))
        }
    }
}

/// What the example needs of the machine.
private enum DebianArchive {
    static let ring = "/usr/share/keyrings/debian-archive-keyring.gpg"
    static let missing = "no data of a Debian archive: run `apt-get update` on a Debian system"

    /// Whether the signed lists of this system's release are there.
    static var isHere: Bool {
        let fields = (try? readFile("/etc/os-release")).map { String(decoding: $0, as: UTF8.self) }
        let codename = fields?.split(separator: "\n").first { $0.hasPrefix("VERSION_CODENAME=") }
            .flatMap { $0.split(separator: "=").last }
        let lists =
            (try? FileManager.default.contentsOfDirectory(atPath: "/var/lib/apt/lists")) ?? []
        guard let codename else { return false }
        return fileExists(ring) && isInstalled("/usr/lib/apt/apt-helper")
            && lists.contains { $0.hasSuffix("_dists_\(codename)_InRelease") }
    }

    /// The commands of the document's first sections, as one script.
    static func script(sections count: Int) throws -> String {
        try (0..<count).map(script(section:)).joined()
    }

    /// The indented lines of a section that begins with `## `.
    static func script(section index: Int) throws -> String {
        let text = String(
            decoding: try readFile("\(repositoryRoot)/docs/debian-archive.md"), as: UTF8.self)
        var sections: [[Substring]] = []
        for line in text.split(separator: "\n") {
            if line.hasPrefix("## ") { sections.append([]) }
            if line.hasPrefix("    "), !sections.isEmpty {
                sections[sections.count - 1].append(line.dropFirst(4))
            }
        }
        try #require(sections.indices.contains(index))
        return (index == 0 ? "set -e\n" : "") + sections[index].joined(separator: "\n") + "\n"
    }
}
