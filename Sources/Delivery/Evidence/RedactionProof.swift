package import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutOutbound
package import CloseoutRecords

/// Plants secrets in every place of every provider that can hold one, runs all that speaks of deliveries, with every
/// failure, and searches what it said (docs/redaction.md, "Proof").
package struct RedactionProof: Sendable {
    /// A kind of thing that was searched.
    package struct Exhibit: Hashable, Sendable {
        /// What it is, in a few words.
        package let name: String
        /// How many bytes of it were searched.
        package let bytes: Int
        /// The secrets that were found in it.
        package let hits: Set<SecretSearch.Hit>
    }

    /// How many secrets were planted.
    package let planted: Int
    /// What was searched, in its order.
    package private(set) var exhibits: [Exhibit] = []

    /// Whether nothing was found.
    package var isClean: Bool { exhibits.allSatisfy { $0.hits.isEmpty } }

    private let search: SecretSearch
    let canaries: [Canaries]

    /// Plants secrets, once as they are and once with a line end behind each.
    ///
    /// - Throws: `OpenSSLError` where there is no randomness, `KeyError` where a key cannot be made.
    package init() throws {
        canaries = [try Canaries(ending: ""), try Canaries(ending: "\n")]
        let secrets = canaries.flatMap(\.secrets)
        planted = canaries.reduce(0) { $0 + Set($1.secrets.map(\.name)).count }
        search = SecretSearch(secrets)
    }

    /// Searches bytes that something produced, such as a file.
    package mutating func examine(_ name: String, _ bytes: [UInt8]) {
        exhibits.append(
            Exhibit(name: name, bytes: bytes.count, hits: search.hits(in: bytes)))
    }

    /// Whether a secret that is planted on purpose is found: a search that finds nothing proves nothing.
    package func findsItsOwn() -> Bool {
        canaries.flatMap(\.secrets).allSatisfy { secret in
            search.hits(in: Array("x".utf8) + secret.bytes).contains { $0.name == secret.name }
        }
    }

    /// Runs all that speaks of deliveries, and searches it.
    ///
    /// - Parameter now: An instant.
    /// - Returns: The records that were made, for who wants to search what becomes of them.
    /// - Throws: `OpenSSLError`, or `Routes.Refusal` where the routes of the proof itself are refused.
    package mutating func run(at now: Instant) throws -> [Record.Body] {
        var speech = Speech(now: now)
        for planted in canaries {
            let routes = try Routes(parsing: planted.file)
            try speech.speak(of: routes, planted)
            speech.speakOfFaults(routes, planted)
        }
        for (name, bytes) in speech.texts.sorted(by: { $0.key < $1.key }) { examine(name, bytes) }
        return speech.bodies
    }
}

/// All that the parts of this module say of routes, messages and answers.
struct Speech {
    let now: Instant
    private(set) var texts: [String: [UInt8]] = [:]
    private(set) var bodies: [Record.Body] = []

    init(now: Instant) { self.now = now }

    private mutating func say(_ name: String, _ value: Any) {
        var text = "\(value)\n" + String(reflecting: value) + "\n"
        dump(value, to: &text)
        texts[name, default: []] += Array(text.utf8)
    }

    private func event(_ kind: DeliveryEvent.Kind) throws -> DeliveryEvent {
        DeliveryEvent(
            kind: kind, id: "event-1", at: now, releaseName: "example", releaseVersion: "1.0",
            bundle: try SHA256Digest.of([1]), record: try SHA256Digest.of([2]), outcome: .blocked,
            severity: .high, counts: .init(pass: 1, fail: 1), findings: ["C4"])
    }

    /// Makes all messages, judges all answers, and records all that.
    mutating func speak(of routes: Routes, _ source: Canaries) throws {
        let key = try RouteKey(randomBytes(RouteKey.size))
        say("keys", key as Any)
        say("findings of lint", routes.lint(with: source))
        let dryRun = DryRun(routes, with: source, key: key, at: now)
        for route in routes.routes {
            say("routes", route)
            say("names of secrets", route.secrets)
            let ready: ReadyRoute
            do throws(RouteFault) {
                ready = try route.ready(with: source)
            } catch {
                say("faults of routes", error)
                continue
            }
            say("routes that are ready", ready)
            say("providers", ready.provider)
            let evidence = RouteEvidence(ready, key: key)
            for kind in DeliveryEvent.Kind.allCases {
                let event = try event(kind)
                speakOfMessages(ready, event)
                let (details, shown) = try evidence.details(
                    of: event, delivery: "d-1", at: now)
                say("evidence", details)
                texts["what the owner can show", default: []] += shown.flatMap(\.encoded)
                say("what the owner can show", shown)
                try record(ready, event, details)
                let (result, _) = dryRun.rehearse(
                    DryRun.Subject(delivery: "d-1", route: route.name, event: event))
                say("dry runs", result)
                bodies.append(
                    .retryRun(RetryRun(mode: .dryRun, results: [result], isDetailed: true)))
            }
        }
        for body in bodies {
            texts["records", default: []] += JSON.object(body.content.members).canonicalBytes
        }
    }

