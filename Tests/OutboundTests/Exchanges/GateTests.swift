import CloseoutOutbound
import Testing

@Suite("The gate before the wire")
struct GateTests {
    @Test("a head passes an open gate, and the request may have left then")
    func passes() {
        let gate = SendGate()
        #expect(gate.pass())
        #expect(gate.close())
    }

    @Test("nothing passes a closed gate, and nothing had left")
    func closes() {
        let gate = SendGate()
        #expect(!gate.close())
        #expect(!gate.pass())
        #expect(!gate.close())
    }

    @Test("of many tasks that pass and close one gate at once, all agree on what happened")
    func oneDecides() async {
        for _ in 0..<200 {
            let gate = SendGate()
            async let passed = gate.pass()
            async let left = gate.close()
            let (didPass, mayHaveLeft) = await (passed, left)
            #expect(didPass == mayHaveLeft)
        }
    }

    @Test("what was given up is said in words")
    func words() {
        #expect("\(SendGate.GivenUp())".hasSuffix("before it was sent"))
    }
}
