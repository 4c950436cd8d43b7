import CloseoutFiles

/// A bundle without what is kept back of it, as a copy for everyone would be (docs/records.md, "Withheld files").
struct PublicSource: BundleSource {
    /// The bundle with all its files.
    let whole: any BundleSource
    private let withheld: Set<[UInt8]>
    private let list: [UInt8]

    /// Leaves out files, which `withheld.json` names then.
    init(_ whole: any BundleSource, without withheld: [[UInt8]]) {
        self.whole = whole
        self.withheld = Set(withheld)
        list = WithheldList(paths: withheld).canonicalBytes
    }

    var path: [UInt8] { whole.path }

    func unlock() { whole.unlock() }

    func entries() throws(FileError) -> [BundleEntry] {
        try whole.entries().filter {
            !withheld.contains($0.path) && $0.path != BundleLayout.withheld
        }
            + [BundleEntry(path: BundleLayout.withheld, kind: .regular)]
    }

    func give(
        _ path: [UInt8], limit: Int, to sink: inout some ByteSink & ~Copyable
    ) throws -> FileReading? {
        guard !withheld.contains(path) else { return .missing }
        guard path == BundleLayout.withheld else {
            return try whole.give(path, limit: limit, to: &sink)
        }
        guard list.count <= limit else { return .tooLarge(limit: limit) }
        try sink.begin(size: list.count)
        try sink.take(list[...])
        return nil
    }
}
