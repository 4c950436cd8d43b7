import CloseoutEncodings
import HTTPTypes

/// The pages about one bundle, for each visitor those that they may see, with what they may add.
final class BundleSite: Site {
    private let bundle: ShownBundle
    private let pages: Pages
    /// A copy of what everyone may see, for whoever may see nothing else; nil where nobody logs in.
    private let part: (bundle: ShownBundle, pages: Pages)?
    /// What people may add to the bundle; nil where they may not.
    private let changes: Changes?
    private let hasLogin: Bool

    /// Takes the bundle.
    ///
    /// - Parameters:
    ///   - subject: What is shown.
    ///   - sandbox: The sandbox that it is from; nil where it is from none.
    ///   - place: Where a copy is made of what everyone may see; nil where none is needed.
    ///   - settings: What is borne with.
    ///   - log: Takes what happens.
    ///   - templates: The templates; what they put before links is where the pages are.
    ///   - others: The other bundles that there are; nil where it is the only one.
    /// - Throws: Where a template is not well formed.
    init(
        _ subject: ConsoleSubject, _ sandbox: Sandbox? = nil, copyAt place: [UInt8]? = nil,
        settings: ConsoleSettings, log: AccessLog, templates: Templates,
        others: (@Sendable (BundleView) -> [OtherBundle])? = nil
    ) throws {
        bundle = ShownBundle(subject, log: log)
        pages = try Pages(
            bundle, sandbox, settings: settings, templates: templates, others: others)
        part = try place.map { place in
            let copy = ShownBundle(subject.publicPart(at: place), log: log)
            return (copy, try Pages(copy, nil, settings: settings, templates: templates))
        }
        changes = settings.allowsChanges ? Changes(bundle, pages, log: log) : nil
        hasLogin = settings.login != nil
    }

    func message(_ message: Pages.Message, status: HTTPResponse.Status) -> Answer {
        pages.message(message, status: status)
    }

    func known(_ path: String, target: [UInt8], for visitor: Visitor) -> Answer? {
        pages(for: visitor).known(path, target: target)
    }

    func page(
        _ path: String, _ query: FormFields, target: [UInt8], for visitor: Visitor
    ) async -> Answer {
        let pages = pages(for: visitor)
        if hasLogin, path == SessionPage.path {
            return pages.page(SessionPage.title, [SessionPage.content(visitor)])
        }
        if visitor.seesAll, let answer = await changes?.page(path, query, for: visitor) {
            return answer
        }
        return await pages.page(path, query, target: target)
    }

    func post(_ path: String, _ body: SentBody, for visitor: Visitor) async -> Answer {
        if visitor.seesAll, let answer = await changes?.post(path, body, for: visitor) {
            return answer
        }
        return await pages(for: visitor).post(path, body)
    }

    func keepLooking(every time: Duration) async {
        await withDiscardingTaskGroup { group in
            for bundle in [bundle, part?.bundle].compactMap(\.self) {
                group.addTask { await bundle.keepLooking(every: time) }
            }
        }
    }

    func end() {
        bundle.end()
        part?.bundle.end()
    }

    private func pages(for visitor: Visitor) -> Pages {
        visitor.seesAll ? pages : part?.pages ?? pages
    }
}

/// The page that says who is logged in, and how they log out.
enum SessionPage {
    static let path = "/session"
    static let title = "Session"

    static func content(_ visitor: Visitor) -> (name: String, values: TemplateValues) {
        let roles = ConsoleRole.allCases.filter(visitor.roles.contains).map(\.rawValue)
        return (
            "session",
            [
                "subject": printable(visitor.person?.subject ?? ""),
                "issuer": printable(visitor.person?.issuer ?? ""),
                "roles": roles.joined(separator: ", "),
            ]
        )
    }
}
