import CloseoutEncodings
import CloseoutManifests
import CloseoutVerification
import CloseoutWorkflows
import Synchronization

/// The shipped files as the manifest lists them: searched, sorted and cut into pages here.
struct ArtifactsPage {
    /// How many files a page has.
    static let rows = 100

    /// What the files are ordered by.
    enum Order: String, CaseIterable {
        case path, size, digest
    }

    let view: BundleView
    let query: FormFields

    var blocks: [PageBlock] {
        guard let manifest = view.bundle.inspection.manifest else {
            return [
                .title(Place.artifacts.title),
                .section(id: "none", "No list", [[.text("The manifest cannot be read.")]]),
            ]
        }
        let search = query["q"] ?? []
        let order = query.text("sort").flatMap(Order.init) ?? .path
        let places = view.artifacts.places(search, order)
        let count = places?.count ?? manifest.count
        let pager = Pager(query, pages: max(1, (count + Self.rows - 1) / Self.rows))
        let first = pager.page * Self.rows
        var table = PageTable(
            "Files \(count == 0 ? 0 : first + 1) to \(min(count, first + Self.rows)) of \(grouped(count))",
            "Path", "What it is", "SHA-256", "Proof")
        for row in first..<min(count, first + Self.rows) {
            guard let entry = manifest.entry(at: places?[row] ?? row) else { continue }
            add(entry, to: &table)
        }
        let base = "\(Place.artifacts.rawValue)?q=\(queryEncoded(search))&sort=\(order.rawValue)&"
        let values: TemplateValues = [
            "q": printable(search), "path": Link(Place.artifacts.rawValue),
            "orders": Order.allCases.map {
                ["name": $0.rawValue, "isChosen": $0 == order] as TemplateValues
            },
        ]
        return [
            .title(Place.artifacts.title), .template("search", values),
            .section(id: "files", "Shipped files", [[.text(compared)]], [table]),
            .template("pager", pager.values(base)),
        ]
    }

    /// Whether the files were compared with the manifest.
    private var compared: String {
        let given = view.report.findings.filter { $0.id == .artifactGiven }
        return given.contains { $0.status == .pass }
            ? "The files that were given were compared with this list; the overview names each difference."
            : "This is what was sealed. The files themselves were not given, so nobody compared them."
    }

    private func add(_ entry: ManifestEntry, to table: inout PageTable) {
        let path = printable(entry.path)
        let proof = Piece.link("proof", to: "/proof?path=\(queryEncoded(entry.path))")
        switch entry.kind {
        case .file(let mode, let size, let digest):
            let rights = mode.map { ", mode \(String($0, radix: 8))" } ?? ""
            table.add(
                [.code(path)], [.text(byteCount(size) + rights)], [.code(digest.hex)], [proof])
        case .directory: table.add([.code(path)], [.text("folder")], [], [proof])
        case .symlink(let target):
            table.add([.code(path)], [.text("link to \(printable(target))")], [], [proof])
        }
    }
}

/// Orders of the files of a manifest, each made when it is first asked for.
final class ArtifactOrders: Sendable {
    private let manifest: Manifest?
    private let known = Mutex<[ArtifactsPage.Order: [Int]]>([:])

    init(_ manifest: Manifest?) {
        self.manifest = manifest
    }

    /// The places of the files that hold a text in their path, or whose digest begins with it.
    ///
    /// - Returns: The places in order; nil where these are all, in the order of the manifest.
    func places(_ search: [UInt8], _ order: ArtifactsPage.Order) -> [Int]? {
        guard let manifest else { return [] }
        let all = order == .path ? nil : sorted(by: order, manifest)
        guard !search.isEmpty else { return all }
        let digest = Array(String(decoding: search, as: UTF8.self).lowercased().utf8)
        return (all ?? Array(0..<manifest.count)).filter { index in
            guard let entry = manifest.entry(at: index) else { return false }
            if case .file(_, _, let own) = entry.kind, own.hex.utf8.starts(with: digest) {
                return true
            }
            return Self.holds(entry.path, search)
        }
    }

    private func sorted(by order: ArtifactsPage.Order, _ manifest: Manifest) -> [Int] {
        if let places = known.withLock({ $0[order] }) { return places }
        let keys: [(key: [UInt8], size: UInt64)] = (0..<manifest.count).map { index in
            guard let entry = manifest.entry(at: index),
                case .file(_, let size, let digest) = entry.kind
            else { return ([], 0) }
            return (order == .digest ? Array(digest.hex.utf8) : [], size)
        }
        let places = keys.indices.sorted { left, right in
            order == .size
                ? (keys[right].size, left) < (keys[left].size, right)
                : keys[left].key.lexicographicallyPrecedes(keys[right].key)
        }
        known.withLock { $0[order] = places }
        return places
    }

    private static func holds(_ path: [UInt8], _ part: [UInt8]) -> Bool {
        guard part.count <= path.count else { return false }
        return (0...(path.count - part.count)).contains { path[$0...].starts(with: part) }
    }
}
