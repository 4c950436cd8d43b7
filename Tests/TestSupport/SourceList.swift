import FoundationEssentials

/// The sources of the program, for tests about all of them.
package enum SourceList {
    /// The paths of all Swift files below a folder, sorted.
    package static func paths(below folder: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder)
            .filter { $0.hasSuffix(".swift") }.sorted().map { folder + "/" + $0 }
    }
}
