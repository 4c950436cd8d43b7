import CloseoutDelivery
import CloseoutEncodings
import CloseoutFiles
import CloseoutOpenSSL

/// The bundles of a folder, and which of them have grown since somebody looked.
struct WatchedFolder {
    /// How many seconds after a look a bundle is looked at again though it has not grown: retention runs out by itself.
    private static let longestWait: Int64 = 3600
    private static let log = Array("log.jsonl".utf8)

    /// The folder.
    let path: [UInt8]
    private var seen: [[UInt8]: (size: Int, at: Instant)] = [:]
    /// The bundles by the digests of their seals.
    private(set) var bundles: [SHA256Digest: [UInt8]] = [:]

    /// What is no bundle, and was said to be none.
    private var passedOver: Set<[UInt8]> = []

    /// The bundles that could not be looked at when that was last tried.
    private(set) var troubled: Set<[UInt8]> = []

    init(path: [UInt8]) {
        self.path = path
    }

    /// The bundles that are new, have grown, or were looked at long ago.
    ///
    /// - Parameters:
    ///   - now: The present time.
    ///   - passing: Gets what is no bundle, once each; not what begins with a dot.
    /// - Returns: Their paths.
    /// - Throws: `FileError` where the folder cannot be listed.
    mutating func due(
        _ now: Instant, passing: ([UInt8]) -> Void
    ) throws(FileError) -> [[UInt8]] {
        let folder = try Directory.open(path)
        var due: [[UInt8]] = []
        var (present, others): (Set<[UInt8]>, Set<[UInt8]>) = ([], [])
        for entry in try folder.entries() where entry.name.first != UInt8(ascii: ".") {
            let bundle = Path.join(path, entry.name)
            guard let opened = try? folder.open(entry.name),
                let status = try? opened.statusIfThere(of: Self.log)
            else {
                others.insert(bundle)
                if !passedOver.contains(bundle) { passing(bundle) }
                continue
            }
            present.insert(bundle)
            if let last = seen[bundle], last.size == status.size,
                now.secondsSince1970 - last.at.secondsSince1970 < Self.longestWait
            {
                continue
            }
            seen[bundle] = (status.size, now)
            due.append(bundle)
        }
        troubled.formIntersection(present)
        passedOver = others
        return due
    }

    /// Looks at a bundle again in a minute, since something was wrong.
    mutating func lookSoon(at bundle: [UInt8]) {
        troubled.insert(bundle)
        guard let last = seen[bundle] else { return }
        let earlier = last.at.adding(seconds: 60 - Self.longestWait) ?? last.at
        seen[bundle] = (last.size, earlier)
    }

    /// Remembers whose bundle it is, which could be looked at.
    mutating func know(_ bundle: [UInt8], as seal: SHA256Digest) {
        troubled.remove(bundle)
        bundles[seal] = bundle
    }
}
