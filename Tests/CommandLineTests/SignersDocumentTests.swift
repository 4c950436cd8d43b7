import CloseoutTestSupport
import Testing

/// The library of the token in software, where Debian has it.
private let softHSM = "/usr/lib/softhsm/libsofthsm2.so"

/// Holds docs/signers.md to what the commands print and do.
@Suite("The walk-throughs of docs/signers.md")
struct SignersDocumentTests {
    /// One command of the document, and the lines that it prints.
    private struct Step {
        let command: String
        var output: [String] = []
    }

    /// The commands below a heading of the document.
    private func steps(_ heading: String? = nil) throws -> [Step] {
        let text = String(
            decoding: try readFile(repositoryRoot + "/docs/signers.md"), as: UTF8.self)
        var steps: [Step] = []
        var current = ""
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("## ") { current = String(line.dropFirst(3)) }
            guard heading == nil || current == heading, line.hasPrefix("    ") else { continue }
            let words = String(line.drop { $0 == " " })
            if words.hasPrefix("$ ") {
                steps.append(Step(command: String(words.dropFirst(2))))
            } else if !steps.isEmpty {
                steps[steps.count - 1].output.append(words)
            }
        }
        return steps
    }

    private func withRelease(_ body: (Scene) async throws -> Void) async throws {
        try await withScene { scene in
            try await scene.done(
                "keygen", "--no-passphrase", "-o", "release", "--trust", "trust.json")
            try await scene.done(
                "seal", "dist", "--release", "payments@1.4.0", "--key", "release.pem")
            try await body(scene)
        }
    }

    @Test("Every `closeout request` prints exactly what the document shows")
    func requests() async throws {
        let requests = try steps().filter { $0.command.hasPrefix("closeout request ") }
        #expect(requests.count == 5)
        try await withRelease { scene in
            for step in requests {
                let printed = try await scene.shellDone(step.command)
                #expect(lines(printed) == step.output)
                try await scene.shellDone("rm -r payments-1.4.0.request")
            }
        }
    }

    /// The rows of the table of keys that a token makes: `--key-type` and `--algorithm`.
    private func tokenKeys() throws -> [(type: String, algorithm: String)] {
        let text = String(
            decoding: try readFile(repositoryRoot + "/docs/signers.md"), as: UTF8.self)
        let rows = text.split(separator: "\n").drop { !$0.hasPrefix("| key | `--key-type`") }
        return rows.prefix { $0.hasPrefix("|") }.dropFirst(2).map { row in
            let words = row.split(separator: "`")
            return (String(words[1]), String(words[3]))
        }
    }

    @Test(
        "The commands for a PKCS #11 token work for every type of key, and the printed ones twice",
        .requires("pkcs11-tool"), .requires("softhsm2-util"), .requires("p11tool"),
        .enabled("SoftHSM is elsewhere on this machine") { fileExists(softHSM) })
    func pkcs11() async throws {
        let keys = try tokenKeys()
        #expect(keys.count == 5)
        for key in keys { try await walkThrough(key.type, key.algorithm) }
    }

    /// Runs the commands of the document for a key, as they stand where it is the first of the table.
    private func walkThrough(_ keyType: String, _ algorithm: String) async throws {
        let trust = try #require(steps().first { $0.command.hasPrefix("closeout trust add") })
        let steps = try steps("PKCS #11")
        let asking = try #require(steps.firstIndex { $0.command.hasPrefix("closeout request") })
        let isFirst = steps[..<asking].contains { $0.command.contains(keyType) }
        let option = isFirst ? "" : " --algorithm \(algorithm)"
        let making = steps[..<asking].map {
            $0.command.replacing("EC:prime256v1", with: keyType)
        }
        let script =
            making + [
                trust.command + (keyType.hasPrefix("rsa") ? option : ""),
                // The first line that it prints is the folder; the others are the commands to run.
                steps[asking].command + option + " | tail -n +2 > printed", "sh -e printed",
                "sh -e printed",
            ] + steps[(asking + 1)...].map(\.command)
        try await withRelease { scene in
            try makeDirectory(scene.path + "/tokens")
            try scene.write("directories.tokendir = \(scene.path)/tokens\n", to: "softhsm2.conf")
            try await scene.shellDone(
                "set -e; export SOFTHSM2_CONF=$PWD/softhsm2.conf\n"
                    + script.joined(separator: "\n"))
            let verified = try await scene.closeout(
                "verify", "payments-1.4.0.closeout", "--trust", "trust.json", "--artifacts", "dist",
                "--require", "archive", "--require", "log")
            #expect(verified.status == 0, "\(verified.stdoutText)")
            #expect(try await scene.files(below: "payments-1.4.0.closeout/signatures").count == 2)
        }
    }
}
