package import CloseoutEncodings

/// The limits of a client.
package struct OutboundSettings: Sendable {
    /// Which addresses may be connected to.
    package var addresses: AddressPolicy
    /// Whom the client trusts, and who it says that it is.
    package var tls: OutboundTLS
    /// The time for one request, from looking up the name to the last byte of the body.
    package var deadline: Duration
    /// The time for making one connection, TLS included; at most half of the deadline.
    package var connectLimit: Duration
    /// How long a connection without a request stays open: less than receivers do, so that seldom both act at once.
    package var idleLimit: Duration
    /// How old the addresses of a name may get before it is looked up again.
    package var lookupAge: Duration
    /// The most bytes of a response's body that are read.
    package var bodyCap: Int
    /// The most connections at once; further requests wait, and their time runs.
    package var connections: Int

    /// The usual limits.
    ///
    /// - Parameters:
    ///   - addresses: Which addresses may be connected to.
    ///   - tls: Whom the client trusts, and who it says that it is.
    ///   - deadline: The time for one request.
    ///   - connections: The most connections at once, at least one.
    package init(
        addresses: AddressPolicy = AddressPolicy(), tls: OutboundTLS = .system,
        deadline: Duration = .seconds(30), connections: Int = 4
    ) {
        self.addresses = addresses
        self.tls = tls
        self.deadline = deadline
        self.connections = max(1, connections)
        connectLimit = .seconds(10)
        idleLimit = .seconds(4)
        lookupAge = .seconds(60)
        bodyCap = 65_536
    }
}
