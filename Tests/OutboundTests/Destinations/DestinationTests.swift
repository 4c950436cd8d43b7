import CloseoutEncodings
import CloseoutOutbound
import Testing

@Suite("Destinations")
struct DestinationTests {
    @Test(
        "a URL is read into one host, port and target",
        arguments: [
            ("https://hooks.example.com/a/b?c=d", "hooks.example.com", 443, "/a/b?c=d"),
            ("HTTPS://Hooks.Example.COM.", "hooks.example.com", 443, "/"),
            ("https://hooks.example.com?x", "hooks.example.com", 443, "/?x"),
            ("https://hooks.example.com:443/", "hooks.example.com", 443, "/"),
            ("https://xn--bcher-kva.example/", "xn--bcher-kva.example", 443, "/"),
            ("https://a-b.c1.example:8443/x", "a-b.c1.example", 8443, "/x"),
            ("https://localhost/", "localhost", 443, "/"),
            ("https://1.2.3.4.example/", "1.2.3.4.example", 443, "/"),
            ("https://0x.example/", "0x.example", 443, "/"),
            ("https://192.0.2.1/", "192.0.2.1", 443, "/"),
            ("https://[2001:DB8:0:0::1]:8443/", "2001:db8::1", 8443, "/"),
            (
                "https://e.example/a%2Fb/%7Ec/..d/.e./...", "e.example", 443,
                "/a%2Fb/%7Ec/..d/.e./..."
            ),
            ("https://e.example/a//b?c=/../%2e%2e", "e.example", 443, "/a//b?c=/../%2e%2e"),
        ] as [(String, String, UInt16, String)])
    func reads(url: String, host: String, port: UInt16, target: String) throws {
        let destination = try Destination(url, ports: [443, 8443])
        #expect(destination.host.name == host)
        #expect(destination.port == port)
        #expect(destination.target == target)
    }

    private static let refusals: [(String, DestinationRefusal)] = [
        ("", .empty),
        ("https://e.example/" + String(repeating: "a", count: 2031), .tooLong),
        ("https://e.example/\n", .controlCharacter),
        ("https://e.example/\r\nX: y", .controlCharacter),
        ("https://e.example/\u{0}", .controlCharacter), ("\thttps://e.example/", .controlCharacter),
        ("https://e.example/\u{7f}", .controlCharacter),
        ("https://e.example/a b", .blank), (" https://e.example/", .blank),
        ("https://e.example\\@evil.example/", .backslash), ("https:\\\\e.example/", .backslash),
        ("https://e.example/ü", .notASCII), ("https://e.example?ü", .notASCII),
        ("https://bücher.example/", .hostNotASCII), ("https://e。example/", .hostNotASCII),
        ("https://ⓛocalhost/", .hostNotASCII), ("https://１27.0.0.1/", .hostNotASCII),
        ("unix:///var/run/docker.sock", .unixSocket), ("http+unix://%2Fvar%2Frun/x", .unixSocket),
        ("https+unix://%2Fvar%2Frun/x", .unixSocket), ("UNIX:/x", .unixSocket),
        ("http://e.example/", .notHTTPS), ("ftp://e.example/", .notHTTPS), ("e.example", .notHTTPS),
        ("//e.example/", .notHTTPS), ("https:e.example", .notHTTPS),
        ("https:/e.example/", .notHTTPS),
        ("https:", .notHTTPS), ("file:///etc/passwd", .notHTTPS), ("://", .notHTTPS),
        ("https://user@e.example/", .userInfo), ("https://u:p@e.example/", .userInfo),
        ("https://e.example:443@evil.example/", .userInfo), ("https://@e.example/", .userInfo),
        ("https://e.example/#f", .fragment), ("https://e.example#@evil.example/", .fragment),
        ("https://", .noHost), ("https:///x", .noHost), ("https://:443/", .noHost),
        ("https://?x", .noHost),
        ("https://./", .malformedHost), ("https://e..example/", .malformedHost),
        ("https://.e.example/", .malformedHost), ("https://e.example../", .malformedHost),
        ("https://-e.example/", .malformedHost), ("https://e-.example/", .malformedHost),
        ("https://e_x.example/", .malformedHost), ("https://e%2eexample/", .malformedHost),
        ("https://e.example,evil.example/", .malformedHost), ("https://*.example/", .malformedHost),
        ("https://" + String(repeating: "a", count: 64) + ".example/", .malformedHost),
        ("https://" + String(repeating: "a.", count: 127) + "example/", .malformedHost),
        ("https://127.1/", .numericHost), ("https://2130706433/", .numericHost),
        ("https://0x7f000001/", .numericHost), ("https://0x7f.0.0.1/", .numericHost),
        ("https://0177.0.0.1/", .numericHost), ("https://017700000001/", .numericHost),
        ("https://127.0.0.1./", .numericHost), ("https://127.0.0.01/", .numericHost),
        ("https://127.0.0.0x1/", .numericHost), ("https://127.0.0.0X1/", .numericHost),
        ("https://127.0.0.256/", .numericHost), ("https://e.example.1/", .numericHost),
        ("https://0x/", .numericHost), ("https://1.2.3.4.5/", .numericHost),
        ("https://[127.0.0.1]/", .malformedLiteral), ("https://[::1/", .malformedLiteral),
        ("https://[::1]x/", .malformedLiteral), ("https://[]/", .malformedLiteral),
        ("https://[e.example]/", .malformedLiteral), ("https://[v1.x]/", .malformedLiteral),
        ("https://[::ffff:0x7f.1]/", .malformedLiteral),
        ("https://[fe80::1%25eth0]/", .zone), ("https://[fe80::1%eth0]/", .zone),
        ("https://e.example:/", .malformedPort), ("https://e.example:0/", .malformedPort),
        ("https://e.example:0443/", .malformedPort), ("https://e.example:65536/", .malformedPort),
        ("https://e.example:+443/", .malformedPort), ("https://e.example:44:3/", .malformedPort),
        ("https://::1/", .noHost), ("https://e.example:https/", .malformedPort),
        ("https://e.example:8443/", .portNotAllowed), ("https://e.example:22/", .portNotAllowed),
        ("https://e.example/.", .dotSegment), ("https://e.example/a/../b", .dotSegment),
        ("https://e.example/a/..", .dotSegment), ("https://e.example/%2e%2E/b", .dotSegment),
        ("https://e.example/.%2e/b", .dotSegment), ("https://e.example/a%2f..%2fb", .dotSegment),
        ("https://e.example/a/..%5cb", .dotSegment), ("https://e.example/%252e%252e/", .dotSegment),
        ("https://e.example/%25252e./", .dotSegment), ("https://e.example/..;x=1/b", .dotSegment),
        ("https://e.example/a%2f%2e%2e", .dotSegment), ("https://e.example/./?x", .dotSegment),
        ("https://e.example/%", .malformedEscape), ("https://e.example/%a", .malformedEscape),
        ("https://e.example/%zz", .malformedEscape), ("https://e.example/?%4", .malformedEscape),
        ("https://e.example/%0d%0aX:y", .escapedControlCharacter),
        ("https://e.example/?a=%00", .escapedControlCharacter),
        ("https://e.example/%7F", .escapedControlCharacter),
        ("https://e.example/\"", .malformedTarget), ("https://e.example/<x>", .malformedTarget),
        ("https://e.example/{id}", .malformedTarget), ("https://e.example/a|b", .malformedTarget),
        ("https://e.example/?a[0]=1", .malformedTarget), ("https://e.example/^", .malformedTarget),
        ("https://e.example/`", .malformedTarget),
    ]

