import CloseoutEncodings
import CloseoutManifests

/// What members may be called, in which order they are, and where they may lie
/// (docs/pack.md, "Paths").
struct ArchiveRules: Sendable {
    /// A folder whose members are being gone through.
    private struct Folder {
        /// Its path below the top folder with a slash; empty for the top folder.
        let prefix: [UInt8]
        /// The folders in it.
        var folders: Set<[UInt8]> = []
        /// All names in it, as file systems see them that take case and normalisation for nothing.
        var folded: Set<String> = []
    }

    /// What the name of the top folder ends in.
    private static let ending = Array(".closeout".utf8)
    /// The most bytes of a path.
    private static let longestPath = 8192

    /// The top folder's name with a slash.
    private var top: [UInt8]?
    private var last: [UInt8] = []
    private var open = [Folder(prefix: [])]

    /// Whether the top folder has been met.
    var hasBegun: Bool { top != nil }

    /// Checks the next member.
    ///
    /// - Returns: Its path below the top folder; empty for that folder itself.
    /// - Throws: `Refusal` that says what is wrong.
    mutating func check(_ member: ArchiveMember) throws(Refusal) -> [UInt8] {
        try Self.checkForm(of: member.path)
        guard let top else {
            guard member.kind == .directory, !member.path.contains(slash),
                member.path.suffix(Self.ending.count) == Self.ending[...],
                printable(member.path).utf8.elementsEqual(member.path)
            else { throw Refusal("is not a folder with a printable name that ends in .closeout") }
            self.top = member.path + [slash]
            return []
        }
        guard member.path.starts(with: top) else { throw Refusal("lies outside the top folder") }
        let inner = Array(member.path.dropFirst(top.count))
        try checkOrder(inner)
        try enter(inner, isFolder: member.kind == .directory)
        try Self.checkKind(of: member, at: inner)
        return inner
    }

    /// A path leads down and nowhere else, and is text.
    private static func checkForm(of path: [UInt8]) throws(Refusal) {
        if path.first == slash { throw Refusal("has an absolute path") }
        guard path.count <= longestPath else { throw Refusal("has a path that is too long") }
        guard !path.contains(0), firstInvalidUTF8(in: path) == nil else {
            throw Refusal("has a path that is not text")
        }
        var start = 0
        while start <= path.count {
            var end = start
            while end < path.count, path[end] != slash { end += 1 }
            let isShort =
                end - start <= 2 && path[start..<end].allSatisfy { $0 == UInt8(ascii: ".") }
            if isShort, end - start == 2 { throw Refusal("has a path that climbs") }
            if isShort { throw Refusal("has a path with an empty component") }
            start = end + 1
        }
    }

    /// Paths ascend by their bytes, those of the artifacts behind all others.
    private mutating func checkOrder(_ inner: [UInt8]) throws(Refusal) {
        if inner == last { throw Refusal("appears twice") }
        let (before, now) = (Self.isArtifact(last), Self.isArtifact(inner))
        guard before == now ? last.lexicographicallyPrecedes(inner) : now else {
            throw Refusal("does not ascend")
        }
        last = inner
    }

    /// The folder of a path has an entry before it, and no other name there is the same to some systems.
    private mutating func enter(_ inner: [UInt8], isFolder: Bool) throws(Refusal) {
        while let folder = open.last, !inner.starts(with: folder.prefix) { open.removeLast() }
        var rest = inner.dropFirst(open.last?.prefix.count ?? 0)
        while let end = rest.firstIndex(of: slash) {
            guard open.last?.folders.contains(Array(rest[..<end])) == true else {
                throw Refusal("lies in a folder that has no entry before it")
            }
            open.append(Folder(prefix: Array(inner.prefix(through: end))))
            rest = rest[(end + 1)...]
        }
        let (name, place) = (Array(rest), open.count - 1)
        guard open[place].folded.insert(NameCollision.folded(name)).inserted else {
            throw Refusal("is one name with another where case or Unicode form does not count")
        }
        if isFolder { open[place].folders.insert(name) }
    }

    private static func checkKind(of member: ArchiveMember, at inner: [UInt8]) throws(Refusal) {
        switch member.kind {
        case .directory: return
        case .file(_, let mode):
            guard mode == 0o644 || isArtifact(inner) && inner != BundleLayout.artifacts else {
                throw Refusal("has another mode than 0644")
            }
        case .symlink(let target):
            guard isArtifact(inner), inner != BundleLayout.artifacts else {
                throw Refusal("is a link outside artifacts/")
            }
            guard !target.isEmpty, target.count <= Manifest.longestPath, !target.contains(0),
                firstInvalidUTF8(in: target) == nil
            else { throw Refusal("is a link with a target that is not text") }
            guard !leads(out: target, from: inner) else {
                throw Refusal("is a link that leads out of artifacts/")
            }
        }
    }

    /// Whether a target, taken as it is written, leads out of the folder of the artifacts.
    private static func leads(out target: [UInt8], from inner: [UInt8]) -> Bool {
        if target.first == slash { return true }
        var depth = inner.split(separator: slash).count - 2
        for component in target.split(separator: slash) {
            if component.elementsEqual(".".utf8) { continue }
            depth += component.elementsEqual("..".utf8) ? -1 : 1
            if depth < 0 { return true }
        }
        return false
    }

    /// Whether a path is that of the artifacts' folder or of something below it.
    static func isArtifact(_ inner: [UInt8]) -> Bool {
        inner.starts(with: BundleLayout.artifacts)
            && (inner.count == BundleLayout.artifacts.count
                || inner[BundleLayout.artifacts.count] == slash)
    }
}

let slash = UInt8(ascii: "/")
