import CloseoutEncodings
package import CloseoutOpenSSL

/// What CAVRA says of a release, read and not believed (docs/import.md).
package struct CavraPackage: Sendable {
    /// The most bytes of a file.
    package static let largestFile = 1024 * 1024
    /// The value of `schema_version` of a whole package.
    static let schema = "cavra.final_closeout_trial.v1"

    /// The exact bytes of the file.
    package let bytes: [UInt8]
    /// Their digest.
    package let digest: SHA256Digest
    /// When it was made, as it says.
    let generatedAt: ForeignTime?
    /// What is read of each section that is there.
    private(set) var readiness: CavraReadiness?
    private(set) var manifest: CavraManifest?
    private(set) var closeout: CavraCloseout?
    private(set) var retention: CavraRetention?
    private var laterDecision: CavraRetentionDecision?
    private(set) var artifacts: CavraArtifacts?
    private(set) var health: CavraHealth?
    private(set) var alerts: [CavraDelivery] = []
    private(set) var deliveries: [CavraDelivery] = []
    private(set) var plan: CavraRetryPlan?
    private(set) var run: CavraRetryRun?
    private(set) var decision: CavraDecision?
    /// The ids by which sections name each other, by what is named.
    private(set) var names: [String: [(place: String, value: [UInt8])]] = [:]
    /// The places of what nothing is known of.
    private(set) var unread: [String] = []
    /// The sections that are there.
    private(set) var sections: Set<CavraSectionName> = []

    /// Reads a package, or an array of the objects of CAVRA's code, with the strict reader.
    ///
    /// - Throws: `ImportError` that names the place.
    package init(parsing bytes: [UInt8]) throws(ImportError) {
        self.bytes = bytes
        do {
            guard bytes.count <= Self.largestFile else {
                throw ImportError("longer than \(Self.largestFile) bytes")
            }
            digest = try SHA256Digest.of(bytes)
            let json = try JSON(parsing: bytes)
            if case .array = json {
                generatedAt = nil
                try take(objects: JSONItem(json))
                try demandFewDeliveries()
                return
            }
            var reader = try JSONObjectReader(json)
            try reader.constant("schema_version", Self.schema)
            generatedAt = try reader.time("generated_at")
            reader.skip(["scenario"])
            for name in CavraSectionName.allCases {
                guard let item = try reader.field([name.rawValue]) else { continue }
                try take(name, item)
            }
            unread += reader.untaken
            try demandFewDeliveries()
        } catch let error as ImportError {
            throw error
        } catch {
            throw ImportError("\(error)")
        }
    }

    /// What was decided on retention, wherever that is.
    var retentionDecision: CavraRetentionDecision? { laterDecision ?? retention?.decision }

    /// The names of the listed files that may lie beside the package.
    package var fileNames: [[UInt8]] {
        artifacts?.files.filter { $0.content == nil && $0.isBeside }.map(\.name) ?? []
    }

    /// The objects of an array, each known by its `schema_version`.
    private mutating func take(objects list: JSONItem) throws {
        let items = try list.array()
        guard !items.isEmpty else { throw list.invalid("empty") }
        for item in items {
            var reader = try item.object()
            let schema = try reader.required("schema_version")
            guard let name = CavraSectionName(schema: try schema.string(), item.value) else {
                throw schema.invalid("is none of an object of CAVRA's final closeout")
            }
            guard name.isRepeatable || !sections.contains(name) else {
                throw item.invalid("is a second \(name.rawValue)")
            }
            try take(name, item)
        }
    }

    private mutating func take(
        _ name: CavraSectionName, _ item: JSONItem
    ) throws(JSONShapeError) {
        sections.insert(name)
        switch name {
        case .readiness: readiness = try read(item)
        case .manifest: manifest = try read(item)
        case .closeout: closeout = try read(item)
        case .retention: retention = try read(item)
        case .retentionDecision: laterDecision = try read(item)
        case .artifacts: artifacts = try read(item)
        case .health: health = try read(item)
        case .alerts: alerts += try readAll(item)
        case .deliveries: deliveries += try readAll(item)
        case .plan: plan = try read(item)
        case .run: run = try read(item)
        case .decision: decision = try read(item)
        }
    }

    private mutating func read<Section: CavraSection>(
        _ item: JSONItem
    ) throws(JSONShapeError) -> Section {
        noteNames(of: item)
        var reader = try item.object()
        let section = try Section(taking: &reader)
        reader.skip(CavraSectionName.common)
        unread += reader.untaken
        return section
    }

    /// Reads one section, or an array of them.
    private mutating func readAll<Section: CavraSection>(
        _ item: JSONItem
    ) throws(JSONShapeError) -> [Section] {
        guard case .array = item.value else { return [try read(item)] }
        var sections: [Section] = []
        for element in try item.array() { sections.append(try read(element)) }
        return sections
    }

    /// As many deliveries as a record can link to, and as a person can look at.
    private func demandFewDeliveries() throws(ImportError) {
        guard (deliveries + alerts).map(\.items.count).reduce(0, +) <= 512 else {
            throw ImportError("names more than 512 deliveries")
        }
    }

    /// Notes the ids that a section gives of itself and of others.
    private mutating func noteNames(of item: JSONItem) {
        for (named, keys) in CavraSectionName.names {
            for key in keys {
                guard case .string(let value)? = item.value[key], !value.isEmpty else {
                    continue
                }
                let place = item.place.isEmpty ? key : "\(item.place).\(key)"
                names[named, default: []].append((place, value))
            }
        }
    }
}

/// What lies beside a package under the name of a listed file.
package enum FileBeside: Equatable, Sendable {
    /// A file with these bytes.
    case contents([UInt8])
    /// Something that is not read as a file, and why.
    case unreadable(String)
}

extension CavraArtifacts.File {
    /// Whether it may lie beside the package: its name is a plain one, without a folder.
    var isBeside: Bool {
        !name.isEmpty && !name.contains(UInt8(ascii: "/")) && !name.contains(0)
            && name.first != UInt8(ascii: ".")
    }
}

/// One section of a package, read from an object that is not closed.
protocol CavraSection: Sendable {
    init(taking reader: inout JSONObjectReader) throws(JSONShapeError)
}

/// Why a file is no package of CAVRA, and where.
package struct ImportError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong, and where.
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
