package import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutOutbound
package import CloseoutRecords

/// What a retry would send, found out without looking up a name or opening a connection.
///
/// It is no mode of what sends: it has no client, and gives out nothing but what a record may hold.
package struct DryRun: Sendable {
    /// One delivery that is to be tried again.
    package struct Subject: Sendable {
        /// Its id.
        package let delivery: String
        /// The name of its route.
        package let route: String
        /// What is delivered; nil where it is not at hand.
        package let event: DeliveryEvent?

        package init(delivery: String, route: String, event: DeliveryEvent?) {
            self.delivery = delivery
            self.route = route
            self.event = event
        }
    }

    /// The routes by name: each with its secrets, or why it cannot be used.
    private let routes: [String: Result<ReadyRoute, RouteFault>]
    private let key: RouteKey?
    private let now: Instant

    /// Prepares a dry run.
    ///
    /// - Parameters:
    ///   - routes: The routes.
    ///   - source: What reads their secrets.
    ///   - key: The route key; without one nothing is committed to.
    ///   - now: The instant of the run.
    package init(
        _ routes: Routes, with source: any SecretSource, key: RouteKey?, at now: Instant
    ) {
        var ready: [String: Result<ReadyRoute, RouteFault>] = [:]
        for route in routes.routes {
            ready[route.name] = Result { () throws(RouteFault) in try route.ready(with: source) }
        }
        self.routes = ready
        self.key = key
        self.now = now
    }

    /// What would be sent for a delivery, or why nothing would; and what its owner keeps to show it.
    package func rehearse(
        _ subject: Subject
    ) -> (result: RetryRun.Result, disclosures: [Disclosure]) {
        guard let found = routes[subject.route] else { return skip(subject, "route.missing") }
        guard let event = subject.event else { return skip(subject, "event.missing") }
        switch found {
        case .failure(let fault): return skip(subject, fault.code)
        case .success(let route):
            do throws(ProviderFault) {
                let outline = try route.outline(of: event, delivery: subject.delivery, at: now)
                return rehearse(subject, route, outline)
            } catch {
                return skip(subject, error.code)
            }
        }
    }

    private func rehearse(
        _ subject: Subject, _ route: ReadyRoute, _ outline: MessageOutline
    ) -> (RetryRun.Result, [Disclosure]) {
        let verdict: RetryRun.Rehearsal.Verdict
        var range: String?
        switch outline.host.verdict(under: route.limits.addresses) {
        case .notResolved: verdict = .notResolved
        case .allowedByOwner(let allowing, _):
            verdict = .allowedByOwner
            range = allowing.description
        case .refused(let kind, _): return skip(subject, "address-refused.\(kind.rawValue)")
        }
        guard let provider = EvidenceCode(route.kind.rawValue) else {
            return skip(subject, "unknown")
        }
        let evidence = RouteEvidence(route, key: key)
        do throws(OpenSSLError) {
            let tag = try evidence.tag()
            let shown = try evidence.disclosures(of: outline, delivery: subject.delivery)
            let rehearsal = RetryRun.Rehearsal(
                provider: provider, headerNames: outline.headerNames, bodySize: outline.bodySize,
                routeTag: tag,
                commitments: try shown.map { item throws(OpenSSLError) in try item.commitment },
                verdict: verdict, range: range)
            return (
                RetryRun.Result(
                    delivery: subject.delivery, outcome: .wouldSend, rehearsal: rehearsal), shown
            )
        } catch {
            return skip(subject, "unknown")
        }
    }

    private func skip(_ subject: Subject, _ code: String) -> (RetryRun.Result, [Disclosure]) {
        (
            RetryRun.Result(
                delivery: subject.delivery, outcome: .skipped,
                code: EvidenceCode(code) ?? EvidenceCode("unknown")), []
        )
    }
}
