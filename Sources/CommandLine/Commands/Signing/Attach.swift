import ArgumentParser
import CloseoutFiles
import CloseoutWorkflows

/// Stores what was made elsewhere (docs/command-line.md, "attach").
struct Attach: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "attach",
        abstract: "Verify signatures and time-stamps that were made elsewhere and store them.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", completion: .file(), transform: pathArgument)
    var bundle: [UInt8]

    @Argument(
        help: ArgumentHelp(
            "Signatures of seal.json or of a record, time-stamps, cosignatures of the "
                + "checkpoint, certificates, revocation lists.", valueName: "file"),
        completion: .file(), transform: pathArgument)
    var files: [[UInt8]]

    @Option(
        help: ArgumentHelp(
            "The format of signatures that cannot be recognised.", valueName: "format"),
        completion: .signatureFormats)
    var type: String?

    @OptionGroup var attaching: AttachOptions
    @OptionGroup var trust: TrustOptions
    @OptionGroup var material: UntrustedCertificateOptions
    @OptionGroup var logKey: LogKeyOptions

    func execute(_ context: Context) async throws {
        let options = AppendOptions(
            now: context.now, policy: try trust.required(), logSigner: try logKey.loadLogKey(),
            by: attaching.by)
        let attachments = try files.map { file throws(WorkflowError) in
            try Attachment(reading: file, type: type)
        }
        let certificates = try material.load()
        var session = try await BundleSession(opening: bundle, waiting: context.lockWait)
        try context.console.receipt(
            try await session.attach(
                attachments, keyReference: attaching.keyReference, besides: certificates, options))
    }
}
