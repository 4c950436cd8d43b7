import CloseoutFiles
import CloseoutTestSupport
import Testing

@Suite("A tree that cannot be sealed")
struct BadInputTreeTests {
    @Test("with a name that is not UTF-8 is refused by name")
    func notUTF8() async throws {
        try await BadInputPlace.make { place in
            let directory = try Directory.open(Array(place.tree.utf8))
            try directory.write(new: Array("na".utf8) + [0xFF], [1])
            try await place.expectRefusal(
                place.sealing, 65, saying: ["na\\xff", "not UTF-8", "hint: rename"])
            try directory.remove(Array("na".utf8) + [0xFF])
            try directory.makeDirectory([0xC0, 0x80])
            try await place.expectRefusal(place.sealing, 65, saying: ["\\xc0\\x80", "not UTF-8"])
        }
    }

    @Test("with a FIFO is refused by name, and nobody waits for its writer")
    func fifo() async throws {
        try await BadInputPlace.make { place in
            try await runSuccessfully("mkfifo", [place.tree + "/pipe"])
            try await place.expectRefusal(
                place.sealing, 65, saying: ["pipe is a FIFO", "--exclude"])
            try await place.expectRefusal(
                place.freezing([place.tree + "/pipe"]), 65, saying: ["pipe", "FIFO"])
        }
    }

    @Test("with a socket is refused by name", .enabled(if: isInstalled("python3")))
    func socket() async throws {
        try await BadInputPlace.make { place in
            try await runSuccessfully(
                "python3",
                ["-c", "import socket; socket.socket(socket.AF_UNIX).bind('sock')"],
                workingDirectory: place.tree)
            try await place.expectRefusal(place.sealing, 65, saying: ["sock is a socket"])
        }
    }

    @Test(
        "with a link that leaves it is refused by name",
        arguments: ["../key.pem", "/etc/passwd", "dir/../../key.pem"])
    func outsideLink(target: String) async throws {
        try await BadInputPlace.make { place in
            try makeDirectory(place.tree + "/dir")
            try await runSuccessfully("ln", ["-s", target, place.tree + "/link"])
            try await place.expectRefusal(
                place.sealing, 65,
                saying: ["link: its target \(target) is outside", "--allow-outside-links"])
        }
    }

    @Test("with a file or folder that may not be read is refused by name")
    func unreadable() async throws {
        try await BadInputPlace.make { place in
            try writeFile("secret", to: place.tree + "/secret")
            try await runSuccessfully("chmod", ["0", place.tree + "/secret"])
            try await runSuccessfully("chmod", ["777", place.out])
            guard try await isUsable(place) else { return }
            try await place.expectRefusal(
                place.freezing([place.tree]), 74, saying: ["tree/secret", "permission denied"],
                user: unprivileged)
            try await runSuccessfully("rm", ["-f", place.tree + "/secret"])
            try makeDirectory(place.tree + "/closed")
            try await runSuccessfully("chmod", ["0", place.tree + "/closed"])
            try await place.expectRefusal(
                place.freezing([place.tree]), 74, saying: ["closed", "permission denied"],
                user: unprivileged)
        }
    }

    private func isUsable(_ place: BadInputPlace) async throws -> Bool {
        if !unprivileged.isEmpty, !isInstalled("setpriv") { return false }
        return try await place.runAs(unprivileged, ["--version"]).status == 0
    }

    @Test("with a file that changes while it is hashed is refused by name")
    func changing() async throws {
        try await BadInputPlace.make { place in
            let file = place.tree + "/large"
            try await runSuccessfully("truncate", ["-s", "1G", file])
            var result = try await whileHashing(place) {
                try await runSuccessfully("touch", ["-d", "2001-01-01", file])
            }
            // On a busy machine the change may come when the file has been hashed already.
            for year in 2002...2012 where result.status == 0 {
                try await runSuccessfully("rm", ["-rf", place.out])
                try makeDirectory(place.out)
                result = try await whileHashing(place) {
                    try await runSuccessfully("touch", ["-d", "\(year)-01-01", file])
                }
            }
            place.expect(result, 74, saying: ["tree/large", "changed while it was read"])
            #expect(try readTree(place.out) == [:])
        }
    }

    @Test("with a file that vanishes before it is hashed is refused by name")
    func vanishing() async throws {
        try await BadInputPlace.make { place in
            for name in ["large-1", "large-2"] {
                try await runSuccessfully("truncate", ["-s", "512M", place.tree + "/" + name])
            }
            let file = place.tree + "/zz"
            var result: RunResult
            // On a busy machine the change may come when the file has been hashed already.
            var tries = 0
            repeat {
                try await runSuccessfully("rm", ["-rf", place.out])
                try makeDirectory(place.out)
                try writeFile("here", to: file)
                result = try await whileHashing(place) { try await runSuccessfully("rm", [file]) }
                tries += 1
            } while result.status == 0 && tries < 12
            place.expect(result, 74, saying: ["tree/zz", "vanished"])
            #expect(try readTree(place.out) == [:])
        }
    }

    /// Freezes the tree and does something to it once the walk is over.
    private func whileHashing(
        _ place: BadInputPlace, _ change: () async throws -> Void
    ) async throws -> RunResult {
        async let result = run(closeoutExecutable, place.freezing([place.tree]))
        for _ in 0..<2000 {
            let folders = try Directory.open(Array(place.out.utf8)).entries()
            if let folder = folders.first,
                fileExists(
                    "\(place.out)/\(String(decoding: folder.name, as: UTF8.self))/manifest.jsonl")
            {
                try await change()
                break
            }
            try await Task.sleep(for: .milliseconds(2))
        }
        return try await result
    }

    @Test("that is missing, empty or no folder is refused by name")
    func missing() async throws {
        try await BadInputPlace.make { place in
            try await place.expectRefusal(
                place.freezing([place.path + "/missing"]), 66,
                saying: [place.path + "/missing", "no such file"])
            try makeDirectory(place.path + "/empty/inner")
            try await place.expectRefusal(
                place.freezing([place.path + "/empty"]), 65,
                saying: [place.path + "/empty", "no file"])
            try await place.expectRefusal(
                place.freezing([place.path + "/empty", place.key]), 64,
                saying: [place.path + "/empty", "folder beside other arguments"])
            try await place.expectRefusal(
                place.freezing([place.key, place.path + "/missing"]), 66,
                saying: [place.path + "/missing"])
            try makeDirectory(place.path + "/other")
            try writeFile("x", to: place.path + "/other/key.pem")
            try await place.expectRefusal(
                place.freezing([place.key, place.path + "/other/key.pem"]), 64,
                saying: ["key.pem"])
        }
    }
}
