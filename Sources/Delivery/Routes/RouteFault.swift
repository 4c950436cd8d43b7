import CloseoutEncodings
package import CloseoutOutbound

/// Why a route cannot be used, by the member of it that is wrong; it holds nothing that stands there.
package struct RouteFault: Error, Hashable, Sendable {
    /// What can be wrong.
    package enum Reason: Hashable, Sendable {
        /// A secret cannot be read or used.
        case secret(SecretFault)
        /// The file of a certificate cannot be read.
        case unreadable(path: String)
        /// The URL is refused.
        case destination(DestinationRefusal)
        /// The URL is one to which the provider adds a path, and has a path or query of its own.
        case notABase
        /// The certificates or the key cannot be used.
        case tls(OutboundTLS.Refusal)
    }

    /// The member of the route, such as `settings.token`.
    package let member: String
    /// What is wrong with it.
    package let reason: Reason

    package init(member: String, reason: Reason) {
        self.member = member
        self.reason = reason
    }

    /// One sentence for a person.
    package var sentence: String {
        switch reason {
        case .secret(let fault): fault.sentence
        case .unreadable(let path): "The file \(printable(path)) cannot be read."
        case .destination(let refusal): refusal.sentence
        case .notABase: "The provider adds the path itself: write only `https://HOST[:PORT]`."
        case .tls(.authorities): "The file has no certificates in PEM."
        case .tls(.certificate): "The client's certificate is none in PEM."
        case .tls(.key): "The client's key is none in PEM, or is encrypted."
        case .tls(.half): "A client's certificate needs its key, and a key its certificate."
        case .tls(.pair): "The client's key is not that of its certificate."
        }
    }

    /// A stable code.
    package var code: String {
        switch reason {
        case .secret(let fault): "secret.\(fault.rawValue)"
        case .unreadable: "file.unavailable"
        case .destination(let refusal): "url.\(refusal.rawValue)"
        case .notABase: "url.not-a-base"
        case .tls(let refusal): "tls.\(refusal.rawValue)"
        }
    }
}

extension RouteFault: CustomStringConvertible {
    package var description: String { "\(member): \(sentence)" }
}
