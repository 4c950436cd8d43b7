import CloseoutTestSupport
import Testing

@Suite("The tests' own helpers")
struct TestSupportTests {
    @Test("a program gets its input, variables and directory, and gives its output and code")
    func running() async throws {
        try await withTemporaryDirectory { path in
            let result = try await run(
                "sh", ["-c", "cat; pwd >&2; echo $WORD; exit 30"], stdin: [0xFF, 0x0A],
                environment: ["WORD": "some"], workingDirectory: path)
            #expect(result.status == 30)
            #expect(result.stdout == [0xFF, 0x0A] + Array("some\n".utf8))
            #expect(result.stderrText == path + "\n")
        }
    }

    @Test("arguments reach a program as they are, without a shell")
    func arguments() async throws {
        let output = try await runSuccessfully("printf", ["%s|", "$HOME;ls", "a b", ""])
        #expect(String(decoding: output, as: UTF8.self) == "$HOME;ls|a b||")
    }

    @Test("a program that leaves a large input unread neither hangs nor stops the tests")
    func unreadInput() async throws {
        let input = [UInt8](repeating: 0x61, count: 1 << 20)
        #expect(try await run("true", stdin: input).status == 0)
        let slow = try await run("sh", ["-c", "exec <&-; sleep 0.1; echo end"], stdin: input)
        #expect(slow.stdoutText == "end\n")
    }

    @Test("a program that reads nothing and never ends is killed all the same")
    func killingDespiteInput() async throws {
        let input = [UInt8](repeating: 0x61, count: 1 << 20)
        let result = try await run("sleep", ["60"], stdin: input, killAfter: .milliseconds(50))
        #expect(result.signal == 9)
    }

    @Test("a variable that is set to nil is absent")
    func removedVariable() async throws {
        let result = try await run("sh", ["-c", "echo ${HOME-none}"], environment: ["HOME": nil])
        #expect(result.stdoutText == "none\n")
    }

    @Test("a program that runs too long is killed when asked, and the signal is reported")
    func killing() async throws {
        let result = try await run("sleep", ["60"], killAfter: .milliseconds(50))
        #expect(result.signal == 9)
        #expect(result.status == -9)
    }

    @Test("a demanded success names the command and its message when it fails")
    func demandedSuccess() async throws {
        await #expect(throws: RunFailure.self) { try await runSuccessfully("ls", ["/absent"]) }
    }

    @Test("a temporary directory is gone afterwards, also after an error")
    func temporaryDirectories() async throws {
        struct Stop: Error {}
        var path = ""
        await #expect(throws: Stop.self) {
            try await withTemporaryDirectory { folder in
                path = folder
                try makeDirectory(folder + "/a/b")
                try writeFile("text", to: folder + "/a/b/c")
                #expect(try readFile(folder + "/a/b/c") == Array("text".utf8))
                throw Stop()
            }
        }
        #expect(path.hasPrefix("/"))
        #expect(!fileExists(path))
    }

    @Test("the root and the built command are where the helpers say")
    func places() {
        #expect(fileExists(repositoryRoot + "/Package.swift"))
        #expect(isInstalled(closeoutExecutable))
        #expect(!isInstalled("no-such-tool-of-closeout"))
    }
}
