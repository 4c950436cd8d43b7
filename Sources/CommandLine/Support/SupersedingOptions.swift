import ArgumentParser

/// The option of commands whose records can undo or replace others.
struct SupersedingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A denial, revocation or record that this one undoes or replaces: a path or digest.",
            valueName: "record"))
    var supersedes: [String] = []

    /// What the record undoes, as a person names it.
    var names: [[UInt8]] { supersedes.map { Array($0.utf8) } }
}
