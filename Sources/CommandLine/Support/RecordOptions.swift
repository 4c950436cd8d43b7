import ArgumentParser
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutSignatures
import CloseoutWorkflows

extension Visibility: ExpressibleByArgument {}

/// The policy by which a command that writes records says what they are worth.
struct RecordTrustOptions: ParsableArguments, PolicyReading {
    @Option(
        help: ArgumentHelp(
            "The trust policy; default CLOSEOUT_TRUST.",
            valueName: "policy"),
        completion: .file(), transform: pathArgument)
    var trust: [UInt8]?

    @Flag(help: .hidden)
    var allowSampleKeys = false

    /// The policy, where one was given.
    func policy() throws -> TrustPolicy? {
        try (trust ?? trustFromEnvironment()).map(policy(at:))
    }
}

/// The key that signs a record, and the log key.
struct RecordSigningOptions: ParsableArguments {
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
    @OptionGroup var trust: RecordTrustOptions
    @OptionGroup var criteria: CriteriaOptions
}

extension RecordSigningOptions {
    /// Reads policy, criteria and keys, before a bundle is opened.
    func terms(
        _ context: Context, by name: String? = nil, visibility: Visibility? = nil
    ) throws -> RecordTerms {
        let policy = try trust.policy()
        let criteria = try criteria.given()
        let signer = try key.map { source in
            let loaded = LocalKey(try logKey.load(source))
            return EnvelopeSigner(
                loaded, algorithm: try algorithmArgument(algorithm, for: loaded.publicKey))
        }
        return RecordTerms(
            AppendOptions(
                now: context.now, policy: policy, logSigner: try logKey.signer(), by: name),
            signer: signer, criteria: criteria, visibility: visibility)
    }
}

/// The options of every command that writes a record.
struct RecordOptions: ParsableArguments {
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

    /// Reads policy, criteria and keys, before a bundle is opened.
    func terms(_ context: Context) throws -> RecordTerms {
        try signing.terms(context, by: by, visibility: visibility)
    }
}
