import Closeout
import CloseoutReports
import Testing

@Suite("The public face")
struct PublicFaceTests {
    @Test("has the formats of reports that there are")
    func formats() {
        #expect(
            Closeout.ReportFormat.allCases.map(\.rawValue)
                == CloseoutReports.ReportFormat.allCases.map(\.rawValue))
    }
}
