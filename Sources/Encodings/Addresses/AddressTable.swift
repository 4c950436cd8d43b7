/// The ranges of addresses with their kinds and sources (docs/outbound.md, "Addresses").
///
/// From the registries of special-purpose addresses for IPv4 and IPv6 (RFC 6890 and RFC 8190) as of 2026, the
/// registries of multicast and of IPv6 address space, and the manuals of clouds for their metadata services. The
/// few addresses that these registries call globally reachable inside of `192.0.0.0/24` and `2001::/23` are
/// anycast services of routers and no receivers: they are refused with the ranges around them.
package struct AddressTable: Sendable {
    /// A range, its kind and where that is written.
    package struct Row: Hashable, Sendable {
        /// The addresses.
        package let range: AddressRange
        /// What they are for.
        package let kind: AddressKind
        /// The document that says so.
        package let source: String
    }

    /// All rows, those of longer prefixes first, so that the first that holds an address is the one that counts.
    package let rows: [Row]

    /// The table.
    package static let standard = AddressTable(texts: v4 + v6)

    /// Makes a table; a text that is no range is left out, which a test over all texts rules out.
    init(texts: [(range: String, kind: AddressKind, source: String)]) {
        rows = texts.compactMap { text in
            AddressRange(text.range).map { Row(range: $0, kind: text.kind, source: text.source) }
        }.sorted { $0.range.prefixLength > $1.range.prefixLength }
    }

    /// The row that counts for an address.
    ///
    /// Where no row holds it, which a test rules out, it is reserved.
    package func row(of address: IPAddress) -> Row {
        rows.first { $0.range.contains(address) }
            ?? Row(range: AddressRange(address), kind: .reserved, source: "none")
    }

    /// The rows of IPv4, as they are written.
    package static let v4: [(range: String, kind: AddressKind, source: String)] = [
        ("0.0.0.0/0", .global, "RFC 791"),
        ("0.0.0.0/8", .thisNetwork, "RFC 791, section 3.2"),
        ("10.0.0.0/8", .private, "RFC 1918"),
        ("100.64.0.0/10", .shared, "RFC 6598"),
        ("100.100.100.200", .metadata, "Alibaba Cloud: instance metadata"),
        ("127.0.0.0/8", .loopback, "RFC 1122, section 3.2.1.3"),
        ("168.63.129.16", .metadata, "Microsoft Azure: wire server"),
        ("169.254.0.0/16", .linkLocal, "RFC 3927"),
        ("169.254.169.254", .metadata, "AWS, Azure, Google Cloud and others: instance metadata"),
        ("169.254.170.2", .metadata, "AWS: credentials of ECS tasks"),
        ("169.254.170.23", .metadata, "AWS: credentials of EKS pods"),
        ("172.16.0.0/12", .private, "RFC 1918"),
        ("192.0.0.0/24", .protocolAssignment, "RFC 6890, section 2.1"),
        ("192.0.0.192", .metadata, "Oracle Cloud: instance metadata of older images"),
        ("192.0.2.0/24", .documentation, "RFC 5737"),
        ("192.88.99.0/24", .sixToFour, "RFC 7526"),
        ("192.168.0.0/16", .private, "RFC 1918"),
        ("198.18.0.0/15", .benchmarking, "RFC 2544"),
        ("198.51.100.0/24", .documentation, "RFC 5737"),
        ("203.0.113.0/24", .documentation, "RFC 5737"),
        ("224.0.0.0/4", .multicast, "RFC 5771"),
        ("240.0.0.0/4", .reserved, "RFC 1112, section 4"),
        ("255.255.255.255", .broadcast, "RFC 919, section 7"),
    ]

    /// The rows of IPv6.
    package static let v6: [(range: String, kind: AddressKind, source: String)] = [
        ("::/0", .reserved, "RFC 4291, section 2.4"),
        ("::", .thisNetwork, "RFC 4291, section 2.5.2"),
        ("::1", .loopback, "RFC 4291, section 2.5.3"),
        ("::/96", .compatible, "RFC 4291, section 2.5.5.1"),
        ("::ffff:0:0/96", .mapped, "RFC 4291, section 2.5.5.2"),
        ("::ffff:0:0:0/96", .translated, "RFC 2765, section 2.1"),
        ("64:ff9b::/96", .nat64, "RFC 6052"),
        ("64:ff9b:1::/48", .nat64, "RFC 8215"),
        ("100::/64", .discard, "RFC 6666"),
        ("100:0:0:1::/64", .discard, "RFC 9780"),
        ("2000::/3", .global, "RFC 4291, section 2.5.4"),
        ("2001::/23", .protocolAssignment, "RFC 2928"),
        ("2001::/32", .teredo, "RFC 4380"),
        ("2001:2::/48", .benchmarking, "RFC 5180"),
        ("2001:db8::/32", .documentation, "RFC 3849"),
        ("2002::/16", .sixToFour, "RFC 3056"),
        ("3fff::/20", .documentation, "RFC 9637"),
        ("5f00::/16", .segmentRouting, "RFC 9602"),
        ("fc00::/7", .uniqueLocal, "RFC 4193"),
        ("fd00:ec2::/32", .metadata, "AWS: instance metadata and other services of a machine"),
        ("fd20:ce::254", .metadata, "Google Cloud: instance metadata"),
        ("fe80::/10", .linkLocal, "RFC 4291, section 2.5.6"),
        ("fec0::/10", .siteLocal, "RFC 3879"),
        ("ff00::/8", .multicast, "RFC 4291, section 2.7"),
    ]
}
