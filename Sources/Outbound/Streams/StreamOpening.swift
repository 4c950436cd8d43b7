import CloseoutEncodings

/// Where a stream leads, and by which rules: what speaks another protocol than HTTP begins here.
struct StreamOpening: Sendable {
    let host: Host
    let port: UInt16
    let beginning: TLSStream.Beginning
    let settings: OutboundSettings
    let resolver: Resolver

    /// A connection, what allows its address, and how long it took to make.
    typealias Opened = (stream: TLSStream, permission: AddressVerdict, time: Duration)

    /// Why there is none, with what was waited for.
    struct Failed: Error, CustomStringConvertible {
        let failure: OutboundFailure
        let stage: OutboundFailure.Stage
        /// What allows the address that was tried last; nil where none was.
        var permission: AddressVerdict?

        var description: String { failure.sentence }
    }

    /// Looks the host up, checks all its addresses, and connects to one.
    func open() async throws(Failed) -> Opened {
        let addresses: [CheckedAddress]
        do {
            addresses = try await host.addresses(under: settings.addresses, by: resolver)
        } catch {
            throw Failed(failure: error, stage: .lookup)
        }
        let start = ContinuousClock.now
        let (stream, permission) = try await TLSStream.connect(
            to: host, port: port, addresses: addresses, beginning, settings: settings)
        return (stream, permission, .now - start)
    }

    /// The same in the time that a connection may take.
    func openInTime() async -> Result<Opened, Failed> {
        let limit = min(settings.connectLimit, settings.deadline)
        let (result, isExpired) = await within(limit) { () -> Result<Opened, Failed> in
            do throws(Failed) {
                return .success(try await open())
            } catch {
                return .failure(error)
            }
        }
        guard isExpired else { return result }
        return result.mapError {
            Failed(
                failure: $0.failure.expired(at: $0.stage), stage: $0.stage,
                permission: $0.permission)
        }
    }
}
