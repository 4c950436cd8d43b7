package import ArgumentParser
import CloseoutFiles
import CloseoutReports

/// The program `closeout`, from its first instruction on.
///
/// - Parameters:
///   - count: How many words the system gives.
///   - words: The program's name and its arguments.
/// - Returns: The exit code.
package func startCloseout(
    _ count: Int32, _ words: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
    if let code = unsafe CommandProgram.closeout.begin(count, words) { return code }
    if let command = SiblingCommand.named(in: Machine.arguments) {
        do {
            try command.become(Machine.arguments)
        } catch {
            return Console(isQuiet: false).end(by: error)
        }
    }
    return ThreadPool.shared.run { await CommandProgram.closeout.run(Machine.arguments) }
}

/// A program of commands: what is the same in all of ours from the start to the exit code.
package struct CommandProgram: Sendable {
    /// The command that holds all others.
    private let root: any (AsyncParsableCommand & SendableMetatype).Type
    /// Reads a command line without the parser, where it is plain.
    private let plainlyRead: @Sendable ([String]) -> (any CloseoutCommand)?

    /// The program `closeout`.
    fileprivate static var closeout: CommandProgram {
        CommandProgram(Closeout.self, plainly: Closeout.plainlyRead)
    }

    /// Runs the commands below a root.
    ///
    /// - Parameters:
    ///   - root: The command that holds all others.
    ///   - plainlyRead: Reads a command line without the parser; nil where the parser must read it.
    package init(
        _ root: any (AsyncParsableCommand & SendableMetatype).Type,
        plainly plainlyRead: @escaping @Sendable ([String]) -> (any CloseoutCommand)? = { _ in nil }
    ) {
        self.root = root
        self.plainlyRead = plainlyRead
    }

    /// Prepares the process, takes its arguments, and answers those that need neither threads nor the parser.
    ///
    /// - Returns: The exit code where the process ends with that; nil where `run` is next.
    package func begin(
        _ count: Int32, _ words: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
    ) -> Int32? {
        Signals.endOnFaults()
        SignalHold.enable()
        let console = Console(isQuiet: false)
        do {
            try StandardStream.occupy()
        } catch {
            return console.end(CommandFailure(file: error))
        }
        switch unsafe Machine.takeArguments(count, words) {
        case .complete: break
        case .unreadable:
            return console.end(CommandFailure(.internal, "the arguments cannot be read"))
        case .notUTF8(let argument, let others):
            return console.end(CommandFailure(notUTF8: argument, after: others))
        }
        return Machine.arguments == ["--version"] ? printVersion(console) : nil
    }

    /// Runs the command that the arguments name.
    ///
    /// - Returns: The exit code.
    package func run(_ arguments: [String]) async -> Int32 {
        let console = Console(isQuiet: false)
        do {
            let code = try await code(running: arguments, console)
            // Whatever a command made of it: what could not be looked at was not looked at.
            try Shortage.check()
            try console.close()
            return code
        } catch {
            return console.end(by: error)
        }
    }

    private func printVersion(_ console: Console) -> Int32 {
        do {
            try console.result("\(productVersion)\n")
            try console.close()
            return ExitStatus.success.rawValue
        } catch {
            return console.end(by: error)
        }
    }

    /// Runs the command, and says what is wrong with the command line.
    ///
    /// - Throws: `CommandFailure`, and `FileError` where what is asked for cannot be printed.
    private func code(running arguments: [String], _ console: Console) async throws -> Int32 {
        do {
            if let command = plainlyRead(arguments) {
                try await command.run()
                return ExitStatus.success.rawValue
            }
            if let failure = CommandNames.unknown(in: arguments, of: root) {
                console.usage(failure)
                return ExitStatus.usage.rawValue
            }
            var command = try parse(joiningKeyTexts(arguments))
            try RepeatedOption.refuse(in: arguments, of: type(of: command))
            guard !CommandNames.isGroup(type(of: command)) else {
                console.usage(CommandNames.missing(in: type(of: command), of: root))
                return ExitStatus.usage.rawValue
            }
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            return ExitStatus.success.rawValue
        } catch let code as ExitCode {
            return code.rawValue
        } catch let failure as CommandFailure {
            throw failure
        } catch let error as FileError {
            throw error
        } catch {
            if let failure = UsageFailure(telling: error, of: root) {
                console.usage(failure)
                return ExitStatus.usage.rawValue
            }
            guard root.exitCode(for: error) == .success else { throw error }
            // Help and the like, which was asked for.
            try console.result("\(root.fullMessage(for: error))\n")
            return ExitStatus.success.rawValue
        }
    }

    /// The command that the arguments name.
    ///
    /// Building the whole tree of commands takes longer than verifying a small bundle, so it is done
    /// only where they don't simply name one and fit it.
    private func parse(_ arguments: [String]) throws -> any ParsableCommand {
        if let (command, others) = CommandNames.command(in: arguments, of: root),
            let parsed = try? command.parseAsRoot(Array(others)), type(of: parsed) == command
        {
            return parsed
        }
        return try root.parseAsRoot(arguments)
    }

    /// The arguments with every key that is given as text joined to its option, because a PEM text
    /// begins with dashes, as an option does.
    private func joiningKeyTexts(_ arguments: [String]) -> [String] {
        var joined: [String] = []
        for argument in arguments {
            if argument.utf8.starts(with: "-----BEGIN ".utf8), let option = joined.last,
                ["--key", "--trust-key"].contains(option)
            {
                joined[joined.count - 1] = "\(option)=\(argument)"
            } else {
                joined.append(argument)
            }
        }
        return joined
    }
}

extension Console {
    /// Says why the program ends.
    ///
    /// - Returns: The exit code.
    fileprivate func end(_ failure: CommandFailure) -> Int32 {
        // A library that gets no memory reports that something failed.
        let isShort = failure.status == .internal && !Machine.hasMemory
        let failure = isShort ? CommandFailure(.inputOutput, "the system gave no memory") : failure
        self.failure(failure)
        return failure.status.rawValue
    }

    /// Says why the program ends.
    ///
    /// - Returns: The exit code.
    fileprivate func end(by error: any Error) -> Int32 {
        do throws(FileError) {
            try Shortage.check()
        } catch {
            return end(CommandFailure(file: error))
        }
        return end(CommandFailure(telling: error))
    }
}

extension Closeout {
    /// A command that is run often, where its arguments are plain; nil where the parser must read them.
    @Sendable static func plainlyRead(_ arguments: [String]) -> (any CloseoutCommand)? {
        let others = Array(arguments.dropFirst())
        return switch arguments.first {
        case "verify": Verify(plainly: others)
        case "verify-signature": VerifySignature(plainly: others)
        case "explain": Explain(plainly: others)
        default: nil
        }
    }
}
