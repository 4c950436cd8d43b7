import CloseoutEncodings

extension Routes {
    /// A file of routes to begin with: one of each kind, named like it, with hosts that are examples.
    package static func example(of providers: [ProviderKind]) -> [UInt8] {
        let routes = providers.map { provider in
            let members: JSON =
                switch provider.example {
                case .object(let members):
                    .object(
                        [
                            JSONMember("name", JSON(provider.rawValue)),
                            JSONMember("provider", JSON(provider.rawValue)),
                            JSONMember("events", ["closeout", "decision", "retention-alert"]),
                        ] + members)
                default: .null
                }
            return members
        }
        let file: JSON = ["kind": JSON(kind), "routes": .array(routes)]
        return file.forEditing
    }
}

extension ProviderKind {
    /// The members of a route that are the provider's own.
    fileprivate var example: JSON {
        switch self {
        case .webhook:
            [
                "url": "https://hooks.example.com/closeout",
                "settings": ["signing_secrets": [["env": "WEBHOOK_SECRET"]]],
            ]
        case .slack: ["url": ["env": "SLACK_URL"]]
        case .teams: ["url": ["env": "TEAMS_URL"]]
        case .pagerduty, .pagerdutyChange:
            [
                "url": "https://events.pagerduty.com",
                "settings": ["routing_key": ["env": "PAGERDUTY_KEY"]],
            ]
        case .splunk:
            [
                "url": "https://splunk.example.com:8088", "ports": [8088],
                "settings": ["token": ["env": "SPLUNK_TOKEN"], "index": "audit"],
            ]
        case .elastic:
            [
                "url": "https://elastic.example.com:9200", "ports": [9200],
                "settings": ["api_key": ["env": "ELASTIC_KEY"], "index": "closeout"],
            ]
        case .jira:
            [
                "url": "https://example.atlassian.net",
                "settings": [
                    "user": "bot@example.com", "token": ["env": "JIRA_TOKEN"], "project": "REL",
                ],
            ]
        case .servicenow:
            [
                "url": "https://example.service-now.com",
                "settings": ["user": "closeout", "password": ["env": "SERVICENOW_PASSWORD"]],
            ]
        case .sentinel:
            [
                "url": "https://example.ingest.monitor.azure.com",
                "settings": [
                    "tenant": "TENANT-ID", "client_id": "CLIENT-ID",
                    "client_secret": ["env": "SENTINEL_SECRET"], "rule": "dcr-1",
                    "stream": "Custom-Closeout_CL",
                ],
            ]
        case .githubGate:
            ["url": "https://api.github.com", "settings": ["token": ["env": "GITHUB_TOKEN"]]]
        case .syslog: ["settings": ["host": "logs.example.com"]]
        case .smtp:
            [
                "settings": [
                    "host": "mail.example.com", "security": "starttls", "user": "closeout",
                    "password": ["env": "MAIL_PASSWORD"], "from": "closeout@example.com",
                    "to": "releases@example.com",
                ]
            ]
        }
    }
}
