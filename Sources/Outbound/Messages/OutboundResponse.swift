package import CloseoutEncodings

/// A response: its status, what is kept of its header fields, and its body up to the cap.
///
/// The body is bytes of others: it is looked at for the status of a delivery, never kept and never printed.
package struct OutboundResponse: Hashable, Sendable {
    /// What is kept of the head.
    package let head: ResponseHead
    /// The body's first bytes, at most as many as the cap.
    package let body: [UInt8]
    /// Whether that is the whole body; else it was longer, and the connection was closed.
    package let isWhole: Bool

    package init(head: ResponseHead, body: [UInt8], isWhole: Bool) {
        self.head = head
        self.body = body
        self.isWhole = isWhole
    }
}

/// What is kept of the head of a response.
package struct ResponseHead: Hashable, Sendable {
    /// The most `Retry-After` fields that are kept.
    package static let mostRetries = 4

    /// The status, 200 to 999.
    package let status: Int
    /// The `Retry-After` fields in their order, at most `mostRetries`.
    package let retryAfter: [RetryAfter]
    /// The first `Date` field; nil where there is none or it cannot be read.
    package let date: Instant?

    package init(status: Int, retryAfter: [RetryAfter] = [], date: Instant? = nil) {
        self.status = status
        self.retryAfter = retryAfter
        self.date = date
    }

    /// How long to wait by the longest `Retry-After` that can be read.
    ///
    /// - Parameter now: The present instant.
    /// - Returns: seconds; nil where there is none.
    package func wait(asOf now: Instant) -> Int64? {
        retryAfter.compactMap { $0.seconds(from: now) }.max()
    }
}

extension OutboundResponse: Unprinted {
    package var description: String { "[response \(head.status) with \(body.count) bytes]" }
}
