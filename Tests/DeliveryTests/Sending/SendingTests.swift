import CloseoutDelivery
import CloseoutEncodings
import CloseoutTestSupport
import Testing

@Suite("Sending", .requires("python3"))
struct SendingTests {
    /// What a receiver does, and what is to become of the delivery.
    private struct Case {
        let name: String
        let path: String
        var listener = "receiver"
        var provider = "webhook"
        var deadline = 60
        let outcome: AttemptResult.Outcome
        let state: CloseoutDelivery.DeliveryState
        let codes: Set<String>
        /// Whether the receiver saw a request.
        var isSeen = true
    }

    private static func cases(_ place: SendingPlace) throws -> [Case] {
        let trap = "/say/200/Microsoft%20Teams%20endpoint%20returned%20HTTP%20error%20429"
        let redirect = "/redirect/307/\(try place.port("unheard"))"
        let permanent = AttemptResult.Outcome.permanent
        return [
            Case(
                name: "good", path: "/status/200", outcome: .success(.delivered), state: .settled,
                codes: ["accepted"]),
            Case(
                name: "taken", path: "/status/202", outcome: .success(.acceptedUnconfirmed),
                state: .settled, codes: ["accepted"]),
            Case(
                name: "huge", path: "/huge", outcome: .success(.delivered), state: .settled,
                codes: ["accepted"]),
            Case(
                name: "refuses", path: "/", listener: "unheard", outcome: .transient,
                state: .waiting, codes: ["connection-refused"], isSeen: false),
            Case(
                name: "no-tls", path: "/", listener: "plain", outcome: .transient, state: .waiting,
                codes: ["tls-failed", "connection-failed"], isSeen: false),
            Case(
                name: "certificate", path: "/status/200", listener: "wrong", outcome: permanent,
                state: .dead, codes: ["certificate-not-accepted"], isSeen: false),
            Case(
                name: "stalls", path: "/stall", deadline: 8, outcome: .unknownOutcome,
                state: .waiting, codes: ["no-response.timed-out"]),
            Case(
                name: "stalls-chat", path: "/stall", provider: "slack", deadline: 8,
                outcome: .unknownOutcome, state: .needsReview, codes: ["no-response.timed-out"]),
            Case(
                name: "trickles", path: "/trickle", deadline: 8, outcome: .unknownOutcome,
                state: .waiting, codes: ["body-interrupted.timed-out"]),
            Case(
                name: "resets", path: "/reset", outcome: .unknownOutcome, state: .waiting,
                codes: ["no-response.cut"]),
            Case(
                name: "cuts", path: "/cut", outcome: .unknownOutcome, state: .waiting,
                codes: ["body-interrupted.cut"]),
            Case(
                name: "throttles", path: "/retry", outcome: .transient, state: .waiting,
                codes: ["http.too-many"]),
            Case(
                name: "fails", path: "/status/503", outcome: .transient, state: .waiting,
                codes: ["http.server-error"]),
            Case(
                name: "denies", path: "/status/400", outcome: permanent, state: .dead,
                codes: ["http.refused"]),
            Case(
                name: "credentials", path: "/status/401", outcome: permanent, state: .waiting,
                codes: ["http.credentials"]),
            Case(
                name: "redirects", path: redirect, outcome: permanent, state: .dead,
                codes: ["http.redirect"]),
            Case(
                name: "teams", path: trap, provider: "teams", outcome: .transient, state: .waiting,
                codes: ["teams.in-body-429"]),
            Case(
                name: "chat", path: "/say/200/ok", provider: "slack",
                outcome: .success(.delivered), state: .settled, codes: ["accepted"]),
            Case(
                name: "chat-odd", path: "/say/200/nonsense", provider: "slack",
                outcome: .unknownOutcome, state: .needsReview, codes: ["http.body-not-understood"]),
        ]
    }

