extension AttemptResult {
    /// The class in one word, as tables and records have it; of a success how sure it is.
    package var outcomeName: String {
        switch outcome {
        case .success(let assurance): assurance.rawValue
        case .permanent: "permanent"
        case .transient: "transient"
        case .unknownOutcome: "unknown_outcome"
        }
    }

    /// What a person should do, in one sentence.
    package var advice: String {
        switch outcome {
        case .success(.delivered), .success(.duplicate): "Nothing: the receiver has it."
        case .success(.acceptedUnconfirmed):
            "Look whether it has arrived: the receiver took it, and says no more."
        case .success(.sentUnconfirmed):
            "Look whether it has arrived: the protocol has no answer."
        case .unknownOutcome:
            "Look whether the receiver has it before it is sent again: nobody knows."
        case .permanent, .transient: isCredentialFault ? Self.credentials : adviceByCode
        }
    }

    private static let credentials =
        "Renew the credentials, or correct where the route says that they are: they were refused."

    private var adviceByCode: String {
        switch code {
        case "certificate-not-accepted":
            "Check the name of the host, the certificate's dates, and `ca_file`."
        case "name-not-found", "name-lookup-failed":
            "Check the name of the host, and whether this machine can look names up."
        case "tls-failed": "Check that the receiver speaks TLS 1.2 or 1.3 on this port."
        case "http.redirect": "Give the URL that it leads to: redirects are not followed."
        case "http.too-many": "Wait as long as the receiver asks."
        case "smtp.no-tls":
            "Check that the relay offers STARTTLS: nothing is sent in the clear."
        case "smtp.no-login": "Check that the relay offers AUTH PLAIN or LOGIN on this port."
        case "message.no-events":
            "Nothing: the provider answers requests only, and sends no events."
        case _ where code.hasPrefix("address-refused."):
            "Name the address in `allow_addresses` if it is yours; some can be allowed by nobody."
        case _ where outcome == .transient:
            "Wait, and check host, port and firewall if it stays so."
        default: "Check URL and settings of the route: the receiver refuses the message."
        }
    }
}
