import ArgumentParser

/// The option of commands whose records can undo or replace others.
package struct SupersedingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The record that this one replaces or undoes, by path or digest.",
            valueName: "record"))
    var supersedes: [String] = []

    /// None yet: the parser sets them.
    package init() {}

    /// What the record undoes, as a person names it.
    package var names: [[UInt8]] { supersedes.map { Array($0.utf8) } }
}
