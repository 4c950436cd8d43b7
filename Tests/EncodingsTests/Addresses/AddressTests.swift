import CloseoutEncodings
import CloseoutTestSupport
import Testing

@Suite("Addresses and ranges")
struct AddressTests {
    @Test(
        "an address has one form, whatever form of RFC 4291 it was written in",
        arguments: [
            ("192.0.2.1", "192.0.2.1"), ("0.0.0.0", "0.0.0.0"),
            ("255.255.255.255", "255.255.255.255"),
            ("2001:DB8:0:0:0:0:0:1", "2001:db8::1"), ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
            ("2001:0db8:0000:0001:0001:0001:0001:0001", "2001:db8:0:1:1:1:1:1"),
            ("::", "::"), ("0:0:0:0:0:0:0:0", "::"), ("::1", "::1"), ("1::", "1::"),
            ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"), ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
            ("::ffff:127.0.0.1", "::ffff:127.0.0.1"), ("::ffff:7f00:1", "::ffff:127.0.0.1"),
            ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"), ("::1.2.3.4", "::102:304"),
        ])
    func printsOneForm(text: String, printed: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.description == printed)
        #expect(IPAddress(printed) == address)
    }

    @Test(
        "what resolvers take for an address in their own ways is none here",
        arguments: [
            "", "1", "127.1", "127.0.1", "2130706433", "0x7f.0.0.1", "0x7f000001", "0177.0.0.1",
            "127.0.0.01", "127.0.0.1.", "127.0.0.1 ", " 127.0.0.1", "127.0.0.256", "127..0.1",
            "127.0.0.", ".0.0.1", "1.2.3.4.5", "+1.2.3.4", "1.2.3.-4", "１27.0.0.1", "127.0.0.1/8",
            ":", ":::", "1:::2", "1::2::3", "::1%lo", "::1%25lo", "[::1]", "12345::", "g::",
            "1:2:3",
            "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8",
            ":1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8:", "1.2.3.4::", "::1.2.3", "::1.2.3.04",
            "1.2.3.4:5:6:7:8:9:a", "::1.2.3.4:5", "::ffff:0x7f.0.0.1",
        ])
    func refusesOtherForms(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test(
        "every address that Python reads is read, and printed as Python prints it",
        .requires("python3"))
    func agreesWithPython() async throws {
        let script = """
            import ipaddress, random
            random.seed(7)
            for i in range(2000):
                words = [random.choice([0, 0, 0, 1, 0xffff, random.getrandbits(16)]) for _ in range(8)]
                address = ipaddress.IPv6Address(sum(w << 16 * i for i, w in enumerate(words)))
                print(address.exploded, address, int(address))
            """
        let output = try await runSuccessfully("python3", ["-c", script])
        let lines = String(decoding: output, as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 2000)
        for line in lines {
            let words = line.split(separator: " ").map(String.init)
            let address = try #require(IPAddress(words[0]))
            #expect(String(address.value) == words[2])
            // Python writes the end of a mapped address in hexadecimal.
            if address.value >> 32 != 0xffff { #expect(address.description == words[1]) }
        }
    }

    @Test(
        "a range holds its first and last address and neither of those beside it",
        arguments: [
            "10.0.0.0/8", "0.0.0.0/0", "192.0.2.7/32", "192.0.2.6/31", "::/0", "2001:db8::/32",
            "2001:db8::1/128", "fe80::/10", "128.0.0.0/1",
        ])
    func rangeHasEdges(text: String) throws {
        let range = try #require(AddressRange(text))
        #expect(range.description == text)
        #expect(range.contains(range.first) && range.contains(range.last))
        #expect(range.first.previous.map { range.contains($0) } != true)
        #expect(range.last.next.map { range.contains($0) } != true)
    }

    @Test("an address of the other family is in no range, though its number is")
    func familiesAreApart() throws {
        let v4 = try #require(AddressRange("0.0.0.0/0"))
        let v6 = try #require(AddressRange("::/0"))
        #expect(!v4.contains(try #require(IPAddress("::1"))))
        #expect(!v6.contains(try #require(IPAddress("0.0.0.1"))))
    }

    @Test(
        "a range in another form, or with bits behind its prefix, is refused",
        arguments: [
            "", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/08", "10.0.0.0/-1", "10.0.0.0/8/8",
            "10.1.0.0/8", "10.0.0.0 /8", "10/8", "::/129", "2001:db8::1/64", "127.0.0.1/255.0.0.0",
            "10.0.0.0/+8",
        ])
    func refusesRanges(text: String) {
        #expect(AddressRange(text) == nil)
    }

    @Test("an address alone is the range of that address")
    func addressIsRange() {
        #expect(AddressRange("192.0.2.1")?.description == "192.0.2.1/32")
        #expect(AddressRange("::1")?.description == "::1/128")
    }
}
