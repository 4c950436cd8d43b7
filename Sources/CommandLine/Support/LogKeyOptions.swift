import ArgumentParser

/// The options of every command that appends: the key that renews the checkpoint.
package struct LogKeyOptions: ParsableArguments, KeyOpening {
    @Option(
        help: ArgumentHelp(
            "The key that signs the log's checkpoint; default CLOSEOUT_LOG_KEY.",
            valueName: "key"))
    var logKey: SecretSource?

    @Option(
        help: ArgumentHelp(
            "Where the key's passphrase is: env:NAME, file:PATH or fd:N.", valueName: "source"))
    var passphrase: PassphraseSource?

    @Flag(help: "Accept a private key that others may read, as on a read-only secret mount.")
    var allowReadableKey = false

    /// None yet: the parser sets them.
    package init() {}

    /// Whether files of keys that others may read are taken.
    package var allowsReadableKeys: Bool { allowReadableKey }

    /// The key's place, where one was given.
    var place: SecretSource? {
        get throws {
            try logKey ?? textVariable("CLOSEOUT_LOG_KEY").flatMap(SecretSource.init)
        }
    }
}
