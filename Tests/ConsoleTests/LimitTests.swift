import CloseoutConsole
import CloseoutTestSupport
import Testing

@Suite("What a console bears with", .requires("curl"), .requires("python3"))
struct LimitTests {
    @Test("half a request head, a body that trickles and an answer nobody takes end in time")
    func slow() async throws {
        try await withPlainConsole(changing: {
            $0.idleTime = .seconds(1)
            $0.requestTime = .seconds(2)
        }) { scene in
            // A page that was drawn before takes no time that counts here.
            _ = try await scene.page()
            #expect(try await scene.raw("GET / HTTP/1.1\r\nHost: 127.0").isEmpty)
            #expect(try await scene.raw("").isEmpty)
            let body = try await scene.raw(
                "POST /verify HTTP/1.1\r\nHost: 127.0.0.1:\(scene.port)\r\n"
                    + "Origin: http://127.0.0.1:\(scene.port)\r\nCookie: \(scene.cookie)\r\n"
                    + "Content-Length: 100\r\n\r\n", trickling: "x")
            #expect(body.isEmpty || body.hasPrefix("HTTP/1.1 4"))
            #expect(try await scene.get("/").status == 200)
        }
    }

    @Test("a head or a body that is too large is refused, and the next request is answered")
    func large() async throws {
        try await withPlainConsole { scene in
            let long = String(repeating: "x", count: 20_000)
            let field = try await scene.raw(
                "GET / HTTP/1.1\r\nHost: 127.0.0.1:\(scene.port)\r\nX: \(long)\r\n\r\n")
            #expect(field.hasPrefix("HTTP/1.1 400"))
            let path = try await scene.raw("GET /\(long) HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(path.hasPrefix("HTTP/1.1 400"))
            let many = String(repeating: "a: b\r\n", count: 200)
            let fields = try await scene.raw(
                "GET / HTTP/1.1\r\nHost: 127.0.0.1:\(scene.port)\r\n\(many)\r\n")
            #expect(fields.hasPrefix("HTTP/1.1 400"))
            let body = String(repeating: "x", count: 2 << 20)
            try await withTemporaryDirectory { folder in
                try writeFile(body, to: folder + "/body")
                for more in [[], ["-H", "Transfer-Encoding: chunked"]] {
                    let reply = try await scene.post(
                        "/verify", "@\(folder)/body", ["-H", "Expect:"] + more)
                    #expect(reply.status == 413, "\(reply.head)")
                }
            }
            #expect(try await scene.get("/").status == 200)
        }
    }

    @Test("more connections than the limit wait, and the console answers when they end")
    func connections() async throws {
        try await withPlainConsole(changing: {
            $0.mostConnections = 4
            $0.idleTime = .seconds(1)
        }) { scene in
            let script = """
                import socket, sys
                held = [socket.create_connection(("127.0.0.1", int(sys.argv[1]))) for _ in range(40)]
                for s in held: s.settimeout(60)
                ends = [s.recv(1) for s in held[:4]]
                print(len(ends))
                """
            let held = try await runSuccessfully("python3", ["-c", script, scene.port])
            #expect(String(decoding: held, as: UTF8.self) == "4\n")
            #expect(try await scene.get("/").status == 200)
        }
    }

    @Test("it stops while streams of events and half a request are open")
    func stops() async throws {
        try await withPlainConsole(changing: {
            $0.stopTime = .seconds(1)
            $0.streamTime = .seconds(3)
        }) { scene in
            let events = try await scene.get("/events")
            #expect(events.head.contains("text/event-stream"))
            #expect(events.body.contains("event: state\ndata: "))
            Task {
                _ = try await scene.raw("GET /events HTTP/1.1\r\nHost: 127.0.0.1:\(scene.port)\r\n")
            }
            Task { _ = try await scene.get("/events") }
            try await Task.sleep(for: .milliseconds(300))
        }
    }
}

extension Scene {
    /// What comes back until the connection ends, at the most for a minute.
    ///
    /// - Parameters:
    ///   - bytes: What is sent at once.
    ///   - part: What is sent again and again behind it.
    /// - Returns: What came back.
    /// - Throws: Where the script cannot be run.
    func raw(_ bytes: String, trickling part: String = "") async throws -> String {
        let script = """
            import socket, sys, time
            s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
            s.settimeout(60)
            answer = b""
            try:
                s.sendall(sys.argv[2].encode())
                while sys.argv[3]:
                    s.sendall(sys.argv[3].encode())
                    time.sleep(0.2)
            except OSError:
                pass
            try:
                while True:
                    part = s.recv(65536)
                    if not part: break
                    answer += part
            except ConnectionError:
                pass
            sys.stdout.buffer.write(answer)
            """
        return String(
            decoding: try await runSuccessfully("python3", ["-c", script, port, bytes, part]),
            as: UTF8.self)
    }
}