    @Test("whatever a receiver does, the class, the next step and the count of attempts are right")
    func misbehaviour() async throws {
        try await withSendingPlace { place in
            let cases = try Self.cases(place)
            var routes: [ReadyRoute] = []
            for item in cases {
                let route = try place.route(
                    item.name, item.path, at: item.listener, provider: item.provider,
                    deadline: item.deadline)
                try await place.queue(for: route)
                routes.append(route)
            }
            try await place.send(routes)
            var seen = 0
            for item in cases {
                let delivery = try await place.delivery(on: item.name)
                let attempts = try await place.attempts(on: item.name)
                #expect(delivery.state == item.state, "\(item.name)")
                try #require(attempts.count == 1, "\(item.name)")
                #expect(attempts[0].outcome == item.outcome, "\(item.name)")
                #expect(item.codes.contains(attempts[0].code ?? ""), "\(item.name)")
                #expect(attempts[0].isSnooze == (item.name == "throttles"), "\(item.name)")
                #expect((delivery.nextAttempt > attempts[0].began) == (item.state == .waiting))
                seen += item.isSeen ? 1 : 0
            }
            #expect(try place.requests().count == seen)
            let status = try await place.outbox.routes(now: place.clock.now)
            #expect(status.allSatisfy { $0.leased == 0 })
            #expect(status.filter { $0.circuit.state != .closed }.map(\.route) == ["credentials"])
        }
    }

    @Test("a receiver that sees the same delivery again sees the same id")
    func sameID() async throws {
        try await withSendingPlace { place in
            let route = try place.route("flaky", "/flaky")
            let ids = try await place.queue(8, for: route)
            for _ in 0..<12 {
                try await place.send([route])
                place.clock.pass(40_000)
            }
            let settled = try await place.outbox.deliveries(in: .settled, limit: 99)
            var attempts: [String: Int] = [:]
            for id in ids { attempts[id] = try await place.outbox.attempts(of: id).count }
            var seen: [String: Int] = [:]
            for request in try place.requests() {
                seen[String(request.split(separator: " ")[2]), default: 0] += 1
            }
            #expect(Set(settled.map(\.id)) == Set(ids))
            #expect(seen == attempts)
            #expect(seen.values.contains { $0 > 1 })
        }
    }

    @Test("a slow or dead route delays no other")
    func independence() async throws {
        try await withSendingPlace { place in
            let slow = try place.route("slow", "/stall", connections: 1, deadline: 30)
            let dead = try place.route("dead", "/", at: "silent", connections: 1, deadline: 30)
            let well = try place.route("well", "/status/200", connections: 2)
            try await place.queue(for: slow)
            try await place.queue(for: dead)
            try await place.queue(20, for: well)
            try await place.send([slow, dead, well])
            let finished = place.reports.finished
            #expect(finished.prefix(20).allSatisfy { $0 == "well" })
            #expect(finished.count == 22)
        }
    }

    @Test("a route makes as many attempts at once as it has connections, and no more")
    func connections() async throws {
        try await withSendingPlace { place in
            let route = try place.route("many", "/status/200", connections: 3)
            try await place.queue(30, for: route)
            try await place.send([route])
            #expect(place.reports.finished.count == 30)
            #expect((1...3).contains(place.reports.mostAtOnce(on: "many")))
            let stalling = try place.route("stalling", "/stall", connections: 3, deadline: 5)
            try await place.queue(3, for: stalling)
            try await place.send([stalling])
            #expect(place.reports.mostAtOnce(on: "stalling") == 3)
        }
    }

    @Test("only what is named is sent")
    func named() async throws {
        try await withSendingPlace { place in
            let route = try place.route("all", "/status/200")
            let ids = try await place.queue(5, for: route)
            try await place.send([route], only: [ids[1], ids[3]])
            let settled = try await place.outbox.deliveries(in: .settled, limit: 9)
            #expect(Set(settled.map(\.id)) == [ids[1], ids[3]])
            #expect(try place.requests().count == 2)
        }
    }

