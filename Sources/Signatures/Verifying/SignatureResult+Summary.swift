import CloseoutEncodings
import CloseoutOpenSSL

extension SignatureResult {
    /// The result in one line for people, with everything untrusted escaped.
    ///
    /// Format, signer, operator, algorithm, roles, time and what proved it, the result, and what
    /// the signature says besides.
    package var summary: String {
        let parts = [format.name, signer] + [served, dated].compactMap(\.self)
        return parts.joined(separator: " ") + ": " + outcome.reason
            + (remarkLine.map { "; \($0)" } ?? "")
    }

    /// The words that came with it and whether a known key signed them, in one line; asserted.
    package var remarkLine: String? {
        guard let remark else { return nil }
        let isSigned = remark.isSigned && effect != .fails && outcome != .unknownKey
        let verb = isSigned ? "says" : "comes with the unsigned words"
        return "\(verb) \"\(printable(remark.text))\""
    }

    private var signer: String {
        guard let key else {
            return hint.map { "by a key that calls itself \"\(printable($0))\"" }
                ?? "by a key without a name"
        }
        let algorithm = algorithm.map { ", \($0.rawValue)" } ?? ""
        return "by \(key.id) (\(key.operator))\(algorithm)"
    }

    private var served: String? {
        guard effect == .counts else { return nil }
        let names = roles.map(\.rawValue).joined(separator: ", ")
        return roles.isEmpty ? "for no role" : "for \(names)"
    }

    private var dated: String? {
        timeProof.map { "at \($0)" }
    }
}
