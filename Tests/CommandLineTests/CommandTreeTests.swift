import CloseoutEncodings
import CloseoutTestSupport
import Testing

// The argument parser itself looks for such faults in a debug build only, and no program of that kind is built.
@Suite("The commands as they are declared")
struct CommandTreeTests {
    /// All commands of a program, by their words.
    private func commands(
        in command: JSON, behind words: [String] = []
    ) -> [(words: [String], arguments: [JSON])] {
        let own = words + [command["commandName"]?.text ?? ""]
        let below = command["subcommands"]?.elements ?? []
        return [(own, command["arguments"]?.elements ?? [])]
            + below.flatMap { commands(in: $0, behind: own) }
    }

    @Test(
        "no command has two options of one name, a word behind those that take all, or two subcommands of one name",
        arguments: [closeoutExecutable, courierExecutable])
    func names(program: String) async throws {
        let help = try await run(program, ["--experimental-dump-help"])
        let all = commands(in: try #require(try JSON(parsing: help.stdout)["command"]))
        #expect(all.count > 20)
        #expect(Set(all.map(\.words)).count == all.count)
        for (words, arguments) in all {
            let names = arguments.flatMap { argument in
                argument["names"]?.elements?.compactMap { name in
                    name["name"]?.text.map { "\(name["kind"]?.text ?? "") \($0)" }
                } ?? []
            }
            #expect(Set(names).count == names.count, "\(words): \(names)")
            let positional = arguments.filter { $0["kind"]?.text == "positional" }
            let isRepeating = positional.map { $0["isRepeating"] == .bool(true) }
            #expect(!isRepeating.dropLast().contains(true), "\(words)")
            let isOptional = positional.map { $0["isOptional"] == .bool(true) }
            #expect(isOptional == isOptional.sorted { !$0 && $1 }, "\(words)")
        }
    }
}
