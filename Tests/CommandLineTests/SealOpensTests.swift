import CloseoutTestSupport
import Testing

extension Scene {
    /// How often a command opens each regular file of the scene for reading, as the system saw it.
    func opens(_ command: String, endingWith status: Int32 = 0) async throws -> [String: Int] {
        let trace = try await trace(command, endingWith: status)
        let files = Set(try await files(below: ".").map { $0.dropFirst(2) })
        let root = try await shellDone("pwd -P").split(separator: "\n").joined() + "/"
        var counts: [String: Int] = [:]
        for line in trace {
            // openat(AT_FDCWD</folder>, "name", O_RDONLY|O_CLOEXEC) = 7</folder/name>
            guard !line.contains("O_WRONLY"), line.last == ">",
                let start = line.ranges(of: "<" + root).last
            else { continue }
            // What was opened below its temporary name is a file of the bundle too.
            let path = line[start.upperBound...].dropLast()
            guard files.contains(path) || path.contains(".closeout-tmp-"),
                !line.contains("O_DIRECTORY")
            else { continue }
            counts[String(path), default: 0] += 1
        }
        return counts
    }

    /// How often a command opens what it is given by a path, file or folder.
    func opens(
        of argument: String, by command: String, endingWith status: Int32
    ) async throws -> Int {
        try await trace(command, endingWith: status).count {
            $0.contains("(AT_FDCWD<") && $0.contains(", \"\(argument)\", ")
        }
    }

    /// What the system saw of the opens of a command.
    private func trace(_ command: String, endingWith status: Int32) async throws -> [String] {
        let traced = try await shell(
            "strace -f -y -e trace=open,openat,openat2 -o opens \(command)")
        #expect(traced.status == status, "\(traced.stderrText)")
        return lines(String(decoding: try bytes("opens"), as: UTF8.self))
    }
}

@Suite("What is opened", .requires("strace"))
struct SealOpensTests {
    @Test("seal opens each file, key and policy once, and nothing that it has written")
    func seal() async throws {
        try await withScene { scene in
            try await scene.shellDone(
                "closeout keygen --quiet --no-passphrase -o release --trust trust.json")
            let counts = try await scene.opens(
                "closeout seal dist --release p@1 --key release.pem --log-key release.pem "
                    + "--trust trust.json")
            #expect(
                counts == [
                    "release.pem": 1, "release.pub.pem": 1, "trust.json": 1, "dist/NOTES.md": 1,
                    "dist/bin/tool": 1,
                ])
        }
    }

    @Test("sealing again opens each file of the bundle once at the most")
    func again() async throws {
        try await withSealedRelease { scene in
            let counts = try await scene.opens(
                "closeout seal dist --release p@1 --key release.pem --trust trust.json")
            #expect(counts["release.pem"] == 1 && counts["trust.json"] == 1)
            #expect(counts["p-1.closeout/seal.json"] == 1)
            #expect(counts.values.allSatisfy { $0 == 1 }, "\(counts)")
        }
    }

    @Test("diff opens each file of both bundles once, and the policy once for both")
    func diff() async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone(
                """
                cp -r p-1.closeout b && closeout add b dist/NOTES.md --log-key release.pem
                closeout close p-1.closeout --trust trust.json --criteria artifacts-only \
                  --artifacts dist --key release.pem --log-key release.pem --quiet || true
                """)
            let counts = try await scene.opens(
                "closeout diff p-1.closeout b --trust trust.json", endingWith: 1)
            #expect(counts["trust.json"] == 1)
            #expect(counts["p-1.closeout/manifest.jsonl"] == 1 && counts["b/manifest.jsonl"] == 1)
            #expect(counts.values.allSatisfy { $0 == 1 }, "\(counts)")
        }
    }

    @Test(
        "what reads a bundle or a proof opens it once",
        arguments: [
            ("verify A --trust trust.json --artifacts dist", 0),
            ("verify packed --trust trust.json", 0),
            ("verify proof --trust trust.json --file dist/NOTES.md", 0),
            ("verify dist/NOTES.md --trust trust.json", 65), ("status A --trust trust.json", 0),
            ("status packed --trust trust.json", 0), ("show A --files", 0), ("show packed", 0),
            ("diff A packed --trust trust.json", 1), ("decide A --criteria artifacts-only", 40),
        ] as [(String, Int32)])
    func argument(command: String, status: Int32) async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone(
                """
                mv p-1.closeout A && closeout pack A --artifacts dist -o packed
                closeout prove A NOTES.md -o proof
                """)
            for argument in command.split(separator: " ").dropFirst().prefix(2)
            where ["A", "packed", "proof", "dist/NOTES.md"].contains(argument) {
                let count = try await scene.opens(
                    of: String(argument), by: "closeout \(command)", endingWith: status)
                #expect(count == 1, "\(argument)")
            }
        }
    }
}
