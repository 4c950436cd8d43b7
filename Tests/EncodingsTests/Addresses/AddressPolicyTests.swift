import CloseoutEncodings
import Testing

@Suite("Which addresses may be connected to")
struct AddressPolicyTests {
    private func verdict(_ address: String, allowing ranges: String...) throws -> AddressVerdict {
        let policy = AddressPolicy(allowing: try ranges.map { try #require(AddressRange($0)) })
        return policy.verdict(on: try #require(IPAddress(address)))
    }

    @Test("global addresses are allowed, and everything else is refused", arguments: addressEdges)
    func globalOnly(edge: (address: String, kind: AddressKind)) throws {
        let verdict = try verdict(edge.address)
        #expect(verdict.isAllowed == (edge.kind == .global))
    }

    @Test(
        "no range of an owner allows what nobody can allow",
        arguments: [
            "0.0.0.0", "0.1.2.3", "169.254.0.1", "169.254.169.254", "168.63.129.16",
            "100.100.100.200", "192.0.0.192", "224.0.0.1", "255.255.255.255", "::", "fe80::1",
            "fd00:ec2::254", "fd20:ce::254", "ff02::1",
        ])
    func never(address: String) throws {
        let verdict = try verdict(address, allowing: "0.0.0.0/0", "::/0", address)
        guard case .refused(_, canBeAllowed: false) = verdict else {
            Issue.record("\(address) is \(verdict)")
            return
        }
    }

    @Test(
        "neither does a mapping, a translator or a tunnel that leads there",
        arguments: [
            ("::ffff:169.254.169.254", AddressKind.metadata), ("::169.254.169.254", .metadata),
            ("::ffff:0:a9fe:a9fe", .metadata), ("64:ff9b::169.254.169.254", .metadata),
            ("64:ff9b:1::169.254.169.254", .metadata), ("64:ff9b:1:a9fe:a9:fe00::", .metadata),
            ("2002:a9fe:a9fe::1", .metadata), ("2001:0:a9fe:a9fe::1", .metadata),
            ("2001:0:0808:0808::5601:5601", .metadata), ("::ffff:0.0.0.0", .thisNetwork),
            ("::ffff:224.0.0.1", .multicast), ("64:ff9b::0.0.0.1", .thisNetwork),
            ("2002:a9fe:0001::", .linkLocal), ("::ffff:168.63.129.16", .metadata),
        ])
    func neverThroughTunnels(address: String, kind: AddressKind) throws {
        let verdict = try verdict(address, allowing: "0.0.0.0/0", "::/0")
        #expect(verdict == .refused(kind, canBeAllowed: false))
    }

    @Test(
        "an owner's range allows what is in it, and nothing beside it",
        arguments: [
            ("10.1.0.0/16", "10.1.255.255", "10.2.0.0"), ("127.0.0.0/8", "127.0.0.1", "126.0.0.0"),
            ("100.64.0.0/10", "100.127.255.255", "10.0.0.1"), ("::1", "::1", "::2"),
            ("fc00::/7", "fd12::1", "fec0::"), ("64:ff9b::/96", "64:ff9b::10.0.0.1", "64:ff9b:1::"),
        ])
    func ownersRange(range: String, inside: String, outside: String) throws {
        let allowed = try #require(AddressRange(range))
        guard case .allowedByOwner(allowed, let kind) = try verdict(inside, allowing: range) else {
            Issue.record("\(inside) is refused")
            return
        }
        #expect(kind != .global)
        #expect(try verdict(outside, allowing: range).isAllowed == (outside == "126.0.0.0"))
    }

    @Test("a range for IPv4 addresses does not allow their mapped form")
    func mappedIsAnother() throws {
        #expect(
            try verdict("::ffff:127.0.0.1", allowing: "127.0.0.0/8")
                == .refused(.mapped, canBeAllowed: true))
        #expect(try verdict("::ffff:127.0.0.1", allowing: "::ffff:127.0.0.0/104").isAllowed)
    }

    @Test("a range in which nothing can be allowed is reported, and one that is partly so is not")
    func withoutEffect() throws {
        let texts = [
            "169.254.0.0/16", "169.254.1.0/24", "10.0.0.0/8", "0.0.0.0/0", "fe80::1", "0.0.0.0/8",
        ]
        let policy = AddressPolicy(allowing: try texts.map { try #require(AddressRange($0)) })
        let found = policy.rangesWithoutEffect.map { "\($0.range) \($0.kind.rawValue)" }
        #expect(
            found == [
                "169.254.0.0/16 link-local", "169.254.1.0/24 link-local", "fe80::1/128 link-local",
                "0.0.0.0/8 this-network",
            ])
    }
}
