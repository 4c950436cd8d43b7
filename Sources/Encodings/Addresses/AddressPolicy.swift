/// Which addresses may be connected to: the global ones, and those that the route's owner names.
package struct AddressPolicy: Hashable, Sendable {
    /// The ranges that the owner allows beside the global addresses (`allow_addresses` of a route).
    ///
    /// A range allows what is in it as it is written: `127.0.0.0/8` does not allow `::ffff:127.0.0.1`.
    package let allowed: [AddressRange]

    /// Allows the global addresses, and these ranges but for what nobody can allow.
    package init(allowing allowed: [AddressRange] = []) {
        self.allowed = allowed
    }

    /// What the policy says of one address.
    package func verdict(on address: IPAddress) -> AddressVerdict {
        let kind = AddressTable.standard.row(of: address).kind
        if kind.isNeverAllowed { return .refused(kind, canBeAllowed: false) }
        // Whatever the outer address is, what it leads to may be one that nobody can allow.
        let inner = address.embedded.map { AddressTable.standard.row(of: $0).kind }
        if let worst = inner.first(where: \.isNeverAllowed) {
            return .refused(worst, canBeAllowed: false)
        }
        if let range = allowed.first(where: { $0.contains(address) }) {
            return .allowedByOwner(range, kind)
        }
        return kind == .global ? .allowedGlobal : .refused(kind, canBeAllowed: true)
    }

    /// The ranges of the owner in which no address can be allowed, with the kind of their first address.
    ///
    /// They have no effect, so whoever wrote them expects something that will not happen.
    package var rangesWithoutEffect: [(range: AddressRange, kind: AddressKind)] {
        allowed.compactMap { range in
            let row = AddressTable.standard.row(of: range.first)
            guard row.kind.isNeverAllowed, row.range.contains(range) else { return nil }
            return (range, row.kind)
        }
    }
}

/// What an address policy says of one address.
package enum AddressVerdict: Hashable, Sendable {
    /// The address is reachable from everywhere.
    case allowedGlobal
    /// The owner's range allows it, though it is of this kind.
    case allowedByOwner(AddressRange, AddressKind)
    /// It is refused for its kind, or for that of an IPv4 address inside of it; an owner may be able to allow it.
    case refused(AddressKind, canBeAllowed: Bool)

    /// Whether the address may be connected to.
    package var isAllowed: Bool {
        if case .refused = self { false } else { true }
    }
}

extension IPAddress {
    /// The IPv4 addresses that an IPv6 address of a mapping, a translator or a tunnel leads to.
    ///
    /// Behind `64:ff9b:1::/48` an address can lie in two places (RFC 6052, section 2.2): both count.
    package var embedded: [IPAddress] {
        guard family == .v6 else { return [] }
        let low = UInt32(truncatingIfNeeded: value)
        let numbers: [UInt32]
        switch AddressTable.standard.row(of: self).kind {
        case .mapped, .compatible, .translated:
            numbers = [low]
        case .nat64:
            // Bits 48 to 63 and 72 to 87, as a prefix of 48 bits has them; the place that is not used is zero.
            let high = UInt32(truncatingIfNeeded: value >> 64) & 0xffff
            let split = high << 16 | UInt32(truncatingIfNeeded: value >> 40) & 0xffff
            let isLocal = value >> 80 == 0x64_ff9b_0001
            numbers = isLocal && split != 0 ? (low == 0 ? [split] : [low, split]) : [low]
        case .sixToFour:
            numbers = [UInt32(truncatingIfNeeded: value >> 80)]
        case .teredo:
            // The server, and the client with all bits turned (RFC 4380, section 4).
            numbers = [UInt32(truncatingIfNeeded: value >> 64), ~low]
        default:
            numbers = []
        }
        return numbers.map { IPAddress(v4: $0) }
    }
}
