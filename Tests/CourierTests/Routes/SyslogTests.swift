import CloseoutTestSupport
import Testing

@Suite("routes test over syslog", .requires("python3"))
struct RoutesSyslogTests {
    @Test("takes leave of the receiver, and waits for its goodbye")
    func goodbye() async throws {
        try await withDeliverScene { scene in
            // A receiver that reads to the end takes its time, and then says how the end was.
            let script = """
                import pathlib, socket, ssl, sys, time
                folder = pathlib.Path(sys.argv[1])
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(folder / "receiver.crt.pem", folder / "receiver.pem")
                listener = socket.create_server(("127.0.0.1", 0))
                (folder / "syslog.new").write_text(str(listener.getsockname()[1]))
                (folder / "syslog.new").rename(folder / "syslog")
                plain, _ = listener.accept()
                connection = context.wrap_socket(
                    plain, server_side=True, suppress_ragged_eofs=False)
                size, end = 0, "goodbye"
                try:
                    while data := connection.recv(65536):
                        size += len(data)
                    time.sleep(0.5)
                    connection.unwrap()
                except OSError as error:
                    end = "cut"
                (folder / "end").write_text(f"{end} {size > 0}")
                sys.stdin.read()
                """
            let place = scene.receiver
            try await withService(
                "python3", ["-c", script, place], isReady: { fileExists(place + "/syslog") }
            ) {
                let port = String(decoding: try readFile(place + "/syslog"), as: UTF8.self)
                try scene.write([
                    """
                    {"name":"log","provider":"syslog","ca_file":"\(place)/root.crt.pem",
                    "allow_addresses":["127.0.0.0/8","::1/128"],"events":["decision"],
                    "settings":{"host":"localhost","port":\(port)}}
                    """
                ])
                let result = try await scene.courier("routes", "test", "log")
                #expect(result.status == 0, "\(result.stderrText)")
                #expect(result.stdoutText.contains("sent_unconfirmed"))
                for _ in 0..<600 where !fileExists(place + "/end") {
                    try await Task.sleep(for: .milliseconds(20))
                }
                let end = String(decoding: try readFile(place + "/end"), as: UTF8.self)
                #expect(end == "goodbye True")
            }
        }
    }
}
