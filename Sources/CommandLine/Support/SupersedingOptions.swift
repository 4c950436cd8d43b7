import ArgumentParser

/// The option of commands whose records can undo or replace others.
struct SupersedingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The record that this one replaces or undoes, by path or digest.",
            valueName: "record"))
    var supersedes: [String] = []

    /// What the record undoes, as a person names it.
    var names: [[UInt8]] { supersedes.map { Array($0.utf8) } }
}
