import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords

/// A route of each provider with a secret of its own in each place that can hold one: what a search must not find
/// anywhere but in messages (docs/redaction.md, "Proof").
package struct Canaries: SecretSource {
    /// The routes, each with the name of its kind.
    package let file: [UInt8]
    /// What is looked for, by the name of the secret.
    package let secrets: [(name: String, bytes: [UInt8])]
    /// The text of a secret that is written into the file where none may be.
    let written: String
    private let values: [String: [UInt8]]
    /// What files of certificates hold, by their paths.
    private let files: [String: [UInt8]]
    private let ending: [UInt8]

    /// Makes new secrets.
    ///
    /// - Parameter ending: What stands behind each where it is read, such as a line end.
    /// - Throws: `OpenSSLError` where there is no randomness, `KeyError` where a key cannot be made.
    package init(ending: String) throws {
        var routes: [String] = []
        var secrets: [(name: String, bytes: [UInt8])] = []
        var values: [String: [UInt8]] = [:]
        var files: [String: [UInt8]] = [:]
        for kind in ProviderKind.allCases {
            var members = Self.members(kind)
            for (place, form) in Self.forms {
                guard members.contains(place) else { continue }
                let variable = "\(kind.rawValue)_\(place.dropFirst())".uppercased()
                    .replacing("-", with: "_")
                let word = Hex.string(try randomBytes(12))
                let (value, looked) = try form(word)
                members.replace(place, with: #"{"env":"\#(variable)"}"#)
                values[variable] = Array(value.utf8)
                let name = "\(kind.rawValue) \(place.dropFirst())"
                secrets.append((name, looked))
                // Where the secret is itself in another writing, it is looked for as it is too.
                if !value.contains(String(decoding: looked, as: UTF8.self)) {
                    secrets.append((name, Array(value.utf8)))
                }
            }
            if members.contains("$client") {
                let variable = "\(kind.rawValue)_CLIENT_KEY".uppercased()
                let client = try ClientCanary()
                members.replace(
                    "$client",
                    with: #""client_certificate":"\#(kind.rawValue).pem","client_key":{"env":"#
                        + #""\#(variable)"}"#)
                values[variable] = Array(client.key.utf8)
                files["\(kind.rawValue).pem"] = client.certificate
                secrets.append(("\(kind.rawValue) client_key", client.looked))
            }
            routes.append(
                #"{"name":"\#(kind.rawValue)","provider":"\#(kind.rawValue)","events":["#
                    + #""closeout","decision","retention-alert"],\#(members)}"#)
        }
        written = "canary-" + Hex.string(try randomBytes(12))
        secrets.append(("written into routes.json", Array(written.utf8)))
        file = Array(
            #"{"kind":"closeout/routes/v1","routes":[\#(routes.joined(separator: ","))]}"#.utf8)
        self.secrets = secrets
        self.values = values
        self.files = files
        self.ending = Array(ending.utf8)
    }

    /// What a secret of the file holds, with the ending.
    package func bytes(of reference: SecretReference) throws(SecretFault) -> [UInt8] {
        switch reference {
        case .environment(let name):
            guard let value = values[name] else { throw .unavailable }
            return value + ending
        case .file(let path):
            guard let file = files[path] else { throw .unavailable }
            return file
        case .command: throw .unavailable
        }
    }

    /// The same secrets in a form that no provider takes: what is said of that must not repeat them.
    func spoiled(by text: String) -> SpoiledCanaries {
        SpoiledCanaries(values: values.mapValues { $0 + Array(text.utf8) + $0 })
    }

    private typealias Form =
        @Sendable (String) throws(OpenSSLError) -> (value: String, looked: [UInt8])

    /// Where a secret is in the members of a route, and how it is made of a random word.
    private static let forms: [(String, Form)] = [
        ("$slack", { ("https://hooks.example.com/services/T0/B0/\($0)", Array($0.utf8)) }),
        (
            "$teams",
            { ("https://flow.example.com/workflows/a?sig=\($0)", Array($0.utf8)) }
        ),
        ("$token", { ("token-\($0)", Array($0.utf8)) }),
        ("$header", { ("header-\($0)", Array($0.utf8)) }),
        ("$password", { ("pass word \($0)", Array($0.utf8)) }),
        ("$key", { (Base64.string(Array("id:\($0)".utf8)), Array($0.utf8)) }),
        (
            "$symmetric",
            { (word: String) throws(OpenSSLError) in
                let key = Base64.string(try randomBytes(32))
                return ("whsec_\(key)", Array(key.utf8.dropLast(2)))
            }
        ),
        (
            "$seed",
            { (word: String) throws(OpenSSLError) in
                let key = Base64.string(try randomBytes(32))
                return ("whsk_\(key)", Array(key.utf8.dropLast(2)))
            }
        ),
    ]

    /// What stands behind name, provider and events of a route.
    private static func members(_ kind: ProviderKind) -> String {
        switch kind {
        case .webhook:
            #"$client,"url":"https://hook.example.com/in","settings":{"signing_secrets":[$symmetric,$seed],"#
                + #""headers":[{"name":"X-Api-Key","value":$header}]}"#
        case .slack: #""url":$slack"#
        case .teams: #""url":$teams"#
        case .pagerduty, .pagerdutyChange:
            #""url":"https://events.example.com","settings":{"routing_key":$token}"#
        case .splunk:
            #""url":"https://splunk.example.com","settings":{"token":$token,"index":"audit"}"#
        case .elastic:
            #""url":"https://elastic.example.com","settings":{"api_key":$key,"index":"events"}"#
        case .jira:
            #""url":"https://site.example.com","settings":{"user":"bot@example.com","token":$token,"#
                + #""project":"REL"}"#
        case .servicenow:
            #""url":"https://now.example.com","settings":{"user":"bot","password":$password}"#
        case .sentinel:
            #""url":"https://dce.example.com","settings":{"tenant":"t-1","client_id":"c-1","#
                + #""client_secret":$password,"rule":"dcr-1","stream":"Custom-Closeout_CL","#
                + #""authority":"https://login.example.com"}"#
        case .githubGate: #""url":"https://api.example.com","settings":{"token":$token}"#
        case .syslog: #"$client,"settings":{"host":"log.example.com","enterprise":32473}"#
        case .smtp:
            #"$client,"settings":{"host":"mail.example.com","user":"bot","password":$password,"#
                + #""from":"closeout@example.com","to":"people@example.org"}"#
        }
    }
}

/// Secrets in a form that no provider takes.
struct SpoiledCanaries: SecretSource {
    fileprivate let values: [String: [UInt8]]

    func bytes(of reference: SecretReference) throws(SecretFault) -> [UInt8] {
        guard case .environment(let name) = reference, let value = values[name] else {
            throw .unavailable
        }
        return value
    }
}
