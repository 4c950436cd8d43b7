import CloseoutBundles
import CloseoutEncodings
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutVerification
import CloseoutWorkflows
import HTTPTypes

/// What programs read of a console, as JSON (docs/console.md, "For programs").
struct Interface {
    let version: Int
    let stage: ShownBundle.Stage
    let query: FormFields

    /// The answer to a path below `/api/`.
    ///
    /// - Parameters:
    ///   - path: The path.
    ///   - view: Gives the bundle as the pages show it, once it is verified.
    /// - Returns: The answer.
    func answer(_ path: String, _ view: (RecheckedBundle, Instant) -> BundleView) -> Answer {
        switch path {
        case "/api/openapi.json": return Answer(PackageResources.openapi_json, MediaName.json)
        case "/api/state": return Self.json(state)
        default: break
        }
        if let flaw = flaw(in: path) {
            var answer = Self.json(Self.trouble(flaw))
            answer.status = .badRequest
            return answer
        }
        switch stage {
        case .running:
            var answer = Self.json(Self.trouble("being recomputed"))
            answer.status = .serviceUnavailable
            answer.fields = [("Retry-After", "1")]
            return answer
        case .failed(let error):
            var answer = Self.json(Self.trouble(error.words.text))
            answer.status = .internalServerError
            return answer
        case .done(let bundle, let at):
            let view = view(bundle, at)
            switch path {
            case "/api/report": return Self.json(view.report.json)
            case "/api/files": return Self.json(files(view))
            case "/api/log": return Self.json(log(view))
            default:
                var answer = Self.json(Self.trouble("there is no such path"))
                answer.status = .notFound
                return answer
            }
        }
    }

    /// What is wrong with the parameters of a path; nil where nothing is.
    private func flaw(in path: String) -> String? {
        let names = ["/api/files": ["q", "sort", "page"], "/api/log": ["page"]][path] ?? []
        for name in names where query.count(of: name) > 0 {
            guard let text = query.text(name) else {
                return "\(name): expected one text in UTF-8"
            }
            switch name {
            case "page":
                guard let page = query.number(name), page > 0 else {
                    return "page: expected a number from 1 to 999999999"
                }
            case "sort":
                guard ArtifactsPage.Order(rawValue: text) != nil else {
                    return "sort: expected path, size or digest"
                }
            default:
                guard text.unicodeScalars.count <= Self.longestSearch else {
                    return "q: expected at most \(Self.longestSearch) characters"
                }
            }
        }
        return nil
    }

    /// The most characters that are searched for.
    private static let longestSearch = 1000

    /// A value as an answer.
    static func json(_ value: JSON) -> Answer {
        Answer(value.printedBytes + [UInt8(ascii: "\n")], MediaName.json)
    }

    private static func trouble(_ words: String) -> JSON { ["error": JSON(words)] }

    private var state: JSON {
        var verdict = JSON.null
        var asOf = JSON.null
        let word: String
        switch stage {
        case .running: word = "running"
        case .failed: word = "failed"
        case .done(let bundle, _):
            word = "done"
            verdict = JSON(bundle.report.verdict.rawValue)
            asOf = JSON(bundle.report.asOf.description)
        }
        return [
            "version": .integer(Int64(version)), "state": JSON(word), "verdict": verdict,
            "as_of": asOf,
        ]
    }

    /// The place of the first row of the part that is asked for.
    private func part(_ count: Int, of rows: Int) -> (range: Range<Int>, members: [JSONMember]) {
        let last = max(0, (count - 1) / rows)
        let page = min(max((query.number("page") ?? 1) - 1, 0), last)
        return (
            (page * rows)..<min(count, (page + 1) * rows),
            [
                JSONMember("total", .integer(Int64(count))),
                JSONMember("page", .integer(Int64(page + 1))),
                JSONMember("pages", .integer(Int64(last + 1))),
            ]
        )
    }

    private func files(_ view: BundleView) -> JSON {
        guard let manifest = view.bundle.inspection.manifest else {
            return .object(part(0, of: 1).members + [JSONMember("files", [])])
        }
        let order = query.text("sort").flatMap(ArtifactsPage.Order.init) ?? .path
        let places = view.artifacts.places(query["q"] ?? [], order)
        let (range, members) = part(places?.count ?? manifest.count, of: ArtifactsPage.rows)
        let files = range.compactMap { manifest.entry(at: places?[$0] ?? $0) }.map {
            entry -> JSON in
            var members = [
                JSONMember("path", .string(entry.path)),
                JSONMember("type", JSON(entry.kind.type.rawValue)),
            ]
            switch entry.kind {
            case .directory: break
            case .symlink(let target): members.append(JSONMember("target", .string(target)))
            case .file(let mode, let size, let digest):
                members += [
                    JSONMember("mode", mode.map { JSON(String($0, radix: 8)) } ?? .null),
                    JSONMember("size", JSON(String(size))), JSONMember("sha256", JSON(digest.hex)),
                ]
            }
            return .object(members)
        }
        return .object(members + [JSONMember("files", .array(files))])
    }

    private func log(_ view: BundleView) -> JSON {
        let entries = view.contents.log.entries
        let (range, members) = part(entries.count, of: LogPage.rows)
        let rows = entries[range].map { entry -> JSON in
            [
                "sequence": .integer(Int64(entry.sequence)), "at": JSON(entry.at.description),
                "kind": JSON(entry.kind.rawValue), "path": JSON(printable(entry.path)),
                "size": .integer(Int64(entry.size)), "sha256": JSON(entry.digest.hex),
            ]
        }
        return .object(members + [JSONMember("entries", .array(rows))])
    }
}
