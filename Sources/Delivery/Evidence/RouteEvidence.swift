package import CloseoutEncodings
package import CloseoutOpenSSL
import CloseoutOutbound
package import CloseoutRecords

/// What the evidence says of the deliveries of one route (docs/redaction.md).
///
/// It holds the route with its secrets and gives out only what records may hold.
package struct RouteEvidence: Sendable {
    /// The route.
    package let route: ReadyRoute
    private let key: RouteKey?

    /// Tells of a route; without a key there is no tag and no commitment.
    package init(_ route: ReadyRoute, key: RouteKey?) {
        self.route = route
        self.key = key
    }

    /// The route's tag; nil without a key.
    ///
    /// - Throws: `OpenSSLError` where it cannot be computed.
    package func tag() throws(OpenSSLError) -> RouteTag? {
        guard let key else { return nil }
        return try key.tag(of: route.address)
    }

    /// What the owner can show of a message, and what is recorded of that.
    ///
    /// - Throws: `OpenSSLError` where it cannot be computed.
    package func disclosures(
        of outline: MessageOutline, delivery: String
    ) throws(OpenSSLError) -> [Disclosure] {
        guard let key else { return [] }
        var values: [(DisclosedName, String)] = [
            (.destination, "\(outline.host.inURL):\(outline.port)"),
            (.body, outline.bodyDigest.hex),
            (.route, try SHA256Digest.of(route.entry).hex),
        ]
        if let recipient = outline.recipient { values.append((.recipient, recipient)) }
        return try values.map { value throws(OpenSSLError) in
            try key.disclosure(of: value.0, value.1, delivery: delivery)
        }
    }

    /// What a record of a delivery says beside its attempts, as the outbox has them.
    ///
    /// Where the route was changed since the last of them began, nothing is said of the receiver and the message.
    ///
    /// - Throws: `OpenSSLError` where it cannot be computed.
    package func details(
        of event: DeliveryEvent?, delivery: String, attempts: [KeptAttempt], at now: Instant
    ) throws(OpenSSLError) -> (details: DeliveryRecord.Details, disclosures: [Disclosure]) {
        let allowed = Set(attempts.compactMap(\.allowedBy))
        let fingerprint = try route.fingerprint()
        guard
            attempts.allSatisfy({
                $0.group != attempts.last?.group || $0.route == nil || $0.route == fingerprint
            })
        else {
            return (
                DeliveryRecord.Details(
                    eventID: event?.id, allowed: allowed.map(\.description)), []
            )
        }
        return try details(of: event, delivery: delivery, allowed: allowed, at: now)
    }

    /// What a record of a delivery of this route says beside its attempts.
    ///
    /// - Parameters:
    ///   - event: What is delivered; nil where it is not at hand, so that nothing is said of the message.
    ///   - delivery: The id of the delivery.
    ///   - allowed: The ranges of the owner by which addresses were allowed that were connected to.
    ///   - now: An instant, for a message that has one; the body has none.
    /// - Returns: What the record says, and what its owner keeps to show it.
    /// - Throws: `OpenSSLError` where it cannot be computed.
    package func details(
        of event: DeliveryEvent?, delivery: String, allowed: Set<AddressRange> = [], at now: Instant
    ) throws(OpenSSLError) -> (details: DeliveryRecord.Details, disclosures: [Disclosure]) {
        let outline = event.flatMap { try? route.outline(of: $0, delivery: delivery, at: now) }
        let shown =
            try outline.map { outline throws(OpenSSLError) in
                try disclosures(of: outline, delivery: delivery)
            } ?? []
        var commitments: [DisclosedName: SHA256Digest] = [:]
        for disclosure in shown { commitments[disclosure.name] = try disclosure.commitment }
        var receipts = [
            RedactionRule.destination.receipt(commitments[.destination]),
            RedactionRule.body.receipt(commitments[.body]), RedactionRule.response.receipt(),
        ]
        switch route.provider {
        case .http: receipts += [RedactionRule.url.receipt(), RedactionRule.headers.receipt()]
        case .mail:
            receipts += [
                RedactionRule.recipient.receipt(commitments[.recipient]),
                RedactionRule.headers.receipt(),
            ]
        case .syslog: break
        }
        let details = DeliveryRecord.Details(
            eventID: event?.id, routeTag: try tag(), bodySize: outline?.bodySize,
            allowed: allowed.map(\.description), commitments: Array(commitments.values),
            redactions: receipts.compactMap(\.self))
        return (details, shown)
    }
}
