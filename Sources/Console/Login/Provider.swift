import CloseoutEncodings
import CloseoutOutbound

/// The provider that people log in at: what it says of itself, its keys, and the exchange of codes for tokens.
///
/// It is spoken to by `Outbound` alone. What it says of itself is kept for an hour, and so are its keys, unless a token
/// names one that is not among them; then they are fetched anew, at most every half minute.
actor Provider {
    /// What it says of itself (OpenID Connect Discovery 1.0, section 3).
    struct Metadata: Sendable {
        let authorization: Destination
        /// The same as it is written, for browsers.
        let authorizationURL: String
        let token: Destination
        let keys: Destination
        /// Whether answers in a browser must name the issuer (RFC 9207).
        let namesIssuer: Bool
    }

    private static let keptFor = Duration.seconds(3_600)
    private static let keysKeptAtLeast = Duration.seconds(30)

    private let settings: LoginSettings
    private let clock = ContinuousClock()
    private var metadata: (value: Metadata, at: ContinuousClock.Instant)?
    private var keys: (value: WebKeySet, at: ContinuousClock.Instant)?

    init(_ settings: LoginSettings) {
        self.settings = settings
    }

    /// What it says of itself, fetched where that is not known.
    func described() async throws(LoginRefusal) -> Metadata {
        if let metadata, metadata.at.duration(to: clock.now) < Self.keptFor {
            return metadata.value
        }
        let base =
            settings.issuer.hasSuffix("/") ? String(settings.issuer.dropLast()) : settings.issuer
        let place = try destination(base + "/.well-known/openid-configuration")
        let body = try await answer(to: .get, place)
        let value = try Self.metadata(body, settings)
        metadata = (value, clock.now)
        return value
    }

    /// Its keys.
    ///
    /// - Parameter areStale: Whether a token names a key that is not among those that are known.
    /// - Returns: The keys.
    /// - Throws: `LoginRefusal` where they cannot be fetched or read.
    func keys(areStale: Bool) async throws(LoginRefusal) -> WebKeySet {
        if let pinned = settings.keys { return pinned }
        if let keys,
            keys.at.duration(to: clock.now) < (areStale ? Self.keysKeptAtLeast : Self.keptFor)
        {
            return keys.value
        }
        let body = try await answer(to: .get, try await described().keys)
        do throws(WebKeySet.Refusal) {
            let value = try WebKeySet(parsing: body)
            keys = (value, clock.now)
            return value
        } catch {
            throw .provider("The provider's keys cannot be read.")
        }
    }

    /// The token for a code.
    ///
    /// - Parameters:
    ///   - code: What the provider gave the browser.
    ///   - verifier: What shows that the login began here (RFC 7636).
    ///   - home: Where the provider sent the browser.
    /// - Returns: The token as it was received.
    /// - Throws: `LoginRefusal` where the provider cannot be reached, or gives none.
    func token(
        for code: [UInt8], verifier: String, sentTo home: String
    ) async throws(LoginRefusal) -> [UInt8] {
        let place = try await described().token
        var form: [(String, [UInt8])] = [
            ("grant_type", Array("authorization_code".utf8)), ("code", code),
            ("redirect_uri", Array(home.utf8)), ("code_verifier", Array(verifier.utf8)),
        ]
        var fields = [
            OutboundRequest.Field("Content-Type", "application/x-www-form-urlencoded"),
            OutboundRequest.Field("Accept", "application/json"),
        ]
        switch (settings.secret, settings.authentication) {
        case (let secret?, .basic):
            let pair =
                queryEncoded(Array(settings.clientID.utf8)) + ":"
                + queryEncoded(Array(secret.utf8))
            fields.append(
                OutboundRequest.Field("Authorization", "Basic " + Base64.string(Array(pair.utf8))))
        case (let secret?, .post):
            form.append(("client_id", Array(settings.clientID.utf8)))
            form.append(("client_secret", Array(secret.utf8)))
        case (nil, _):
            form.append(("client_id", Array(settings.clientID.utf8)))
        }
        let body = formEncoded(form)
        let bytes = try await answer(to: .post, place, fields: fields, body: Array(body.utf8))
        var token: [UInt8]?
        do {
            var reader = try ForeignJSONReader(bytes, limits: JSONLimits(depth: 16, bytes: 1 << 18))
            try reader.object { name, reader in
                if name.isEqual(to: "id_token") { token = try reader.string() }
            }
            try reader.end()
        } catch {
            throw .provider("The provider answers a login with something that cannot be read.")
        }
        guard let token else {
            throw .provider("The provider answers a login without an ID token.")
        }
        return token
    }

    private func answer(
        to method: OutboundRequest.Method, _ place: Destination,
        fields: [OutboundRequest.Field] = [], body: [UInt8] = []
    ) async throws(LoginRefusal) -> [UInt8] {
        let client = OutboundClient(for: place, settings: settings.outbound)
        defer { client.close() }
        let request: OutboundRequest
        do {
            request = try OutboundRequest(method, to: place, fields: fields, body: body)
        } catch {
            throw .provider("The provider cannot be asked.")
        }
        let result = await client.send(request)
        guard let response = result.response else {
            throw .provider(
                "The provider cannot be reached. "
                    + (result.failure?.sentence ?? "").replacing("receiver", with: "provider"))
        }
        guard response.head.status == 200, response.isWhole else {
            throw .provider("The provider refuses a request with status \(response.head.status).")
        }
        return response.body
    }

    private func destination(_ address: String) throws(LoginRefusal) -> Destination {
        try Self.destination(address, settings)
    }

    private static func destination(
        _ address: String, _ settings: LoginSettings
    ) throws(LoginRefusal) -> Destination {
        do {
            return try Destination(address, ports: settings.ports)
        } catch {
            throw .provider("An address of the provider cannot be used: \(error.sentence)")
        }
    }

    private static func metadata(
        _ bytes: [UInt8], _ settings: LoginSettings
    ) throws(LoginRefusal) -> Metadata {
        var texts: [String: [UInt8]] = [:]
        var namesIssuer = false
        do {
            var reader = try ForeignJSONReader(bytes, limits: JSONLimits(depth: 16, bytes: 1 << 18))
            let names = ["issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"]
            try reader.object { name, reader in
                if let known = names.first(where: name.isEqual) {
                    texts[known] = try reader.string() ?? []
                } else if name.isEqual(to: "authorization_response_iss_parameter_supported") {
                    namesIssuer = try reader.bool() == true
                }
            }
            try reader.end()
        } catch {
            throw .provider("What the provider says of itself cannot be read.")
        }
        guard texts["issuer"]?.isEqual(to: settings.issuer) == true else {
            throw .provider("The provider calls itself by another issuer than this console knows.")
        }
        func address(_ name: String) -> String {
            String(decoding: texts[name] ?? [], as: UTF8.self)
        }
        return Metadata(
            authorization: try destination(address("authorization_endpoint"), settings),
            authorizationURL: address("authorization_endpoint"),
            token: try destination(address("token_endpoint"), settings),
            keys: try destination(address("jwks_uri"), settings), namesIssuer: namesIssuer)
    }
}

/// Fields as a form has them.
func formEncoded(_ fields: [(String, [UInt8])]) -> String {
    fields.map { "\($0)=\(queryEncoded($1))" }.joined(separator: "&")
}
