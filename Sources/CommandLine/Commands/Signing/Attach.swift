import ArgumentParser
import CloseoutFiles

/// Stores what was made elsewhere (docs/command-line.md, "attach").
struct Attach: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "attach",
        abstract: "Verify signatures and time-stamps that were made elsewhere and store them.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", transform: pathArgument)
    var bundle: [UInt8]

    @Argument(
        help: ArgumentHelp(
            "Signatures over seal.json or a record, time-stamps, notes over the checkpoint, certificates, "
                + "revocation lists.", valueName: "file"),
        transform: pathArgument)
    var files: [[UInt8]]

    @Option(
        help: ArgumentHelp(
            "The format of signatures whose content does not tell.", valueName: "format"))
    var type: String?

    @OptionGroup var attaching: AttachOptions
    @OptionGroup var trust: TrustOptions
    @OptionGroup var material: UntrustedCertificateOptions
    @OptionGroup var logKey: LogKeyOptions

    func execute(_ context: Context) async throws {
        let policy = try trust.required()
        let key = try logKey.loadLogKey()
        let attachments = try files.map { try Attachment(reading: $0, type: type) }
        try await attaching.attach(
            attachments, to: bundle, trusting: policy, besides: try material.load(), log: logKey,
            with: key, context)
    }
}
