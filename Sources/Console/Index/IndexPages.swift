import CloseoutEncodings
import CloseoutFiles
import CloseoutIndex
import CloseoutManifests
import CloseoutReports
import CloseoutVerification
import HTTPTypes

/// The pages about several bundles: the index of them, and below `/bundles/ID` the pages of each.
final class IndexPages: Site {
    /// What the path of a bundle's pages begins with, before its id.
    static let prefix = "/bundles/"

    private let collection: ConsoleCollection
    private let index: BundleIndex
    private let indexer: Indexer
    private let settings: ConsoleSettings
    private let log: AccessLog
    private let templates: Templates
    private let shelf = Shelf()
    private let streams = EventStreams()

    /// - Throws: Where a template is not well formed.
    init(
        _ collection: ConsoleCollection, _ index: BundleIndex, settings: ConsoleSettings,
        log: AccessLog, templates: Templates? = nil
    ) throws {
        self.collection = collection
        self.index = index
        self.settings = settings
        self.log = log
        self.templates = try templates ?? Templates()
        indexer = Indexer(
            places: collection.places,
            question: IndexQuestion(
                collection.request, collection.recheck, now: collection.now), into: index)
    }

    func keepLooking(every time: Duration) async {
        await withTaskExecutorPreference(WorkThreads.shared) {
            await indexer.keepLooking(every: time) {
                log.add("changed")
                streams.send(event)
            }
        }
    }

    func end() {
        streams.end()
        shelf.end()
    }

    func message(_ message: Pages.Message, status: HTTPResponse.Status) -> Answer {
        let content = templates.fill(
            "message",
            [
                "title": message.title, "text": message.text, "hint": message.hint,
                "hasHint": !message.hint.isEmpty,
            ])
        return Answer(page(message.title, at: nil, showing: [content]), status: status)
    }

    func known(_ path: String, target: [UInt8], for visitor: Visitor) -> Answer? { nil }

    func page(
        _ path: String, _ query: FormFields, target: [UInt8], for visitor: Visitor
    ) async -> Answer {
        switch path {
        case "/style.css": return Answer(Assets.style, MediaName.style)
        case "/console.js": return Answer(Assets.script, MediaName.script)
        case "/events":
            return Answer(events: streams.open(for: settings.streamTime) { event })
        case SessionPage.path where settings.login != nil:
            let (name, values) = SessionPage.content(visitor)
            let content = [templates.fill("title", ["title": SessionPage.title])]
            return Answer(
                page(SessionPage.title, at: nil, showing: content + [templates.fill(name, values)]))
        default: break
        }
        let documents = DocumentPages(documents: DocumentFolder(settings.documents))
        if let (title, blocks) = documents.page(path) {
            let content = blocks.map { $0.bytes(templates) }
            return Answer(page(title, at: nil, isDocument: true, showing: content))
        }
        guard visitor.seesAll else { return closed }
        do {
            if path.utf8.starts(with: Self.prefix.utf8) {
                return try await bundlePage(path, query, target: target, for: visitor)
            }
            if path.utf8.starts(with: "/api/".utf8) {
                return try IndexInterface(index: index, state: indexer.state, query: query)
                    .answer(path, now: now)
            }
            guard let place = IndexPlace(rawValue: path) else { return missing }
            let blocks = try IndexContent(
                index: index, state: indexer.state, query: query, now: now
            ).blocks(of: place)
            return Answer(
                page(place.title, at: place, showing: blocks.map { $0.bytes(templates) }))
        } catch let error as IndexError {
            return message(
                ("The index cannot be read", error.description, error.hint),
                status: .internalServerError)
        } catch {
            return message(
                ("This cannot be shown", printable("\(error)"), ""), status: .internalServerError)
        }
    }

    func post(_ path: String, _ body: SentBody, for visitor: Visitor) async -> Answer {
        guard visitor.seesAll else { return closed }
        guard let (id, rest) = Self.split(path), !rest.isEmpty, let site = try? site(of: id)
        else {
            return missing
        }
        return await site.post(rest, body, for: visitor)
    }

