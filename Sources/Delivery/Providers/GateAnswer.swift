package import CloseoutEncodings
package import CloseoutOpenSSL
package import CloseoutRecords

/// A route that answers one deployment protection rule of GitHub (docs/delivery.md, "Answering GitHub").
package struct GateAnswer: Sendable {
    /// The most bytes of GitHub's event.
    package static let mostBytes = GateRequest.mostBytes

    /// The route, with what makes the answer.
    package let route: ReadyRoute
    private let question: String

    /// Prepares the answer; nothing is sent.
    ///
    /// - Parameters:
    ///   - request: The event `deployment_protection_rule`, as GitHub sent it.
    ///   - route: A route of the provider `github-gate`.
    /// - Throws: `ProviderFault` where it is no such event, or the answer would go elsewhere than the route.
    package init(to request: [UInt8], over route: ReadyRoute) throws(ProviderFault) {
        guard case .http(let provider) = route.provider,
            let gate = provider as? GitHubGateProvider
        else { throw .notPrepared }
        let answering = try gate.answering(request)
        guard let request = answering.request else { throw .notPrepared }
        self.route = ReadyRoute(
            name: route.name, kind: route.kind, origin: route.origin, limits: route.limits,
            provider: .http(answering), entry: route.entry)
        question = "\(request.callback)#\(request.environment)"
    }

    /// Whether a decision approves the deployment.
    package static func approves(_ event: DeliveryEvent) -> Bool {
        event.outcome == .readyForRelease || event.outcome == .readyWithAcceptedRisk
    }

    /// The id of the delivery: the same for the same decision and the same question.
    ///
    /// - Parameters:
    ///   - event: The decision.
    ///   - key: The route key; without one the id confirms the question to whoever guesses it.
    /// - Returns: The id.
    /// - Throws: `OpenSSLError` where it cannot be computed.
    package func delivery(of event: DeliveryEvent, key: RouteKey?) throws(OpenSSLError) -> String {
        var asked = question
        if let key { asked = Hex.string(try key.tag(of: question).tag) }
        let digest = try SHA256Digest.of(
            Array("closeout/gate/v1\u{0}\(event.id)\u{0}\(route.name)\u{0}\(asked)".utf8))
        return "gate-" + String(digest.hex.prefix(32))
    }
}

extension DeliveryRecord {
    /// The record of a delivery that was sent once, past the outbox, and is not tried again by itself.
    ///
    /// - Parameters:
    ///   - sent: What was sent.
    ///   - delivery: The id of the delivery.
    ///   - event: What was delivered.
    ///   - route: By which route.
    ///   - group: The group of the attempt.
    ///   - began: When it began.
    ///   - ended: When it ended.
    ///   - details: What is said beside the attempt.
    package init?(
        _ sent: SentMessage, delivery: String, of event: DeliveryEvent, by route: ReadyRoute,
        group: Int, began: Instant, ended: Instant, _ details: Details
    ) {
        let result = sent.result
        let kept = KeptAttempt(
            number: 1, group: group, began: began, ended: ended, outcome: result.outcome,
            status: result.status, code: result.code, retryAfter: result.retryAfter,
            isSnooze: false)
        guard let attempt = Attempt(kept), let told = Event(rawValue: event.kind.rawValue) else {
            return nil
        }
        let state: State =
            switch result.outcome {
            case .success(.delivered), .success(.duplicate): .delivered
            case .success(.acceptedUnconfirmed): .acceptedUnconfirmed
            case .success(.sentUnconfirmed): .sentUnconfirmed
            case .permanent, .transient: .failed
            case .unknownOutcome: .unknownOutcome
            }
        self.init(
            delivery: delivery, event: told, route: route.name, provider: route.kind.rawValue,
            state: state, attempts: [attempt], details: details)
    }
}