    @Test(
        "a URL that two readers could read differently is refused, with its reason",
        arguments: refusals)
    func refuses(url: String, reason: DestinationRefusal) {
        #expect(throws: reason) { try Destination(url) }
    }

    @Test("every reason has a URL here that is refused for it, and a sentence of its own")
    func reasonsAreTested() {
        #expect(Set(Self.refusals.map(\.1)) == Set(DestinationRefusal.allCases))
        let sentences = DestinationRefusal.allCases.map(\.sentence)
        #expect(Set(sentences).count == sentences.count)
        #expect(sentences.allSatisfy { $0.hasSuffix(".") })
    }

    @Test("a URL of the greatest length is read")
    func longest() throws {
        let url = "https://e.example/" + String(repeating: "a", count: 2030)
        #expect(try Destination(url).target.utf8.count == 2031)
    }

    @Test("without a look-up nothing is said of a name, and an address is checked")
    func staticVerdict() throws {
        let range = try #require(AddressRange("127.0.0.0/8"))
        let policy = AddressPolicy(allowing: [range])
        func verdict(_ url: String) throws -> StaticVerdict {
            try Destination(url).host.verdict(under: policy)
        }
        #expect(try verdict("https://e.example/") == .notResolved)
        #expect(try verdict("https://127.0.0.1/") == .allowedByOwner(range, .loopback))
        #expect(try verdict("https://10.0.0.1/") == .refused(.private, canBeAllowed: true))
        #expect(try verdict("https://8.8.8.8/") == .refused(.global, canBeAllowed: true))
        #expect(try verdict("https://[fe80::1]/") == .refused(.linkLocal, canBeAllowed: false))
        #expect(
            try verdict("https://[::ffff:169.254.169.254]/")
                == .refused(.metadata, canBeAllowed: false))
    }

    @Test("a host alone is read as it is in a URL")
    func hosts() throws {
        #expect(try Host("Mail.Example.").name == "mail.example")
        #expect(try Host("192.0.2.1").literal == IPAddress("192.0.2.1"))
        #expect(try Host("[2001:DB8::1]").name == "2001:db8::1")
        let refusals: [(String, DestinationRefusal)] = [
            ("", .empty), ("mail.example\n", .controlCharacter), ("mail example", .blank),
            ("mail.example:25", .malformedHost), ("mail.example/", .malformedHost),
            ("u@mail.example", .malformedHost), ("bücher.example", .hostNotASCII),
            ("::1", .malformedHost), ("[::1", .malformedLiteral), ("[::1%lo]", .zone),
            ("127.1", .numericHost), ("[", .malformedLiteral), ("[]", .malformedLiteral),
        ]
        for (text, refusal) in refusals { #expect(throws: refusal, "\(text)") { try Host(text) } }
    }

    @Test("hosts that differ in case or in a dot at the end are of one origin, and ports are not")
    func origins() throws {
        let one = try Destination("https://E.example./a")
        #expect(one.hasOrigin(of: try Destination("https://e.example:443/b")))
        #expect(!one.hasOrigin(of: try Destination("https://f.example/a")))
        #expect(!one.hasOrigin(of: try Destination("https://e.example:8443/a", ports: [8443])))
    }
}
