package import CloseoutEncodings
package import CloseoutOutbound

/// The rules that all providers share (docs/routes.md, "What counts as success").
extension AttemptResult {
    /// A success with what the receiver answered.
    static func success(
        _ assurance: Assurance, _ head: ResponseHead, code: String = "accepted"
    ) -> AttemptResult {
        AttemptResult(.success(assurance), status: head.recordedStatus, code: code)
    }

    /// The receiver answered something that its rule does not have: nobody knows whether it took the message.
    static func notUnderstood(_ head: ResponseHead) -> AttemptResult {
        AttemptResult(
            .unknownOutcome, status: head.recordedStatus, code: "http.body-not-understood")
    }

    /// A refusal for good, or for now.
    static func refusal(
        _ outcome: Outcome, _ head: ResponseHead, code: String, asOf now: Instant,
        isCredentialFault: Bool = false
    ) -> AttemptResult {
        AttemptResult(
            outcome, status: head.recordedStatus, code: code,
            retryAfter: outcome == .transient ? head.wait(asOf: now) : nil,
            isCredentialFault: isCredentialFault)
    }

    /// What a status means where the provider has no rule of its own.
    package static func of(_ head: ResponseHead, asOf now: Instant) -> AttemptResult {
        of(status: head.status, head, asOf: now)
    }

    /// What a status means that stands in the head, or in the body of a receiver that passes on another's.
    static func of(status: Int, _ head: ResponseHead, asOf now: Instant) -> AttemptResult {
        switch status {
        case 200..<300: notUnderstood(head)
        case 300..<400: refusal(.permanent, head, code: "http.redirect", asOf: now)
        case 401, 403:
            refusal(
                .permanent, head, code: "http.credentials", asOf: now, isCredentialFault: true)
        case 408, 425: refusal(.transient, head, code: "http.try-again", asOf: now)
        case 410: refusal(.permanent, head, code: "http.gone", asOf: now)
        case 429: refusal(.transient, head, code: "http.too-many", asOf: now)
        case 400..<500: refusal(.permanent, head, code: "http.refused", asOf: now)
        case 500..<600: refusal(.transient, head, code: "http.server-error", asOf: now)
        default: notUnderstood(head)
        }
    }

    /// What it means that there is no whole response.
    package static func of(_ failure: OutboundFailure, asOf now: Instant) -> AttemptResult {
        // A status that refuses counts though its text was cut; one that accepts does not.
        if case .bodyInterrupted(let head, _) = failure, head.status >= 300 {
            return of(head, asOf: now)
        }
        let status = failure.status.flatMap { (100...599).contains($0) ? $0 : nil }
        return AttemptResult(outcome(of: failure), status: status, code: failure.code)
    }

    private static func outcome(of failure: OutboundFailure) -> Outcome {
        guard !failure.requestMayHaveLeft else { return .unknownOutcome }
        return switch failure {
        case .otherOrigin, .addressRefused, .certificateNotAccepted: .permanent
        case .nameNotFound, .nameLookupFailed, .connectionRefused, .unreachable, .connectionFailed,
            .tlsFailed, .timedOut, .cancelled, .notSent:
            .transient
        case .noResponse, .bodyInterrupted: .unknownOutcome
        }
    }
}

extension PreparationResult {
    /// A preparation that failed: the message was not sent, so that its outcome is never unknown.
    static func failed(_ result: OutboundResult, asOf now: Instant) -> PreparationResult {
        let judged: AttemptResult =
            switch result.outcome {
            case .failure(let failure): .of(failure, asOf: now)
            case .response(let response): .of(response.head, asOf: now)
            }
        let outcome = judged.outcome == .unknownOutcome ? .transient : judged.outcome
        return .settled(
            AttemptResult(
                outcome, status: judged.status, code: "before." + judged.code,
                retryAfter: judged.retryAfter, isCredentialFault: judged.isCredentialFault))
    }
}

extension ResponseHead {
    /// The status, where records take it.
    var recordedStatus: Int? { (100...599).contains(status) ? status : nil }

    /// Whether the status is one of success.
    var isSuccess: Bool { (200..<300).contains(status) }
}

extension OutboundResponse {
    /// The body without blanks and line ends around it, where it is whole and short; for comparing with fixed words.
    var word: String? {
        guard isWhole, body.count <= 1024 else { return nil }
        let blanks = Set(" \t\r\n".utf8)
        var text = body[...]
        while let last = text.last, blanks.contains(last) { text.removeLast() }
        while let first = text.first, blanks.contains(first) { text.removeFirst() }
        return String(decoding: text, as: UTF8.self)
    }

    /// The members of the body, a JSON object, that are strings, small numbers or truth values; nil where it is none.
    ///
    /// `lists` has the lengths of members that are arrays.
    var answer: Answer? {
        guard isWhole else { return nil }
        return Answer(body)
    }
}

/// A flat view of a receiver's answer in JSON; nothing of it is kept.
struct Answer {
    private(set) var strings: [String: String] = [:]
    private(set) var numbers: [String: Int] = [:]
    private(set) var lists: [String: Int] = [:]
    /// The members that are objects, with their members that are strings, as `outer.inner`.
    private(set) var inner: [String: String] = [:]

    /// Reads an object of any shape; nil for anything else.
    init?(_ bytes: [UInt8]) {
        do {
            var reader = try ForeignJSONReader(
                bytes, limits: JSONLimits(depth: 32, bytes: 1 << 20))
            var (strings, numbers, lists, inner) =
                ([String: String](), [String: Int](), [String: Int](), [String: String]())
            let isObject = try reader.object { key, reader in
                let key = String(decoding: key, as: UTF8.self)
                switch reader.next {
                case UInt8(ascii: "\""):
                    strings[key] = try reader.string().map { String(decoding: $0, as: UTF8.self) }
                case let byte? where byte.isDigit: numbers[key] = try reader.integer()
                case UInt8(ascii: "["):
                    var count = 0
                    try reader.array { reader in
                        count += 1
                        try reader.skip()
                    }
                    lists[key] = count
                case UInt8(ascii: "{"):
                    try reader.object { second, reader in
                        guard reader.next == UInt8(ascii: "\""), let text = try reader.string()
                        else { return }
                        inner[key + "." + String(decoding: second, as: UTF8.self)] =
                            String(decoding: text, as: UTF8.self)
                    }
                default: try reader.skip()
                }
            }
            try reader.end()
            guard isObject else { return nil }
            (self.strings, self.numbers, self.lists, self.inner) = (strings, numbers, lists, inner)
        } catch {
            return nil
        }
    }
}
