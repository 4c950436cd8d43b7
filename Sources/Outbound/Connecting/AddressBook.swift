import CloseoutEncodings
internal import Dispatch
internal import Synchronization

/// Holds the connections of one host, and looks its name up again when what is known gets old.
///
/// The connections are pinned to one of its addresses, which were all checked.
final class AddressBook: Sendable {
    /// Connections, and what allows their address.
    typealias Choice = (connections: Connections, permission: AddressVerdict)

    private struct State {
        var choice: Choice?
        /// Until when what is known may be used.
        var expiry: ContinuousClock.Instant?
        var lookup: Pending<Result<Choice, OutboundFailure>>?
        var isClosed = false
    }

    private let host: Host
    private let settings: OutboundSettings
    private let resolver: Resolver
    private let state = Mutex(State())
    /// Each client looks up its names on a thread of its own: one that hangs delays no other client.
    private let queue = DispatchQueue(label: "closeout.outbound.lookup")

    /// Knows nothing yet.
    init(_ destination: Destination, settings: OutboundSettings, resolver: Resolver) {
        host = destination.host
        self.settings = settings
        self.resolver = resolver
    }

    /// The connections to use for a request that begins now.
    ///
    /// - Throws: why there are none; `cancelled` where the task was cancelled while the name was looked up.
    func choice() async throws(OutboundFailure) -> Choice {
        let known: Result<Choice, OutboundFailure>?
        let lookup: Pending<Result<Choice, OutboundFailure>>
        (known, lookup) = state.withLock { state in
            let pending = state.lookup ?? Pending()
            guard !state.isClosed else { return (.failure(.notSent), pending) }
            if let choice = state.choice, let expiry = state.expiry, expiry > .now {
                return (.success(choice), pending)
            }
            if state.lookup == nil {
                state.lookup = pending
                queue.async { self.renew(pending) }
            }
            return (nil, pending)
        }
        if let known { return try known.get() }
        guard let answer = await lookup.value() else { throw .cancelled }
        return try answer.get()
    }

    /// No connection could be made: looks the name up again for the next request, and takes another address.
    func distrust(_ connections: Connections) {
        state.withLock { state in
            guard state.choice?.connections === connections else { return }
            state.expiry = nil
        }
    }

    /// Lets go of the connections; those with a request close after it.
    func close() {
        let choice = state.withLock { state in
            state.isClosed = true
            defer { state.choice = nil }
            return state.choice
        }
        // Connections close outside of the lock.
        _ = choice
    }

    /// Looks the name up, on the queue.
    private func renew(_ pending: Pending<Result<Choice, OutboundFailure>>) {
        let found = host.lookUp(under: settings.addresses, by: resolver)
        let (result, _) = state.withLock { state in
            state.lookup = nil
            let old = state.choice
            let result = found.map { choose(among: $0, &state) }
            // What is replaced is handed out, so that its connections close outside of the lock.
            return (result, old)
        }
        pending.give(result)
    }

    /// Takes the address of the present connections where it is still there, else the first one; after connections
    /// failed the one behind theirs.
    private func choose(among found: [CheckedAddress], _ state: inout State) -> Choice {
        let present = state.choice.flatMap { choice in
            found.firstIndex { $0.address == choice.connections.address }
        }
        let hasFailed = state.choice != nil && state.expiry == nil
        let index = present.map { hasFailed ? ($0 + 1) % found.count : $0 } ?? 0
        let (address, permission) = (found[index].address, found[index].permission)
        let choice: Choice
        if index == present, let old = state.choice {
            choice = (old.connections, permission)
        } else {
            let connections = Connections(
                host: host, pin: address, address: address, settings: settings)
            choice = (connections, permission)
        }
        if !state.isClosed { state.choice = choice }
        state.expiry = host.literal == nil ? .now + settings.lookupAge : .now + .seconds(86_400)
        return choice
    }
}
