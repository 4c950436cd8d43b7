import CloseoutEncodings
import CloseoutReports
import CloseoutVerification

/// What is around the content of every page about a bundle.
struct PageLayout: Sendable {
    let templates: Templates
    /// What the console shows.
    let bundle: ShownBundle
    /// Whether it is a sandbox.
    let isSandbox: Bool
    /// Whether the bundle is one of several.
    let isOfMany: Bool
    /// Whether whoever sees it started the console.
    let isOwn: Bool
    /// What else the navigation leads to.
    let more: [(path: String, title: String)]

    /// A whole page.
    ///
    /// - Parameters:
    ///   - title: What it is called.
    ///   - place: Where it is in the navigation; nil where it is not there.
    ///   - view: The bundle, where it is verified.
    ///   - refreshes: Whether the browser is to ask again in a second.
    ///   - content: What is within.
    /// - Returns: The page.
    func page(
        _ title: String, at place: Place? = nil, _ view: BundleView? = nil,
        refreshes: Bool = false, showing content: [[UInt8]]
    ) -> [UInt8] {
        let places = Place.allCases.filter { isSandbox || !$0.isOfSandbox }
        var frame = PageFrame(title: title, subject: printable(bundle.subject.shownPath))
        frame.links =
            places.map { ($0.rawValue, $0.title, $0 == place) }
            + more.map { ($0.path, $0.title, $0.title == title) }
        frame.isOfMany = isOfMany
        frame.isOwn = isOwn
        frame.refreshes = refreshes
        frame.asOf = view?.report.asOf
        frame.seal = view?.report.release?.seal.hex
        return frame.page(templates, showing: content)
    }
}

/// The head and the foot of a page.
struct PageFrame {
    let title: String
    /// What the pages are about.
    let subject: String
    /// The pages of the navigation: path, name, and whether this is the one.
    var links: [(path: String, title: String, isHere: Bool)] = []
    /// Whether there is a page about all bundles above this one.
    var isOfMany = false
    /// Whether whoever sees it started the console.
    var isOwn = true
    /// Whether the browser is to ask again in a second.
    var refreshes = false
    /// What it means where something new is heard of.
    var news = "The bundle was verified anew"
    /// When the bundle was verified; nil where no page says so.
    var asOf: Instant?
    /// The bundle's id.
    var seal: String?

    init(title: String, subject: String) {
        self.title = title
        self.subject = subject
    }

    /// A whole page.
    func page(_ templates: Templates, showing content: [[UInt8]]) -> [UInt8] {
        let links: [TemplateValues] = links.map {
            ["path": Link($0.path), "title": $0.title, "isHere": $0.isHere]
        }
        let head = templates.fill(
            "head",
            [
                "title": title, "subject": subject, "links": links, "isOfMany": isOfMany,
                "refreshes": refreshes, "events": Link("/events"), "news": news,
            ])
        let foot = templates.fill(
            "foot",
            [
                "isVerified": asOf != nil, "asOf": asOf?.description ?? "", "seal": seal ?? "",
                "hasSeal": seal != nil, "version": productVersion, "isOwn": isOwn,
            ])
        return head + content.flatMap(\.self) + foot
    }
}
