package import CloseoutEncodings
import CloseoutOutbound
import CloseoutRecords

/// Where deliveries go and how their receiver is spoken to: one element of `routes` in `routes.json`.
///
/// It names its secrets and holds none. `ready(with:)` reads them.
package struct Route: Sendable {
    /// The URL of a receiver, which can be a secret itself.
    package enum Address: Hashable, Sendable {
        /// The URL as it is written in the file.
        case written(String)
        /// Where the URL is, as it is as good as a password.
        case secret(SecretReference)
    }

    /// The seconds that one attempt may take.
    package static let deadlines: ClosedRange<Int64> = 1...300
    /// The most connections at once.
    package static let mostConnections: Int64 = 64

    /// The name that its owner gave it; a label of records.
    package let name: String
    /// What kind of receiver it is.
    package let provider: ProviderKind
    /// The receiver's URL; nil for what has a host and a port in its settings.
    package let address: Address?
    /// The ports that the URL may have.
    package let ports: Set<UInt16>
    /// The authorities of the receiver's certificate, in place of those of the system.
    package let authorities: String?
    /// The client's certificate.
    package let certificate: String?
    /// Where the key of the client's certificate is.
    package let key: SecretReference?
    /// The ranges of addresses that are allowed beside the global ones.
    package let allowed: [AddressRange]
    /// The most connections at once.
    package let connections: Int
    /// How long one attempt may take.
    package let deadline: Duration
    /// What it gets.
    package let events: Set<DeliveryEvent.Kind>
    /// What its provider needs to know.
    package let settings: any ProviderSettings
    /// All that the file says of it, in canonical JSON: where its secrets are, and none of them.
    package let entry: [UInt8]

    /// Reads a route.
    ///
    /// - Throws: `JSONShapeError` that names the member, and nothing of what stands there.
    package init(_ item: JSONItem) throws(JSONShapeError) {
        var reader = try item.object()
        name = try reader.required("name").label()
        provider = try reader.choice("provider")
        let type = provider.settings
        let url = reader.optional("url")
        let ports = try reader.optional("ports").map(Self.ports)
        if type.addressForm == .none {
            for member in [("url", url != nil), ("ports", ports != nil)] where member.1 {
                throw reader.invalid(member.0, "this provider has host and port in its settings")
            }
            address = nil
        } else {
            let item = if let url { url } else { try reader.required("url") }
            address = try Self.address(item, form: type.addressForm)
        }
        self.ports = ports ?? [443]
        authorities = try reader.optional("ca_file").map(SecretReference.path)
        certificate = try reader.optional("client_certificate").map(SecretReference.path)
        key = try reader.optional("client_key").map { item throws(JSONShapeError) in
            try SecretReference(item)
        }
        guard (certificate == nil) == (key == nil) else {
            throw reader.invalid(
                certificate == nil ? "client_key" : "client_certificate",
                "client_certificate and client_key need each other")
        }
        allowed = try reader.optional("allow_addresses").map(Self.ranges) ?? []
        connections = Int(
            try reader.optional("connections")?.integer(in: 1...Self.mostConnections) ?? 4)
        deadline = .seconds(try reader.optional("deadline")?.integer(in: Self.deadlines) ?? 30)
        events = try Self.events(try reader.required("events"))
        let none = JSONItem(.object([]), at: item.place + ".settings")
        var settings = try (reader.optional("settings") ?? none).object()
        self.settings = try type.init(taking: &settings)
        try settings.finish()
        try reader.finish()
        entry = item.value.canonicalBytes
    }

    private static func address(
        _ item: JSONItem, form: AddressForm
    ) throws(JSONShapeError) -> Address {
        guard case .string = item.value else { return .secret(try SecretReference(item)) }
        guard form != .credential else {
            throw item.invalid(
                "the URL is as good as a password: say where it is, by env, file or command")
        }
        return .written(try item.string())
    }

    private static func ports(_ item: JSONItem) throws(JSONShapeError) -> Set<UInt16> {
        var ports: Set<UInt16> = []
        for port in try item.array() {
            let number = UInt16(try port.integer(in: 1...65_535))
            guard ports.insert(number).inserted else { throw port.invalid("named before") }
        }
        guard !ports.isEmpty else { throw item.invalid("must name a port") }
        return ports
    }

    private static func ranges(_ item: JSONItem) throws(JSONShapeError) -> [AddressRange] {
        var ranges: [AddressRange] = []
        for range in try item.array() {
            guard let read = AddressRange(try range.string()) else {
                throw range.invalid("no address and no range such as 10.0.0.0/8 or fd00::/8")
            }
            guard !ranges.contains(read) else { throw range.invalid("named before") }
            ranges.append(read)
        }
        return ranges
    }

    private static func events(_ item: JSONItem) throws(JSONShapeError) -> Set<DeliveryEvent.Kind> {
        var kinds: Set<DeliveryEvent.Kind> = []
        for event in try item.array() {
            let subscription: Subscription = try event.choice()
            guard kinds.insert(subscription.kind).inserted else {
                throw event.invalid("named before")
            }
        }
        guard !kinds.isEmpty else { throw item.invalid("must name an event") }
        return kinds
    }

    /// What a route can ask for; a test event goes to a route only when a person says so.
    private enum Subscription: String, CaseIterable {
        case closeout
        case retentionAlert = "retention-alert"
        case decision

        var kind: DeliveryEvent.Kind {
            switch self {
            case .closeout: .closeout
            case .retentionAlert: .retentionAlert
            case .decision: .decision
            }
        }
    }
}

extension Route.Address: Unprinted {
    package var description: String { "[url]" }
}
