import CloseoutEncodings
import CloseoutTestSupport
import Testing

@Suite("The reader of XML beside others", .requires(pythonTool), .requires("xmllint"))
struct XMLOracleTests {
    private static let samples = [
        """
        <?xml version="1.0" encoding="utf-8" standalone="yes"?>
        <testsuites name="é€😀" failures="1"><testsuite tests='2'>\r
          <testcase name="a&amp;b&#10;c" time="0.1"/><testcase><failure m="&lt;">x &gt; ]] <![CDATA[<&]]>
        </failure></testcase></testsuite><!-- c - d --></testsuites>

        """,
        "<a:b xmlns:a='u' ü='1'><?pi some data?><c/></a:b>",
    ]
    private static let tokens = [
        "<", ">", "/>", "</", "&", "&lt;", "&#x41;", "&#0;", "&#xD;", "]]>", "<![CDATA[", "<!--",
        "-->", "--", "<?",
        "?>", "<?xml", "<!DOCTYPE a>", "=", "'", "\"", "\r\n", "\t", "\u{85}", "\u{FEFF}",
        "\u{FFFE}", "·", "é", "1.1",
        "UTF-16", "<b>", "</b>", " x='1'", ":", "-",
    ]

    /// Documents of which most are damaged.
    private static let documents = samples.enumerated().flatMap { index, sample in
        [Array(sample.utf8)]
            + mutations(
                of: Array(sample.utf8), seed: UInt64(1998 + index), count: 3_000, tokens: tokens)
    }

    /// What our reader makes of a document, in the words of the other one; nil where it refuses it, and why.
    private func words(of document: [UInt8]) -> (words: [UInt8]?, reason: XMLError.Reason?) {
        do throws(XMLError) {
            var reader = try XMLReader(document)
            var words: [UInt8] = []
            var isText = false
            while let event = try reader.next() {
                switch event {
                case .start(let name, let attributes):
                    words += [1] + name
                    for item in attributes { words += [2] + item.name + [3] + item.value }
                    isText = false
                case .end(let name):
                    words += [4] + name
                    isText = false
                case .text(let text):
                    if !text.isEmpty, !isText { words.append(5) }
                    isText = isText || !text.isEmpty
                    words += text
                }
            }
            return (words, nil)
        } catch { return (nil, error.reason) }
    }

    @Test(
        "Expat reads the same elements, attributes and text out of damaged documents, or refuses them too"
    )
    func expat() async throws {
        let documents = Self.documents
        let input = documents.flatMap { Base64.encode($0) + [UInt8(ascii: "\n")] }
        let output = try await runSuccessfully(pythonTool, ["-c", Self.reading], stdin: input)
        let answers = output.split(separator: UInt8(ascii: "\n")).map { Array($0) }
        try #require(answers.count == documents.count)
        var read = 0
        for (document, answer) in zip(documents, answers) {
            let (words, reason) = words(of: document)
            let foreign =
                answer == Array("no".utf8) ? nil : Base64.decode(Array(answer.dropFirst()))
            // What the other reads and ours does not is only what ours leaves out on purpose.
            if let words {
                read += 1
                // The other knows the names of an older edition, which are fewer.
                if let foreign { #expect(foreign == words, "\(printable(document))") }
            } else {
                // The other takes any version.
                let isLeftOut =
                    [.documentType, .encoding, .declaration].contains(reason)
                #expect(
                    foreign == nil || isLeftOut,
                    "\(printable(document)): \(reason.map { "\($0)" } ?? "")")
            }
        }
        #expect(read * 30 > documents.count && (documents.count - read) * 30 > documents.count)
    }

    @Test("xmllint takes and refuses the same of damaged documents")
    func xmllint() async throws {
        let documents = Self.documents
        try await withTemporaryDirectory { path in
            for (index, document) in documents.enumerated() {
                try writeFile(document, to: "\(path)/\(index).xml")
            }
            let result = try await run(
                "sh", ["-c", "ls | sort -n | xargs xmllint --noout --nonet 2>&1"],
                workingDirectory: path)
            let refused = Set(
                lines(result.stdoutText).filter { $0.contains("parser error") }.compactMap {
                    Int($0.prefix { $0 != "." })
                })
            for (index, document) in documents.enumerated() {
                let (_, reason) = words(of: document)
                // The other takes any version.
                let isLeftOut =
                    [.documentType, .encoding, .declaration].contains(reason)
                guard !isLeftOut else { continue }
                #expect(
                    refused.contains(index) == (reason != nil),
                    "\(printable(document)): \(reason.map { "\($0)" } ?? "taken")")
            }
            #expect(refused.count * 30 > documents.count)
        }
    }

    private func lines(_ text: String) -> [String] { text.split(separator: "\n").map(String.init) }

    /// Reads documents in base64, one a line; writes what each holds, or that it is refused.
    private static let reading = """
        import base64, sys
        from xml.parsers import expat
        for line in sys.stdin:
            out, text = bytearray(), [False]
            def start(name, attributes):
                text[0] = False
                out.extend(b"\\1" + name.encode())
                for i in range(0, len(attributes), 2):
                    out.extend(b"\\2" + attributes[i].encode() + b"\\3" + attributes[i + 1].encode())
            def end(name):
                text[0] = False
                out.extend(b"\\4" + name.encode())
            def characters(data):
                if data and not text[0]:
                    out.extend(b"\\5")
                    text[0] = True
                out.extend(data.encode())
            parser = expat.ParserCreate()
            parser.ordered_attributes = True
            parser.StartElementHandler, parser.EndElementHandler = start, end
            parser.CharacterDataHandler = characters
            try:
                parser.Parse(base64.b64decode(line), True)
                print("=" + base64.b64encode(bytes(out)).decode())
            except (expat.ExpatError, LookupError, ValueError):
                print("no")
        """
}
