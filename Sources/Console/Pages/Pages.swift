import CloseoutEncodings
import CloseoutFiles
import CloseoutReports
import CloseoutVerification
import CloseoutWorkflows
import HTTPTypes
import Synchronization

/// All pages of a console, by their paths.
final class Pages: Sendable {
    /// Something that a person reads in place of a page.
    typealias Message = (title: String, text: String, hint: String)

    let bundle: ShownBundle
    let sandbox: Sandbox?
    private let settings: ConsoleSettings
    private let templates: Templates
    private let layout: PageLayout
    /// The other bundles of this console that the bundle can be compared with.
    private let others: @Sendable (BundleView) -> [OtherBundle]
    private let cache = Mutex(PageCache())

    /// Takes the bundle.
    ///
    /// - Parameters:
    ///   - bundle: The bundle.
    ///   - sandbox: The sandbox that it is from; nil where it is from none.
    ///   - settings: What is borne with.
    ///   - templates: The templates, where they are read already; what they put before links is where the pages are.
    ///   - others: The other bundles that there are; nil where it is the only one.
    /// - Throws: Where a template is not well formed.
    init(
        _ bundle: ShownBundle, _ sandbox: Sandbox?, settings: ConsoleSettings,
        templates: Templates? = nil, others: (@Sendable (BundleView) -> [OtherBundle])? = nil
    ) throws {
        self.bundle = bundle
        self.sandbox = sandbox
        self.settings = settings
        self.templates = try templates ?? Templates()
        self.others = others ?? { _ in [] }
        layout = PageLayout(
            templates: self.templates, bundle: bundle, isSandbox: sandbox != nil,
            isOfMany: others != nil, isOwn: settings.login == nil,
            more: (settings.allowsChanges ? [(Changes.page, "Changes")] : [])
                + (settings.login != nil ? [(SessionPage.path, "Session")] : []))
    }

    /// A page in place of what was asked for.
    func message(_ message: Message, status: HTTPResponse.Status) -> Answer {
        let content = templates.fill(
            "message",
            [
                "title": message.title, "text": message.text, "hint": message.hint,
                "hasHint": !message.hint.isEmpty,
            ])
        return Answer(layout.page(message.title, showing: [content]), status: status)
    }

    /// What takes no work: the files that pages refer to, and pages that were drawn before.
    ///
    /// - Parameters:
    ///   - path: The path.
    ///   - target: The path with what comes behind it, as they were sent.
    /// - Returns: The answer; nil where it has to be made.
    func known(_ path: String, target: [UInt8]) -> Answer? {
        switch path {
        case "/hello": Answer(Array("hello\n".utf8), MediaName.text)
        case "/style.css": Answer(Assets.style, MediaName.style)
        case "/console.js": Answer(Assets.script, MediaName.script)
        default: cache.withLock { $0.answer(to: target, bundle.now.version) }
        }
    }

    /// What a path is answered with, where it has to be made.
    ///
    /// - Parameters:
    ///   - path: The path.
    ///   - query: What comes behind it, decoded.
    ///   - target: Both as they were sent.
    /// - Returns: The answer.
    func page(_ path: String, _ query: FormFields, target: [UInt8]) async -> Answer {
        switch path {
        case "/events": return Answer(events: bundle.events(for: settings.streamTime))
        default: break
        }
        if let document = document(path) { return document }
        let (version, stage) = bundle.now
        if path.utf8.starts(with: "/api/".utf8) {
            return Interface(version: version, stage: stage, query: query).answer(path) {
                view(version, $0, $1)
            }
        }
        switch stage {
        case .running:
            return Answer(
                layout.page(
                    "Being recomputed", at: Place(rawValue: path), refreshes: true,
                    showing: [templates.fill("running", ["command": bundle.subject.command])]))
        case .failed(let error):
            let (text, hint) = error.words
            return message(("This bundle cannot be verified", text, hint), status: .ok)
        case .done(let recheckedBundle, let at):
            let view = view(version, recheckedBundle, at)
            guard let place = Place(rawValue: path) else {
                return await file(path, query, view) ?? missing
            }
            if place == .compare { return await compared(query, view) }
            if place.isOfSandbox {
                return sandbox.map { tried($0, place, query, view) } ?? missing
            }
            let pages = BundlePages(view: view, query: query, subject: bundle.subject)
            let answer = answer(place, view, pages.blocks(of: place))
            cache.withLock { $0.keep(answer, to: target, version) }
            return answer
        }
    }

