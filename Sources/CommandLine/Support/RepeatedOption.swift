import ArgumentParser
import CloseoutEncodings

/// Finds an option that takes one value and is given more than once, of which the parser would take the
/// last without a word (docs/command-line.md, "Common options").
enum RepeatedOption {
    /// Refuses such an option.
    ///
    /// What a command's options are called is only looked up where a name is given twice.
    ///
    /// - Throws: `CommandFailure`, 64.
    static func refuse(
        in arguments: [String], of command: any ParsableCommand.Type
    ) throws {
        let names = arguments.prefix { $0 != "--" }.compactMap(name)
        guard Set(names).count < names.count || Set(names).isSuperset(of: ["o", "output"]) else {
            return
        }
        for option in try singleValued(of: command) {
            guard names.count(where: option.contains) > 1 else { continue }
            let shown = option.map { $0.count == 1 ? "-\($0)" : "--\($0)" }.sorted()
            throw CommandFailure(
                .usage, "\(shown.joined(separator: ", ")) is given more than once",
                hint: "it takes one value; give it once")
        }
    }

    /// The name of the option that an argument begins, without its dashes.
    private static func name(_ argument: String) -> String? {
        if argument.hasPrefix("--") {
            return String(argument.dropFirst(2).prefix { $0 != "=" })
        }
        guard argument.hasPrefix("-"), argument.count > 1 else { return nil }
        return String(argument.dropFirst().prefix(1))
    }

    /// The names of each option that takes one value.
    private static func singleValued(of command: any ParsableCommand.Type) throws -> [Set<String>] {
        let described = try JSON(parsing: Array(command._dumpHelp().utf8))
        guard case .array(let all)? = described["command"]?["arguments"] else { return [] }
        return all.compactMap { argument in
            guard argument["kind"] == "option", argument["isRepeating"] == .bool(false),
                case .array(let names)? = argument["names"]
            else { return nil }
            return Set(
                names.compactMap {
                    guard case .string(let name)? = $0["name"] else { return nil }
                    return String(decoding: name, as: UTF8.self)
                })
        }
    }
}
