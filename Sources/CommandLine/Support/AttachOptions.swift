import ArgumentParser

/// The options of attaching, which `sign --with` shares.
struct AttachOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The signer's name for its key; stored as given, not checked.", valueName: "reference"),
        transform: keyReferenceArgument)
    var keyReference: String?

    @Option(help: ArgumentHelp("Who attaches it; stored as given, not checked.", valueName: "name"))
    var by: String?
}
