import CloseoutFiles
import CloseoutTestSupport
import Testing

@Suite("A bundle that cannot be written")
struct BadInputTargetTests {
    @Test("inside the tree that it seals is refused")
    func insideTree() async throws {
        try await BadInputPlace.make { place in
            for target in [place.tree + "/a.closeout", place.tree + "/sub/a.closeout"] {
                try makeDirectory(place.tree + "/sub")
                let before = try readTree(place.tree)
                try await place.expectRefusal(
                    place.freezing([place.tree], to: target), 73, saying: ["-o", place.tree])
                #expect(try readTree(place.tree) == before)
            }
        }
    }

    @Test("where something else is is refused, and that stays as it is")
    func existing() async throws {
        try await BadInputPlace.withBundle { place in
            try writeFile("more", to: place.tree + "/more")
            try await place.expectRefusal(
                place.sealing, 73, saying: [place.bundle, "exists and seals something else", "-o"])
            let file = place.out + "/file"
            try writeFile("mine", to: file)
            try await place.expectRefusal(
                place.freezing([place.tree], to: file), 73, saying: [file, "exists"])
            let folder = place.out + "/folder"
            try makeDirectory(folder)
            try await place.expectRefusal(
                place.freezing([place.tree], to: folder), 73, saying: [folder, "exists"])
        }
    }

    @Test(
        "without a name of its own is wrong usage", arguments: ["/", ".", "..", "a/.."])
    func noName(target: String) async throws {
        try await BadInputPlace.make { place in
            try await place.expectRefusal(
                place.freezing([place.tree], to: target), 64,
                saying: ["-o '\(target)'", "name of its own", "hint:"])
        }
    }

    @Test("in a folder that is missing or read-only is refused by name")
    func noFolder() async throws {
        try await BadInputPlace.make { place in
            let missing = place.out + "/missing/a.closeout"
            try await place.expectRefusal(
                place.freezing([place.tree], to: missing), 73, saying: [missing, "no such file"])
            let file = place.key + "/a.closeout"
            try await place.expectRefusal(
                place.freezing([place.tree], to: file), 73, saying: [file, "not a directory"])
            try await runSuccessfully("chmod", ["555", place.out])
            guard try await place.runAs(unprivileged, ["--version"]).status == 0 else { return }
            try await place.expectRefusal(
                place.freezing([place.tree]), 73, saying: [place.out, "permission denied"],
                user: unprivileged)
        }
    }

    @Test("to, because it is read-only, is refused by name")
    func readOnlyBundle() async throws {
        try await BadInputPlace.withBundle { place in
            try await runSuccessfully("chmod", ["-R", "a+rX,a-w", place.out])
            guard try await place.runAs(unprivileged, ["--version"]).status == 0 else { return }
            try await place.expectRefusal(
                ["add", place.bundle, place.publicKey], 73,
                saying: [place.bundle, "permission denied"], user: unprivileged)
            let verified = try await place.runAs(
                unprivileged,
                ["verify", place.bundle, "--key", place.publicKey, "--artifacts", place.tree])
            #expect(verified.status == 0, "\(verified.stderrText)")
        }
    }

    @Test("because the disk is full is reported, and nothing is left", .requires("mount"))
    func diskFull() async throws {
        try await BadInputPlace.withBundle { place in
            let small = place.path + "/small"
            try makeDirectory(small)
            let options = ["-t", "tmpfs", "-o", "size=256k", "none", small]
            guard try await run("mount", options).status == 0 else { return }
            do {
                try await fillDisk(place, small)
            } catch {
                _ = try await run("umount", ["-l", small])
                throw error
            }
            try await runSuccessfully("umount", [small])
        }
    }

    private func fillDisk(_ place: BadInputPlace, _ small: String) async throws {
        try await runSuccessfully("cp", ["-a", place.bundle, small + "/b.closeout"])
        let before = try readTree(small)
        try writeFile([UInt8](repeating: 7, count: 1 << 20), to: place.path + "/evidence.bin")
        let adding = try await run(
            closeoutExecutable,
            [
                "add", small + "/b.closeout", place.publicKey, place.path + "/evidence.bin",
                "--log-key", place.key,
            ])
        place.expect(adding, 74, saying: ["b.closeout/attachments", "no space", "hint: free"])
        #expect(try readTree(small) == before)
        for number in 0..<4000 { try writeFile("", to: place.tree + "/file-\(number)") }
        let sealing = try await run(
            closeoutExecutable, place.freezing([place.tree], to: small + "/c.closeout"))
        place.expect(sealing, 74, saying: ["manifest.jsonl", "no space", "hint: free"])
        #expect(try readTree(small) == before)
    }

    @Test(
        "because files may not be that large is reported, and nothing is left", .requires("prlimit")
    )
    func sizeLimit() async throws {
        try await BadInputPlace.withBundle { place in
            try writeFile([UInt8](repeating: 7, count: 100_000), to: place.path + "/evidence.bin")
            let limited = ["prlimit", "--fsize=65536", "--"]
            try await place.expectRefusal(
                ["add", place.bundle, place.path + "/evidence.bin"], 74,
                saying: ["payments.closeout/attachments", "file too large"], user: limited)
            for number in 0..<2000 { try writeFile("", to: place.tree + "/file-\(number)") }
            try await place.expectRefusal(
                place.freezing([place.tree], to: place.out + "/c.closeout"), 74,
                saying: ["manifest.jsonl", "file too large"], user: limited)
        }
    }
}
