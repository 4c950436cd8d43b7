import CloseoutEncodings
import CloseoutOutbound

/// Where people log in to a console, and what they may there (docs/console.md, "Logging in").
package struct LoginSettings: Sendable {
    /// How the console shows the provider who it is.
    enum Authentication: String, CaseIterable, Sendable {
        /// By its id and secret in the head of the request.
        case basic
        /// By its id and secret in the form.
        case post
    }

    /// Where a secret or another file is that the settings name.
    package enum Source: Hashable, Sendable {
        /// A variable of the environment.
        case environment(String)
        /// A file that only its owner may read.
        case secretFile(String)
        /// A file that is no secret.
        case file(String)
    }

    /// The issuer of tokens, an address that begins with `https://`.
    let issuer: String
    /// The console's name with the provider.
    let clientID: String
    /// Its secret; nil where it has none, and only PKCE says that a code is its own.
    let secret: String?
    let authentication: Authentication
    /// How tokens may be signed.
    let algorithms: Set<JWSAlgorithm>
    /// The issuer's keys, where they are not fetched.
    let keys: WebKeySet?
    /// What the console asks the provider for.
    let scopes: [String]
    /// The claim that has the person's groups.
    let groupsClaim: String
    /// The groups of each role.
    let groups: [ConsoleRole: [String]]
    /// The seconds for which somebody stays logged in.
    let sessionTime: Int64
    /// The seconds without a request after which somebody is logged out.
    let idleTime: Int64
    /// The ports that addresses of the provider may have.
    let ports: Set<UInt16>
    /// How the provider is spoken to.
    let outbound: OutboundSettings

    /// Reads settings and what they name.
    ///
    /// - Parameters:
    ///   - bytes: JSON of the kind `closeout/login/v1`.
    ///   - read: Reads what a source has.
    /// - Throws: `JSONError` or `JSONShapeError`, which repeat no value; what `read` throws.
    package init(parsing bytes: [UInt8], reading read: (Source) throws -> [UInt8]) throws {
        var reader = try JSONObjectReader(
            JSON(parsing: bytes, limits: JSONLimits(depth: 8, bytes: 1 << 20)))
        try reader.constant("kind", "closeout/login/v1")
        let issuer = try reader.required("issuer")
        clientID = try Self.word(try reader.required("client_id"))
        secret = try reader.optional("client_secret").map { try Self.secret($0, read) }
        authentication = try reader.optional("client_authentication")?.choice() ?? .basic
        algorithms = try Self.algorithms(reader.optional("algorithms"))
        keys = try reader.optional("keys_file").map { try Self.keys($0, read) }
        scopes = try reader.optional("scopes").map(Self.words) ?? ["openid"]
        groupsClaim = try reader.optional("groups_claim").map(Self.word) ?? "groups"
        groups = try Self.groups(reader.object("roles"))
        sessionTime = try 60 * (reader.optional("session_minutes")?.integer(in: 1...1_440) ?? 480)
        idleTime = try 60 * (reader.optional("idle_minutes")?.integer(in: 1...1_440) ?? 60)
        ports = try Self.ports(reader.optional("ports"))
        self.issuer = try issuer.string()
        do {
            guard try !Destination(self.issuer, ports: ports).target.contains("?") else {
                throw issuer.invalid("must have no query")
            }
        } catch let error as DestinationRefusal {
            throw issuer.invalid("cannot be used: \(error.sentence)")
        }
        outbound = try Self.outbound(
            ranges: reader.optional("allow_addresses"), authorities: reader.optional("ca_file"),
            read)
        guard scopes.contains(where: { $0.utf8.elementsEqual("openid".utf8) }) else {
            throw reader.invalid("scopes", "must name openid")
        }
        try reader.finish()
    }

    /// The roles of somebody in groups.
    func roles(of given: [[UInt8]]) -> Set<ConsoleRole> {
        Set(
            groups.filter { _, names in
                names.contains { name in given.contains { $0.isEqual(to: name) } }
            }.keys)
    }

    private static func secret(
        _ item: JSONItem, _ read: (Source) throws -> [UInt8]
    ) throws -> String {
        guard case .object = item.value else {
            throw item.invalid("a secret is never written here: say where it is, by env or file")
        }
        var reader = try item.object()
        let source: Source =
            switch (reader.optional("env"), reader.optional("file")) {
            case (let name?, nil): .environment(try word(name))
            case (nil, let path?): .secretFile(try path.string())
            default: throw item.invalid("must have one of env and file")
            }
        try reader.finish()
        var bytes = try read(source)[...]
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        guard (1...4_096).contains(bytes.count), bytes.allSatisfy({ (0x21...0x7E).contains($0) })
        else { throw item.invalid("what it names is not 1 to 4,096 visible characters of ASCII") }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func keys(
        _ item: JSONItem, _ read: (Source) throws -> [UInt8]
    ) throws -> WebKeySet {
        let bytes = try read(.file(try item.string()))
        do {
            let keys = try WebKeySet(parsing: bytes)
            guard !keys.isEmpty else { throw item.invalid("the file has no key that can be used") }
            return keys
        } catch is WebKeySet.Refusal {
            throw item.invalid("the file is no set of keys (RFC 7517) with ids of their own")
        }
    }

    private static func algorithms(_ item: JSONItem?) throws -> Set<JWSAlgorithm> {
        guard let item else { return [.rs256, .es256, .edDSA, .ed25519] }
        var chosen: Set<JWSAlgorithm> = []
        for item in try item.array() { chosen.insert(try item.choice()) }
        guard !chosen.isEmpty else { throw item.invalid("must name at least one") }
        return chosen
    }

    private static func groups(
        _ given: consuming JSONObjectReader
    ) throws -> [ConsoleRole: [String]] {
        var reader = given
        var groups: [ConsoleRole: [String]] = [:]
        for role in ConsoleRole.allCases {
            groups[role] = try reader.optional(role.rawValue).map { item in
                try item.array().map { try $0.string() }
            }
        }
        let place = reader.place
        try reader.finish()
        guard groups.values.contains(where: { !$0.isEmpty }) else {
            throw JSONShapeError(place: place, reason: .invalid("must give a group a role"))
        }
        return groups
    }

    private static func ports(_ item: JSONItem?) throws -> Set<UInt16> {
        guard let item else { return [443] }
        let ports = try item.array().map { UInt16(try $0.integer(in: 1...65_535)) }
        guard !ports.isEmpty else { throw item.invalid("must name at least one") }
        return Set(ports)
    }

    private static func outbound(
        ranges: JSONItem?, authorities: JSONItem?, _ read: (Source) throws -> [UInt8]
    ) throws -> OutboundSettings {
        let allowed = try ranges?.array().map { item in
            guard let range = AddressRange(try item.string()) else {
                throw item.invalid("no range of addresses such as 10.0.0.0/8")
            }
            return range
        }
        var tls = OutboundTLS.system
        if let authorities {
            let pem = try read(.file(try authorities.string()))
            do throws(OutboundTLS.Refusal) {
                tls = try OutboundTLS(authorities: pem)
            } catch {
                throw authorities.invalid("\(error)")
            }
        }
        var settings = OutboundSettings(
            addresses: AddressPolicy(allowing: allowed ?? []), tls: tls, deadline: .seconds(15))
        settings.bodyCap = 1 << 18
        return settings
    }

    private static func words(_ item: JSONItem) throws -> [String] {
        try item.array().map(word)
    }

    /// Visible ASCII without blanks.
    private static func word(_ item: JSONItem) throws -> String {
        let bytes = try item.bytes()
        guard (1...255).contains(bytes.count), bytes.allSatisfy({ (0x21...0x7E).contains($0) })
        else { throw item.invalid("not 1 to 255 visible characters of ASCII") }
        return String(decoding: bytes, as: UTF8.self)
    }
}
