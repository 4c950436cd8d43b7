import CloseoutTestSupport
import Testing

@Suite("The program closeout-console", .requires("curl"))
struct ProgramTests {
    /// The program beside `closeout`, or the one that CLOSEOUT_CONSOLE names.
    private static let console =
        environmentVariable("CLOSEOUT_CONSOLE") ?? closeoutExecutable + "-console"

    @Test("prints the address that opens it, and ends well when it is asked to")
    func serves() async throws {
        let script = """
            "$0" console "$1" --quiet >address & console=$!
            count=0
            while ! [ -s address ]; do
                sleep 0.1; count=$((count + 1)); [ $count -lt 600 ] || break
            done
            curl -sS -c jar -o /dev/null -w '%{http_code}\\n' "$(cat address)"
            kill -TERM $console
            wait $console; echo "$?"
            """
        try await withTemporaryDirectory { folder in
            let result = try await run(
                "sh",
                ["-c", script, Self.console, Self.bundle],
                workingDirectory: folder)
            #expect(result.stdoutText == "303\n0\n", "\(result.stderrText)")
            let address = String(decoding: try readFile(folder + "/address"), as: UTF8.self)
            #expect(address.hasPrefix("http://127.0.0.1:") && address.hasSuffix("\n"))
        }
    }

    @Test("speaks TLS with a key that only its owner may read, and no other", .requires("openssl"))
    func tls() async throws {
        let script = """
            "$0" console "$1" --quiet --tls-cert "$2" --tls-key "$3" >address & console=$!
            count=0
            while ! [ -s address ]; do
                sleep 0.1; count=$((count + 1)); [ $count -lt 600 ] || break
            done
            curl -sS --cacert "$4" -c jar -o /dev/null -w '%{http_code}\\n' "$(cat address)"
            kill -TERM $console
            wait $console; echo "$?"
            """
        try await withServerCertificate { certified, root in
            try await withTemporaryDirectory { folder in
                let words = [
                    Self.console, Self.bundle, certified.path, certified.keyPath, root.own.path,
                ]
                let result = try await run("sh", ["-c", script] + words, workingDirectory: folder)
                #expect(result.stdoutText == "303\n0\n", "\(result.stderrText)")
                _ = try await run("chmod", ["644", certified.keyPath])
                let open = try await run(
                    Self.console,
                    [
                        "console", Self.bundle, "--tls-cert", certified.path, "--tls-key",
                        certified.keyPath,
                    ])
                #expect(open.status == 64 && open.stderrText.contains("may be read by others"))
            }
        }
    }

    private static let wrong: [([String], Int32)] = [
        (["console", "nosuch"], 66), (["console"], 64), (["console", "a", "--sandbox"], 64),
        (["console", "a", "--port", "65536"], 64),
        (["console", "--sandbox", "--scenario", "no"], 64),
        (["console", bundle, "--index", "/nosuch/index"], 64),
        (["console", bundle, bundle, "--artifacts", "/"], 64),
        (["console", bundle, "nosuch"], 66),
        (["console", bundle, bundle, "--index", "/nosuch/index"], 73),
        (["console", bundle, bundle, "--index", bundle + "/seal.json"], 73),
        (["console", bundle, "--listen", "0.0.0.0"], 64),
        (["console", bundle, "--listen", "localhost"], 64),
        (["console", bundle, "--listen", "127.0.0.1", "--socket", "/tmp/x"], 64),
        (["console", bundle, "--tls-cert", "x"], 64),
        (["console", bundle, "--socket", "/nowhere/x"], 64),
        (["console", bundle, "--public-url", "example.com"], 64),
        (["console", bundle, "--login", "nosuch"], 66),
        (["console", bundle, "--login", bundle], 65),
        (["console", bundle, "--login", bundle + "/seal.json"], 65),
        (["console", bundle, "--allow-changes"], 64),
        (["console", "--sandbox", "--allow-changes"], 64),
        (["console", "--sandbox", "--login", "x"], 64),
        (
            [
                "console", bundle, "--tls-cert", bundle + "/seal.json", "--tls-key",
                bundle + "/seal.json",
            ], 64
        ),
    ]
    private static let bundle = repositoryRoot + "/fixtures/released/key/bundle"

    @Test("says what is wrong by the exit codes of all commands", arguments: wrong)
    func failures(words: [String], status: Int32) async throws {
        let result = try await run(Self.console, words)
        #expect(result.status == status, "\(result.stderrText)")
        #expect(result.stderrText.hasPrefix("closeout: "))
    }

    @Test("a port that somebody else has is no port for it")
    func takenPort() async throws {
        try await withPlainConsole { scene in
            let bundle = repositoryRoot + "/fixtures/released/key/bundle"
            let result = try await run(Self.console, ["console", bundle, "--port", scene.port])
            #expect(result.status == 73)
            #expect(
                result.stderrText.contains(
                    "closeout: 127.0.0.1:\(scene.port): cannot listen: the port is taken\nhint: "))
        }
    }
}
