import CloseoutEncodings
import CloseoutOutbound
import CloseoutTestSupport
import Synchronization
import Testing

@Suite("Names and their addresses", .serialized, .requires("python3"), .requires("openssl"))
struct NameTests {
    private func addresses(_ texts: String...) -> Lookup {
        .addresses(texts.compactMap { IPAddress($0) })
    }

    @Test("one address that is not allowed refuses all, wherever it is among them")
    func allAreChecked() async throws {
        let names: [([String], AddressKind, Bool)] = [
            (["127.0.0.1", "10.0.0.1"], .private, true),
            (["10.0.0.1", "127.0.0.1"], .private, true),
            (["127.0.0.1", "169.254.169.254"], .metadata, false),
            (["::ffff:127.0.0.1"], .mapped, true), (["0.0.0.0"], .thisNetwork, false),
            (["127.0.0.1", "::1"], .loopback, true),
            (["::ffff:169.254.169.254"], .metadata, false),
        ]
        try await withReceiver { receiver in
            for (texts, kind, canBeAllowed) in names {
                let found = texts.compactMap { IPAddress($0) }
                let client = try receiver.client(resolver: Resolver { _ in .addresses(found) })
                let result = await client.send(
                    try OutboundRequest(.post, to: try receiver.destination()))
                #expect(result.failure == .addressRefused(kind, canBeAllowed: canBeAllowed))
                #expect(result.permission == nil)
            }
            #expect(try receiver.events().isEmpty)
        }
    }

