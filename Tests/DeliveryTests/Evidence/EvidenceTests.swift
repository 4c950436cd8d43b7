import CloseoutDelivery
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutOutbound
import CloseoutRecords
import CloseoutTestSupport
import Testing

@Suite("The evidence of deliveries")
struct EvidenceTests {
    private func key() throws -> RouteKey {
        try #require(try RouteKey([UInt8](repeating: 3, count: RouteKey.size)))
    }

    /// A record as it is read back.
    private func read(_ body: Record.Body) throws -> Record.Body {
        let header = RecordHeader(
            releaseName: "example", releaseVersion: "1.0", seal: try seal(), at: try at(0),
            by: nil, visibility: .restricted, salt: [UInt8](repeating: 1, count: 32),
            links: body.kind == .retryRunV2
                ? [RecordLink(kind: "plan", digest: try seal(9))] : [])
        return try Record(parsing: Record(header: header, body: body).canonicalBytes).body
    }

    @Test("says of the attempts what the outbox has written down, and is read back as it was")
    func attempts() async throws {
        try await withOutbox { outbox, _ in
            let id = try await outbox.queue(1, now: at(0))
            let first = try await outbox.begin(outbox.claimOne(now: at(0)), now: at(0))
            _ = try await outbox.finish(first, .throttled(500_000), now: at(2))
            let later: Int64 = 2 + 86_400
            _ = try await outbox.attempt(.refused, now: at(later))
            _ = try await outbox.replay(id, now: at(later + 1))
            _ = try await outbox.attempt(
                AttemptResult(.success(.duplicate), status: 409, code: "elastic.exists"),
                now: at(later + 2))
            let summary = try #require(try await outbox.delivery(id))
            let kept = try await outbox.attempts(of: id)
            let record = try #require(DeliveryRecord(summary, kept, .init()))
            #expect(try read(.delivery(record)) == .delivery(record))
            #expect(record.state == .delivered)
            #expect(record.attempts.map(\.outcome) == [.transient, .permanent, .success])
            #expect(record.attempts.compactMap(\.details?.group) == [1, 1, 2])
            #expect(record.attempts.compactMap(\.details?.isSnooze) == [true, false, false])
            #expect(record.attempts[0].details?.retryAfter == 500_000)
            #expect(record.attempts[2].details?.assurance == .duplicate)
        }
    }

