import ArgumentParser
import CloseoutOpenSSL
package import CloseoutRecords
import CloseoutSignatures
import CloseoutVerification
package import CloseoutWorkflows

extension Visibility: ExpressibleByArgument {}

/// The key that signs a record, and the log key.
package struct RecordSigningOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The private key that signs the record; without it the record is only "
                + "asserted.",
            valueName: "key"))
    var key: SecretSource?

    @Option(
        help: ArgumentHelp("The algorithm of --key, if it is an RSA key.", valueName: "name"),
        completion: .algorithms)
    var algorithm: String?

    @OptionGroup var logKey: LogKeyOptions
    @OptionGroup var trust: PolicyOptions
    @OptionGroup var criteria: CriteriaOptions

    @Flag(
        help: "Store it also where it can never count under the policy, say for want of a role.")
    var evenIfItDoesNotCount = false

    /// None yet: the parser sets them.
    package init() {}
}

extension RecordSigningOptions {
    /// Reads policy, criteria and keys, before a bundle is opened.
    package func terms(
        _ context: Context, by name: String? = nil, visibility: Visibility? = nil
    ) throws -> RecordTerms {
        let policy = try trust.load().policy
        let criteria = try criteria.given()
        let keys = try logKey.loadKeys(key)
        let signer = try keys.key.map { loaded in
            EnvelopeSigner(
                loaded,
                algorithm: try algorithmArgument(algorithm, for: loaded.publicKey))
        }
        return RecordTerms(
            AppendOptions(
                now: context.now, policy: policy, logSigner: keys.log, by: name),
            signer: signer, criteria: criteria, visibility: visibility,
            storesWhatCannotCount: evenIfItDoesNotCount)
    }
}

/// The options of every command that writes a record.
package struct RecordOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Who makes the record; stored as given, not checked.", valueName: "name"),
        transform: textArgument)
    var by: String?

    @Option(
        help: ArgumentHelp(
            "public or restricted; each kind has a default.",
            valueName: "visibility"))
    var visibility: Visibility?

    @OptionGroup var signing: RecordSigningOptions

    /// None yet: the parser sets them.
    package init() {}

    /// Whether keys that others may read are taken.
    package var allowsReadableKeys: Bool { signing.logKey.allowsReadableKeys }

    /// Reads policy, criteria and keys, before a bundle is opened.
    package func terms(_ context: Context) throws -> RecordTerms {
        try signing.terms(context, by: by, visibility: visibility)
    }
}
