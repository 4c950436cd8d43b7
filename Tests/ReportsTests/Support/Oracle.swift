import CloseoutEncodings
import CloseoutTestSupport
import Testing

/// Programs of other origin that read what is rendered here; each reads and writes one JSON document.
enum Oracle: String {
    /// The published JSON schemas of SARIF and OSCAL.
    case schema
    /// A Markdown parser.
    case markdown
    /// The HTML checker of the W3C.
    case checker
    /// The in-toto attestation library and the package URL library.
    case statement

    /// What the program answers.
    func answer(to input: JSON) async throws -> JSON {
        let output = try await runSuccessfully(
            pythonTool, [oracleFolder + "/\(rawValue).py"], stdin: input.canonicalBytes)
        return try JSON(parsing: output)
    }

    /// Expects that documents have no fault by a schema.
    static func expectValid(_ documents: [JSON], _ schema: String) async throws {
        let answer = try await Self.schema.answer(
            to: ["schema": JSON(schema), "documents": .array(documents)])
        #expect(answer == .array(documents.map { _ in [] }))
    }
}

/// Where the programs lie.
let oracleFolder = repositoryRoot + "/Tests/ReportsTests/Oracles"

/// The browser for tests of pages.
let browser = isInstalled("chromium-headless-shell") ? "chromium-headless-shell" : "chromium"

extension JSON {
    /// The elements of an array; nothing for another value.
    var elements: [JSON] {
        if case .array(let elements) = self { elements } else { [] }
    }

    /// The text of a string; nil for another value.
    var text: String? {
        if case .string(let bytes) = self { String(decoding: bytes, as: UTF8.self) } else { nil }
    }

    /// What lies at a path of keys and indexes.
    func at(_ path: String...) throws -> JSON {
        var value = self
        for step in path {
            let next = Int(step).map { index in
                value.elements.indices.contains(index) ? value.elements[index] : nil
            }
            value = try #require(next ?? value[step], "no \(step) of \(path)")
        }
        return value
    }
}
