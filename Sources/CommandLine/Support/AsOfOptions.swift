import ArgumentParser
package import CloseoutEncodings

/// The verification time (docs/command-line.md, "verify").
package struct AsOfOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Verify as of this time; default now.", valueName: "instant"),
        transform: instantArgument)
    var asOf: Instant?

    /// None yet: the parser sets them.
    package init() {}

    /// The instant that was given.
    package var given: Instant? { asOf }

    /// The instant that was given, else now.
    package func instant(_ context: Context) -> Instant { asOf ?? context.now }
}
