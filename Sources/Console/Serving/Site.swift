import HTTPTypes

/// What a console serves behind the gate: the pages about one bundle, or about many.
protocol Site: Sendable {
    /// A page in place of what was asked for.
    func message(_ message: Pages.Message, status: HTTPResponse.Status) -> Answer

    /// What a path is answered with.
    ///
    /// - Parameters:
    ///   - path: The path.
    ///   - query: What comes behind it, decoded.
    ///   - target: Both as they were sent.
    /// - Returns: The answer.
    func page(_ path: String, _ query: FormFields, target: [UInt8]) async -> Answer

    /// What is done on request.
    func post(_ path: String, _ body: SentBody) async -> Answer

    /// Looks now and whenever something changes, until the task is cancelled.
    func keepLooking(every time: Duration) async

    /// Ends the streams of events.
    func end()
}
