import FoundationEssentials

/// One case below `fixtures/`: a folder with its inputs and a file `expect`.
///
/// The format is that of fixtures/README.md.
package struct Fixture: Sendable, CustomStringConvertible {
    /// The name of the folder, which says what the case is about.
    package let name: String
    /// The absolute path of the folder.
    package let path: String
    /// The lines of `expect` in their order.
    package let expectations: [Expectation]

    /// One line `key: value` of an `expect` file.
    package struct Expectation: Equatable, Sendable {
        /// What stands before the first colon.
        package let key: String
        /// What stands after the colon, without the blanks around it.
        package let value: String
    }

    /// Reads the case in a folder.
    ///
    /// - Throws: `FixtureError` for a line of `expect` without a colon, or for none at all; a file
    ///   error where there is no `expect`.
    package init(at path: String) throws {
        let text = String(decoding: try readFile(path + "/expect"), as: UTF8.self)
        let lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
        guard !lines.isEmpty else {
            throw FixtureError(description: "nothing is expected in \(path)/expect")
        }
        expectations = try lines.map { line in
            guard let colon = line.firstIndex(of: ":") else {
                throw FixtureError(description: "no colon in `\(line)` of \(path)/expect")
            }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            return Expectation(key: String(line[..<colon]), value: String(value))
        }
        name = path.split(separator: "/").last.map { String($0) } ?? path
        self.path = path
    }

    /// The value of the first line with this key.
    package subscript(key: String) -> String? {
        expectations.first { $0.key == key }?.value
    }

    /// The values of all lines with this key, in their order.
    package func values(_ key: String) -> [String] {
        expectations.filter { $0.key == key }.map(\.value)
    }

    /// The bytes of one of the case's inputs.
    package func bytes(_ file: String) throws -> [UInt8] {
        try readFile(path + "/" + file)
    }

    /// The name, which Swift Testing prints beside the test's own.
    package var description: String { name }
}

/// A folder below `fixtures/` that does not hold what it must.
package struct FixtureError: Error, Equatable, CustomStringConvertible {
    /// Which folder, and what is wrong with it.
    package let description: String
}

/// Finds the cases in a folder below `fixtures/`, sorted by name.
///
/// - Parameter subject: A folder below `fixtures/`, such as `hostile`.
/// - Returns: One fixture for each subfolder; never none.
/// - Throws: `FixtureError` for an empty folder; what `Fixture.init(at:)` throws.
package func fixtures(in subject: String) throws -> [Fixture] {
    let root = repositoryRoot + "/fixtures/" + subject
    let names = try FileManager.default.contentsOfDirectory(atPath: root).sorted()
    let cases = try names.filter { isDirectory(root + "/" + $0) }.map {
        try Fixture(at: root + "/" + $0)
    }
    guard !cases.isEmpty else { throw FixtureError(description: "no cases in \(root)") }
    return cases
}
