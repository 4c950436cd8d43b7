import CloseoutDecisions
import CloseoutRecords
import CloseoutTestSupport
import FoundationEssentials
import Testing

@Suite("Remedies that criteria give")
struct RemedyTests {
    @Test("each names a command that there is, with all that it needs")
    func commands() async throws {
        try await withScene { scene in
            var commands = RemedyCommand.allCases.map { command in
                switch command {
                case .propose: command.with(["--finding C4", "--evidence seal.json"])
                case .readiness: command.with(["--tests FILE"])
                default: command.rawValue
                }
            }
            commands.append(
                RemedyCommand.readiness.with(
                    Readiness.Evidence.allCases.map { "--\($0.rawValue) FILE" }))
            for command in commands {
                // Understood, and stopped by the bundle or file that is not there.
                let result = try await scene.shell(
                    command.replacing("INSTANT", with: "2126-01-01T00:00:00Z"))
                #expect(result.status == 66, "\(command): \(result.stderrText)")
            }
        }
    }

    @Test("no command is in them but those")
    func written() async throws {
        let files = try await run(
            "grep", ["-rnE", "closeout [a-z]+", "Sources/Decisions/Deciding", "--include=*.swift"],
            workingDirectory: repositoryRoot)
        let strays = lines(files.stdoutText).filter {
            !$0.contains("/RemedyCommand.swift:") && !$0.contains(" /// ")
        }
        #expect(strays == [])
    }
}
