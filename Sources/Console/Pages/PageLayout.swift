import CloseoutEncodings
import CloseoutReports
import CloseoutVerification

/// What is around the content of every page.
struct PageLayout: Sendable {
    let templates: Templates
    /// What the console shows.
    let bundle: ShownBundle
    /// Whether it is a sandbox.
    let isSandbox: Bool
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
        var links: [TemplateValues] = places.map {
            ["path": $0.rawValue, "title": $0.title, "isHere": $0 == place]
        }
        for item in more {
            links.append(["path": item.path, "title": item.title, "isHere": title == item.title])
        }
        let head = templates.fill(
            "head",
            [
                "title": title, "subject": printable(bundle.subject.shownPath), "links": links,
                "refreshes": refreshes,
            ])
        let foot = templates.fill(
            "foot",
            [
                "isVerified": view != nil,
                "asOf": view.map { $0.report.asOf.description } ?? "",
                "seal": view?.report.release?.seal.hex ?? "",
                "hasSeal": view?.report.release != nil, "version": productVersion,
                "isOwn": isOwn,
            ])
        return head + content.flatMap(\.self) + foot
    }
}
