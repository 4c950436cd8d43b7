import ArgumentParser
import CloseoutEncodings

/// The verification time (docs/command-line.md, "verify").
struct AsOfOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Verify as of this time; default now.", valueName: "instant"),
        transform: instantArgument)
    var asOf: Instant?

    /// The instant that was given, else now.
    func instant(_ context: Context) -> Instant { asOf ?? context.now }
}
