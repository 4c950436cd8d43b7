import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

/// Answers requests: first the gate, then the pages.
final class ConsoleResponder: HTTPResponder {
    typealias Context = BasicRequestContext

    private let gate = Mutex<Gate?>(nil)
    private let site: any Site
    private let settings: ConsoleSettings
    private let log: AccessLog

    init(_ site: any Site, settings: ConsoleSettings, log: AccessLog) {
        self.site = site
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
        let gate = gate.withLock { $0 }
        let passage: Gate.Passage
        do throws(Gate.Refusal) {
            guard let gate else { throw Gate.Refusal.host }
            passage = try gate.check(request.head)
        } catch {
            var answer = refused(error, gate)
            if error == .method {
                let isRead = (request.head.path ?? "").utf8.starts(with: "/api/".utf8)
                answer.fields.append(("Allow", isRead ? "GET, HEAD" : "GET, HEAD, POST"))
            }
            return answer
        }
        let target = Array((request.head.path ?? "").utf8)
        let path = target.prefix { $0 != UInt8(ascii: "?") }
        guard let query = FormFields(target.dropFirst(path.count + 1)) else {
            return refused(.target, gate)
        }
        let name = String(decoding: path, as: UTF8.self)
        switch passage {
        case .opening(let keyring): return opened(query, keyring)
        case .desk(let desk): return await desk.answer(request.head, name, query)
        case .pages(let visitor):
            if case .login(let desk)? = gate?.door, request.method == .post,
                name == LoginDesk.logout
            {
                return desk.end(request.headers[values: .cookie])
            }
            return await answer(request, name, query, target, visitor)
        }
    }

    /// What somebody is answered who may ask.
    private func answer(
        _ request: Request, _ name: String, _ query: FormFields, _ target: [UInt8],
        _ visitor: Visitor
    ) async -> Answer {
        guard request.method == .post else {
            if let known = site.known(name, target: target, for: visitor) { return known }
            return await withTaskExecutorPreference(WorkThreads.shared) {
                await site.page(name, query, target: target, for: visitor)
            }
        }
        do {
            let body = try await body(of: request)
            return await withTaskExecutorPreference(WorkThreads.shared) {
                await site.post(name, body, for: visitor)
            }
        } catch {
            return site.message(
                (
                    "Too large", "What was sent is larger than this console takes.",
                    "Send \(settings.mostBody) bytes at the most."
                ), status: .contentTooLarge)
        }
    }

    /// Why a request is refused; who is not logged in gets no page that names the bundle.
    private func refused(_ refusal: Gate.Refusal, _ gate: Gate?) -> Answer {
        if case .login(let desk)? = gate?.door { return desk.closed(refusal) }
        return site.message(refusal.words, status: refusal.status)
    }

    /// Exchanges the token of the first address for a session.
    private func opened(_ query: FormFields, _ keyring: Keyring) -> Answer {
        guard let token = query["token"], let cookie = keyring.exchange(token) else {
            let refusal = Gate.Refusal.token
            return site.message(refusal.words, status: refusal.status)
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
