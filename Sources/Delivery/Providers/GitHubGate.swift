package import CloseoutEncodings
package import CloseoutOutbound

/// The answer to a deployment protection rule of GitHub: `deliver github-gate --event FILE`.
package struct GitHubGateSettings: ProviderSettings {
    /// The URL is that of the API, to which the path of the answer belongs.
    package static let addressForm = AddressForm.base
    /// The token of the app's installation.
    let token: SecretReference

    /// Takes all members.
    ///
    /// - Throws: `JSONShapeError` that names the member.
    package init(taking reader: inout JSONObjectReader) throws(JSONShapeError) {
        token = try reader.secret("token")
    }

    /// The token.
    package var secrets: [NamedSecret] { [NamedSecret("token", token)] }

    /// Reads the secrets; see `ProviderSettings`.
    package func provider(
        to destination: Destination?, secrets: SecretReader
    ) throws(RouteFault) -> ReadyProvider {
        .http(
            GitHubGateProvider(
                origin: try destination.orFault(),
                token: try secrets.secret(token, at: "settings.token"), request: nil))
    }
}

/// What GitHub asks: the environment, and where the answer goes.
struct GateRequest: Hashable, Sendable {
    /// The most bytes of an event.
    static let mostBytes = 25 << 20

    let environment: String
    let callback: String

    /// Reads the event `deployment_protection_rule`.
    init(parsing bytes: [UInt8]) throws(ProviderFault) {
        var (environment, callback): ([UInt8]?, [UInt8]?)
        do {
            var reader = try ForeignJSONReader(
                bytes, limits: JSONLimits(depth: 64, bytes: Self.mostBytes))
            try reader.object { key, reader in
                if key.isEqual(to: "environment") { environment = try reader.string() }
                if key.isEqual(to: "deployment_callback_url") { callback = try reader.string() }
            }
            try reader.end()
        } catch {
            throw .malformedRequest
        }
        guard let environment, let callback, (1...255).contains(environment.count) else {
            throw .malformedRequest
        }
        self.environment = String(decoding: environment, as: UTF8.self)
        self.callback = String(decoding: callback, as: UTF8.self)
    }
}

/// Answers one request, on the route's host and at the one path that such answers have.
package struct GitHubGateProvider: HTTPProvider {
    let origin: Destination
    let token: Secret
    let request: GateRequest?
    private(set) var callback: Destination?

    init(origin: Destination, token: Secret, request: GateRequest?) {
        self.origin = origin
        self.token = token
        self.request = request
    }

    /// The same for one event of GitHub.
    ///
    /// - Parameter event: The event `deployment_protection_rule`, as GitHub sent it.
    /// - Returns: a provider that can make the answer.
    /// - Throws: `ProviderFault`: `malformedRequest`, `destination`, or `otherHost` where the answer would go to
    ///   another host, port or path, with the token.
    package func answering(_ event: [UInt8]) throws(ProviderFault) -> GitHubGateProvider {
        let request = try GateRequest(parsing: event)
        let callback: Destination
        do throws(DestinationRefusal) {
            callback = try Destination(request.callback, ports: [origin.port])
        } catch {
            throw .destination(error)
        }
        guard callback.hasOrigin(of: origin), Self.isCallback(callback.target) else {
            throw .otherHost
        }
        var provider = GitHubGateProvider(origin: origin, token: token, request: request)
        provider.callback = callback
        return provider
    }

    /// Whether a path is `/repos/OWNER/REPO/actions/runs/NUMBER/deployment_protection_rule`, behind `/api/v3` too.
    static func isCallback(_ target: String) -> Bool {
        var parts = target.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.first == "" else { return false }
        parts.removeFirst()
        if parts.starts(with: ["api", "v3"]) { parts.removeFirst(2) }
        let marks = Set("-_.".utf8)
        return parts.count == 7 && parts[0] == "repos" && parts[3] == "actions"
            && parts[4] == "runs" && parts[6] == "deployment_protection_rule"
            && (1...20).contains(parts[5].utf8.count) && parts[5].utf8.allSatisfy(\.isDigit)
            && parts[1...2].allSatisfy { part in
                !part.isEmpty && part.utf8.allSatisfy { $0.isAlphanumeric || marks.contains($0) }
            }
    }

    /// Makes the answer: only a decision has one, and only a good one approves.
    ///
    /// - Throws: `ProviderFault`: `noEvents` for another event, `notPrepared` without a request of GitHub.
    package func message(
        for event: DeliveryEvent, _ attempt: DeliveryAttempt
    ) throws(ProviderFault) -> ProviderMessage {
        guard event.kind == .decision else { throw .noEvents }
        guard let request, let callback else { throw .notPrepared }
        var cutter = Cutter()
        let comment = "\(event.outcome.words); bundle \(event.bundle.hex)"
        let body: JSON = [
            "environment_name": JSON(request.environment),
            "state": GateAnswer.approves(event) ? "approved" : "rejected",
            "comment": JSON(cutter.text("Closeout: " + comment, most: 140)),
        ]
        let message = try Requests.make(
            .post, to: callback,
            [
                Requests.authorization("Bearer", token), Requests.json,
                OutboundRequest.Field("Accept", "application/vnd.github+json"),
                OutboundRequest.Field("X-GitHub-Api-Version", "2022-11-28"),
            ], body: body.canonicalBytes)
        return ProviderMessage(request: message, cut: cutter.count)
    }

    /// 204; a 403 that says how long to wait is a limit, not a refusal.
    package func verdict(on response: OutboundResponse, asOf now: Instant) -> AttemptResult? {
        switch response.head.status {
        case 204: .success(.delivered, response.head)
        case 403 where response.head.wait(asOf: now) != nil:
            .refusal(.transient, response.head, code: "http.too-many", asOf: now)
        default: nil
        }
    }
}
