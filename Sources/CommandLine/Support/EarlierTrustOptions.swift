import ArgumentParser
import CloseoutEncodings
import CloseoutFiles
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutVerification

/// The policies by which decisions were made before today's (docs/criteria.md, "Earlier policies").
struct EarlierTrustOptions: ParsableArguments {
    @Option(
        name: .customLong("trust-then"),
        help: ArgumentHelp(
            "An earlier version of the policy, for decisions made under it. Repeatable.",
            valueName: "policy"),
        completion: .file(), transform: pathArgument)
    var files: [[UInt8]] = []

    /// Reads the policies, each once; none of them lies in a bundle whose decisions are made under it.
    func policies(
        for bundles: [[UInt8]], _ samples: some PolicyReading
    ) throws -> [TrustPolicy] {
        try files.map { path in
            let trust = try samples.trust(at: path)
            guard let policy = trust.policy else {
                throw CommandFailure(.internal, "a policy was read and is not there")
            }
            let isInside =
                try trust.path != nil
                && bundles.contains {
                    try (try? fileStatus($0).kind) == .directory
                        && Verifier.lies(path, inside: $0)
                }
            guard !isInside else {
                throw CommandFailure(
                    .usage,
                    "\(printable(path)) lies inside the bundle, and what lies there trusts nobody",
                    hint: "give a policy that reached you by another way, or compare this one with "
                        + "sha256:\(policy.digest.hex) where you keep yours, and copy it")
            }
            return policy
        }
    }
}
