/// What an address is for, by the registries of IANA and the documents that they name.
package enum AddressKind: String, CaseIterable, Hashable, Sendable {
    /// Reachable from everywhere: all that no other kind names.
    case global
    /// "This network": reaches the machine itself on Linux.
    case thisNetwork = "this-network"
    /// For use inside of one organisation.
    case `private`
    /// Shared by the customers of a provider (carrier-grade NAT).
    case shared
    /// This machine.
    case loopback
    /// This network segment only.
    case linkLocal = "link-local"
    /// A service that gives the machines of a cloud their secrets.
    case metadata
    /// Set aside for protocols.
    case protocolAssignment = "protocol-assignment"
    /// For examples in documents.
    case documentation
    /// For measuring networks.
    case benchmarking
    /// Many receivers at once.
    case multicast
    /// All machines of a segment at once.
    case broadcast
    /// Kept back for later use.
    case reserved
    /// For use inside of one organisation, IPv6 (ULA).
    case uniqueLocal = "unique-local"
    /// For use inside of one site, IPv6; no longer assigned.
    case siteLocal = "site-local"
    /// An IPv4 address written as an IPv6 one.
    case mapped
    /// An older form of the same; no longer assigned.
    case compatible
    /// An IPv4 address behind a translator (SIIT).
    case translated
    /// An IPv4 address behind a translator (NAT64).
    case nat64
    /// An IPv4 address at the end of a tunnel (6to4).
    case sixToFour = "6to4"
    /// An IPv4 address at the end of a tunnel (Teredo).
    case teredo
    /// What is thrown away on its way.
    case discard
    /// Segments of a route (SRv6), no machines.
    case segmentRouting = "segment-routing"

    /// Whether no owner can allow an address of this kind.
    ///
    /// These are never the address of a receiver, and the way in for whoever controls a name: link-local
    /// addresses hold the metadata services of clouds, `0.0.0.0` reaches the machine itself.
    package var isNeverAllowed: Bool {
        switch self {
        case .thisNetwork, .linkLocal, .metadata, .multicast, .broadcast: true
        default: false
        }
    }

    /// What the kind is, as the end of the sentence "the address is …".
    package var words: String {
        switch self {
        case .global: "reachable from everywhere"
        case .thisNetwork: "of \"this network\" and can reach this machine"
        case .private: "private to an organisation"
        case .shared: "shared by customers of a provider"
        case .loopback: "this machine itself"
        case .linkLocal: "link-local"
        case .metadata: "a metadata service of a cloud, which gives away secrets"
        case .protocolAssignment: "set aside for protocols"
        case .documentation: "set aside for documentation"
        case .benchmarking: "set aside for benchmarks"
        case .multicast: "a multicast group"
        case .broadcast: "the broadcast address"
        case .reserved: "reserved"
        case .uniqueLocal: "private to an organisation (unique local)"
        case .siteLocal: "private to a site (site-local)"
        case .mapped: "an IPv4 address in IPv6 form (mapped)"
        case .compatible: "an IPv4 address in IPv6 form (compatible)"
        case .translated: "an IPv4 address behind a translator"
        case .nat64: "an IPv4 address behind a translator (NAT64)"
        case .sixToFour: "an IPv4 address behind a tunnel (6to4)"
        case .teredo: "an IPv4 address behind a tunnel (Teredo)"
        case .discard: "thrown away by routers"
        case .segmentRouting: "a segment of a route"
        }
    }
}
