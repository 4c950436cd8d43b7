import ArgumentParser
import CloseoutCommandLine
import CloseoutDelivery
import CloseoutEncodings
import CloseoutFiles

/// The file of the routes (docs/routes.md).
struct RoutesOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The file of the routes; default CLOSEOUT_ROUTES.", valueName: "file"),
        completion: .file(), transform: pathArgument)
    var routes: [UInt8]?

    /// The path of the file.
    ///
    /// - Throws: `CommandFailure` where none is named.
    var path: [UInt8] {
        get throws {
            if let routes { return routes }
            guard let path = Machine.environment("CLOSEOUT_ROUTES"), !path.isEmpty else {
                throw CommandFailure(
                    .usage, "no routes were given",
                    hint: "give --routes FILE; `closeout routes init` writes one")
            }
            return path
        }
    }

    /// Reads the routes.
    ///
    /// - Throws: `CommandFailure` that repeats nothing of what stands in the file, `FileError`.
    func load() throws -> Routes {
        let path = try path
        let input = try readInput(path, limit: Routes.mostBytes)
        do {
            return try Routes(parsing: input.bytes)
        } catch {
            throw CommandFailure(
                .malformed, "\(printable(path)): \(error)", hint: "docs/routes.md has the format")
        }
    }

    /// Reads the routes, and finds the one of a name.
    ///
    /// - Throws: `CommandFailure` where there is none, and what `load` throws.
    func load(_ name: String) throws -> Route {
        let routes = try load()
        guard let route = routes[name: name] else {
            let names = routes.routes.map(\.name).joined(separator: ", ")
            throw CommandFailure(
                .usage, "there is no route \(printable(name))",
                hint: names.isEmpty ? "the file has no routes" : "there are \(names)")
        }
        return route
    }
}

extension CommandFailure {
    /// Reports what makes a route unusable.
    init(_ fault: RouteFault, of route: String) {
        let isMissing =
            switch fault.reason {
            case .secret(.unavailable), .unreadable: true
            default: false
            }
        self.init(
            isMissing ? .missing : .malformed,
            "route \(printable(route)): \(fault.member): \(fault.clause)",
            hint: "`closeout routes lint --secrets` says all that is wrong")
    }
}

extension RouteFault {
    /// The sentence as the end of a message: lower case, no full stop.
    fileprivate var clause: String {
        let text = sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence
        return text.prefix(1).lowercased() + text.dropFirst()
    }
}
