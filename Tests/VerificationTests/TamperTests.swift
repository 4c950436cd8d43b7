import CloseoutBundles
import CloseoutEncodings
import CloseoutManifests
import CloseoutTestSupport
import CloseoutVerification
import FoundationEssentials
import Testing

@Suite("A tampered bundle")
struct TamperTests {
    @Test("is never verified after one byte of any file changes, and its file is named")
    func everyByte() async throws {
        try await Bench.run { bench in
            for name in try bench.allFiles() {
                let good = try bench.file(name)
                for index in Set([0, good.count / 2, good.count - 1]) {
                    try Bench.flip(bench.path(name), at: index)
                    let report = try await bench.verify()
                    #expect(report.verdict != .verified, "\(name) at \(index)")
                    let names = ["log.jsonl": "line", "checkpoint": "checkpoint"][name] ?? name
                    #expect(
                        report.findings.contains {
                            [.fail, .unknown].contains($0.status)
                                && ($0.subject.contains(names) || $0.id.family == "log")
                        }, "\(name) at \(index): \(report.problems)")
                    try bench.write(good, to: name)
                }
            }
        }
    }

    @Test("is not made good by a log that was brought up to date without the log's key")
    func relogged() async throws {
        try await Bench.run { bench in
            let note = try bench.file("checkpoint")
            try bench.forge("README.txt", bytes("verify with another key"))
            try bench.write(note, to: "checkpoint")
            let report = try await bench.verify()
            #expect(report.verdict == .failed && report.tells(.logRoot, .fail))
        }
    }

    @Test("is not read beyond what fits into memory, however many names one large file has")
    func manyNames() async throws {
        try await Bench.run { bench in
            let large = [UInt8](repeating: 0x20, count: BundleLimits.certificate)
            try bench.smuggle(large, .certificate, as: "certificates/0.cer")
            let entries = try bench.entries()
            let first = try #require(entries.last)
            let names = (1...8).map { "certificates/\($0).cer" }
            for name in names {
                try FileManager.default.linkItem(
                    atPath: bench.path("certificates/0.cer"), toPath: bench.path(name))
            }
            try bench.setLog(
                entries
                    + names.map {
                        LogEntry(
                            sequence: 0, at: first.at, kind: first.kind,
                            mediaType: first.mediaType, path: bytes($0), digest: first.digest,
                            size: first.size)
                    })
            let report = try await bench.verify()
            let unread = report.findings.filter {
                $0.id == .bundleLimits && $0.reason.hasPrefix("is not read: ")
            }
            #expect(unread.map(\.subject) == names.suffix(4), "\(report.problems)")
        }
    }

    @Test("names every changed, missing and added file with the reason")
    func namesAll() async throws {
        try await Bench.run { bench in
            try Bench.flip(bench.tree + "/bin/tool")
            try FileManager.default.removeItem(atPath: bench.tree + "/lib/x.so.1")
            try writeFile("x", to: bench.tree + "/share/added")
            try Bench.flip(bench.path("README.txt"))
            let report = try await bench.verify()
            for (id, subject) in [
                (CheckID.artifactDigest, "bin/tool"), (.artifactMissing, "lib/x.so.1"),
                (.artifactUnexpected, "share/added"), (.bundleDigest, "README.txt"),
            ] {
                #expect(
                    report.findings.contains {
                        $0.id == id && $0.status == .fail && $0.subject == subject
                    }, "\(report.problems)")
            }
            #expect(!report.tells(.artifactDigest, .pass))
        }
    }

    @Test("is named as unstable where a file changes while it is read")
    func unstable() async throws {
        try await Bench.run { bench in
            let large = bench.tree + "/large"
            try await runSuccessfully("truncate", ["-s", "32M", large])
            try await bench.seal()
            bench.request.progress = Progress(interval: 0) { _ in
                let times = Date(timeIntervalSince1970: .random(in: 0..<1e9))
                do {
                    try FileManager.default.setAttributes(
                        [.modificationDate: times], ofItemAtPath: large)
                } catch {
                    Issue.record(error)
                }
            }
            let report = try await bench.verify()
            #expect(
                report.verdict == .incomplete && report.tells(.artifactUnstable, .unknown),
                "\(report.problems)")
            #expect(!report.tells(.artifactDigest, .pass))
        }
    }

    @Test("says in one line that all contents match and only modes differ")
    func modesOnly() async throws {
        try await Bench.run { bench in
            for file in ["bin/tool", "lib/x.so.1"] {
                try await runSuccessfully("chmod", ["u=rw,u+x", bench.tree + "/" + file])
            }
            try await runSuccessfully("chmod", ["0644", bench.tree + "/bin/tool"])
            let report = try await bench.verify()
            #expect(report.findings.filter { $0.id == .artifactMode }.count == 1)
            #expect(report.verdict == .failed && report.headline.contains("all contents match"))
            bench.request.ignoresModes = true
            let ignoring = try await bench.verify()
            #expect(ignoring.verdict == .verified && ignoring.headline.contains("modes ignored"))
        }
    }
}

@Suite("What an auditor asks for")
struct RequestTests {
    @Test("only chosen files are compared, and the first line says how many of how many")
    func chosen() async throws {
        try await Bench.run { bench in
            bench.request.artifacts = .notGiven
            let tool = bytes(bench.tree + "/bin/tool")
            bench.request.chosenFiles = [
                .init(file: tool, path: nil), .init(file: tool, path: nil),
            ]
            let report = try await bench.verify()
            #expect(report.verdict == .verified, "\(report.problems)")
            #expect(report.headline.contains("1 of 3 files looked at"))
            let renamed = bench.root + "/renamed"
            try await runSuccessfully("cp", ["-p", bench.tree + "/bin/tool", renamed])
            bench.request.chosenFiles = [.init(file: bytes(renamed), path: bytes("bin/tool"))]
            #expect(try await bench.verify().verdict == .verified)
            bench.request.chosenFiles = [.init(file: bytes(renamed), path: nil)]
            #expect(try await bench.verify().tells(.artifactUnexpected, .fail))
        }
    }

    @Test("evidence alone is verified on purpose, and the first line says so")
    func evidenceOnly() async throws {
        try await Bench.run { bench in
            bench.request.artifacts = .none
            let report = try await bench.verify()
            #expect(report.verdict == .verified, "\(report.problems)")
            #expect(report.headline.contains("artifacts not looked at"))
        }
    }

    @Test("the artifacts of a packed bundle are compared without being asked for")
    func packed() async throws {
        try await Bench.run { bench in
            try await runSuccessfully("cp", ["-a", bench.tree, bench.path("artifacts")])
            bench.request.artifacts = .notGiven
            #expect(try await bench.verify().verdict == .verified)
            try Bench.flip(bench.path("artifacts/bin/tool"))
            bench.request.artifacts = .none
            #expect(try await bench.verify().verdict == .failed)
        }
    }

    @Test("an earlier checkpoint that the log still carries passes")
    func previous() async throws {
        try await Bench.run { bench in
            bench.request.previous = try bench.checkpoint()
            try bench.add(.attachment, .octets, bytes("later"))
            try bench.commit()
            let report = try await bench.verify()
            #expect(report.verdict == .verified && report.tells(.logRollback, .pass))
        }
    }

    @Test("the same bundle, policy and the verification time give the same report")
    func same() async throws {
        try await Bench.run { bench in
            let report = try await bench.verify()
            let again = try await bench.verify()
            #expect(again == report && again.json.canonicalBytes == report.json.canonicalBytes)
            try await runSuccessfully("chmod", ["-R", "a-w", bench.bundle])
            #expect(try await bench.verify() == report)
        }
    }
}