    /// A document of the project, or the list of them: they are there whatever becomes of the bundle.
    private func document(_ path: String) -> Answer? {
        let pages = DocumentPages(documents: DocumentFolder(settings.documents))
        return pages.page(path).map { title, blocks in
            Answer(
                layout.page(
                    title, at: .documents, showing: blocks.map { $0.bytes(templates) }))
        }
    }

    /// A page that is about no verification, of templates with their values.
    func page(_ title: String, _ content: [(name: String, values: TemplateValues)]) -> Answer {
        let filled = content.map { templates.fill($0.name, $0.values) }
        return Answer(
            layout.page(title, showing: [templates.fill("title", ["title": title])] + filled))
    }

    /// What is done on request.
    func post(_ path: String, _ body: SentBody) async -> Answer {
        switch path {
        case "/verify":
            bundle.begin()
            return seeing(.overview)
        case Place.log.rawValue:
            let (version, stage) = bundle.now
            guard case .done(let recheckedBundle, let at) = stage else { return seeing(.log) }
            return await checkpoint(body, view(version, recheckedBundle, at))
        case _ where path.utf8.starts(with: "/api/".utf8):
            var answer = message(
                (
                    "Method not allowed", "What programs read of a console takes GET and HEAD.",
                    ""
                ), status: .methodNotAllowed)
            answer.fields = [("Allow", "GET, HEAD")]
            return answer
        default: return await trying(path, body)
        }
    }

    /// The bundle as the pages show it, drawn once for each verification.
    private func view(_ version: Int, _ bundle: RecheckedBundle, _ at: Instant) -> BundleView {
        cache.withLock { $0.view(version) { BundleView(bundle, at: at, under: templates.base) } }
    }

    /// Sends the browser to a page of the bundle.
    func seeing(_ place: Place) -> Answer { Answer(seeing: path(place.rawValue)) }

    /// The path below the one that the bundle's pages have.
    func path(_ path: String) -> String { templates.base + path }

    var missing: Answer {
        message(
            ("Not here", "This console has no such page.", "The links above lead to all of them."),
            status: .notFound)
    }

    /// A page of the navigation.
    func answer(_ place: Place, _ view: BundleView, _ blocks: [PageBlock]) -> Answer {
        Answer(
            layout.page(
                place.title, at: place, view, showing: blocks.map { $0.bytes(templates) }))
    }

    /// Compares the log with a checkpoint that somebody kept.
    private func checkpoint(_ body: SentBody, _ view: BundleView) async -> Answer {
        // A browser sends each end of a line as two bytes.
        let text = (FormFields(body.bytes)?["checkpoint"] ?? []).filter { $0 != 13 }
        guard let earlier = try? Checkpoint(parsing: SignedNote(parsing: text).text) else {
            return message(
                (
                    "No checkpoint", "What was sent is no checkpoint with a signature.",
                    "Copy the whole file checkpoint of a bundle, with its last line."
                ), status: .badRequest)
        }
        var request = bundle.subject.request
        request.previous = earlier
        request.artifacts = .none
        if !request.isAsOfGiven { request.asOf = bundle.subject.now() }
        do {
            let report = try await verifyBundle(at: bundle.subject.path, request).report
            var page = LogPage(view: view, query: FormFields())
            page.compared = LogPage.blocks(comparing: report)
            return answer(.log, view, page.blocks)
        } catch {
            let (text, hint) = error.words
            return message(("This bundle cannot be verified", text, hint), status: .ok)
        }
    }

