import CloseoutTestSupport
import Testing

@Suite("Input that is too large, or without an end")
struct InputLimitTests {
    /// A command with `INPUT` where the input stands, and the limit that its message names.
    struct Case: Sendable, CustomTestStringConvertible {
        let command: String
        let limit: Int

        var testDescription: String { command }

        static let all = [
            Case(command: "verify p-1.closeout --trust INPUT", limit: 1_048_576),
            Case(command: "verify p-1.closeout --key INPUT", limit: 4_194_304),
            Case(
                command: "verify INPUT --trust trust.json --file dist/NOTES.md", limit: 33_554_432),
            Case(
                command: "verify p-1.closeout --trust trust.json --criteria INPUT", limit: 262_144),
            Case(command: "verify p-1.closeout --trust trust.json --previous INPUT", limit: 65_536),
            Case(command: "verify p-1.closeout --trust trust.json --crl INPUT", limit: 16_777_216),
            Case(command: "trust show INPUT", limit: 1_048_576),
            Case(
                command: "trust add trust.json INPUT --operator x --role archive", limit: 4_194_304),
            Case(command: "sign p-1.closeout --key INPUT", limit: 262_144),
            Case(command: "sign p-1.closeout --key - < INPUT", limit: 262_144),
            Case(
                command: "sign p-1.closeout --key release.pem --passphrase file:INPUT", limit: 4096),
            Case(command: "verify-signature trust.json INPUT --trust trust.json", limit: 262_144),
            Case(command: "attach p-1.closeout INPUT --trust trust.json", limit: 16_777_216),
            Case(command: "record add p-1.closeout --file INPUT", limit: 1_048_576),
            Case(command: "criteria lint INPUT", limit: 262_144),
            Case(command: "retention health p-1.closeout --classes INPUT", limit: 262_144),
            Case(command: "retention health p-1.closeout --observations INPUT", limit: 4_194_304),
            Case(command: "import cavra INPUT", limit: 1_048_576),
        ]
    }

    @Test("is malformed, with the limit in the message", arguments: Case.all)
    func limits(item: Case) async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone("mkfifo pipe; truncate -s 40M large; chmod 600 large pipe")
            for (input, begin) in [
                ("large", ""), ("/dev/zero", ""), ("pipe", "cat /dev/zero > pipe 2> /dev/null & "),
            ] {
                let command = item.command.replacing("INPUT", with: input)
                let result = try await scene.shell("\(begin)timeout -s KILL 30 closeout \(command)")
                #expect(result.status == 65, "\(command): \(result.stderrText)")
                let isNamed = result.stderrText.contains("\(item.limit) bytes")
                #expect(isNamed, "\(command): \(result.stderrText)")
                #expect(result.stdout == [])
            }
        }
    }

    @Test("what is no file at all is malformed, too", arguments: ["dist", "/dev/null"])
    func others(input: String) async throws {
        try await withSealedRelease { scene in
            for command in [
                ["verify", "p-1.closeout", "--trust", input], ["trust", "show", input],
                ["sign", "p-1.closeout", "--key", input, "--allow-readable-key"],
                ["import", "cavra", input],
            ] {
                let result = try await scene.closeout(command)
                #expect(result.status == 65, "\(command): \(result.stderrText)")
            }
        }
    }
}
