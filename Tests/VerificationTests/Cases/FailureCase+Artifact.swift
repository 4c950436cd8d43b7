import CloseoutFiles
import CloseoutManifests
import CloseoutTestSupport
import CloseoutVerification
import FoundationEssentials
import Testing

extension FailureCase {
    private static func chosen(
        _ id: CheckID, _ status: CheckStatus, _ title: String, _ file: String,
        as path: String? = nil
    ) -> FailureCase {
        FailureCase(id, status, title) { bench in
            bench.request.artifacts = .notGiven
            bench.request.chosenFiles = [
                .init(file: bytes(bench.tree + "/" + file), path: path.map(bytes))
            ]
        }
    }

    static let artifact: [FailureCase] = [
        FailureCase(.artifactGiven, .unknown, "the shipped files are not given") {
            $0.request.artifacts = .notGiven
        },
        chosen(
            .artifactGiven, .unknown, "a folder is given as a chosen file", "share/empty"),
        chosen(
            .artifactGiven, .unknown, "a link is given as a chosen file", "lib/x.so"),
        FailureCase(.artifactGiven, .unknown, "a chosen file's name stands twice in the release") {
            bench in
            try writeFile("other", to: bench.tree + "/lib/tool")
            try await bench.seal()
            bench.request.artifacts = .notGiven
            bench.request.chosenFiles = [.init(file: bytes(bench.tree + "/lib/tool"), path: nil)]
        },
        FailureCase(.artifactName, "a proven file has another name") { bench in
            let other = bench.root + "/tool.exe"
            try writeFile(readFile(bench.tree + "/bin/tool"), to: other)
            try await bench.prove("bin/tool", file: other)
        },
        FailureCase(.artifactMissing, "a shipped file is removed") {
            try FileManager.default.removeItem(atPath: $0.tree + "/lib/x.so.1")
        },
        FailureCase(.artifactMissing, "an empty directory is removed") {
            try FileManager.default.removeItem(atPath: $0.tree + "/share/empty")
        },
        FailureCase(.artifactMissing, "a shipped file is renamed") { bench in
            try await runSuccessfully("mv", [bench.tree + "/bin/tool", bench.tree + "/bin/Tool"])
        },
        FailureCase(.artifactUnexpected, "a file is added") {
            try writeFile("x", to: $0.tree + "/bin/added")
        },
        FailureCase(.artifactUnexpected, "an empty directory is added") {
            try makeDirectory($0.tree + "/added")
        },
        FailureCase(.artifactUnexpected, "a FIFO is added") { bench in
            try await runSuccessfully("mkfifo", [bench.tree + "/pipe"])
        },
        FailureCase(.artifactUnexpected, "a file is added whose name is not UTF-8") { bench in
            try Directory.open(bytes(bench.tree)).write(new: [0x61, 0xFF], bytes("x"))
        },
        FailureCase(.artifactUnexpected, "a packed bundle carries a file too many") { bench in
            try await runSuccessfully("cp", ["-a", bench.tree, bench.path("artifacts")])
            try writeFile("x", to: bench.path("artifacts/added"))
            bench.request.artifacts = .none
        },
        chosen(
            .artifactUnexpected, .fail, "a chosen file is not in the release", "bin/tool",
            as: "bin/x"),
        FailureCase(.artifactType, "a shipped file is swapped for a link to the same content") {
            bench in
            try await bench.link(bench.tree + "/bin/tool")
        },
        FailureCase(.artifactType, "a folder takes a link's place") { bench in
            try FileManager.default.removeItem(atPath: bench.tree + "/lib/x.so")
            try makeDirectory(bench.tree + "/lib/x.so")
        },
        FailureCase(.artifactSize, "a shipped file grows") {
            try writeFile("library and more", to: $0.tree + "/lib/x.so.1")
        },
        FailureCase(.artifactDigest, "one byte of a shipped file changes") {
            try Bench.flip($0.tree + "/bin/tool")
        },
        FailureCase(.artifactDigest, "one byte of a packed file changes, another copy is given") {
            bench in
            try await runSuccessfully("cp", ["-a", bench.tree, bench.path("artifacts")])
            try Bench.flip(bench.path("artifacts/bin/tool"))
        },
        FailureCase(.artifactMode, "a shipped file is made executable") { bench in
            try await runSuccessfully("chmod", ["0755", bench.tree + "/share/a file"])
        },
        FailureCase(.artifactMode, "a shipped file is made setuid") { bench in
            try await runSuccessfully("chmod", ["4755", bench.tree + "/bin/tool"])
        },
        FailureCase(.artifactLinkTarget, "a shipped link leads to another file") { bench in
            let link = bench.tree + "/lib/x.so"
            try await runSuccessfully("ln", ["-sfn", "../bin/tool", link])
        },
        FailureCase(.artifactExcluded, .unknown, "a path is there that an exclude hides") { bench in
            try writeFile("x", to: bench.tree + "/cache.tmp")
            try await bench.seal(
                as: "payments@1.4.0", ManifestOptions(excludes: [try Glob(bytes("*.tmp"))]))
        },
        FailureCase(
            .artifactExcluded, .unknown, "an exclude hides folders whose names begin alike"
        ) { bench in
            try await bench.seal(
                as: "payments@1.4.0", ManifestOptions(excludes: [try Glob(bytes("a*/"))]))
            try await runSuccessfully("cp", ["-a", bench.tree, bench.path("artifacts")])
            for folder in ["a", "a-b", "a0", "a/c", "a-b/c", "share/a"] {
                try makeDirectory(bench.path("artifacts/\(folder)"))
                try writeFile("x", to: bench.path("artifacts/\(folder)/x"))
            }
        },
        chosen(.artifactUnreadable, .unknown, "a chosen file is not there", "gone", as: "bin/tool"),
    ]
}
