import CloseoutEncodings
import CloseoutOpenSSL

/// A way to have a time-stamp of RFC 3161 made on the command line.
///
/// Adding one takes such a value and its line in `all`. Implements "Asking for a time-stamp" of
/// docs/signatures.md.
package struct TimeStampTool: Sendable {
    /// The stable name, as in `--for`.
    package let name: String
    /// What names the authority, for help and messages.
    package let referenceForm: String
    /// Writes the command.
    private let command:
        @Sendable (
            _ query: ShellWord, _ reply: ShellWord, _ authority: [UInt8]
        ) throws(RequestError) -> String
}

extension TimeStampTool {
    /// The registry: every way in which a request can be sent.
    package static let all: [TimeStampTool] = [.authority, .opensslTS]

    /// An authority on the network, which answers a request by HTTP.
    package static let authority = TimeStampTool(
        name: "tsa", referenceForm: urlForm,
        command: { query, reply, authority throws(RequestError) in
            let isURL = ["http://", "https://"].contains { authority.starts(with: $0.utf8) }
            guard isURL, authority.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                throw .malformedReference(authority, expected: urlForm)
            }
            return commandLine([
                "curl", "--fail", "--silent", "--show-error", "--header",
                "Content-Type: application/timestamp-query", "--data-binary", "@" + query,
                "--output", reply, ShellWord(authority),
            ])
        })

    /// The `openssl` command over an authority of one's own, in a configuration file.
    package static let opensslTS = TimeStampTool(
        name: "openssl-ts", referenceForm: configurationForm,
        command: { query, reply, authority throws(RequestError) in
            guard !authority.isEmpty, !authority.contains(0) else {
                throw .malformedReference(authority, expected: configurationForm)
            }
            return commandLine([
                "openssl", "ts", "-reply", "-config", ShellWord(path: authority), "-queryfile",
                query, "-out", reply,
            ])
        })

    private static let urlForm = "the authority's URL, http://… or https://…"
    private static let configurationForm = "the path of a configuration of openssl with a [tsa]"

    /// Finds one by its name.
    package init?(named name: String) {
        guard let tool = Self.all.first(where: { $0.name == name }) else { return nil }
        self = tool
    }

    /// Writes the exact command that turns a request into an answer.
    ///
    /// - Parameters:
    ///   - query: The path of the request.
    ///   - reply: The path that the answer is to have.
    ///   - authority: What names the authority; see `referenceForm`.
    /// - Returns: A line of a POSIX shell.
    /// - Throws: `RequestError` where the authority is not named in this form.
    package func command(
        sending query: [UInt8], into reply: [UInt8], to authority: [UInt8]
    ) throws(RequestError) -> String {
        try command(ShellWord(path: query), ShellWord(path: reply), authority)
    }
}
