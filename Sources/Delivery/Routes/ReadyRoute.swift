import CloseoutEncodings
package import CloseoutOpenSSL
package import CloseoutOutbound

/// A route with its secrets read: what a worker sends by.
package struct ReadyRoute: Sendable {
    /// The name of the route.
    package let name: String
    /// What kind of receiver it is.
    package let kind: ProviderKind
    /// The origin of all its requests; nil where it is no HTTP.
    package let origin: Destination?
    /// The limits of its client.
    package let limits: OutboundSettings
    /// What makes its messages.
    package let provider: ReadyProvider
    /// All that the file of the routes says of it, in canonical JSON.
    let entry: [UInt8]

    /// What tells this route from what it was before a change of the file, or of the secret that is its URL.
    ///
    /// - Throws: `OpenSSLError` where it cannot be computed.
    package func fingerprint() throws(OpenSSLError) -> SHA256Digest {
        try SHA256Digest.of(entry + [0] + Array(address.utf8))
    }
}

extension ReadyRoute: Unprinted {
    package var description: String { "[route \(name)]" }
}

extension Route {
    /// Where all secrets of the route are, by their members; the client's key is among them.
    package var secrets: [NamedSecret] {
        var secrets: [NamedSecret] = []
        if case .secret(let reference) = address { secrets.append(NamedSecret("url", reference)) }
        if let key { secrets.append(NamedSecret("client_key", key)) }
        return secrets
            + settings.secrets.map { NamedSecret("settings." + $0.member, $0.reference) }
    }

    /// Reads the secrets and makes all that sending needs.
    ///
    /// - Throws: `RouteFault` that names the member.
    package func ready(with source: any SecretSource) throws(RouteFault) -> ReadyRoute {
        let reader = SecretReader(source)
        let destination = try destination(reader)
        return ReadyRoute(
            name: name, kind: provider, origin: destination,
            limits: OutboundSettings(
                addresses: AddressPolicy(allowing: allowed), tls: try tls(reader),
                deadline: deadline, connections: connections),
            provider: try settings.provider(to: destination, secrets: reader), entry: entry)
    }

    /// The URL, read strictly.
    private func destination(_ reader: SecretReader) throws(RouteFault) -> Destination? {
        switch address {
        case nil: return nil
        case .written(let url): return try destination(url)
        case .secret(let reference):
            return try destination(try reader.secret(reference, at: "url").revealed)
        }
    }

    /// A URL, read strictly.
    func destination(_ url: String) throws(RouteFault) -> Destination {
        let destination: Destination
        do throws(DestinationRefusal) {
            destination = try Destination(url, ports: ports)
        } catch {
            throw RouteFault(member: "url", reason: .destination(error))
        }
        guard provider.settings.addressForm != .base || destination.target == "/" else {
            throw RouteFault(member: "url", reason: .notABase)
        }
        return destination
    }

    private func tls(_ reader: SecretReader) throws(RouteFault) -> OutboundTLS {
        guard authorities != nil || certificate != nil else { return .system }
        let roots = try authorities.map { path throws(RouteFault) in
            try reader.certificates(in: path, at: "ca_file")
        }
        let chain = try certificate.map { path throws(RouteFault) in
            try reader.certificates(in: path, at: "client_certificate")
        }
        let key = try key.map { reference throws(RouteFault) in
            try reader.file(reference, at: "client_key")
        }
        do throws(OutboundTLS.Refusal) {
            return try OutboundTLS(authorities: roots, certificate: chain, key: key)
        } catch {
            let member = error == .authorities ? "ca_file" : "client_certificate"
            throw RouteFault(
                member: error == .key || error == .pair ? "client_key" : member, reason: .tls(error)
            )
        }
    }
}
