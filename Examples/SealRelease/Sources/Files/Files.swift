import FoundationEssentials

/// Reads a whole file.
public func contents(ofFile path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(filePath: path)))
}
