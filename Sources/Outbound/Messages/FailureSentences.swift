import CloseoutEncodings

extension OutboundFailure {
    /// One sentence for a person, without a name or an address.
    package var sentence: String {
        switch self {
        case .otherOrigin: "The request is for another host or port than the client."
        case .addressRefused(let kind, true):
            "An address of the receiver is \(kind.words): its owner can allow it in `allow_addresses`."
        case .addressRefused(let kind, false):
            "An address of the receiver is \(kind.words), which is never connected to."
        case .nameNotFound: "The receiver's name does not exist, or has no address."
        case .nameLookupFailed: "The receiver's name could not be looked up."
        case .connectionRefused: "The receiver refused the connection."
        case .unreachable: "No route leads to the receiver."
        case .connectionFailed: "The connection was cut before the request was sent."
        case .certificateNotAccepted:
            "The receiver's certificate is not trusted, not valid now, or for another name."
        case .tlsFailed: "TLS could not be agreed with the receiver."
        case .timedOut(.lookup): "Time ran out while the receiver's name was looked up."
        case .timedOut(.connection): "Time ran out before a connection was there."
        case .cancelled: "The request was cancelled before it was sent."
        case .notSent: "The client was closed, so the request was not sent."
        case .noResponse(let interruption):
            "\(interruption.words), and no response was read: the outcome is unknown."
        case .bodyInterrupted(let head, let interruption):
            "\(interruption.words) in the body of a response with status \(head.status)."
        }
    }
}

extension OutboundFailure.Interruption {
    /// What happened, as the beginning of a sentence.
    fileprivate var words: String {
        switch self {
        case .timedOut: "Time ran out"
        case .cancelled: "The request was cancelled"
        case .cut: "The connection was cut"
        case .tlsFailed: "TLS failed"
        case .headTooLarge: "The head of the response was too large"
        case .malformed: "What the receiver sent was no HTTP"
        }
    }
}

extension OutboundFailure: CustomStringConvertible {
    package var description: String { sentence }
}
