package import CloseoutEncodings
package import CloseoutOpenSSL

/// Says that something was left out of the evidence, by which rule and why; never what
/// (docs/redaction.md, "Receipts").
package struct RedactionReceipt: Hashable, Sendable {
    /// Why something is left out.
    package enum Reason: String, CaseIterable, Sendable {
        /// Who has it can act for the owner; nobody is ever shown it.
        case credential
        /// Its owner can show it.
        case confidential
        /// It is about a person; its owner can show it.
        case personal
        /// Somebody else wrote it, so that nobody knows what is in it.
        case foreign
    }

    /// What was left out, such as `request.url`.
    package let field: EvidenceCode
    /// The rule by which it was.
    package let rule: EvidenceCode
    /// Why.
    package let reason: Reason
    /// The commitment to it, where its owner can show it.
    package let commitment: SHA256Digest?

    package init(
        field: EvidenceCode, rule: EvidenceCode, reason: Reason, commitment: SHA256Digest? = nil
    ) {
        self.field = field
        self.rule = rule
        self.reason = reason
        self.commitment = commitment
    }

    /// The receipt as a value for canonical JSON.
    package var json: JSON {
        .object(
            present([
                ("field", JSON(field.text)), ("rule", JSON(rule.text)),
                ("reason", JSON(reason.rawValue)), ("commitment", commitment.map { JSON($0) }),
            ]))
    }

    init(_ item: JSONItem) throws(JSONShapeError) {
        var reader = try item.object()
        field = try reader.code("field")
        rule = try reader.code("rule")
        let reason: Reason = try reader.choice("reason")
        self.reason = reason
        commitment = try reader.optional("commitment")?.digest()
        try reader.finish()
        guard commitment == nil || reason == .confidential || reason == .personal else {
            throw item.invalid("commits to what is never shown")
        }
    }
}

/// The rules by which deliveries are redacted: what no record of one can hold (docs/redaction.md, "Rules").
package enum RedactionRule: String, CaseIterable, Sendable {
    /// The URL, with its path and query.
    case url = "redaction.url"
    /// The host and port.
    case destination = "redaction.host"
    /// The values of header fields.
    case headers = "redaction.headers"
    /// The body that was sent.
    case body = "redaction.body"
    /// The address of mail.
    case recipient = "redaction.recipient"
    /// What the receiver answered.
    case response = "redaction.response"

    /// What it leaves out.
    package var field: String {
        switch self {
        case .url: "request.url"
        case .destination: "request.host"
        case .headers: "request.headers"
        case .body: "request.body"
        case .recipient: "request.recipient"
        case .response: "response.body"
        }
    }

    /// Why.
    package var reason: RedactionReceipt.Reason {
        switch self {
        case .url, .headers: .credential
        case .destination, .body: .confidential
        case .recipient: .personal
        case .response: .foreign
        }
    }

    /// What says that something was left out by this rule; nil never, since the codes are of their form.
    package func receipt(_ commitment: SHA256Digest? = nil) -> RedactionReceipt? {
        guard let field = EvidenceCode(field), let rule = EvidenceCode(rawValue) else { return nil }
        return RedactionReceipt(field: field, rule: rule, reason: reason, commitment: commitment)
    }
}
