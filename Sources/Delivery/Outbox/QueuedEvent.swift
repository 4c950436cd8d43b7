import CloseoutEncodings
package import CloseoutOpenSSL

/// What happened and is to be delivered: a decision, or a finding that raises an alert.
package struct QueuedEvent: Hashable, Sendable {
    /// Its id, the same whenever the same thing is queued again.
    package let id: String
    /// What kind of event it is, such as `decision`.
    package let kind: String
    /// The digest of the seal of the release that it is about.
    package let seal: SHA256Digest
    /// The finding or decision itself: what every message about it is made of, on all routes and in every attempt.
    package let body: [UInt8]

    package init(id: String, kind: String, seal: SHA256Digest, body: [UInt8]) {
        self.id = id
        self.kind = kind
        self.seal = seal
        self.body = body
    }

    func check() throws(OutboxError) {
        try checkName(id, .event)
        try checkName(kind, .kind)
        guard !body.isEmpty, body.count <= longestBytes else { throw .refused(.body) }
    }
}

/// One delivery of an event, to be queued with it.
package struct NewDelivery: Hashable, Sendable {
    /// The name of the route.
    package let route: String
    /// What kind of receiver it is.
    package let provider: String
    /// Whether the receiver recognises a delivery that it has already.
    package let isIdempotent: Bool

    package init(route: String, provider: String, isIdempotent: Bool) {
        self.route = route
        self.provider = provider
        self.isIdempotent = isIdempotent
    }

    func check() throws(OutboxError) {
        try checkName(route, .route)
        try checkName(provider, .provider)
    }
}

/// What queueing an event did.
package struct QueueingResult: Hashable, Sendable {
    /// The ids of the deliveries that are new.
    package let added: [String]
    /// The ids of those that were there, which it left as they are.
    package let existing: [String]
}

/// The most bytes of an event's body.
let longestBytes = 4 << 20

/// Demands a name as records have it: 1 to 128 of `A-Z a-z 0-9 . _ : / @ + -`, the first a letter or digit.
///
/// The database would cut a text at U+0000 without an error.
func checkName(_ name: String, _ field: OutboxError.Field) throws(OutboxError) {
    let bytes = Array(name.utf8)
    guard let first = bytes.first, first.isAlphanumeric, bytes.count <= 128,
        bytes.allSatisfy({ $0.isAlphanumeric || "._:/@+-".utf8.contains($0) })
    else { throw .refused(field) }
}

/// Demands a code: at most 64 visible ASCII characters.
func checkCode(_ code: String) throws(OutboxError) {
    guard code.utf8.count <= 64, code.utf8.allSatisfy({ 0x21...0x7E ~= $0 }) else {
        throw .refused(.code)
    }
}
