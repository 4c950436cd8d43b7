import CloseoutEncodings
import CloseoutOutbound
import Testing

@Suite("Failures")
struct FailureTests {
    private static let head = ResponseHead(status: 200, retryAfter: [], date: nil)
    private static let before: [OutboundFailure] = [
        .otherOrigin, .addressRefused(.private, canBeAllowed: true),
        .addressRefused(.metadata, canBeAllowed: false), .nameNotFound, .nameLookupFailed,
        .connectionRefused, .unreachable, .connectionFailed, .certificateNotAccepted, .tlsFailed,
        .timedOut(.lookup), .timedOut(.connection), .cancelled, .notSent,
    ]
    private static let after = OutboundFailure.Interruption.allCases.flatMap {
        [OutboundFailure.noResponse($0), .bodyInterrupted(head, $0)]
    }

    @Test("every case says whether the request may have left")
    func mayHaveLeft() {
        #expect(Self.before.allSatisfy { !$0.requestMayHaveLeft && $0.status == nil })
        #expect(Self.after.allSatisfy { $0.requestMayHaveLeft })
        #expect(Self.after.compactMap(\.status).allSatisfy { $0 == 200 })
    }

    @Test("every case has a sentence of its own")
    func sentences() {
        let sentences = (Self.before + Self.after).map(\.sentence)
        #expect(Set(sentences).count == sentences.count)
        #expect(sentences.allSatisfy { $0.hasSuffix(".") })
    }

    @Test("every case has a code of its own, of lower-case words")
    func codes() {
        let codes = (Self.before + Self.after).map(\.code)
        #expect(Set(codes).count == codes.count)
        for code in codes {
            #expect(code.allSatisfy { $0.isLowercase || $0.isNumber || "-.".contains($0) })
        }
    }

    @Test("an error is printed as its sentence, not as Swift writes its value")
    func printed() {
        for failure in Self.before + Self.after { #expect("\(failure)" == failure.sentence) }
        for refusal in DestinationRefusal.allCases { #expect("\(refusal)" == refusal.sentence) }
        let refusals: [RequestRefusal] = [
            .tooManyFields, .fieldsTooLarge, .malformedName(field: 0), .reservedName(field: 1),
            .controlCharacter(field: 2), .notASCII(field: 3), .blankAtEnd(field: 4),
        ]
        for refusal in refusals { #expect("\(refusal)" == refusal.sentence) }
    }
}
