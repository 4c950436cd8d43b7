import ArgumentParser
import CloseoutCommandLine
import CloseoutDelivery
import CloseoutEncodings
import CloseoutFiles

/// Where what is to be delivered is queued.
struct OutboxOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The file of the queue; default CLOSEOUT_OUTBOX.", valueName: "file"),
        completion: .file(), transform: pathArgument)
    var outbox: [UInt8]?

    /// Opens the outbox, or makes one where there is none.
    ///
    /// - Throws: `CommandFailure` where none is given, it would lie inside a bundle, or it cannot be used.
    func open(creating: Bool, _ context: Context) async throws -> Outbox {
        guard
            let path = outbox
                ?? Machine.environment("CLOSEOUT_OUTBOX").flatMap({
                    $0.isEmpty ? nil : $0
                })
        else {
            throw CommandFailure(
                .usage, "no outbox is given", hint: "give --outbox FILE, or set CLOSEOUT_OUTBOX")
        }
        if creating { try demandOutside(path) }
        do throws(OutboxError) {
            return try await Outbox.open(path, creating: creating, waiting: context.lockWait)
        } catch {
            throw CommandFailure(outbox: error, at: path)
        }
    }
}

extension CommandFailure {
    /// What an outbox could not do, with its exit code.
    init(outbox error: OutboxError, at path: [UInt8]? = nil) {
        let place = path.map { "\(printable($0)): " } ?? ""
        let status: ExitStatus =
            switch error {
            case .missing: .missing
            case .notRegular, .openToOthers, .notOurs, .newerVersion, .damaged: .malformed
            case .refused, .unknownDelivery, .notReplayable, .eventDiffers: .usage
            case .runUsed: .failed
            case .cannotOpen, .unsafeSettings, .busy, .diskFull, .readOnly, .failed, .replaced:
                .inputOutput
            case .libcrypto, .leaseLost, .circuitOpen: .internal
            }
        self.init(
            status, "\(place)\(error)",
            hint: error == .replaced
                ? "put it back where it was; in a new one everything is queued and sent again, with the same ids"
                : nil)
    }
}
