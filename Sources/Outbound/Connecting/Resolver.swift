package import CloseoutEncodings
internal import Glibc

/// What a look-up of a name gave.
package enum Lookup: Hashable, Sendable {
    /// Its addresses, at least one, the best first.
    case addresses([IPAddress])
    /// The name does not exist or has no address.
    case notFound
    /// Nobody could say.
    case failed
}

/// Looks up the addresses of names, on the thread that asks, until the system answers.
package struct Resolver: Sendable {
    /// Looks up one name.
    package let lookUp: @Sendable (_ host: String) -> Lookup

    /// Takes another way of looking up names, for tests.
    package init(_ lookUp: @escaping @Sendable (_ host: String) -> Lookup) {
        self.lookUp = lookUp
    }

    /// The system's: `getaddrinfo`, with the files and name servers that it is set up for.
    package static let system = Resolver { host in
        var hints = unsafe addrinfo()
        unsafe hints.ai_family = AF_UNSPEC
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        unsafe hints.ai_flags = AI_ADDRCONFIG
        var list: UnsafeMutablePointer<addrinfo>?
        let status = unsafe getaddrinfo(host, nil, &hints, &list)
        defer { unsafe freeaddrinfo(list) }
        switch status {
        case 0: break
        case EAI_NONAME, eaiNoData: return .notFound
        default: return .failed
        }
        var addresses: [IPAddress] = []
        var next = unsafe list
        while let entry = unsafe next?.pointee {
            if let address = unsafe address(of: entry), !addresses.contains(address) {
                addresses.append(address)
            }
            unsafe next = entry.ai_next
        }
        return addresses.isEmpty ? .notFound : .addresses(addresses)
    }

    /// `EAI_NODATA` of the GNU C library, which its headers hide.
    private static let eaiNoData: Int32 = -5

    /// The address of an entry; nil for another family.
    private static func address(of entry: addrinfo) -> IPAddress? {
        guard let raw = unsafe entry.ai_addr.map({ UnsafeRawPointer($0) }) else {
            return nil
        }
        switch unsafe entry.ai_family {
        case AF_INET:
            let address = unsafe raw.loadUnaligned(as: sockaddr_in.self).sin_addr.s_addr
            return IPAddress(v4: UInt32(bigEndian: address))
        case AF_INET6:
            let address = unsafe raw.loadUnaligned(as: sockaddr_in6.self).sin6_addr
            return IPAddress(
                v6: unsafe UInt128(bigEndian: unsafeBitCast(address, to: UInt128.self)))
        default:
            return nil
        }
    }
}
