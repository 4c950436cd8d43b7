import CloseoutEncodings

/// Sends requests to one host and port, each once.
///
/// One client a route: its connections, its limits and its look-ups are its own, so that a slow receiver delays no
/// other route. Nothing is tried again, no redirect is followed, no proxy is used, no body is unpacked.
package final class OutboundClient: Sendable {
    private let origin: Destination
    private let settings: OutboundSettings
    private let book: AddressBook

    /// Makes a client without a connection.
    ///
    /// - Parameters:
    ///   - origin: A destination with the host and port that all requests have.
    ///   - settings: The limits.
    ///   - resolver: What looks up names.
    package init(
        for origin: Destination, settings: OutboundSettings, resolver: Resolver = .system
    ) {
        self.origin = origin
        self.settings = settings
        book = AddressBook(origin, settings: settings, resolver: resolver)
    }

    /// Sends a request and reads its response, in the time that the settings give.
    ///
    /// - Returns: a response or why there is none; where the task is cancelled at once, whatever was reached then.
    package func send(_ request: OutboundRequest) async -> OutboundResult {
        let (exchange, isExpired) = await within(settings.deadline) {
            await self.exchange(request)
        }
        return isExpired ? exchange.expired : exchange.result
    }

    /// Lets go of all connections; requests that are under way go on, later ones are not sent.
    package func close() {
        book.close()
    }

    private func exchange(_ request: OutboundRequest) async -> Exchange {
        guard request.destination.hasOrigin(of: origin) else {
            return Exchange(.failure(.otherOrigin), nil, stage: .lookup)
        }
        let choice: AddressBook.Choice
        do {
            choice = try await book.choice()
        } catch {
            return Exchange(.failure(error), nil, stage: .lookup)
        }
        do {
            let response = try await choice.connections.exchange(request, cap: settings.bodyCap)
            return Exchange(.response(response), choice.permission, stage: .connection)
        } catch {
            if error.isOfConnection { book.distrust(choice.connections) }
            return Exchange(.failure(error), choice.permission, stage: .connection)
        }
    }
}

/// One exchange, with what it was waiting for if nothing had been sent.
private struct Exchange {
    let result: OutboundResult
    let stage: OutboundFailure.Stage

    init(
        _ outcome: OutboundResult.Outcome, _ permission: AddressVerdict?,
        stage: OutboundFailure.Stage
    ) {
        result = OutboundResult(outcome: outcome, permission: permission)
        self.stage = stage
    }

    /// The result where the exchange was cancelled because its time had run out.
    var expired: OutboundResult {
        guard let failure = result.failure else { return result }
        return OutboundResult(
            outcome: .failure(failure.expired(at: stage)), permission: result.permission)
    }
}
