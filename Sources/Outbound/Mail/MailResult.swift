package import CloseoutEncodings

/// The outcome of sending one mail, without a word of the relay.
package struct MailResult: Hashable, Sendable {
    /// What is said to a relay, in order.
    package enum Step: String, CaseIterable, Hashable, Sendable {
        /// The relay speaks first.
        case greeting
        /// `EHLO`.
        case hello
        /// `STARTTLS`.
        case startTLS = "starttls"
        /// `AUTH`.
        case login
        /// `MAIL`.
        case sender
        /// `RCPT`.
        case recipient
        /// `DATA`.
        case data
        /// The end of the mail.
        case end
    }

    /// How it ended.
    package enum Outcome: Hashable, Sendable {
        /// The relay answered a step with this code, and no further step was made; at the end 2xx means that it
        /// took the mail.
        case reply(Int, at: Step)
        /// The relay does not offer `STARTTLS`: nothing was said to it in the clear but `EHLO`.
        case noTLS
        /// The relay offers no way of logging in that is known here.
        case noLogin
        /// The mail is larger than the relay says that it takes.
        case tooLarge
        /// What the relay answered before the mail was sent is no reply of SMTP.
        case notUnderstood(at: Step)
        /// There is no answer.
        case failure(OutboundFailure)
    }

    /// How it ended.
    package let outcome: Outcome
    /// What allowed the address that was connected to; nil where none was chosen.
    package let permission: AddressVerdict?

    package init(outcome: Outcome, permission: AddressVerdict? = nil) {
        self.outcome = outcome
        self.permission = permission
    }
}
