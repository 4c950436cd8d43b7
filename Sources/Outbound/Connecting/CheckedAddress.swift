package import CloseoutEncodings
internal import Dispatch

/// An address of a host that may be connected to.
package struct CheckedAddress: Hashable, Sendable {
    /// The address.
    package let address: IPAddress
    /// What allows it.
    package let permission: AddressVerdict
}

extension Host {
    /// Looks the host up on a thread of its own, and checks every address.
    ///
    /// For protocols beside HTTP: connect to one of these addresses, and use the name for TLS alone. A deadline is
    /// the caller's, who cancels the task.
    ///
    /// - Parameters:
    ///   - policy: Which addresses are allowed.
    ///   - resolver: What looks up names.
    /// - Returns: at least one address, the best first.
    /// - Throws: why there is none: one that is not allowed refuses all; `cancelled` where the task was cancelled.
    package func addresses(
        under policy: AddressPolicy, by resolver: Resolver = .system
    ) async throws(OutboundFailure) -> [CheckedAddress] {
        let pending = Pending<Result<[CheckedAddress], OutboundFailure>>()
        DispatchQueue(label: "closeout.outbound.lookup").async {
            pending.give(lookUp(under: policy, by: resolver))
        }
        guard let found = await pending.value() else { throw .cancelled }
        return try found.get()
    }

    /// Looks the host up on the thread that asks, and checks every address.
    ///
    /// One that is not allowed refuses all, so that a name cannot hide it among others.
    func lookUp(
        under policy: AddressPolicy, by resolver: Resolver
    ) -> Result<[CheckedAddress], OutboundFailure> {
        if literal != nil, case .refused(let kind, let canBeAllowed) = verdict(under: policy) {
            return .failure(.addressRefused(kind, canBeAllowed: canBeAllowed))
        }
        let found: [IPAddress]
        switch literal.map({ .addresses([$0]) }) ?? resolver.lookUp(name) {
        case .addresses(let addresses): found = addresses
        case .notFound: return .failure(.nameNotFound)
        case .failed: return .failure(.nameLookupFailed)
        }
        var checked: [CheckedAddress] = []
        for address in found {
            let verdict = policy.verdict(on: address)
            if case .refused(let kind, let canBeAllowed) = verdict {
                return .failure(.addressRefused(kind, canBeAllowed: canBeAllowed))
            }
            checked.append(CheckedAddress(address: address, permission: verdict))
        }
        return checked.isEmpty ? .failure(.nameNotFound) : .success(checked)
    }
}
