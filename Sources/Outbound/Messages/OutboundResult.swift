package import CloseoutEncodings

/// The outcome of one request.
package struct OutboundResult: Hashable, Sendable {
    /// A response or why there is none.
    package enum Outcome: Hashable, Sendable {
        /// The receiver answered, whatever its status: a redirect is a response too.
        case response(OutboundResponse)
        /// There is no whole response.
        case failure(OutboundFailure)
    }

    /// The response or the failure.
    package let outcome: Outcome
    /// What allowed the address that was connected to; nil where none was chosen.
    package let permission: AddressVerdict?

    package init(outcome: Outcome, permission: AddressVerdict? = nil) {
        self.outcome = outcome
        self.permission = permission
    }

    /// The response, where there is one.
    package var response: OutboundResponse? {
        if case .response(let response) = outcome { response } else { nil }
    }

    /// The failure, where there is one.
    package var failure: OutboundFailure? {
        if case .failure(let failure) = outcome { failure } else { nil }
    }
}
