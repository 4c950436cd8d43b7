/// What a check is about, for `closeout explain` and docs/checks.md.
package struct Explanation: Equatable, Sendable {
    /// What is recomputed or compared.
    package let checks: String
    /// What to do where it does not pass.
    package let remedy: String

    init(_ checks: String, _ remedy: String) {
        self.checks = checks
        self.remedy = remedy
    }
}

extension CheckID {
    /// What this check is about and what to do where it does not pass.
    package var explanation: Explanation {
        switch family {
        case "trust": trustExplanation
        case "bundle": bundleExplanation
        case "seal": sealExplanation
        case "record", "retention", "delivery": recordExplanation
        case "signature": signatureExplanation
        case "certificate": certificateExplanation
        case "timestamp": timestampExplanation
        case "log": logExplanation
        case "manifest": manifestExplanation
        case "criteria", "decision": decisionExplanation
        default: artifactExplanation
        }
    }

    /// The part of the id before the dot.
    package var family: String { String(rawValue.utf8.prefix { $0 != Self.dot }) ?? rawValue }
    /// The part of the id after the dot.
    package var name: String {
        String(rawValue.utf8.drop { $0 != Self.dot }.dropFirst()) ?? rawValue
    }

    private static let dot = UInt8(ascii: ".")
}
