import CloseoutConsole
import CloseoutIndex
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import CloseoutWorkflows
import Synchronization
import Testing

@testable import CloseoutConsole

@Suite("The templates of a console")
struct TemplateTests {
    @Test("every template is given all that it asks for, on every page")
    func filled() async throws {
        try await withTemporaryDirectory { folder in
            let found = Mutex<(lacking: Set<String>, used: Set<String>)>(([], []))
            let templates = try Templates { name, values in
                let lacking = Lacking(name, values)
                found.withLock {
                    $0.lacking.formUnion(lacking.names)
                    $0.used.formUnion(lacking.templates)
                }
            }
            let now = try instant()
            let sandbox = try await Sandbox("accepted-risk", in: Array(folder.utf8), now: { now })
            var subject = try sandbox.subject()
            subject.others = [Array((repositoryRoot + "/fixtures/released/key/bundle").utf8)]
            let log = AccessLog(now: { now }, write: { _ in })
            let bundle = ShownBundle(subject, log: log)
            let login = try LoginSettings(
                parsing: Array(
                    """
                    {"kind": "closeout/login/v1", "issuer": "https://id.example.com", "client_id": "c",
                     "roles": {"viewer": ["g"]}}
                    """.utf8)
            ) { _ in [] }
            var settings = ConsoleSettings()
            settings.login = login
            settings.allowsChanges = true
            settings.documents = Array((repositoryRoot + "/docs").utf8)
            let pages = try Pages(bundle, sandbox, settings: settings, templates: templates)
            func open(_ path: String, _ query: String = "") async throws -> Answer {
                let fields = try #require(FormFields(query.utf8))
                return await pages.page(path, fields, target: Array("\(path)?\(query)".utf8))
            }
            _ = try await open("/")
            await bundle.verify()
            for place in Place.allCases { _ = try await open(place.rawValue) }
            _ = try await open("/compare", "with=0")
            _ = try await open("/artifacts", "q=a&sort=size&page=2")
            for name in ["architecture", "records", "bundle"] {
                _ = try await open("/documents/\(name)")
            }
            _ = try await open("/nosuch")
            let collection = ConsoleCollection(
                places: [Array((repositoryRoot + "/fixtures/released").utf8), subject.path],
                request: subject.request, recheck: subject.recheck, command: { _ in "" },
                now: { now })
            let several = try IndexPages(
                collection, BundleIndex(), settings: ConsoleSettings(),
                log: AccessLog(now: { now }, write: { _ in }), templates: templates)
            let looking = Task { await several.keepLooking(every: .seconds(1)) }
            let query = try #require(FormFields("release=a&digest=00000000&held=1&page=2".utf8))
            for place in IndexPlace.allCases {
                for fields in [FormFields(), query] {
                    _ = await several.page(
                        place.rawValue, fields, target: [], for: .keeper)
                }
            }
            _ = await several.page("/nosuch", query, target: [], for: .keeper)
            looking.cancel()
            await looking.value
            several.end()
            _ = pages.page(SessionPage.title, [SessionPage.content(.keeper)])
            let desk = LoginDesk(
                login, at: try PublicURL("https://closeout.example.com"), cookie: "c", log: log,
                templates, attempts: try LoginAttempts())
            _ = desk.closed(.login)
            _ = desk.end([])
            let changes = Changes(bundle, pages, log: log)
            let viewer = Visitor(person: nil, roles: [.viewer])
            for visitor in [viewer, .keeper] {
                _ = await changes.page("/changes", FormFields(), for: visitor)
            }
            try await change(changes, in: String(decoding: sandbox.played.folder, as: UTF8.self))
            let lacking = found.withLock { $0.lacking }
            #expect(lacking == [])
            let unused = Set(Templates.names).subtracting(found.withLock { $0.used })
            #expect(unused == [])
        }
    }

