import CloseoutFiles
import CloseoutOpenSSL
import CloseoutTestSupport
import Testing

@Suite("What cannot be added")
struct BadInputAppendTests {
    @Test("is named, and the bundle stays as it is")
    func evidence() async throws {
        try await BadInputPlace.withBundle { place in
            let good = place.publicKey
            try await runSuccessfully("mkfifo", [place.path + "/pipe"])
            try await place.expectRefusal(
                ["add", place.bundle, good, place.path + "/missing"], 66,
                saying: [place.path + "/missing", "no such file"])
            try await place.expectRefusal(
                ["add", place.bundle, good, place.path + "/pipe"], 65,
                saying: [place.path + "/pipe", "FIFO"])
            try await place.expectRefusal(
                ["add", place.bundle, good, place.tree], 65, saying: [place.tree, "directory"])
            try await place.expectRefusal(
                ["add", place.bundle, good, place.key], 65,
                saying: [place.key, "private key", "hint:"])
            try await place.expectRefusal(
                ["add", place.bundle, good, "--log-key", place.path + "/missing"], 66,
                saying: [place.path + "/missing"])
            try await place.expectRefusal(
                ["add", place.out + "/missing.closeout", good], 66,
                saying: [place.out + "/missing.closeout", "not a bundle"])
            try await place.expectRefusal(
                ["add", place.tree, good], 66, saying: ["log.jsonl"])
        }
    }

    @Test("as a signature is named, and the bundle stays as it is")
    func signatures() async throws {
        try await BadInputPlace.withBundle { place in
            let noise = place.path + "/noise.sig"
            try writeFile([UInt8](repeating: 9, count: 64), to: noise)
            let trust = ["--key", place.publicKey]
            try await place.expectRefusal(
                ["attach", place.bundle, noise] + trust, 65, saying: [noise, "no signature"])
            let other = place.path + "/other.sig"
            let signature = try PrivateKey.generate(.ed25519)
                .sign(readFile(place.bundle + "/seal.json"), algorithm: .ed25519)
            try writeFile(signature, to: other)
            try await place.expectRefusal(
                ["attach", place.bundle, other] + trust, 30, saying: [other, "nothing was stored"])
            try await place.expectRefusal(
                ["attach", place.bundle, noise], 64, saying: ["trusted", "--key"])
            try await place.expectRefusal(
                ["attach", place.bundle, place.path + "/missing"] + trust, 66,
                saying: [place.path + "/missing"])
            try await place.expectRefusal(
                ["attach", place.bundle, place.tree] + trust, 65, saying: [place.tree])
        }
    }

    @Test("after a line of the log was lost is nothing, and repair refuses too")
    func damagedLog() async throws {
        try await BadInputPlace.withBundle { place in
            let log = try readFile(place.bundle + "/log.jsonl")
            let shorter = log.split(separator: 0x0A).dropLast().joined(separator: [0x0A])
            try writeFile(Array(shorter) + [0x0A], to: place.bundle + "/log.jsonl")
            for arguments in [
                ["add", place.bundle, place.publicKey], ["repair", place.bundle],
                ["checkpoint", place.bundle, "--key", place.key],
            ] {
                try await place.expectRefusal(
                    arguments, 65, saying: ["log", "closeout verify"])
            }
        }
    }

    @Test("by two writers at once is nothing: both entries are in the log")
    func writers() async throws {
        try await BadInputPlace.withBundle { place in
            for round in 0..<10 {
                let files = ["a", "b"].map { "\(place.path)/\($0)-\(round).txt" }
                for file in files { try writeFile(file, to: file) }
                async let first = run(
                    closeoutExecutable, ["add", place.bundle, files[0], "--log-key", place.key])
                async let second = run(
                    closeoutExecutable, ["add", place.bundle, files[1], "--log-key", place.key])
                for result in try await [first, second] {
                    #expect(result.status == 0, "\(result.stderrText)")
                    let path = result.stdoutText.split(separator: "\n").first.map(String.init) ?? ""
                    #expect(fileExists(place.bundle + "/" + path))
                }
            }
            let lines = try readFile(place.bundle + "/log.jsonl").count { $0 == 0x0A }
            #expect(lines == 5 + 2 * 20)
            try await runSuccessfully(
                closeoutExecutable,
                ["verify", place.bundle, "--key", place.publicKey, "--artifacts", place.tree])
        }
    }

    @Test("by two who seal one target at once is one bundle, and no half of another")
    func sealers() async throws {
        try await BadInputPlace.make { place in
            for round in 0..<10 {
                let target = "\(place.out)/\(round).closeout"
                let arguments = place.sealing.dropLast() + [target]
                async let first = run(closeoutExecutable, Array(arguments))
                async let second = run(closeoutExecutable, Array(arguments))
                let results = try await [first, second]
                #expect(results.contains { $0.status == 0 })
                for result in results where result.status != 0 {
                    #expect(result.status == 73, "\(result.stderrText)")
                }
                try await runSuccessfully(
                    closeoutExecutable,
                    ["verify", target, "--key", place.publicKey, "--artifacts", place.tree])
            }
            let names = try Directory.open(Array(place.out.utf8)).entries()
            #expect(names.count == 10)
        }
    }
}
