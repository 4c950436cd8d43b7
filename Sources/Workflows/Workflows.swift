// What a person does with a bundle, as functions on one opened bundle: values in, a receipt out.
//
// A workflow prints nothing, reads no environment and no clock, and asks nobody: policies, keys and pass
// phrases are values that whoever calls it has read before. `BundleSession` takes the exclusive lock
// first and reads each file of the bundle at most once; what is appended is known from memory. A
// workflow stores all of what it was asked for or nothing, and says so in a typed error.
//
// A signer that may take long, a program or a service, runs before the bundle is opened: on `sealBytes`
// or on a `PreparedRecord`. What it gave is verified under the lock, because the bundle may have changed.
//
// Example (run by Tests/ArchitectureTests/ModuleExamples.swift):
//
//     let own = LocalKey(key)
//     let options = AppendOptions(now: now, policy: policy, logSigner: own)
//     var session = try await BundleSession(opening: bundle)
//     let receipt = try await session.sign(
//         with: FormatSigner(key: own, format: .dsse), options)
//     let signatures = receipt.stored.map { printable($0) }

package import CloseoutEncodings
package import CloseoutSignatures

/// What all appends to a bundle have in common.
package struct AppendOptions: Sendable {
    /// The instant of the append: of its log entries and records, and the one as of which signatures are
    /// verified.
    package var now: Instant
    /// By whom signatures count, and which log keys are of the log; without a policy no signature does.
    package var policy: TrustPolicy?
    /// The log key, which renews the checkpoint; without one the receipt says what to run.
    package var logSigner: (any KeySigner)?
    /// Who appends, where that is recorded; stored as given, not checked.
    package var by: String?

    /// Appends at an instant.
    package init(
        now: Instant, policy: TrustPolicy? = nil, logSigner: (any KeySigner)? = nil,
        by: String? = nil
    ) {
        self.now = now
        self.policy = policy
        self.logSigner = logSigner
        self.by = by
    }
}
