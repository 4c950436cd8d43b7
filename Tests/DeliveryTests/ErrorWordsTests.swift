import CloseoutDelivery
import CloseoutOutbound
import Testing

@Suite("Words of errors")
struct ErrorWordsTests {
    private static let outbox: [OutboxError] =
        [
            .missing, .cannotOpen, .notRegular, .openToOthers(mode: 0o644), .notOurs,
            .newerVersion(7), .unsafeSettings, .busy, .diskFull, .readOnly, .damaged,
            .failed(code: 14), .libcrypto, .eventDiffers, .unknownDelivery, .leaseLost,
            .circuitOpen, .runUsed, .replaced,
        ] + OutboxError.Field.allCases.map { .refused($0) }
        + CloseoutDelivery.DeliveryState.allCases.map { .notReplayable($0) }
    private static let faults: [ProviderFault] = [
        .deliveryID, .request(.fieldsTooLarge), .destination(.blank), .tooLarge, .signature,
        .notPrepared, .noEvents, .otherHost, .malformedRequest, .malformedMessage,
    ]
    private static let reasons: [RouteFault.Reason] =
        [.notABase] + SecretFault.allCases.map { .secret($0) }
        + OutboundTLS.Refusal.allCases.map { .tls($0) }
        + DestinationRefusal.allCases.map { .destination($0) }

    @Test("each error of the outbox, of a provider and of a route has words of its own")
    func words() {
        let routes = Self.reasons.map { "\(RouteFault(member: "settings.token", reason: $0))" }
        let groups = [
            Self.outbox.map { "\($0)" }, Self.faults.map { "\($0)" }, routes,
            SecretFault.allCases.map { "\($0)" }, OutboundTLS.Refusal.allCases.map { "\($0)" },
        ]
        for texts in groups {
            #expect(Set(texts).count == texts.count)
            for text in texts {
                #expect(text.firstMatch(of: #/\w\(|Optional|Error/#) == nil, "\(text)")
                #expect(text.contains(" "), "\(text)")
            }
        }
    }

    @Test("what a person can do something about is said: the mode, the version, the member")
    func details() {
        #expect("\(OutboxError.openToOthers(mode: 0o644))".contains("its mode is 644"))
        #expect("\(OutboxError.newerVersion(7))".hasSuffix("version 7"))
        let fault = RouteFault(member: "settings.token", reason: .secret(.empty))
        #expect("\(fault)" == "settings.token: The secret is empty.")
    }
}