    /// Compares the bundle with another one of this console.
    private func compared(_ query: FormFields, _ view: BundleView) async -> Answer {
        let named = bundle.subject.others.enumerated().map {
            OtherBundle(key: "\($0)", name: printable($1), path: $1)
        }
        let others = named + self.others(view)
        let key = query["with"] ?? []
        let chosen = others.first { $0.key.utf8.elementsEqual(key) }
        let choices: [TemplateValues] = others.map {
            ["key": $0.key, "name": $0.name, "isChosen": $0.key == chosen?.key]
        }
        var blocks: [PageBlock] = [.title(Place.compare.title)]
        if others.isEmpty {
            blocks.append(
                .section(
                    id: "none", "Nothing to compare with",
                    [[.text("Start the console with --compare and another bundle.")]]))
        } else {
            blocks.append(
                .template("compare", ["path": Link(Place.compare.rawValue), "others": choices]))
        }
        if let chosen {
            var request = bundle.subject.request
            request.artifacts = .none
            if !request.isAsOfGiven { request.asOf = bundle.subject.now() }
            do {
                let difference = try await compareBundles(
                    bundle.subject.path, chosen.path, request, bundle.subject.recheck)
                blocks += [
                    .section(id: "difference", "What differs"), .verbatim(difference.text),
                ]
            } catch {
                let (text, hint) = error.words
                return message(("They cannot be compared", text, hint), status: .ok)
            }
        }
        return answer(.compare, view, blocks)
    }
}

/// Another bundle that a bundle can be compared with.
struct OtherBundle: Sendable {
    /// What it is called in an address.
    let key: String
    /// What it is called on a page.
    let name: String
    let path: [UInt8]
}

/// What was made of the last verification; all that there is to see is the same for everybody who may ask.
private struct PageCache {
    /// The most pages that are kept, and the most bytes of one.
    private static let most = (pages: 256, bytes: 1 << 20)

    private var version = 0
    private var view: BundleView?
    private var answers: [[UInt8]: Answer] = [:]

    /// The bundle as the pages show it.
    mutating func view(_ version: Int, _ make: () -> BundleView) -> BundleView {
        if let view, self.version == version { return view }
        let view = make()
        self.version = version
        self.view = view
        answers = [:]
        return view
    }

    /// The page that was made before.
    func answer(to target: [UInt8], _ version: Int) -> Answer? {
        self.version == version ? answers[target] : nil
    }

    /// Keeps a page.
    mutating func keep(_ answer: Answer, to target: [UInt8], _ version: Int) {
        guard self.version == version, case .bytes(let bytes) = answer.body,
            bytes.count <= Self.most.bytes
        else { return }
        if answers.count >= Self.most.pages { answers = [:] }
        answers[target] = answer
    }
}

/// The files that pages refer to.
enum Assets {
    /// How pages look: as a report as HTML does, with what is around it.
    static let style = Array(HTMLStyle.sheet.description.utf8) + PackageResources.console_css
    /// What the browser may run.
    static let script = PackageResources.console_js
}

extension Verdict {
    /// The class of the style sheet that repeats it.
    var styleClass: String {
        switch self {
        case .verified: "pass"
        case .failed: "fail"
        case .incomplete: "unknown"
        }
    }

    /// A shape that repeats it.
    var shape: String {
        switch self {
        case .verified: "✔"
        case .failed: "✘"
        case .incomplete: "◌"
        }
    }
}

extension WorkflowError {
    /// What is wrong, and what to do about it.
    var words: (text: String, hint: String) {
        if case .refused(let refusal) = self { return (refusal.message, refusal.hint ?? "") }
        return ("\(self)", "")
    }
}
