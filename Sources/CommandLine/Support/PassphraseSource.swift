import ArgumentParser

/// What `--passphrase` names: only a place that says of what kind it is, so that a passphrase itself
/// is never taken for the name of a file (docs/command-line.md, "Keys").
struct PassphraseSource: ExpressibleByArgument {
    /// How a place is named.
    private static let forms = ["env:", "file:", "fd:"]

    /// The place; nil where the text names none.
    ///
    /// The text is not kept, for it may be secret.
    private let named: SecretSource?

    init(argument: String) {
        let hasForm = Self.forms.contains { argument.utf8.starts(with: $0.utf8) }
        let source = hasForm ? SecretSource(argument: argument) : nil
        named = source.flatMap { [.nowhere, .implausible].contains($0.place) ? nil : $0 }
    }

    /// The place.
    ///
    /// - Throws: `CommandFailure` where there is none.
    var place: SecretSource {
        get throws {
            guard let named else {
                throw CommandFailure(
                    .usage, "--passphrase takes env:NAME, file:PATH or fd:N",
                    hint: "a passphrase on the command line can be read by others on the machine")
            }
            return named
        }
    }

    /// The file that it is in, if it is in one.
    var file: [UInt8]? { named?.file }
}
