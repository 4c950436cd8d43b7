import ArgumentParser
import CloseoutCommandLine
import CloseoutConsole
import CloseoutEncodings
import CloseoutFiles

/// Where a console listens, and who may ask (docs/console.md, "Other addresses").
struct ServingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The address to listen on, default 127.0.0.1; one that is not of this machine alone needs "
                + "--tls-cert and --login.", valueName: "address"))
    var listen: String?

    @Option(
        help: ArgumentHelp(
            "A Unix socket to listen on in place of an address, for a proxy.", valueName: "path"),
        completion: .file(), transform: pathArgument)
    var socket: [UInt8]?

    @Option(
        help: ArgumentHelp(
            "The certificate and those between it and its root, in PEM; makes the console speak TLS.",
            valueName: "file"), completion: .file(), transform: pathArgument)
    var tlsCert: [UInt8]?

    @Option(
        help: ArgumentHelp("The private key of --tls-cert, in PEM.", valueName: "file"),
        completion: .file(), transform: pathArgument)
    var tlsKey: [UInt8]?

    @Option(
        help: ArgumentHelp(
            "The address by which browsers reach the console, such as https://closeout.example.com; "
                + "no other one is answered.", valueName: "url"))
    var publicURL: String?

    @Option(
        help: ArgumentHelp(
            "Where people log in by OpenID Connect, and what they may.", valueName: "json"),
        completion: .file(), transform: pathArgument)
    var login: [UInt8]?

    @Flag(help: "Accept a private key or secret that others may read, as on a read-only mount.")
    var allowReadableKey = false

    func validate() throws {
        guard (tlsCert == nil) == (tlsKey == nil) else {
            throw ValidationError("--tls-cert and --tls-key need each other")
        }
        guard socket == nil || listen == nil else {
            throw ValidationError("give --listen or --socket")
        }
    }

    /// Reads what the options name.
    ///
    /// - Throws: `CommandFailure`, `FileError`.
    func settings(_ console: Console) throws -> ConsoleSettings {
        var settings = ConsoleSettings()
        if let listen {
            guard let address = IPAddress(listen), "\(address)".utf8.elementsEqual(listen.utf8)
            else {
                throw CommandFailure(
                    .usage,
                    "--listen \(printable(listen)): expected an address such as 127.0.0.1 or ::1, "
                        + "found something else", hint: "a name is given with --public-url")
            }
            settings.address = address
        }
        settings.socket = socket
        do throws(ConsoleError) {
            settings.publicURL = try publicURL.map { text throws(ConsoleError) in
                try PublicURL(text)
            }
        } catch {
            throw CommandFailure(error)
        }
        if let tlsCert, let tlsKey {
            let certificate = try readFile(tlsCert, limit: Self.largest)
            let key = try secret(in: tlsKey)
            do throws(ConsoleError) {
                settings.tls = try ConsoleTLS(certificate: certificate, key: key)
            } catch {
                throw CommandFailure(error)
            }
        }
        settings.login = try login.map(loginSettings)
        return settings
    }

    /// Confirms that the settings expose nothing.
    ///
    /// - Throws: `CommandFailure`.
    func confirm(_ settings: ConsoleSettings) throws {
        do throws(ConsoleError) {
            try settings.confirm()
        } catch {
            throw CommandFailure(error)
        }
    }

    private static let largest = 1 << 20

    private func loginSettings(_ path: [UInt8]) throws -> LoginSettings {
        let bytes = try readFile(path, limit: Self.largest)
        do {
            return try LoginSettings(parsing: bytes) { source in
                switch source {
                case .environment(let name):
                    guard let value = Machine.environment(name) else {
                        throw CommandFailure(
                            .missing, "environment variable \(printable(name)) is not set",
                            hint: "\(printable(path)) names it")
                    }
                    return value
                case .secretFile(let name): return try secret(in: Array(name.utf8))
                case .file(let name): return try readFile(Array(name.utf8), limit: Self.largest)
                }
            }
        } catch let error as JSONError {
            throw CommandFailure(.malformed, "\(printable(path)): \(error)")
        } catch let error as JSONShapeError {
            throw CommandFailure(.malformed, "\(printable(path)): \(error)")
        }
    }

    /// The bytes of a file that only its owner may read.
    private func secret(in path: [UInt8]) throws -> [UInt8] {
        let input = try readInput(path, limit: Self.largest)
        guard allowReadableKey || input.isPipe || input.status.mode & 0o077 == 0 else {
            throw CommandFailure(
                .usage, "\(printable(path)) may be read by others",
                hint:
                    "chmod 600 \(shellQuoted(path)), or --allow-readable-key for a read-only mount")
        }
        return input.bytes
    }
}

extension CommandFailure {
    /// What keeps a console from starting.
    init(_ error: ConsoleError) {
        self.init(error.isUsage ? .usage : .cannotCreate, error.message, hint: error.hint)
    }
}
