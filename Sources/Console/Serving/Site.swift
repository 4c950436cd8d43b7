import HTTPTypes

/// What a console serves behind the gate: the pages about one bundle, or about many.
protocol Site: Sendable {
    /// A page in place of what was asked for.
    func message(_ message: Pages.Message, status: HTTPResponse.Status) -> Answer

    /// What a path is answered with, where that is at hand; nil where it has to be made.
    func known(_ path: String, target: [UInt8], for visitor: Visitor) -> Answer?

    /// What a path is answered with.
    ///
    /// - Parameters:
    ///   - path: The path.
    ///   - query: What comes behind it, decoded.
    ///   - target: Both as they were sent.
    ///   - visitor: Who asks.
    /// - Returns: The answer.
    func page(
        _ path: String, _ query: FormFields, target: [UInt8], for visitor: Visitor
    ) async -> Answer

    /// What is done on request.
    func post(_ path: String, _ body: SentBody, for visitor: Visitor) async -> Answer

    /// Looks now and whenever something changes, until the task is cancelled.
    func keepLooking(every time: Duration) async

    /// Ends the streams of events.
    func end()
}