    @Test("says nothing of a delivery that is on its way, unless nobody goes on with it")
    func underway() async throws {
        try await withOutbox { outbox, _ in
            let id = try await outbox.queue(1, now: at(0))
            let queued = try #require(try await outbox.delivery(id))
            #expect(DeliveryRecord(queued, [], .init(), isStopped: true) == nil)
            _ = try await outbox.attempt(.failed, now: at(1))
            let summary = try #require(try await outbox.delivery(id))
            let kept = try await outbox.attempts(of: id)
            #expect(DeliveryRecord(summary, kept, .init()) == nil)
            let stopped = try #require(
                DeliveryRecord(summary, kept, .init(), isStopped: true))
            #expect(stopped.state == .failed)
        }
    }

    @Test("has a code of its form for every failure, refusal and fault that there is")
    func codes() {
        let kinds = AddressKind.allCases.map { "address-refused.\($0.rawValue)" }
        let interruptions: [OutboundFailure.Interruption] = [
            .timedOut, .cancelled, .cut, .tlsFailed, .headTooLarge, .malformed,
        ]
        let failures: [OutboundFailure] =
            [
                .otherOrigin, .nameNotFound, .nameLookupFailed, .connectionRefused, .unreachable,
                .connectionFailed, .certificateNotAccepted, .tlsFailed, .timedOut(.lookup),
                .timedOut(.connection), .cancelled, .notSent,
            ] + interruptions.map { .noResponse($0) }
            + interruptions.map { .bodyInterrupted(ResponseHead(status: 200), $0) }
        let faults: [ProviderFault] = [
            .deliveryID, .tooLarge, .signature, .notPrepared, .noEvents, .otherHost,
            .malformedRequest, .destination(.empty), .request(.tooManyFields),
        ]
        let routes =
            DestinationRefusal.allCases.map { RouteFault.Reason.destination($0) }
            + SecretFault.allCases.map { .secret($0) } + [.notABase, .tls(.pair)]
        let codes =
            kinds + failures.map(\.code) + faults.map(\.code)
            + routes.map { RouteFault(member: "url", reason: $0).code }
            + ProviderKind.allCases.map(\.rawValue)
        #expect(codes.count > 90)
        for code in codes + codes.map({ "before." + $0 }) where code.utf8.count <= 64 {
            #expect(EvidenceCode(code) != nil, "\(code)")
        }
    }

    @Test("commits in a dry run to what the delivery commits to, for every provider")
    func commitments() throws {
        let routes = try Routes(parsing: Samples.file())
        let event = try Samples.event()
        let run = DryRun(
            routes, with: Samples.Source(), key: try key(), at: try Samples.now())
        for route in routes.routes where route.provider != .githubGate {
            let (result, shown) = run.rehearse(
                .init(delivery: "d-1", route: route.name, event: event))
            let rehearsal = try #require(result.rehearsal, "\(route.name)")
            let ready = try route.ready(with: Samples.Source())
            let told = try RouteEvidence(ready, key: key()).details(
                of: event, delivery: "d-1", at: try at(5))
            #expect(rehearsal.commitments == told.details.commitments)
            #expect(rehearsal.bodySize == told.details.bodySize && rehearsal.bodySize > 0)
            #expect(try shown.map { try $0.commitment }.sorted() == rehearsal.commitments)
            #expect(rehearsal.verdict == .notResolved)
            let tag = try #require(told.details.routeTag)
            #expect(try tag == RouteEvidence(ready, key: key()).tag())
            let dry = RetryRun(mode: .dryRun, results: [result], isDetailed: true)
            #expect(try read(.retryRun(dry)) == .retryRun(dry))
            let attempt = DeliveryRecord.Attempt(
                at: try at(0), outcome: .unknownOutcome, status: nil,
                details: .init(
                    ended: nil, group: 1, code: try #require(EvidenceCode("interrupted"))))
            let delivery = DeliveryRecord(
                delivery: "d-1", event: .decision, route: route.name,
                provider: route.provider.rawValue, state: .unknownOutcome, attempts: [attempt],
                details: told.details)
            #expect(try read(.delivery(delivery)) == .delivery(delivery))
        }
    }

    @Test("of a dry run names the fields and no value, and skips what cannot be sent")
    func rehearsals() throws {
        func rehearse(_ members: String, provider: String = "webhook") throws -> RetryRun.Result {
            let text = """
                {"kind":"closeout/routes/v1","routes":[{"name":"a","provider":"\(provider)",
                "events":["decision"],\(members)}]}
                """
            return DryRun(
                try Routes(parsing: Array(text.utf8)), with: Samples.Source(), key: nil,
                at: try Samples.now()
            ).rehearse(.init(delivery: "d-1", route: "a", event: try Samples.event())).result
        }
        let sent = try rehearse(Samples.routes[.webhook] ?? "")
        #expect(
            sent.rehearsal?.headerNames == [
                "content-type", "idempotency-key", "user-agent", "webhook-id",
                "webhook-signature", "webhook-timestamp", "x-api-key", "x-team",
            ])
        #expect(sent.rehearsal?.commitments == [])
        let near = try rehearse(
            #""url":"https://127.0.0.1/","allow_addresses":["127.0.0.0/8"]"#)
        #expect(near.rehearsal?.verdict == .allowedByOwner)
        #expect(near.rehearsal?.range == "127.0.0.0/8")
        for (members, provider, code) in [
            (#""url":"https://127.0.0.1/""#, "webhook", "address-refused.loopback"),
            (#""url":"https://192.0.2.1:8443/""#, "webhook", "url.port-not-allowed"),
            (#""url":{"env":"NONE"}"#, "slack", "secret.unavailable"),
            (
                #""settings":{"host":"169.254.169.254"},"allow_addresses":["169.254.0.0/16"]"#,
                "syslog", "address-refused.metadata"
            ),
            (Samples.routes[.githubGate] ?? "", "github-gate", "message.not-prepared"),
        ] {
            let result = try rehearse(members, provider: provider)
            #expect(result.outcome == .skipped && result.code?.text == code, "\(code)")
        }
    }
}

@Suite("The proof that nothing leaks")
struct RedactionProofTests {
    @Test("finds nothing in all that is said of routes, messages, answers and failures")
    func clean() throws {
        var proof = try RedactionProof()
        #expect(proof.findsItsOwn())
        let bodies = try proof.run(at: try Samples.now())
        for exhibit in proof.exhibits { #expect(exhibit.hits.isEmpty, "\(exhibit)") }
        #expect(proof.isClean && proof.exhibits.count > 15 && bodies.count > 500)
        for name in [
            "records", "faults of routes", "messages", "answers", "dry runs",
            "what the owner can show", "refusals of routes.json",
        ] {
            #expect(proof.exhibits.contains { $0.name == name && $0.bytes > 100 }, "\(name)")
        }
    }

    @Test("finds nothing in an outbox through which every route went, nor in the log beside it")
    func outbox() async throws {
        try await withTemporaryDirectory { folder in
            var proof = try RedactionProof()
            try await proof.runOutbox(in: Array(folder.utf8), at: try Samples.now())
            #expect(proof.exhibits.map(\.name) == ["outbox", "outbox-wal"])
            for exhibit in proof.exhibits { #expect(exhibit.hits.isEmpty, "\(exhibit)") }
            // The events are in them.
            #expect(proof.exhibits.reduce(0) { $0 + $1.bytes } > 100_000)
            let outbox = try await Outbox.open(Array("\(folder)/outbox.sqlite".utf8))
            let routes = try await outbox.routes(now: try Samples.now())
            #expect(routes.count == ProviderKind.allCases.count - 1)
            var outcomes: Set<String> = []
            for state in DeliveryState.allCases {
                for delivery in try await outbox.deliveries(in: state, limit: 1000) {
                    let attempts = try await outbox.attempts(of: delivery.id)
                    outcomes.formUnion(attempts.compactMap(\.code))
                }
            }
            #expect(outcomes.count > 10, "\(outcomes)")
            try outbox.close()
        }
    }

    @Test("plants a secret in every place of every provider that can hold one")
    func planted() throws {
        let canaries = try Canaries(ending: "\n")
        let routes = try Routes(parsing: canaries.file)
        #expect(Set(routes.routes.map(\.provider)) == Set(ProviderKind.allCases))
        #expect(
            Set(canaries.secrets.map(\.name)).count == routes.routes.flatMap(\.secrets).count + 1)
        for route in routes.routes { _ = try route.ready(with: canaries) }
    }

    @Test("finds each secret where something lets it out")
    func leaks() throws {
        let canaries = try Canaries(ending: "\n")
        let search = SecretSearch(canaries.secrets)
        let routes = try Routes(parsing: canaries.file)
        var found: Set<String> = []
        for route in routes.routes {
            for secret in route.secrets {
                let bytes = try canaries.bytes(of: secret.reference)
                for leak in [
                    Array("error: cannot send to ".utf8) + bytes,
                    JSON(String(decoding: bytes, as: UTF8.self)).canonicalBytes,
                    Array(Base64.string(Array("user:".utf8) + bytes).utf8),
                ] {
                    let hits = search.hits(in: leak)
                    #expect(!hits.isEmpty, "\(route.name) \(secret.member)")
                    found.formUnion(hits.map(\.name))
                }
            }
        }
        #expect(found.count == Set(canaries.secrets.map(\.name)).count - 1)
    }
}
