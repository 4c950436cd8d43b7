import CloseoutEncodings
import CloseoutOutbound

/// One thing that `routes lint` says of a route: a plain sentence and its place.
package struct RouteFinding: Hashable, Sendable {
    /// How much it matters.
    package enum Weight: String, CaseIterable, Hashable, Sendable {
        /// The route cannot be used.
        case error
        /// The route can be used, and is likely not what its owner means.
        case warning
        /// What the owner should know.
        case note
    }

    /// How much it matters.
    package let weight: Weight
    /// The name of the route.
    package let route: String
    /// The member of the route, such as `settings.token`.
    package let member: String
    /// A stable code.
    package let code: String
    /// The sentence; nothing in it is a secret, a URL or the text of an error.
    package let sentence: String
}

/// A plain mistake in the settings of a provider.
package struct SettingsFinding: Hashable, Sendable {
    /// The member of the settings; empty for the settings as a whole.
    package let member: String
    /// A stable code.
    package let code: String
    /// The sentence.
    package let sentence: String

    package init(_ member: String, _ code: String, _ sentence: String) {
        self.member = member
        self.code = code
        self.sentence = sentence
    }
}

extension Routes {
    /// What is wrong with the routes, or should be known of them, in their order.
    ///
    /// - Parameter source: What reads the secrets; nil to look at what is written only. No name is looked up.
    /// - Returns: the findings, errors first where the URL has them.
    package func lint(with source: (any SecretSource)? = nil) -> [RouteFinding] {
        routes.flatMap { $0.lint(with: source) }
    }
}

extension Route {
    /// All ports, where only the host is looked at.
    private static let any = Set(UInt16(1)...UInt16.max)

    /// What is wrong with the route, or should be known of it.
    ///
    /// - Parameter source: What reads the secrets; nil to look at what is written only. No name is looked up.
    /// - Returns: the findings, errors first where the URL has them.
    package func lint(with source: (any SecretSource)? = nil) -> [RouteFinding] {
        var findings: [RouteFinding] = []
        func add(_ weight: RouteFinding.Weight, _ member: String, _ code: String, _ text: String) {
            findings.append(
                RouteFinding(
                    weight: weight, route: name, member: member, code: code, sentence: text))
        }
        func add(_ fault: RouteFault) {
            let findings = findings
            guard !findings.contains(where: { $0.code == fault.code && $0.member == fault.member })
            else { return }
            add(.error, fault.member, fault.code, fault.sentence)
        }
        var origin: Destination?
        if case .written(let url) = address {
            do throws(RouteFault) { origin = try destination(url) } catch { add(error) }
        }
        if let source {
            let reader = SecretReader(source)
            for secret in secrets {
                do throws(RouteFault) {
                    _ =
                        secret.member == "client_key"
                        ? try reader.file(secret.reference, at: secret.member).count
                        : try reader.secret(secret.reference, at: secret.member).revealed.count
                } catch {
                    add(error)
                }
            }
            do throws(RouteFault) { origin = try ready(with: source).origin } catch { add(error) }
        }
        let policy = AddressPolicy(allowing: allowed)
        var hosts = [("url", origin)]
        if let peer = settings.peer {
            hosts.append(("settings." + peer.member, try? Destination(peer.url, ports: Self.any)))
        }
        for (member, destination) in hosts {
            switch destination?.host.verdict(under: policy) {
            case .refused(let kind, let canBeAllowed):
                add(
                    .error, member, "address-refused.\(kind.rawValue)",
                    "The address is \(kind.words)"
                        + (canBeAllowed
                            ? ": allow_addresses does not name it." : ": nobody can allow it."))
            case .allowedByOwner(let range, let kind):
                add(
                    .note, member, "address-allowed.\(kind.rawValue)",
                    "The address is \(kind.words), and allowed by \(range).")
            case .notResolved, nil: break
            }
        }
        let without = policy.rangesWithoutEffect
        for (index, range) in allowed.enumerated() {
            let member = "allow_addresses[\(index)]"
            if let found = without.first(where: { $0.range == range }) {
                add(
                    .warning, member, "range-without-effect",
                    "\(range) has no effect: such an address is \(found.kind.words).")
            } else {
                let size = range.first.family.bits - range.prefixLength
                add(
                    .note, member, "range-opened",
                    "\(range) opens \(size == 0 ? "one address" : "2^\(size) addresses") "
                        + "beside the global ones.")
                if range.prefixLength < (range.first.family == .v4 ? 8 : 16) {
                    add(
                        .warning, member, "range-wide",
                        "\(range) is wide: name only the receiver's addresses.")
                }
            }
        }
        for found in settings.findings {
            let member = found.member.isEmpty ? "settings" : "settings." + found.member
            add(.warning, member, found.code, found.sentence)
        }
        return findings
    }
}