    private mutating func speakOfMessages(_ ready: ReadyRoute, _ event: DeliveryEvent) {
        do throws(ProviderFault) {
            let grant = try? Secret(trimming: Array("granted".utf8))
            let attempt = try DeliveryAttempt(delivery: "d-1", at: now, grant: grant)
            say("attempts", attempt)
            say("outlines of messages", try ready.outline(of: event, delivery: "d-1", at: now))
            switch ready.provider {
            case .http(let provider):
                let message = try provider.message(for: event, attempt)
                say("messages", message)
                say("messages", message.request.fields)
                say("messages", message.request.destination)
                say("preparations", try provider.preparation(for: event, attempt) as Any)
            case .syslog(let provider): say("messages", try provider.frame(for: event, attempt))
            case .mail(let provider): say("messages", try provider.message(for: event, attempt))
            }
        } catch {
            say("faults of messages", error)
        }
    }

    /// Judges all answers, one of which repeats the request, and all failures.
    private mutating func record(
        _ ready: ReadyRoute, _ event: DeliveryEvent, _ details: DeliveryRecord.Details
    ) throws {
        guard case .http(let provider) = ready.provider,
            let recorded = DeliveryRecord.Event(rawValue: event.kind.rawValue)
        else { return }
        for result in Self.results(echoing: Self.echo(provider, event, at: now)) {
            let judged = provider.judge(result, asOf: now)
            say("answers", result)
            say("results of attempts", judged)
            say("what a preparation led to", provider.conclude(result, asOf: now))
            let kept = KeptAttempt(
                number: 1, group: 1, began: now, ended: now, outcome: judged.outcome,
                status: judged.status, code: judged.code, retryAfter: judged.retryAfter,
                isSnooze: false)
            guard let attempt = DeliveryRecord.Attempt(kept) else { continue }
            let delivery = DeliveryRecord(
                delivery: "d-1", event: recorded, route: ready.name,
                provider: ready.kind.rawValue, state: .unknownOutcome, attempts: [attempt],
                details: details)
            bodies.append(.delivery(delivery))
        }
    }

    /// All that a receiver got, as one that repeats it would answer.
    static func echo(
        _ provider: any HTTPProvider, _ event: DeliveryEvent, at now: Instant
    ) -> [UInt8] {
        let grant = try? Secret(trimming: Array("granted".utf8))
        guard let attempt = try? DeliveryAttempt(delivery: "d-1", at: now, grant: grant),
            let request = try? provider.message(for: event, attempt).request
        else { return [] }
        let fields = request.fields.map { "\($0.name): \($0.value)\n" }.joined()
        return Array((request.destination.target + "\n" + fields).utf8) + request.body
    }

    /// All answers, with such a body, and all failures.
    static func results(echoing body: [UInt8]) -> [OutboundResult] {
        let statuses = [200, 201, 202, 204, 302, 400, 401, 403, 404, 409, 410, 429, 500, 503]
        let answers = statuses.map { status in
            OutboundResult.Outcome.response(
                OutboundResponse(
                    head: ResponseHead(status: status, retryAfter: [.seconds(60)]), body: body,
                    isWhole: status != 500))
        }
        let failures: [OutboundFailure] = [
            .otherOrigin, .addressRefused(.private, canBeAllowed: true), .nameNotFound,
            .nameLookupFailed, .connectionRefused, .unreachable, .connectionFailed,
            .certificateNotAccepted, .tlsFailed, .timedOut(.lookup), .timedOut(.connection),
            .cancelled, .notSent, .noResponse(.cut), .noResponse(.timedOut),
            .bodyInterrupted(ResponseHead(status: 200), .cut),
        ]
        return (answers + failures.map { .failure($0) }).map { OutboundResult(outcome: $0) }
    }

    /// Reads secrets that no provider takes, and routes that hold one where none may be.
    mutating func speakOfFaults(_ routes: Routes, _ source: Canaries) {
        for text in ["\n", "\u{0}", "\u{E9}", " http://", String(repeating: "x", count: 5000)] {
            let spoiled = source.spoiled(by: text)
            say("findings of lint", routes.lint(with: spoiled))
            for route in routes.routes {
                do throws(RouteFault) {
                    say("routes that are ready", try route.ready(with: spoiled))
                } catch {
                    say("faults of routes", error)
                    say("faults of routes", error.sentence + error.code)
                }
            }
        }
        let written = source.written
        let text = String(decoding: source.file, as: UTF8.self)
        for (old, new) in [
            ("{\"env\":", "\"\(written)\",{\"env\":"), ("{\"env\":\"", "{\"\(written)\":\""),
            ("\"url\":\"https://", "\"url\":\"http://\(written)@"),
            ("\"index\":\"", "\"index\":\"\(written) "), ("}}", "}}\(written)"),
            ("\"name\":\"", "\"name\":\"\(written)/"),
        ] {
            do throws(Routes.Refusal) {
                let routes = try Routes(parsing: Array(text.replacing(old, with: new).utf8))
                say("findings of lint", routes.lint(with: source))
            } catch {
                say("refusals of routes.json", error)
            }
        }
    }
}
