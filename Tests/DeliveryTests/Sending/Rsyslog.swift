import CloseoutDelivery
import CloseoutTestSupport
import Testing

/// A rsyslogd over TLS while it runs, in a folder of its own.
struct Rsyslog: Sendable {
    let folder: String
    private let authority: Authority

    fileprivate init(_ folder: String, _ authority: Authority) {
        self.folder = folder
        self.authority = authority
    }

    /// A sender to it.
    ///
    /// - Parameters:
    ///   - members: Further members of the route.
    ///   - port: Another port than its own.
    /// - Returns: a sender without a connection.
    /// - Throws: what reading the port or the route throws.
    func sender(_ members: String = "", port: UInt16? = nil) throws -> any MessageSender {
        let text = String(decoding: try readFile(folder + "/port"), as: UTF8.self)
        let own = try #require(UInt16(text.filter(\.isNumber)))
        return try Sending.sender(
            "syslog",
            """
            "ca_file":"\(authority.own.path)","allow_addresses":["127.0.0.0/8"],"deadline":20,
            "settings":{"host":"localhost","port":\(port ?? own),"hostname":"build-1",
            "enterprise":32473}\(members)
            """)
    }

    /// The records that it has written.
    func recordsNow() throws -> [String] { try lines(of: folder + "/log") }

    /// Waits for so many records, some twenty seconds at most.
    func records(reaching number: Int) async throws -> [String] {
        for _ in 0..<4_000 where try recordsNow().count < number {
            try await Task.sleep(for: .milliseconds(5))
        }
        return try recordsNow()
    }

    /// Ends it, and begins it anew at the same port, where it listens a little later.
    func restart() async throws {
        try await runSuccessfully("touch", [folder + "/restart"])
        for _ in 0..<4_000 where fileExists(folder + "/restart") {
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}

/// Runs a body while a rsyslogd runs.
///
/// - Parameters:
///   - certificate: The stem of its certificate.
///   - demandsCertificate: Whether it takes only clients with a certificate of the authority.
///   - body: What needs it.
/// - Throws: what the body throws, or the error of starting it.
func withRsyslog(
    certificate: String = "receiver", demandingCertificate demandsCertificate: Bool = false,
    _ body: (Rsyslog) async throws -> Void
) async throws {
    try await withTemporaryDirectory { folder in
        let authority = try Authority(restoring: try await certifiedHosts.value, in: folder)
        let fields = [
            "pri", "timestamp:::date-rfc3339", "hostname", "app-name", "procid", "msgid",
            "structured-data", "msg",
        ]
        let configuration = """
            global(workDirectory="\(folder)"
                DefaultNetstreamDriverCAFile="\(authority.own.path)"
                DefaultNetstreamDriverCertFile="\(folder)/\(certificate).crt.pem"
                DefaultNetstreamDriverKeyFile="\(folder)/\(certificate).pem")
            module(load="imtcp" StreamDriver.Name="ossl" StreamDriver.Mode="1"
                StreamDriver.AuthMode="\(demandsCertificate ? "x509/certvalid" : "anon")")
            template(name="fields" type="string"
                string="\(fields.map { "%\($0)%" }.joined(separator: "\\t"))\\n")
            input(type="imtcp" address="127.0.0.1" port="PORT" ListenPortFileName="\(folder)/port")
            action(type="omfile" file="\(folder)/log" template="fields")
            """
        try writeFile(configuration + "\n", to: folder + "/configuration")
        // It ends with its standard input, and begins anew at its old port when `restart` appears.
        let script = """
            cd "$0" && sed s/PORT/0/ configuration > first
            begin() { rsyslogd -n -f "$1" -i "$0/pid" > words 2>&1 & pid=$!; }
            begin "$0/first"
            { cat > /dev/null; touch end; } <&3 &
            while [ ! -e end ]; do
                if [ -e restart ]; then
                    sed "s/PORT/$(tr -dc 0-9 < port)/" configuration > second
                    kill $pid; wait $pid; begin "$0/second"
                    rm restart
                fi
                sleep 0.05
            done
            kill $pid; wait $pid
            """
        try await withService(
            "sh", ["-c", "exec 3<&0; PATH=$PATH:/usr/sbin; \(script)", folder],
            isReady: { (try? readFile(folder + "/port"))?.isEmpty == false }
        ) {
            try await body(Rsyslog(folder, authority))
        }
    }
}
