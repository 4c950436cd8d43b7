import ArgumentParser
import CloseoutEncodings
import CloseoutFiles

/// The commands that another program has, because they speak to networks: `closeout-courier` or `closeout-console`.
///
/// It lies beside this one, or in `../libexec/closeout/`. This program becomes it, with all arguments as they are.
enum SiblingCommand: String, CaseIterable {
    case deliver, retry, routes, redaction, console

    /// The program's name.
    private var program: String {
        switch self {
        case .deliver, .retry, .routes, .redaction: "closeout-courier"
        case .console: "closeout-console"
        }
    }

    /// The command that the arguments name, or ask for help with; nil where they name none of these.
    static func named(in arguments: [String]) -> SiblingCommand? {
        let words = arguments.first == "help" ? arguments.dropFirst() : arguments[...]
        return words.first.flatMap(SiblingCommand.init)
    }

    /// Becomes the program.
    ///
    /// - Throws: `CommandFailure` where it is not there, `FileError` where it cannot be run.
    func become(_ arguments: [String]) throws -> Never {
        let folder = Path.split(try Machine.program()).directory
        let other = Path.join(Path.split(folder).directory, Array("libexec/closeout".utf8))
        let places = [folder, other].map { Path.join($0, Array(program.utf8)) }
        for place in places {
            do throws(FileError) {
                try Machine.become(place, [program] + arguments)
            } catch {
                guard error.isMissing else { throw error }
            }
        }
        throw CommandFailure(
            .missing,
            "`closeout \(rawValue)` needs the program \(program), which is neither "
                + places.map { printable($0) }.joined(separator: " nor "),
            hint: "scripts/install and the Debian package install it")
    }
}

/// A command of another program, for help and completion.
protocol SiblingGroup: ParsableCommand {
    /// Which one.
    static var command: SiblingCommand { get }
    /// What it is for.
    static var abstract: String { get }
}

extension SiblingGroup {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: command.rawValue, abstract: abstract)
    }

    func run() throws { try Self.command.become(Machine.arguments) }
}

/// What goes out to the systems that people watch.
struct DeliverGroup: SiblingGroup {
    static let command = SiblingCommand.deliver
    static let abstract = "Deliver decisions, closeouts and retention alerts."

    @Argument(parsing: .captureForPassthrough, help: "A bundle or a command of the group.")
    var arguments: [String] = []
}

/// Where deliveries go.
struct RoutesGroup: SiblingGroup {
    static let command = SiblingCommand.routes
    static let abstract = "Write, check, show and try the routes of deliveries."

    @Argument(parsing: .captureForPassthrough, help: "A command of the group, and what it takes.")
    var arguments: [String] = []
}

/// What is done about deliveries that failed.
struct RetryGroup: SiblingGroup {
    static let command = SiblingCommand.retry
    static let abstract = "Plan, rehearse, review and run what is done about failed deliveries."

    @Argument(parsing: .captureForPassthrough, help: "A command of the group, and what it takes.")
    var arguments: [String] = []
}

/// What is left out of the evidence.
struct RedactionGroup: SiblingGroup {
    static let command = SiblingCommand.redaction
    static let abstract =
        "Open commitments to an auditor, check that, and prove that nothing leaks."

    @Argument(parsing: .captureForPassthrough, help: "A command of the group, and what it takes.")
    var arguments: [String] = []
}

/// The page that shows a closeout.
struct ConsoleGroup: SiblingGroup {
    static let command = SiblingCommand.console
    static let abstract = "Show a closeout in the browser, and verify it there."

    @Argument(parsing: .captureForPassthrough, help: "A bundle, and options.")
    var arguments: [String] = []
}
