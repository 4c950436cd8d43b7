package import ArgumentParser
import CloseoutDecisions
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutVerification

/// What a shell completes where the type of an option does not say it.
extension CompletionKind {
    /// The formats of signatures.
    static var signatureFormats: Self { .list(SignatureFormat.all.map(\.name)) }
    /// The algorithms of signatures.
    static var algorithms: Self { .list(SignatureAlgorithm.allCases.map(\.rawValue)) }
    /// The signers that `request` and `sign` know.
    static var signers: Self { .list(SigningTool.all.map(\.name)) }
    /// The signers, and the ways to ask a time-stamp authority.
    static var signersAndAuthorities: Self {
        .list(SigningTool.all.map(\.name) + TimeStampTool.all.map(\.name))
    }
    /// The profiles of criteria.
    static var profiles: Self { .list(Profile.allCases.map(\.rawValue)) }
    /// The ids of checks, and of findings of retention health.
    static var checks: Self {
        .list(CheckID.allCases.map(\.rawValue) + HealthCheck.allCases.map(\.rawValue))
    }
}

extension SecretSource {
    /// A file, as most are.
    package static var defaultCompletionKind: CompletionKind { .file() }
}

extension PassphraseSource {
    static var defaultCompletionKind: CompletionKind { .list(["env:", "file:", "fd:"]) }
}