    /// Prepares a record, signs it and brings the signature back.
    private func change(_ changes: Changes, in folder: String) async throws {
        func post(_ path: String, _ form: String) async throws -> Answer {
            let body = SentBody(type: "", bytes: Array(form.utf8))
            return try #require(await changes.post(path, body, for: .keeper))
        }
        func page(_ path: String, _ query: String) async throws -> Answer {
            let fields = try #require(FormFields(query.utf8))
            return try #require(await changes.page(path, fields, for: .keeper))
        }
        let record = queryEncoded(Array(ChangesTests.hold.utf8))
        let prepared = try await post("/changes/prepare", "record=\(record)")
        let digest = try #require(prepared.fields.first?.value).suffix(64)
        _ = try await page("/changes", "record=\(digest)")
        guard case .bytes(let bytes) = try await page("/changes/bytes", "digest=\(digest)").body
        else {
            return #expect(Bool(false))
        }
        let key = LocalKey(
            try PrivateKey(parsing: readFile("\(folder)/keys/records.pem"), passphrase: nil))
        let envelope = try await EnvelopeSigner(key).sign(.record(bytes)).bytes
        let stored = try await post(
            "/changes/sign", "digest=\(digest)&envelope=\(queryEncoded(envelope))")
        #expect("\(stored.status)".contains("200"))
    }

    @Test("a name that is not given is found, within lists too")
    func finds() {
        #expect(
            Lacking(
                source: "{{a}}{{#l}}{{b}}{{c}}{{/l}}",
                ["a": "", "l": [["b": ""] as TemplateValues]]
            ).names == ["c"])
        #expect(Lacking(source: "{{#t}}{{x}}{{/t}}{{^t}}{{y}}{{/t}}", ["t": true]).names == ["x"])
        #expect(Lacking(source: "{{#t}}{{x}}{{/t}}{{^t}}{{y}}{{/t}}", ["t": false]).names == ["y"])
    }
}

/// What a template asks for and is not given.
private struct Lacking {
    private(set) var names: Set<String> = []
    private(set) var templates: Set<String> = []

    init(_ name: String, _ values: TemplateValues) {
        enter(name, [values])
    }

    init(source: String, _ values: TemplateValues) {
        read(Substring(source), [values])
    }

    private mutating func enter(_ name: String, _ stack: [TemplateValues]) {
        templates.insert(name)
        guard let source = Templates.source(name) else {
            names.insert("template \(name)")
            return
        }
        read(Substring(source), stack)
    }

    private mutating func read(_ source: Substring, _ stack: [TemplateValues]) {
        var rest = source
        while let start = rest.firstRange(of: "{{"),
            let end = rest[start.upperBound...].firstRange(of: "}}")
        {
            let tag = rest[start.upperBound..<end.lowerBound]
            rest = rest[end.upperBound...]
            let name = String(tag.dropFirst().drop { $0 == " " })
            switch tag.first {
            case "#", "^":
                guard let close = rest.firstRange(of: "{{/\(name)}}") else {
                    names.insert("end of \(name)")
                    return
                }
                section(name, isInverted: tag.first == "^", rest[..<close.lowerBound], stack)
                rest = rest[close.upperBound...]
            case ">": enter(name, stack)
            default: if value(String(tag), stack) == nil { names.insert(String(tag)) }
            }
        }
    }

    private mutating func section(
        _ name: String, isInverted: Bool, _ body: Substring, _ stack: [TemplateValues]
    ) {
        switch value(name, stack) {
        case let value as Bool: if value != isInverted { read(body, stack) }
        case let list as [TemplateValues]:
            if isInverted {
                if list.isEmpty { read(body, stack) }
            } else {
                for item in list { read(body, stack + [item]) }
            }
        default: if !name.hasPrefix("is") || stack.count < 2 { names.insert(name) }
        }
    }

    private func value(_ name: String, _ stack: [TemplateValues]) -> (any Sendable)? {
        stack.reversed().lazy.compactMap { $0[name] }.first
    }
}