    private var now: Instant {
        collection.request.isAsOfGiven ? collection.request.asOf : collection.now()
    }

    private var event: [UInt8] {
        let state = indexer.state
        return EventStreams.event(
            state.version, state.isComplete ? "all bundles are verified" : "still being recomputed")
    }

    /// What somebody sees who may see only what everyone may: the index has more of every bundle.
    private var closed: Answer {
        message(
            (
                "Not for your role", "The index shows what is restricted in its bundles.",
                "Ask for a role that sees all, or for a console of one bundle."
            ), status: .forbidden)
    }

    private var missing: Answer {
        message(
            (
                "Not here", "This console has no such page, or the bundle is there no more.",
                "The links above lead to all of them."
            ), status: .notFound)
    }

    private func page(
        _ title: String, at place: IndexPlace?, isDocument: Bool = false,
        showing content: [[UInt8]]
    ) -> [UInt8] {
        let places = collection.places.map { printable($0) }
        var frame = PageFrame(
            title: title,
            subject: places.count > 3 ? "\(places.count) places" : places.joined(separator: " "))
        frame.links = IndexPlace.allCases.map { ($0.rawValue, $0.title, $0 == place) }
        frame.links.append((Place.documents.rawValue, Place.documents.title, isDocument))
        if settings.login != nil {
            frame.links.append((SessionPage.path, SessionPage.title, title == SessionPage.title))
        }
        frame.isOwn = settings.login == nil
        frame.news = "The index has changed"
        return frame.page(templates, showing: content)
    }

    /// A page about one bundle.
    private func bundlePage(
        _ path: String, _ query: FormFields, target: [UInt8], for visitor: Visitor
    ) async throws -> Answer {
        guard let (id, rest) = Self.split(path), let site = try site(of: id) else {
            return missing
        }
        guard !rest.isEmpty else { return Answer(seeing: "\(path)/") }
        return await site.page(rest, query, target: target, for: visitor)
    }

    /// The pages about a bundle; nil where there is none of this id.
    private func site(of id: String) throws -> BundleSite? {
        guard let path = indexer.path(of: id) else { return nil }
        return try shelf.site(id, lookingEvery: settings.lookTime) {
            try BundleSite(
                collection.subject(path), settings: settings, log: log,
                templates: templates.under(Self.prefix + id),
                others: { [self] in others(than: id, $0) })
        }
    }

    /// The bundles that one can be compared with: all where there are few, else those of the same release.
    private func others(than id: String, _ view: BundleView) -> [OtherBundle] {
        let most = 200
        var query = BundleQuery()
        if let counts = try? index.counts(), counts.all > most,
            let release = view.report.release?.release
        {
            query.release = "\(release.name)@"
        }
        let page = try? index.bundles(query, page: 0, rows: most)
        return (page?.items ?? []).filter { $0.id != id }.map {
            OtherBundle(
                key: $0.id, name: "\($0.release ?? "") \(printable($0.path))", path: $0.path)
        }
    }

    /// The id of a bundle and the path below it, which is empty or begins with `/`.
    private static func split(_ path: String) -> (id: String, rest: String)? {
        guard path.utf8.starts(with: prefix.utf8) else { return nil }
        let below = path.utf8.dropFirst(prefix.utf8.count)
        let id = below.prefix { $0 != UInt8(ascii: "/") }
        return (
            String(decoding: id, as: UTF8.self),
            String(decoding: below[id.endIndex...], as: UTF8.self)
        )
    }
}

/// The pages about several bundles, by their paths and in the order of the navigation.
enum IndexPlace: String, CaseIterable, Sendable {
    case bundles = "/"
    case shipped = "/shipped"
    case register = "/register"

    /// What the navigation and the head of the page call it.
    var title: String {
        switch self {
        case .bundles: "Bundles"
        case .shipped: "Was it shipped?"
        case .register: "Register of accepted risks"
        }
    }
}
