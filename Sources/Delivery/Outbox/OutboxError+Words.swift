extension OutboxError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .missing: "there is no outbox"
        case .cannotOpen: "the outbox or its folder cannot be opened"
        case .notRegular: "the outbox is a link, or no regular file"
        case .openToOthers(let mode):
            "others than the owner may use the outbox: its mode is \(String(mode, radix: 8)), "
                + "and must be 600"
        case .notOurs: "the file is no outbox"
        case .newerVersion(let version): "the outbox is of the later version \(version)"
        case .unsafeSettings: "the outbox cannot be kept safely on this file system"
        case .busy: "others have held the outbox too long"
        case .diskFull: "the disk is full, so that nothing can be written into the outbox"
        case .readOnly: "the outbox cannot be written"
        case .damaged: "the outbox holds something else than was written"
        case .failed(let code): "the database of the outbox failed with the code \(code)"
        case .libcrypto: "libcrypto failed"
        case .refused(let field): "the \(field.rawValue) has a form that the outbox does not take"
        case .eventDiffers: "another event is queued with this id"
        case .unknownDelivery: "the outbox has no such delivery"
        case .leaseLost: "the lease has ended, or another holds the delivery"
        case .circuitOpen: "the circuit of the route is open"
        case .runUsed: "a live run used this plan or its review before"
        case .replaced: "the file of the outbox was removed, or another took its place"
        case .notReplayable(let state): "the delivery is \(state.words), so it is not sent again"
        }
    }
}

extension DeliveryState {
    /// The state in words of a sentence.
    package var words: String {
        switch self {
        case .waiting: "waiting"
        case .sending: "being sent"
        case .settled: "settled"
        case .dead: "dead"
        case .needsReview: "in need of a person"
        }
    }
}
