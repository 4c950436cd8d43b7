package import CloseoutEncodings

/// Why there is no whole response, by case, without a word of anybody else.
///
/// `requestMayHaveLeft` says whether a byte of the request may have reached the receiver: where it may, the
/// outcome is unknown. No case holds a name, an address, a header field or the text of an error.
package enum OutboundFailure: Error, Hashable, Sendable {
    /// The destination has another host or port than the client.
    case otherOrigin
    /// An address of the destination, or what it leads to, is refused: nothing was connected to.
    case addressRefused(AddressKind, canBeAllowed: Bool)
    /// The name does not exist or has no address.
    case nameNotFound
    /// The name could not be looked up: no name server answered, or it failed.
    case nameLookupFailed
    /// The receiver refused the connection.
    case connectionRefused
    /// No route leads to the receiver.
    case unreachable
    /// The connection could not be made, or was cut, before TLS stood and anything was sent.
    case connectionFailed
    /// The receiver's certificate is not accepted: not trusted, expired, or for another name.
    case certificateNotAccepted
    /// TLS could not be agreed for another reason.
    case tlsFailed
    /// Time ran out before anything was sent.
    case timedOut(Stage)
    /// The task was cancelled before anything was sent.
    case cancelled
    /// The client was closed, or refused the request, before anything was sent.
    case notSent
    /// The request was sent, at least in part, and no head of a response was read.
    case noResponse(Interruption)
    /// The head of a response was read, and its body ended early.
    case bodyInterrupted(ResponseHead, Interruption)

    /// What was waited for when time ran out before anything was sent.
    package enum Stage: String, Hashable, Sendable {
        /// The addresses of the name.
        case lookup
        /// A connection with TLS, or a free one.
        case connection
    }

    /// What ended an exchange after the request had begun to leave.
    package enum Interruption: String, CaseIterable, Hashable, Sendable {
        /// Time ran out.
        case timedOut = "timed-out"
        /// The task was cancelled, or the client closed.
        case cancelled
        /// The connection ended or was reset.
        case cut
        /// TLS failed, such as where the receiver does not accept the client's certificate.
        case tlsFailed = "tls-failed"
        /// The head of the response is larger than is read.
        case headTooLarge = "head-too-large"
        /// What the receiver sent is not HTTP/1.1.
        case malformed
    }

    /// Whether a byte of the request may have left this machine, so that its outcome is unknown.
    package var requestMayHaveLeft: Bool {
        switch self {
        case .noResponse, .bodyInterrupted: true
        default: false
        }
    }

    /// The status, where the head of a response was read.
    package var status: Int? {
        if case .bodyInterrupted(let head, _) = self { head.status } else { nil }
    }

    /// A stable code for records and logs.
    package var code: String {
        switch self {
        case .otherOrigin: "other-origin"
        case .addressRefused(let kind, _): "address-refused.\(kind.rawValue)"
        case .nameNotFound: "name-not-found"
        case .nameLookupFailed: "name-lookup-failed"
        case .connectionRefused: "connection-refused"
        case .unreachable: "unreachable"
        case .connectionFailed: "connection-failed"
        case .certificateNotAccepted: "certificate-not-accepted"
        case .tlsFailed: "tls-failed"
        case .timedOut(let stage): "timed-out-before-sending.\(stage.rawValue)"
        case .cancelled: "cancelled-before-sending"
        case .notSent: "not-sent"
        case .noResponse(let interruption): "no-response.\(interruption.rawValue)"
        case .bodyInterrupted(_, let interruption): "body-interrupted.\(interruption.rawValue)"
        }
    }
}
