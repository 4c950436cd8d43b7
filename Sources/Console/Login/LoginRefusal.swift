import HTTPTypes

/// Why nobody is logged in.
enum LoginRefusal: Error, Equatable {
    /// The browser brings no login that it began here, or one that was used or is too old.
    case attempt
    /// The provider answers with an error, such as one by which the person declined.
    case declined(String)
    /// The answer is from another issuer than the console's.
    case issuer
    /// The provider cannot be reached, or answers what it must not.
    case provider(String)
    /// The token is not believed.
    case token(IDToken.Refusal)
    /// The provider leaves out groups where they are many.
    case groupsLeftOut
    /// No group of the person has a role.
    case noRole
    /// Too many log in at once, or are logged in.
    case busy

    /// The status of the answer.
    var status: HTTPResponse.Status {
        switch self {
        case .provider: .badGateway
        case .busy: .serviceUnavailable
        default: .forbidden
        }
    }

    /// A word for the log.
    var code: String {
        switch self {
        case .attempt: "attempt"
        case .declined: "declined"
        case .issuer: "issuer"
        case .provider: "provider"
        case .token(let refusal): "token.\(refusal.rawValue)"
        case .groupsLeftOut: "groups-left-out"
        case .noRole: "no-role"
        case .busy: "busy"
        }
    }

    /// What the page says.
    var words: (text: String, hint: String) {
        switch self {
        case .attempt:
            (
                "This login did not begin in this browser, was used before, or took longer than ten minutes.",
                "Log in again."
            )
        case .declined(let reason):
            (
                "The provider did not log you in: \(reason).",
                "Log in again, or ask who runs the provider."
            )
        case .issuer: ("The answer is not from the provider of this console.", "Log in again.")
        case .provider(let text): (text, "Try again later, or ask who runs this console.")
        case .token(let refusal):
            (
                "What the provider says of you is not believed: \(refusal.words).",
                "Log in again; if that does not help, ask who runs this console."
            )
        case .groupsLeftOut:
            (
                "The provider says that you are in more groups than it names, so that no role is known.",
                "Ask who runs the provider to send only the groups of this console."
            )
        case .noRole:
            (
                "None of your groups has a role in this console.",
                "Ask who runs this console for one."
            )
        case .busy: ("Too many people log in at this time.", "Try again in a minute.")
        }
    }
}

extension LoginRefusal: CustomStringConvertible {
    var description: String { words.text }
}

extension IDToken.Refusal {
    /// What is wrong with the token, as the end of a sentence.
    var words: String {
        switch self {
        case .malformed: "it is no token of the form that is read here"
        case .tooLarge: "it is too large"
        case .type: "it is a token for something else"
        case .critical: "it demands what this console does not know"
        case .algorithm: "its algorithm is not allowed"
        case .keyUnnamed: "it names no key"
        case .keyUnknown: "the provider has no key of the name that it has"
        case .keyOfOtherUse: "its key is for another algorithm"
        case .signature: "its signature is not by the key that it names"
        case .issuer: "it is from another issuer"
        case .audience: "it is for somebody else than this console"
        case .authorizedParty: "it was given to somebody else than this console"
        case .nonce: "it is of another login"
        case .expired: "it has expired"
        case .notYet: "it is from the future"
        case .subject: "it names nobody"
        }
    }
}
