import ArgumentParser
import CloseoutEncodings
import CloseoutFiles
import CloseoutOpenSSL

/// Where a key or a passphrase comes from: a file, `env:NAME`, `fd:N` or `-`
/// (docs/command-line.md, "Keys").
package struct SecretSource: ExpressibleByArgument {
    enum Place: Equatable {
        case file([UInt8])
        case environment(String)
        case descriptor(Int32)
        /// `fd:` without a number.
        case nowhere
        /// What can be no place, and may be the secret itself; it is not kept.
        case implausible
    }

    let place: Place

    /// Reads the name of a place.
    package init?(argument: String) {
        let bytes = Array(argument.utf8)
        if PlausibleValue.mayBeSecret(argument, of: "--key") {
            place = .implausible
        } else if bytes == Array("-".utf8) {
            place = .descriptor(StandardStream.input)
        } else if bytes.starts(with: Array("env:".utf8)) {
            place = .environment(String(argument.dropFirst(4)))
        } else if bytes.starts(with: Array("fd:".utf8)) {
            let number = Int32(argument.dropFirst(3)).flatMap { $0 >= 0 ? $0 : nil }
            place = number.map { .descriptor($0) } ?? .nowhere
        } else if bytes.starts(with: Array("file:".utf8)) {
            place = .file(Array(bytes.dropFirst(5)))
        } else {
            guard !bytes.isEmpty else { return nil }
            place = .file(bytes)
        }
    }

    /// The file that it is in, if it is in one.
    var file: [UInt8]? {
        guard case .file(let path) = place else { return nil }
        return path
    }

    /// How to speak of the place in a message.
    var name: String {
        switch place {
        case .file(let path): printable(path)
        case .environment(let name): "environment variable \(printable(name))"
        case .descriptor(0): "standard input"
        case .descriptor(let number): "descriptor \(number)"
        case .nowhere: "fd: without a number"
        case .implausible: "what was given (not repeated: it may be a secret)"
        }
    }

    /// Reads the secret, and opens its place once for that.
    ///
    /// - Parameters:
    ///   - limit: the most bytes that it may have.
    ///   - allowingReadable: whether a file that others may read is taken.
    ///   - isSecret: Whether the bytes are what others must not read; it may throw to say what
    ///     they are instead.
    /// - Returns: its bytes.
    /// - Throws: `CommandFailure`, `FileError`, what `isSecret` throws.
    func read(
        limit: Int, allowingReadable: Bool, isSecret: ([UInt8]) throws -> Bool = { _ in true }
    ) throws -> [UInt8] {
        guard case .file(let path) = place else {
            let bytes = try readElsewhere(limit: limit)
            _ = try isSecret(bytes)
            return bytes
        }
        let input = try readInput(path, limit: limit)
        if try isSecret(input.bytes), !allowingReadable, !input.isPipe,
            input.status.mode & 0o077 != 0
        {
            throw CommandFailure(
                .usage, "\(name) may be read by others",
                hint: "chmod 600 \(shellQuoted(path)), or --allow-readable-key for a "
                    + "read-only secret mount")
        }
        return input.bytes
    }

    /// Reads what is in no file of its own name.
    private func readElsewhere(limit: Int) throws -> [UInt8] {
        switch place {
        case .environment(let variable):
            guard let value = Machine.environment(variable) else {
                throw CommandFailure(.missing, "\(name) is not set")
            }
            return value
        case .implausible:
            throw CommandFailure(
                .usage, "the key is not named: \(name) is not the path of a file",
                hint: "a key is named as its file, env:NAME, fd:N, or - for standard input")
        case .nowhere:
            throw CommandFailure(
                .usage, "fd: needs the number of a descriptor",
                hint: "a key is named as its file, env:NAME, fd:N, or - for standard input")
        case .descriptor(let number):
            do {
                return try StandardStream.readAll(from: number, limit: limit)
            } catch {
                throw CommandFailure(error.exitStatus, "\(name): \(error.problem)")
            }
        case .file(let path):
            return try readFile(path, limit: limit)
        }
    }
}
