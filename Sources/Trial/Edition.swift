/// The editions that controls are offered in (docs/trial.md, "Editions").
package enum Edition: String, CaseIterable, Sendable {
    /// Free, on one's own machines.
    case community = "Community"
    /// Paid, on one's own machines.
    case enterprise = "Enterprise"
    /// Paid, as a service.
    case saas = "SaaS"

    /// A control, and where it is to be had.
    package struct Control: Sendable {
        /// What it is called.
        package let name: String
        /// The first edition that offers it; all later ones do too.
        package let first: Edition
        /// What this build needs for it; nil where it provides it.
        package let needs: String?

        init(_ name: String, from first: Edition, needs: String? = nil) {
            self.name = name
            self.first = first
            self.needs = needs
        }
    }

    /// All controls of a closeout.
    package static let controls = [
        Control("seal, signatures, policy, verification offline", from: .community),
        Control("closeout records, retention and health", from: .community),
        Control("accepted risk, criteria, release decision", from: .community),
        Control("reports: text, HTML, SARIF, JUnit, OSCAL", from: .community),
        Control("retry plan and dry run, as recorded evidence", from: .community),
        Control("web console", from: .community),
        Control("delivery to connectors, live retries", from: .enterprise),
        Control("licence that is checked offline", from: .enterprise, needs: "a licence"),
        Control("single sign-on, roles from a directory", from: .enterprise, needs: "a directory"),
        Control("storage that enforces retention", from: .enterprise, needs: "a store"),
        Control("paid policy packs, customer templates", from: .enterprise, needs: "a licence"),
        Control("dashboard of an organisation", from: .enterprise, needs: "a service"),
        Control("tenants, hosted policies, audit store, billing", from: .saas, needs: "a service"),
    ]

    /// Whether the edition offers a control.
    package func offers(_ control: Control) -> Bool {
        let all = Self.allCases
        return (all.firstIndex(of: control.first) ?? 0) <= (all.firstIndex(of: self) ?? 0)
    }

    /// The controls as a table of at most 96 columns.
    static let table: [String] = {
        let head = row("control", Edition.allCases.map(\.rawValue), "this build")
        return [head]
            + controls.map { control in
                let reached = Edition.allCases.firstIndex(of: control.first) ?? 0
                let offers = Edition.allCases.indices.map { $0 < reached ? "no" : "yes" }
                return row(
                    control.name, offers,
                    control.needs.map { "needs \($0)" } ?? "provides it")
            }
    }()

    private static func row(_ name: String, _ offers: [String], _ last: String) -> String {
        padded(name, 48) + offers.map { padded($0, 11) }.joined() + last
    }
}
