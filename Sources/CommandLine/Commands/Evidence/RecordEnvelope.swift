import ArgumentParser
import CloseoutEncodings
import CloseoutFiles
import CloseoutRecords
import CloseoutSignatures
import CloseoutWorkflows

/// Signs the bytes of a record outside of its bundle (docs/command-line.md, "record").
struct RecordEnvelope: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "envelope",
        abstract: "Sign a record that somebody else prepared, outside of its bundle.",
        discussion:
            "Prints what the record says on standard error, and the envelope on standard output.")

    @OptionGroup var common: CommonOptions

    @Argument(
        help: "The bytes of the record, as `closeout console` gives them.", completion: .file(),
        transform: pathArgument)
    var record: [UInt8]

    @Option(help: ArgumentHelp("The private key that signs the record.", valueName: "key"))
    var key: SecretSource

    @Option(
        help: ArgumentHelp("The algorithm of --key, if it is an RSA key.", valueName: "name"),
        completion: .algorithms)
    var algorithm: String?

    @OptionGroup var secrets: PassphraseOptions

    func execute(_ context: Context) async throws {
        let bytes = try readFile(record, limit: 1024 * 1024)
        let given: Record
        do throws(RecordError) {
            given = try Record(parsing: bytes)
        } catch {
            throw CommandFailure(
                .malformed, "\(printable(record)): \(error)",
                hint: "save the record as the console gives it, byte for byte")
        }
        let key = LocalKey(try secrets.load(self.key))
        let signer = EnvelopeSigner(
            key, algorithm: try algorithmArgument(algorithm, for: key.publicKey))
        let header = given.header
        context.console.note(
            "a \(given.kind.name) record about \(printable(header.releaseName)) "
                + "\(printable(header.releaseVersion)), seal sha256:\(header.seal.hex)")
        context.console.note("it says: \(printable(bytes))")
        let envelope = try await signer.sign(.record(given.canonicalBytes))
        try context.console.result(envelope.bytes)
    }
}
