import CloseoutEncodings
import Mustache

/// The values that a template is filled with: texts, truth values, and lists of such values.
///
/// A number would be true in a template whatever it is, and so is made text here.
typealias TemplateValues = [String: any Sendable]

/// A path of the pages about a bundle, as a value of a template: the one place where it is put below the path that the
/// bundle has among others.
///
/// What begins with `#` is on the same page.
struct Link: Sendable {
    let path: String

    init(_ path: String) { self.path = path }
}

/// The templates of all pages (docs/console.md, "What it shows").
///
/// The template engine escapes by characters as a person sees them, and so leaves a quote alone that a combining mark
/// follows. Here every text is escaped scalar by scalar.
struct Templates: Sendable {
    /// Escapes what could end a text or an attribute of HTML, and shows what nobody would see.
    private struct MarkupText: MustacheContentType {
        func escapeText(_ text: String) -> String { escapedMarkup(text) }
    }

    private static let content = "CLOSEOUT-MARKUP"
    private let library: MustacheLibrary
    /// What every link begins with; empty where there is one bundle.
    private(set) var base = ""
    /// Sees what templates are filled with, which tests compare with what they ask for.
    private let watch: (@Sendable (String, TemplateValues) -> Void)?

    /// The names of all templates.
    static var names: [String] { files.map(\.name) }

    /// Reads the templates that are put into the program.
    ///
    /// - Parameter watch: Sees what they are filled with.
    /// - Throws: Where one of them is not well formed.
    init(watchedBy watch: (@Sendable (String, TemplateValues) -> Void)? = nil) throws {
        self.watch = watch
        MustacheContentTypes.register(MarkupText(), named: Self.content)
        var library = MustacheLibrary()
        for (name, bytes) in Self.files {
            try library.register(
                "{{% CONTENT_TYPE:\(Self.content)}}" + String(decoding: bytes, as: UTF8.self),
                named: name)
        }
        self.library = library
    }

    /// The same templates, whose links begin with a path.
    func under(_ base: String) -> Templates {
        var copy = self
        copy.base = base
        return copy
    }

    /// Fills a template.
    func fill(_ name: String, _ values: TemplateValues) -> [UInt8] {
        let values = linked(values)
        watch?(name, values)
        return Array((library.render(values, withTemplate: name) ?? "").utf8)
    }

    private func linked(_ values: TemplateValues) -> TemplateValues {
        values.mapValues { value in
            switch value {
            case let link as Link: link.path.hasPrefix("#") ? link.path : base + link.path
            case let list as [TemplateValues]: list.map(linked)
            default: value
            }
        }
    }

    /// The text of a template, as it was written.
    static func source(_ name: String) -> String? {
        files.first { $0.name == name }.map { String(decoding: $0.bytes, as: UTF8.self) }
    }

    private static let files: [(name: String, bytes: [UInt8])] = [
        ("head", PackageResources.head_mustache),
        ("foot", PackageResources.foot_mustache),
        ("message", PackageResources.message_mustache),
        ("running", PackageResources.running_mustache),
        ("verdict", PackageResources.verdict_mustache),
        ("facts", PackageResources.facts_mustache),
        ("decision", PackageResources.decision_mustache),
        ("again", PackageResources.again_mustache),
        ("title", PackageResources.title_mustache),
        ("section", PackageResources.section_mustache),
        ("pieces", PackageResources.pieces_mustache),
        ("verbatim", PackageResources.verbatim_mustache),
        ("search", PackageResources.search_mustache),
        ("pager", PackageResources.pager_mustache),
        ("consistency", PackageResources.consistency_mustache),
        ("compare", PackageResources.compare_mustache),
        ("find", PackageResources.find_mustache),
        ("shipped", PackageResources.shipped_mustache),
        ("register", PackageResources.register_mustache),
        ("scenarios", PackageResources.scenarios_mustache),
        ("walking", PackageResources.walking_mustache),
        ("reading", PackageResources.reading_mustache),
        ("breaking", PackageResources.breaking_mustache),
        ("questions", PackageResources.questions_mustache),
        ("document", PackageResources.document_mustache),
        ("login", PackageResources.login_mustache),
        ("session", PackageResources.session_mustache),
        ("changes", PackageResources.changes_mustache),
        ("signing", PackageResources.signing_mustache),
        ("stored", PackageResources.stored_mustache),
    ]
}

/// A text within HTML, also within an attribute in double quotes.
func escapedMarkup(_ text: String) -> String {
    var escaped = ""
    escaped.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
        switch scalar {
        case "&": escaped += "&amp;"
        case "<": escaped += "&lt;"
        case ">": escaped += "&gt;"
        case "\"": escaped += "&quot;"
        case "'": escaped += "&#39;"
        case "`": escaped += "&#96;"
        case "\n": escaped += "\n"
        default:
            if isVisible(scalar) {
                escaped.unicodeScalars.append(scalar)
            } else {
                escaped += "\\u{\(String(scalar.value, radix: 16))}"
            }
        }
    }
    return escaped
}
