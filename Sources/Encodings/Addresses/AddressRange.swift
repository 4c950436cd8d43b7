/// The addresses that begin with the same bits, such as `10.0.0.0/8` (CIDR, RFC 4632 and RFC 4291).
package struct AddressRange: Hashable, Sendable {
    /// The first address: all bits behind the prefix are zero.
    package let first: IPAddress
    /// How many bits all addresses of the range share, 0 to 32 or 128.
    package let prefixLength: Int

    /// The range of one address.
    package init(_ address: IPAddress) {
        first = address
        prefixLength = address.family.bits
    }

    /// Reads `ADDRESS/BITS`, or one address.
    ///
    /// Nil for another form, for more bits than an address has, and where a bit behind the prefix is set:
    /// `10.1.0.0/8` is more likely a mistake than a range.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let address = parts.first.flatMap({ IPAddress(String($0)) }) else { return nil }
        guard parts.count > 1 else {
            self.init(address)
            return
        }
        guard parts.count == 2,
            let length = IPAddress.decimal(
                ArraySlice(Array(parts[1].utf8)), limit: address.family.bits)
        else { return nil }
        self.init(first: address, prefixLength: length)
    }

    private init?(first: IPAddress, prefixLength: Int) {
        self.first = first
        self.prefixLength = prefixLength
        guard first.value & hostMask == 0 else { return nil }
    }

    /// The last address.
    package var last: IPAddress {
        let value = first.value | hostMask
        return first.family == .v4
            ? IPAddress(v4: UInt32(truncatingIfNeeded: value)) : IPAddress(v6: value)
    }

    /// Whether an address is in the range; an address of the other family never is.
    package func contains(_ address: IPAddress) -> Bool {
        address.family == first.family && address.value & ~hostMask == first.value
    }

    /// Whether all addresses of another range are in this one.
    package func contains(_ other: AddressRange) -> Bool {
        contains(other.first) && other.prefixLength >= prefixLength
    }

    /// The bits behind the prefix, all set.
    private var hostMask: UInt128 {
        let count = first.family.bits - prefixLength
        return count == 128 ? .max : (1 << UInt128(count)) - 1
    }
}

extension AddressRange: CustomStringConvertible {
    package var description: String { "\(first)/\(prefixLength)" }
}
