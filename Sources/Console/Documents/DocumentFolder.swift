import CloseoutEncodings
import CloseoutFiles

/// The documents of this project where they are installed, or where it is built (docs/console.md, "What it shows").
struct DocumentFolder: Sendable {
    /// The most bytes of a document.
    private static let largestFile = 1 << 20

    private let path: [UInt8]?

    /// - Parameter path: The folder; nil where there is none.
    init(_ path: [UInt8]?) {
        self.path = path
    }

    /// The names of all documents, without their endings.
    var names: [String] {
        guard let path, let folder = try? Directory.open(path), let entries = try? folder.entries()
        else { return [] }
        return entries.compactMap { Self.name(of: $0.name) }.sorted()
    }

    /// Reads a document; nil where there is none of the name.
    func document(_ name: String) -> Document? {
        let file = Array("\(name).md".utf8)
        guard let path, Self.name(of: file) == name,
            let bytes = try? readFile(Path.join(path, file), limit: Self.largestFile)
        else { return nil }
        return Document(String(decoding: bytes, as: UTF8.self))
    }

    /// The name of a document by the name of its file: letters, digits and hyphens.
    private static func name(of file: [UInt8]) -> String? {
        guard file.suffix(3).elementsEqual(".md".utf8), file.count > 3 else { return nil }
        let name = String(decoding: file.dropLast(3), as: UTF8.self)
        let isPlain = name.utf8.allSatisfy {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "-")
        }
        return isPlain ? name : nil
    }
}
