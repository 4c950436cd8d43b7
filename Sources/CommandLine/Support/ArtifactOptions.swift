import ArgumentParser
import CloseoutEncodings
package import CloseoutVerification

/// The shipped files with which a bundle is compared (docs/command-line.md, "verify").
package struct ArtifactOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The folder with the shipped files, or none to verify the evidence only.",
            valueName: "dir|none"),
        completion: .file(), transform: pathArgument)
    var artifacts: [UInt8]?

    /// None yet: the parser sets them.
    package init() {}

    /// The same option for another command, after a blank.
    package var words: String { artifacts.map { " --artifacts \(shellQuoted($0))" } ?? "" }

    /// What a verification is asked.
    package var request: VerificationRequest.Artifacts {
        guard let artifacts else { return .notGiven }
        return artifacts == Array("none".utf8) ? .none : .directory(artifacts)
    }
}
