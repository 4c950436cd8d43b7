import ArgumentParser

/// The options of attaching, which `sign --with` shares.
struct AttachOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("What the signer calls its key; kept as it is.", valueName: "reference"),
        transform: keyReferenceArgument)
    var keyReference: String?

    @Option(help: ArgumentHelp("Who attaches it; kept as it is.", valueName: "name"))
    var by: String?
}