    @Test(
        "a name without addresses, one that is not there, and a look-up that fails are three things"
    )
    func noAddress() async throws {
        let destination = try Destination("https://hook.test/")
        let answers: [(Lookup, OutboundFailure)] = [
            (.notFound, .nameNotFound), (.failed, .nameLookupFailed),
            (.addresses([]), .nameNotFound),
        ]
        for (answer, failure) in answers {
            let client = OutboundClient(
                for: destination, settings: OutboundSettings(), resolver: Resolver { _ in answer })
            #expect(
                await client.send(try OutboundRequest(.get, to: destination)).failure == failure)
        }
    }

    @Test("a name is looked up in the one form that the destination has")
    func oneForm() async throws {
        let asked = Mutex<[String]>([])
        let resolver = Resolver { host in
            asked.withLock { $0.append(host) }
            return .notFound
        }
        let destination = try Destination("https://HOOK.Test./")
        let client = OutboundClient(
            for: destination, settings: OutboundSettings(), resolver: resolver)
        _ = await client.send(try OutboundRequest(.get, to: destination))
        #expect(asked.withLock { $0 } == ["hook.test"])
    }

    @Test(
        "time runs out for a look-up that hangs, nothing is sent, and no other client waits for it")
    func hangs() async throws {
        let gate = AsyncStream<Void>.makeStream()
        let release = Mutex(false)
        let hanging = Resolver { _ in
            while !release.withLock({ $0 }) { pauseBriefly() }
            gate.continuation.finish()
            return .notFound
        }
        try await withReceiver { receiver in
            var settings = try receiver.settings()
            settings.deadline = .milliseconds(200)
            let stuck = try receiver.client(settings: settings, resolver: hanging)
            let request = try OutboundRequest(.post, to: try receiver.destination())
            for _ in 0..<3 { #expect(await stuck.send(request).failure == .timedOut(.lookup)) }
            let other = try receiver.client()
            #expect(await other.send(request).response?.head.status == 200)
            release.withLock { $0 = true }
            for await _ in gate.stream {}
        }
    }

    @Test("a name that is led elsewhere later is checked again, and nothing goes there")
    func rebinding() async throws {
        let count = Mutex(0)
        let resolver = Resolver { _ in
            let number = count.withLock { count in
                count += 1
                return count
            }
            return .addresses([IPAddress(v4: number == 1 ? 0x7f00_0001 : 0xa9fe_a9fe)])
        }
        try await withReceiver { receiver in
            var settings = try receiver.settings()
            settings.lookupAge = .zero
            let client = try receiver.client(settings: settings, resolver: resolver)
            let request = try OutboundRequest(.post, to: try receiver.destination())
            #expect(await client.send(request).response?.head.status == 200)
            let second = await client.send(request)
            #expect(second.failure == .addressRefused(.metadata, canBeAllowed: false))
            #expect(try receiver.count("request") == 1)
        }
    }

    @Test(
        "connections are kept over a look-up that finds their address again, and young ones need none"
    )
    func renewal() async throws {
        let count = Mutex(0)
        let resolver = Resolver { _ in
            count.withLock { $0 += 1 }
            return .addresses([IPAddress(v4: 0x7f00_0001)])
        }
        try await withReceiver { receiver in
            let request = try OutboundRequest(.post, to: try receiver.destination())
            var settings = try receiver.settings()
            let young = try receiver.client(settings: settings, resolver: resolver)
            for _ in 0..<5 { #expect(await young.send(request).response != nil) }
            #expect(count.withLock { $0 } == 1)
            settings.lookupAge = .zero
            let old = try receiver.client(settings: settings, resolver: resolver)
            for _ in 0..<5 { #expect(await old.send(request).response != nil) }
            #expect(count.withLock { $0 } == 6)
            #expect(try receiver.count("connection") == 2)
        }
    }

    @Test("after a connection could not be made the next request takes the next address")
    func nextAddress() async throws {
        // Nothing listens at the first one: the receiver is at 127.0.0.1 only.
        let resolver = Resolver { _ in
            .addresses([IPAddress(v4: 0x7f00_0002), IPAddress(v4: 0x7f00_0001)])
        }
        try await withReceiver { receiver in
            let client = try receiver.client(resolver: resolver)
            let request = try OutboundRequest(.post, to: try receiver.destination())
            #expect(await client.send(request).failure == .connectionRefused)
            for _ in 0..<3 { #expect(await client.send(request).response?.head.status == 200) }
            #expect(try receiver.count("connection") == 1)
        }
    }

    @Test("requests that begin at once share one look-up")
    func shared() async throws {
        let count = Mutex(0)
        let resolver = Resolver { _ in
            count.withLock { $0 += 1 }
            pauseBriefly()
            return .addresses([IPAddress(v4: 0x7f00_0001)])
        }
        try await withReceiver { receiver in
            let client = try receiver.client(resolver: resolver)
            let request = try OutboundRequest(.post, to: try receiver.destination())
            await withTaskGroup(of: Int?.self) { group in
                for _ in 0..<20 {
                    group.addTask { await client.send(request).response?.head.status }
                }
                for await status in group { #expect(status == 200) }
            }
            #expect(count.withLock { $0 } == 1)
        }
    }

    @Test("an address in place of a name has to be named by the owner, a global one too")
    func literals() async throws {
        for (url, kind) in [
            ("https://127.0.0.1/", AddressKind.loopback), ("https://192.0.2.1/", .documentation),
            ("https://8.8.8.8/", .global), ("https://[2600::1]/", .global),
        ] {
            let destination = try Destination(url)
            let client = OutboundClient(for: destination, settings: OutboundSettings())
            let result = await client.send(try OutboundRequest(.get, to: destination))
            #expect(result.failure == .addressRefused(kind, canBeAllowed: true), "\(url)")
        }
    }

    @Test(
        "a host is looked up and checked for other protocols too, and a task that is cancelled does not wait"
    )
    func otherProtocols() async throws {
        let range = try #require(AddressRange("127.0.0.0/8"))
        let (policy, host) = (AddressPolicy(allowing: [range]), try Host("mail.test"))
        let found = try await host.addresses(under: policy, by: .loopback)
        #expect(found.map(\.address.description) == ["127.0.0.1"])
        #expect(found.map(\.permission) == [.allowedByOwner(range, .loopback)])
        await #expect(throws: OutboundFailure.addressRefused(.loopback, canBeAllowed: true)) {
            try await host.addresses(under: AddressPolicy(), by: .loopback)
        }
        let release = Mutex(false)
        let looking = Task {
            let hanging = Resolver { _ in
                while !release.withLock({ $0 }) { pauseBriefly() }
                return .notFound
            }
            return await #expect(throws: OutboundFailure.cancelled) {
                try await host.addresses(under: policy, by: hanging)
            }
        }
        looking.cancel()
        #expect(await looking.value == .cancelled)
        release.withLock { $0 = true }
    }

    @Test("the system's look-up knows this machine, and no name that cannot be")
    func system() throws {
        guard case .addresses(let found) = Resolver.system.lookUp("localhost") else {
            Issue.record("localhost has no address")
            return
        }
        let kinds = Set(found.map { AddressTable.standard.row(of: $0).kind })
        #expect(kinds == [.loopback])
        #expect(Set(found).count == found.count)
        let absent = Resolver.system.lookUp("closeout-no-such-name.invalid")
        #expect(absent == .notFound || absent == .failed)
        for literal in ["127.0.0.1", "::1"] {
            let address = try #require(IPAddress(literal))
            #expect(Resolver.system.lookUp(literal) == .addresses([address]))
        }
    }
}
