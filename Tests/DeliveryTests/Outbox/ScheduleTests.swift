import CloseoutDelivery
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutTestSupport
import Testing

import struct CloseoutRecords.RetrySchedule

@Suite("The schedule of retries")
struct ScheduleTests {
    private let schedule = RetrySchedule.standard

    private func attempt(
        _ attempts: Int = 0, snoozes: Int = 0, ended: Int64 = 0, retryAfter: Int64? = nil,
        deadline: Int64 = 72 * 3600
    ) throws -> FailedAttempt {
        FailedAttempt(
            delivery: "d-1", seal: try seal(), attempts: attempts, snoozes: snoozes,
            began: try at(0), ended: try at(ended), retryAfter: retryAfter,
            deadline: try at(deadline))
    }

    @Test("equals a second writing in Python, to the second", .requires("python3"))
    func oracle() async throws {
        let script = """
            import sys,hmac,hashlib
            for line in sys.stdin:
                seal,name,n=line.split()
                message=name.encode()+b'\\0'+n.encode()
                code=hmac.new(bytes.fromhex(seal),message,hashlib.sha256).digest()
                bound=min(6*3600,30*2**(int(n)-1))
                print(max(1,int.from_bytes(code[:8],'big')*bound>>64))
            """
        var generator = SplitMix64(seed: 11)
        var (lines, delays): (String, [Int64]) = ("", [])
        for number in 0..<600 {
            let bytes = (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let (id, n) = ("d-\(number)", number % 12 + 1)
            let seal = try #require(SHA256Digest(bytes))
            lines += "\(Hex.string(bytes)) \(id) \(n)\n"
            delays.append(try schedule.delay(after: n, of: id, seal: seal))
        }
        let result = try await run("python3", ["-c", script], stdin: Array(lines.utf8))
        #expect(result.stdoutText.split(separator: "\n").map { Int64($0) } == delays)
        #expect(Set(delays).count > 100)
    }

    @Test("doubles the bound of the delay from 30 seconds up to 6 hours")
    func bounds() {
        let bounds = (1...13).map { schedule.bound(after: $0) }
        #expect(
            bounds == [
                30, 60, 120, 240, 480, 960, 1920, 3840, 7680, 15360, 21600, 21600, 21600,
            ])
    }

    @Test("draws a delay of at least a second, below the bound, another for each number")
    func range() throws {
        for n in 1...10 {
            let delays = try (0..<200).map {
                try schedule.delay(after: n, of: "d-\($0)", seal: try seal())
            }
            #expect(delays.allSatisfy { 1..<schedule.bound(after: n) ~= $0 })
            // They are spread over the whole range: in each quarter there are some.
            let quarters = Set(delays.map { $0 * 4 / schedule.bound(after: n) })
            #expect(quarters == [0, 1, 2, 3])
        }
    }

    @Test("counts from the beginning of the attempt")
    func fromBeginning() throws {
        let delay = try schedule.delay(after: 3, of: "d-1", seal: try seal())
        #expect(try schedule.step(after: attempt(2, ended: 20)) == .retry(try at(delay)))
    }

    @Test("ends after ten attempts that count")
    func attempts() throws {
        guard case .retry = try schedule.step(after: attempt(8)) else {
            Issue.record("the ninth is not the last")
            return
        }
        #expect(try schedule.step(after: attempt(9)) == .end(.attempts))
    }

    @Test("ends where the next attempt would be after the deadline")
    func deadline() throws {
        let delay = try schedule.delay(after: 1, of: "d-1", seal: try seal())
        #expect(try schedule.step(after: attempt(deadline: delay)) == .retry(try at(delay)))
        #expect(try schedule.step(after: attempt(deadline: delay - 1)) == .end(.deadline))
    }

    @Test("waits as long as the receiver asks where that is later, from its answer, as a snooze")
    func retryAfter() throws {
        #expect(
            try schedule.step(after: attempt(ended: 5, retryAfter: 100)) == .snooze(try at(105)))
        let delay = try schedule.delay(after: 1, of: "d-1", seal: try seal())
        for seconds in [delay, 0, -5, .min] {
            #expect(
                try schedule.step(after: attempt(retryAfter: seconds)) == .retry(try at(delay)))
        }
    }

    @Test("waits no longer than a day for a receiver", arguments: [86_400, 86_401, 1 << 40, .max])
    func longest(seconds: Int64) throws {
        #expect(
            try schedule.step(after: attempt(retryAfter: seconds)) == .snooze(try at(86_400)))
    }

    @Test("counts the attempt after five snoozes, and still waits as long as the receiver asks")
    func snoozes() throws {
        #expect(
            try schedule.step(after: attempt(snoozes: 4, retryAfter: 900))
                == .snooze(try at(900)))
        #expect(
            try schedule.step(after: attempt(snoozes: 5, retryAfter: 900)) == .retry(try at(900)))
        #expect(
            try schedule.step(after: attempt(9, snoozes: 5, retryAfter: 20_000)) == .end(.attempts))
        #expect(
            try schedule.step(after: attempt(9, snoozes: 4, retryAfter: 20_000))
                == .snooze(try at(20_000)))
    }
}
