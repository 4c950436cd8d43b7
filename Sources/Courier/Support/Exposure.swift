import CloseoutCommandLine
import CloseoutDelivery
import CloseoutEncodings
import CloseoutFiles

// Files whose owner should be the only one who reads them (docs/routes.md, "Secrets").

extension CommandFailure {
    /// Refuses a file of keys that others may read or write, as a private key is refused.
    static func demandPrivate(
        _ input: NamedInput, at path: [UInt8], allowingReadable: Bool
    ) throws {
        guard !allowingReadable, !input.isPipe, input.status.mode & 0o077 != 0 else { return }
        throw CommandFailure(
            .usage, "\(printable(path)) may be read by others",
            hint: "chmod 600 \(shellQuoted(path))")
    }
}

extension Routes {
    /// The file of the routes and those of their secrets that others may read or write: a person should know of each.
    func exposed(at path: [UInt8]) -> [CommandFailure] {
        var paths = [path]
        for secret in routes.flatMap(\.secrets) {
            guard case .file(let name) = secret.reference else { continue }
            let path = Array(name.utf8)
            if !paths.contains(path) { paths.append(path) }
        }
        return paths.compactMap { path in
            guard let status = try? fileStatus(path), status.kind == .regular,
                status.mode & 0o077 != 0
            else { return nil }
            return CommandFailure(
                .incomplete, "\(printable(path)) may be read by others",
                hint: "chmod 600 \(shellQuoted(path))")
        }
    }
}

extension Console {
    /// Warns of files that others may read.
    func warn(of exposed: [CommandFailure]) {
        for failure in exposed { warning(failure.message, hint: failure.hint) }
    }
}
