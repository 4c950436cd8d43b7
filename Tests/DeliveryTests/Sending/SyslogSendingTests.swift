import CloseoutDelivery
import CloseoutEncodings
import CloseoutOutbound
import CloseoutTestSupport
import Testing

@Suite(
    "Syslog to rsyslog", .serialized, .requires("/usr/sbin/rsyslogd"), .requires("openssl"))
struct SyslogSendingTests {
    @Test("each frame arrives with all its fields, over one connection")
    func arrives() async throws {
        try await withRsyslog { receiver in
            let sender = try receiver.sender()
            defer { sender.close() }
            let event = try Samples.event(name: "pä\"y]ments\nx", findings: ["C4"])
            for number in 1...3 {
                let sent = await sender.send(event, try Sending.attempt("d-\(number)"))
                #expect(sent.result == SyslogProvider.sent, "\(sent)")
                guard case .allowedByOwner = sent.permission else {
                    Issue.record("what allowed the address is not said")
                    return
                }
            }
            let records = try await receiver.records(reaching: 3)
            for (index, record) in records.enumerated() {
                let fields = record.split(separator: "\t", omittingEmptySubsequences: false)
                try #require(fields.count == 8, "\(record)")
                #expect(fields[0] == "107")
                #expect(
                    fields[1] == "2026-11-30T12:00:00+00:00" || fields[1].hasSuffix("12:00:00Z"))
                #expect(fields[2] == "build-1")
                #expect(fields[3] == "closeout")
                #expect(fields[4] == "-")
                #expect(fields[5] == "decision")
                #expect(fields[6].contains("delivery=\"d-\(index + 1)\""))
                #expect(fields[6].contains(event.bundle.hex))
                let message = try made(event, "d-\(index + 1)")
                #expect(message.hasSuffix(fields[7].drop { $0 == " " }), "\(fields[7])")
                #expect(fields[7].contains("CEF:0|Closeout|closeout|1|closeout.decision|"))
            }
            #expect(records.count == 3)
        }
    }

    @Test("the longest frame is one record")
    func longest() async throws {
        try await withRsyslog { receiver in
            let sender = try receiver.sender()
            defer { sender.close() }
            let sent = await sender.send(try Samples.longEvent(), try Sending.attempt())
            #expect(sent.result == SyslogProvider.sent)
            _ = await sender.send(try Samples.event(), try Sending.attempt("last"))
            let records = try await receiver.records(reaching: 2)
            #expect(records.count == 2)
            #expect(records[1].contains("externalId=last"))
        }
    }

    @Test("frames of many tasks at once arrive whole, each once")
    func together() async throws {
        try await withRsyslog { receiver in
            let sender = try receiver.sender()
            defer { sender.close() }
            let event = try Samples.event()
            try await withThrowingTaskGroup(of: SentMessage.self) { group in
                for number in 0..<40 {
                    group.addTask {
                        await sender.send(event, try Sending.attempt("m-\(number)"))
                    }
                }
                for try await sent in group { #expect(sent.result == SyslogProvider.sent) }
            }
            let records = try await receiver.records(reaching: 40)
            let ids = records.compactMap { $0.firstMatch(of: #/externalId=(m-[0-9]+)/#)?.1 }
            #expect(ids.count == 40)
            #expect(Set(ids).count == 40)
        }
    }

    @Test("after the receiver went and came back, the next frame goes over a new connection")
    func again() async throws {
        try await withRsyslog { receiver in
            let sender = try receiver.sender()
            defer { sender.close() }
            _ = await sender.send(try Samples.event(), try Sending.attempt("a"))
            _ = try await receiver.records(reaching: 1)
            try await receiver.restart()
            var sent = await sender.send(try Samples.event(), try Sending.attempt("b"))
            // It listens a little later, and the end of the old connection may be seen only when it is written to.
            for _ in 0..<400 where sent.result != SyslogProvider.sent {
                try await Task.sleep(for: .milliseconds(50))
                sent = await sender.send(try Samples.event(), try Sending.attempt("b"))
            }
            #expect(sent.result == SyslogProvider.sent, "\(sent)")
            let records = try await receiver.records(reaching: 2)
            #expect(records.last?.contains("externalId=b") == true)
        }
    }

    @Test("a certificate for another name, and an authority that is not trusted, get no frame")
    func certificates() async throws {
        try await withRsyslog(certificate: "other") { receiver in
            let sender = try receiver.sender()
            let sent = await sender.send(try Samples.event(), try Sending.attempt())
            #expect(sent.result.outcome == .permanent)
            #expect(sent.result.code == "certificate-not-accepted")
            #expect(sent.permission != nil)
            #expect(try receiver.recordsNow().isEmpty)
        }
    }

    @Test(
        "a receiver that demands a client's certificate is never said to have got a frame without")
    func clientCertificate() async throws {
        try await withRsyslog(demandingCertificate: true) { receiver in
            let without = try receiver.sender()
            defer { without.close() }
            let refused = await without.send(try Samples.event(), try Sending.attempt("a"))
            if case .success = refused.result.outcome { Issue.record("\(refused)") }
            let with = try receiver.sender(
                """
                ,"client_certificate":"\(receiver.folder)/client.crt.pem",
                "client_key":{"file":"\(receiver.folder)/client.pem"}
                """)
            defer { with.close() }
            let sent = await with.send(try Samples.event(), try Sending.attempt("b"))
            #expect(sent.result == SyslogProvider.sent, "\(sent)")
            let records = try await receiver.records(reaching: 1)
            #expect(records.count == 1)
            #expect(records[0].contains("externalId=b"))
        }
    }

    @Test("nobody at the port is a refused connection, and the next attempt can do better")
    func nobody() async throws {
        try await withRsyslog { receiver in
            let sender = try receiver.sender(port: 1)
            let sent = await sender.send(try Samples.event(), try Sending.attempt())
            #expect(sent.result.outcome == .transient)
            #expect(sent.result.code == "connection-refused")
            #expect(sent.permission != nil)
        }
    }

    /// The frame that the provider makes, as text.
    private func made(_ event: DeliveryEvent, _ delivery: String) throws -> String {
        guard case .syslog(let provider) = try Samples.ready(.syslog).provider else {
            throw Samples.Absent()
        }
        return String(
            decoding: try provider.frame(for: event, try Sending.attempt(delivery)).bytes,
            as: UTF8.self)
    }
}