    @Test("a stop lets an attempt under way end, records it, and leaves no lease behind")
    func stops() async throws {
        try await withSendingPlace { place in
            let route = try place.route("slow", "/stall", connections: 2, deadline: 5)
            try await place.queue(9, for: route)
            let dispatcher = place.dispatcher([route])
            let work = Task { try await dispatcher.run(.forever) }
            let isBegun = try await place.reports.wait { report in
                if case .began = report { true } else { false }
            }
            #expect(isBegun)
            work.cancel()
            try await work.value
            dispatcher.close()
            let status = try #require(
                try await place.outbox.routes(now: place.clock.now).first)
            #expect(status.leased == 0 && status.counts[.sending] == 0)
            var codes: [String?] = []
            for delivery in try await place.outbox.deliveries(limit: 9) {
                codes += try await place.outbox.attempts(of: delivery.id).map(\.code)
            }
            #expect(codes.count == place.reports.finished.count && !codes.isEmpty)
            #expect(codes.allSatisfy { $0?.contains("timed-out") == true })
        }
    }

    @Test("what is queued or due while it runs is sent")
    func watches() async throws {
        try await withSendingPlace { place in
            let route = try place.route("later", "/status/200")
            let dispatcher = place.dispatcher([route])
            let work = Task { try await dispatcher.run(.forever) }
            for round in 0..<3 {
                let stored = try Samples.event(id: "round-\(round)").stored
                try await place.outbox.enqueue(
                    QueuedEvent(
                        id: "round-\(round)", kind: "decision", seal: seal(), body: stored),
                    deliveries: [newDelivery("later")],
                    now: place.clock.now)
                dispatcher.wake()
                let isDone = try await place.reports.wait { _ in
                    place.reports.finished.count == round + 1
                }
                #expect(isDone)
            }
            work.cancel()
            try await work.value
        }
    }

    @Test("a route whose circuit is open is left alone, and then probed once")
    func circuit() async throws {
        try await withSendingPlace { place in
            let route = try place.route("down", "/status/500", connections: 1)
            try await place.queue(9, for: route)
            try await place.send([route])
            #expect(try place.requests().count == Circuit.longestRow)
            try await place.send([route])
            #expect(try place.requests().count == Circuit.longestRow)
            place.clock.pass(Circuit.firstCoolDown)
            try await place.send([route])
            #expect(try place.requests().count == Circuit.longestRow + 1)
            let opened = place.reports.all.count { report in
                guard case .changed(let change) = report, case .circuit(_, .open, _) = change.kind
                else { return false }
                return true
            }
            #expect(opened == 2)
        }
    }

    @Test("a token is asked for once and serves all messages of its lifetime")
    func token() async throws {
        try await withSendingPlace { place in
            let settings = """
                {"tenant":"t","client_id":"c","client_secret":{"env":"PASSWORD"},"rule":"dcr-1",
                "stream":"Custom-Closeout_CL","authority":"\(try place.url("", at: "receiver"))"}
                """
            let route = try place.route(
                "siem", "", provider: "sentinel", settings: settings, connections: 1)
            try await place.queue(3, for: route)
            try await place.send([route])
            #expect(place.reports.finished.count == 3)
            let states = try await place.outbox.deliveries(limit: 9).map(\.state)
            #expect(states == [.settled, .settled, .settled])
            #expect(try place.requests(for: "/t/oauth2/v2.0/token") == 1)
            #expect(try place.requests().count == 4)
        }
    }

    @Test("what holds no event is given up without a request")
    func malformed() async throws {
        try await withSendingPlace { place in
            let route = try place.route("odd", "/status/200")
            try await place.outbox.queue(1, route: "odd", now: place.clock.now)
            try await place.send([route])
            let attempts = try await place.attempts(on: "odd")
            #expect(attempts.map(\.code) == ["event.malformed"])
            #expect(try await place.delivery(on: "odd").state == .dead)
            #expect(try place.requests().isEmpty)
        }
    }

    @Test("while another process holds the outbox nothing is sent, and afterwards everything is")
    func locked() async throws {
        try await withSendingPlace { place in
            let route = try place.route("desk", "/status/200")
            try await place.queue(2, for: route)
            let path = place.folder + "/outbox.sqlite"
            let script = """
                import sqlite3, sys
                db = sqlite3.connect(sys.argv[1], isolation_level=None)
                db.execute("BEGIN IMMEDIATE")
                open(sys.argv[2], "w").close()
                sys.stdin.read()
                """
            let other = try await Outbox.open(Array(path.utf8), busySeconds: 0.2)
            try await withService(
                "python3", ["-c", script, path, place.folder + "/held"],
                isReady: { fileExists(place.folder + "/held") }
            ) {
                let dispatcher = Dispatcher(
                    other, routes: [route], clock: place.clock
                ) { [reports = place.reports] in reports.add($0) }
                let error = await failure { try await dispatcher.run(.once) }
                dispatcher.close()
                #expect(error == .busy)
            }
            try other.close()
            #expect(try place.requests().isEmpty)
            try await place.send([route])
            #expect(try place.requests().count == 2)
        }
    }
}
