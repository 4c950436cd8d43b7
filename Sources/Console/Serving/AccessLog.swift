import CloseoutEncodings
import HTTPTypes

/// What a console says of its work: one JSON object a line.
///
/// No line holds a query, where the token is, or anything else of a request but its method and path.
struct AccessLog: Sendable {
    /// The most bytes of a path that are logged.
    private static let longestPath = 200

    let now: @Sendable () -> Instant
    let write: @Sendable ([UInt8]) -> Void

    /// Writes that a request was answered.
    func add(_ head: HTTPRequest, _ status: HTTPResponse.Status) {
        let path = (head.path ?? "").utf8.prefix { $0 != UInt8(ascii: "?") }
        add(
            "request",
            [
                JSONMember("method", JSON(printable(head.method.rawValue))),
                JSONMember("path", JSON(printable(Array(path.prefix(Self.longestPath))))),
                JSONMember("status", .integer(Int64(status.code))),
            ])
    }

    /// Writes something else that happened.
    func add(_ event: String, _ members: [JSONMember] = []) {
        let line = JSON.object(
            [JSONMember("at", JSON(now().description)), JSONMember("event", JSON(event))] + members)
        write(line.canonicalBytes + [UInt8(ascii: "\n")])
    }
}
