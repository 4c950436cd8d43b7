package import CloseoutEncodings
import CloseoutOutbound

/// Where a secret is (docs/routes.md, "Secrets"); never the secret itself.
package enum SecretReference: Hashable, Sendable {
    /// The name of a variable of the environment.
    case environment(String)
    /// The path of a file.
    case file(String)
    /// A program, by its absolute path, with its arguments; it is started without a shell.
    case command([String])

    /// Reads `{"env":NAME}`, `{"file":PATH}` or `{"command":[…]}`.
    ///
    /// - Throws: `JSONShapeError`, which says nothing of what stands there.
    package init(_ item: JSONItem) throws(JSONShapeError) {
        guard case .object = item.value else {
            throw item.invalid(
                "a secret is never written here: say where it is, by env, file or command")
        }
        var reader = try item.object()
        let (variable, path, command) = (
            reader.optional("env"), reader.optional("file"), reader.optional("command")
        )
        switch (variable, path, command) {
        case (let variable?, nil, nil): self = .environment(try Self.variable(variable))
        case (nil, let path?, nil): self = .file(try Self.path(path))
        case (nil, nil, let command?): self = .command(try Self.words(command))
        default: throw item.invalid("must have one of env, file and command")
        }
        try reader.finish()
    }

    private static func variable(_ item: JSONItem) throws(JSONShapeError) -> String {
        let name = try item.bytes()
        let underscore = UInt8(ascii: "_")
        guard (1...128).contains(name.count), name.first?.isDigit == false,
            name.allSatisfy({ $0.isAlphanumeric || $0 == underscore })
        else { throw item.invalid("no name of a variable: letters, digits and _, no digit first") }
        return String(decoding: name, as: UTF8.self)
    }

    /// A path: 1 to 4,096 bytes without control characters.
    static func path(_ item: JSONItem) throws(JSONShapeError) -> String {
        let text = try word(item)
        // Messages name paths, and an address may be as good as a password.
        guard !text.contains("://") else { throw item.invalid("an address, and no path of a file") }
        return text
    }

    private static func word(_ item: JSONItem) throws(JSONShapeError) -> String {
        let bytes = try item.bytes()
        guard (1...4096).contains(bytes.count), bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7f })
        else { throw item.invalid("no path: 1 to 4,096 bytes without control characters") }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func words(_ item: JSONItem) throws(JSONShapeError) -> [String] {
        let items = try item.array()
        guard (1...32).contains(items.count) else {
            throw item.invalid("must have 1 to 32 words, the first the path of a program")
        }
        var words: [String] = []
        for item in items { words.append(try word(item)) }
        guard words[0].utf8.first == UInt8(ascii: "/") else {
            throw items[0].invalid("must be the absolute path of a program")
        }
        return words
    }
}

extension SecretReference: Unprinted {
    /// Where the secret is, without the arguments of a command: they can hold one.
    package var description: String {
        switch self {
        case .environment(let name): "env \(name)"
        case .file(let path): "file \(path)"
        case .command(let words): "command \(words[0])"
        }
    }
}

/// Reads what the routes only name: variables, files and the output of commands.
///
/// The program that reads the routes gives one; this module looks at no environment, file or process.
package protocol SecretSource: Sendable {
    /// The bytes as they are found, line end and all.
    ///
    /// - Throws: `SecretFault`, `unavailable` where there are none.
    func bytes(of reference: SecretReference) throws(SecretFault) -> [UInt8]
}

/// Reads the secrets of one route, and says of which member one was wrong.
package struct SecretReader: Sendable {
    private let source: any SecretSource

    /// The most bytes of a file that is no token, such as a certificate.
    package static let longestFile = 65_536

    /// Reads from a source.
    package init(_ source: any SecretSource) {
        self.source = source
    }

    /// A secret, trimmed.
    ///
    /// - Throws: `RouteFault` that names the member.
    package func secret(
        _ reference: SecretReference, at member: String
    ) throws(RouteFault) -> Secret {
        do throws(SecretFault) {
            return try Secret(trimming: try source.bytes(of: reference))
        } catch {
            throw RouteFault(member: member, reason: .secret(error))
        }
    }

    /// The bytes of a file as they are, such as a certificate.
    ///
    /// - Throws: `RouteFault` that names the member.
    package func file(
        _ reference: SecretReference, at member: String
    ) throws(RouteFault) -> [UInt8] {
        do throws(SecretFault) {
            let bytes = try source.bytes(of: reference)
            guard !bytes.isEmpty else { throw .empty }
            guard bytes.count <= Self.longestFile else { throw .tooLong }
            return bytes
        } catch {
            throw RouteFault(member: member, reason: .secret(error))
        }
    }

    /// The bytes of a file of certificates, which are no secret.
    ///
    /// - Throws: `RouteFault` that names the member, and the path where it cannot be read.
    package func certificates(
        in path: String, at member: String
    ) throws(RouteFault) -> [UInt8] {
        do throws(RouteFault) {
            return try file(.file(path), at: member)
        } catch {
            guard error.reason == .secret(.unavailable) else { throw error }
            throw RouteFault(member: member, reason: .unreadable(path: path))
        }
    }
}
