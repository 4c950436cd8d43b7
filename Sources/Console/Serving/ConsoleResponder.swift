import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

/// Answers requests: first the gate, then the pages.
final class ConsoleResponder: HTTPResponder {
    typealias Context = BasicRequestContext

    private let gate = Mutex<Gate?>(nil)
    private let pages: Pages
    private let settings: ConsoleSettings
    private let log: AccessLog

    init(pages: Pages, settings: ConsoleSettings, log: AccessLog) {
        self.pages = pages
        self.settings = settings
        self.log = log
    }

    /// Takes the gate, once the port is known; without one nothing is answered.
    func admit(by gate: Gate) { self.gate.withLock { $0 = gate } }

    func respond(to request: Request, context: Context) async throws -> Response {
        let answer = await answer(to: request)
        log.add(request.head, answer.status)
        let response = Self.response(answer)
        return request.method == .head ? response.createHeadResponse() : response
    }

    private func answer(to request: Request) async -> Answer {
        do throws(Gate.Refusal) {
            guard let gate = gate.withLock({ $0 }) else { throw Gate.Refusal.host }
            if try gate.check(request.head) { return opened(request, gate) }
        } catch {
            var answer = pages.message(error.words, status: error.status)
            if error == .method {
                let isRead = (request.head.path ?? "").utf8.starts(with: "/api/".utf8)
                answer.fields = [("Allow", isRead ? "GET, HEAD" : "GET, HEAD, POST")]
            }
            return answer
        }
        let target = Array((request.head.path ?? "").utf8)
        let path = target.prefix { $0 != UInt8(ascii: "?") }
        guard let query = FormFields(target.dropFirst(path.count + 1)) else {
            return pages.message(Gate.Refusal.target.words, status: .badRequest)
        }
        let name = String(decoding: path, as: UTF8.self)
        guard request.method == .post else {
            if let known = pages.known(name, target: target) { return known }
            return await withTaskExecutorPreference(WorkThreads.shared) {
                await pages.page(name, query, target: target)
            }
        }
        do {
            let body = try await body(of: request)
            return await withTaskExecutorPreference(WorkThreads.shared) {
                await pages.post(name, body)
            }
        } catch {
            return pages.message(
                (
                    "Too large", "What was sent is larger than this console takes.",
                    "Send \(settings.mostBody) bytes at the most."
                ), status: .contentTooLarge)
        }
    }

    /// Exchanges the token of the first address for a session.
    private func opened(_ request: Request, _ gate: Gate) -> Answer {
        let query = (request.head.path ?? "").utf8.drop { $0 != UInt8(ascii: "?") }.dropFirst()
        guard let token = FormFields(query)?["token"],
            let cookie = gate.keyring.exchange(token)
        else {
            let refusal = Gate.Refusal.token
            return pages.message(refusal.words, status: refusal.status)
        }
        var answer = Answer(seeing: "/")
        answer.fields.append(("Set-Cookie", cookie))
        return answer
    }

    /// What a request brings along.
    ///
    /// - Throws: Where it is too large, or does not come.
    private func body(of request: Request) async throws -> SentBody {
        if let length = request.headers[.contentLength].flatMap({ Int($0) }),
            length > settings.mostBody
        {
            throw HTTPError(.contentTooLarge)
        }
        let buffer = try await request.body.collect(upTo: settings.mostBody)
        return SentBody(
            type: request.headers[.contentType] ?? "", bytes: Array(buffer.readableBytesView))
    }

    private static func response(_ answer: Answer) -> Response {
        var fields = HTTPFields()
        fields.append(HTTPField(name: .contentType, value: answer.type))
        for (name, value) in Answer.protection + answer.fields {
            if let name = HTTPField.Name(name) {
                fields.append(HTTPField(name: name, value: value))
            }
        }
        let body: ResponseBody =
            switch answer.body {
            case .bytes(let bytes): ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
            case .events(let events):
                ResponseBody { writer in
                    for await event in events { try await writer.write(ByteBuffer(bytes: event)) }
                    try await writer.finish(nil)
                }
            }
        return Response(status: answer.status, headers: fields, body: body)
    }
}

/// What a request brought along.
struct SentBody: Sendable {
    /// Its media type, as the request says.
    let type: String
    let bytes: [UInt8]
}
