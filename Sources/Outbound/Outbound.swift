// The safe HTTP client: what is sent out goes where its owner wants it and nowhere else, once.
//
// A destination is read strictly, its name is looked up here, and every address is checked before the first byte
// leaves; connections are pinned to a checked one. A request has one deadline from end to end. Its result is a
// response, or a failure that says whether the request may have left; neither holds a text of anybody else
// (docs/outbound.md).
//
// Example (run by Tests/OutboundTests/OutboundExample.swift):
//
//     let destination = try Destination(url, ports: [443, port])
//     let policy = AddressPolicy(allowing: [AddressRange("127.0.0.0/8")].compactMap { $0 })
//     let tls = try OutboundTLS(authorities: authorities)
//     let settings = OutboundSettings(addresses: policy, tls: tls)
//     let client = OutboundClient(for: destination, settings: settings)
//     let request = try OutboundRequest(.post, to: destination, body: Array("{}".utf8))
//     let result = await client.send(request)

import CloseoutEncodings
