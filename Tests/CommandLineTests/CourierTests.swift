import CloseoutEncodings
import CloseoutTestSupport
import Testing

@Suite("The second program")
struct CourierTests {
    /// The one that was built beside the program.
    private static let courier = courierExecutable

    @Test(
        "gets all arguments as they are, and its exit code, output and words are those of `closeout`",
        arguments: [
            ["routes"], ["routes", "--help"], ["help", "routes", "lint"], ["routes", "nosuch"],
            ["routes", "lint", "--nosuch=ä b", ""],
            ["routes", "show", "--routes", "no such\nfile"],
            ["routes", "lint", "--routes", "routes.json", "--format", "json"],
            ["routes", "init", "slack", "-o", "here/routes.json"],
        ])
    func arguments(words: [String]) async throws {
        try await withTemporaryDirectory { folder in
            try writeFile(
                #"{"kind":"closeout/routes/v1","routes":[]}"#, to: folder + "/routes.json")
            let mine = try await run(closeoutExecutable, words, workingDirectory: folder)
            #expect(mine == (try await run(Self.courier, words, workingDirectory: folder)))
            #expect(mine.stdoutText.isEmpty || mine.status == 0)
            #expect(!mine.stderrText.contains("needs the program"))
        }
    }

    @Test("keeps the environment and the streams")
    func surroundings() async throws {
        let routes = #"{"kind":"closeout/routes/v1","routes":[]}"#
        let result = try await run(
            closeoutExecutable, ["routes", "show"], stdin: Array(routes.utf8),
            environment: ["CLOSEOUT_ROUTES": "/dev/stdin"])
        #expect(result.status == 0, "\(result.stderrText)")
        #expect(result.stdoutText == "route  provider  receiver  events\n")
    }

    @Test(
        "is found beside the program and in ../libexec/closeout, also through a link to the program"
    )
    func places() async throws {
        try await withTemporaryDirectory { folder in
            let script = """
                mkdir -p bin libexec/closeout other
                cp "$0" bin/closeout
                ln -s ../bin/closeout other/closeout
                try() { other/closeout routes show --routes nothing 2>&1; echo "$?"; }
                try
                ln -s "$1" libexec/closeout/closeout-courier; try
                mv libexec/closeout/closeout-courier bin/; try
                rm bin/closeout-courier; echo not a program > bin/closeout-courier; try
                rm bin/closeout-courier; bin/closeout --help | grep -c '^  routes '
                """
            let result = try await run(
                "sh", ["-c", script, closeoutExecutable, Self.courier], workingDirectory: folder)
            let text = lines(result.stdoutText)
            try #require(text.count == 10, "\(result.stdoutText)")
            #expect(
                text[0].hasPrefix(
                    "closeout: `closeout routes` needs the program closeout-courier, which is neither "
                ))
            #expect(text[0].contains("/bin/closeout-courier nor "))
            #expect(text[0].hasSuffix("/libexec/closeout/closeout-courier"))
            #expect(text[1].hasPrefix("hint: "))
            #expect(text[2] == "66")
            for index in [3, 5] {
                #expect(text[index] == "closeout: nothing: cannot open: no such file or directory")
                #expect(text[index + 1] == "66")
            }
            #expect(text[7].hasSuffix("/bin/closeout-courier: cannot run: permission denied"))
            #expect(text[8] == "74")
            #expect(text[9] == "1")
        }
    }

    @Test(
        "has the commands that `closeout --help` lists in a group of their own, in the same words")
    func listed() async throws {
        let own = try await groups(of: Self.courier)
        let all = try await groups(of: closeoutExecutable)
        #expect(!own.isEmpty)
        for (name, abstract) in own { #expect(all[name] == abstract, "\(name)") }
        let help = try await run(closeoutExecutable, ["--help"])
        let section = lines(help.stdoutText).drop { $0 != "DELIVERY SUBCOMMANDS:" }.dropFirst()
            .prefix { $0.hasPrefix("  ") }
        let names = section.compactMap { line in
            line.hasPrefix("   ") ? nil : line.split(separator: " ").first.map(String.init)
        }
        #expect(Set(names) == Set(own.keys))
    }

    /// The commands right below a program, with what they are for.
    private func groups(of program: String) async throws -> [String: String] {
        let help = try await run(program, ["--experimental-dump-help"])
        let root = try #require(try JSON(parsing: help.stdout)["command"])
        let below = (root["subcommands"]?.elements ?? []).map { command in
            (command["commandName"]?.text ?? "", command["abstract"]?.text ?? "")
        }
        return Dictionary(uniqueKeysWithValues: below).filter { $0.key != "help" }
    }
}
