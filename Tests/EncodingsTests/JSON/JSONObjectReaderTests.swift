import CloseoutEncodings
import CloseoutOpenSSL
import Testing

@Suite struct JSONObjectReaderTests {
    @Test("reads every type of a closed object, in any order of keys")
    func types() throws {
        let hex = String(repeating: "0f", count: 32)
        let document: JSON = [
            "kind": "test/v1", "name": "é", "count": 3, "on": true, "at": "2026-01-31T12:00:00Z",
            "sha256": JSON(hex), "sig": "AQI=", "list": [1, 2], "inner": ["deep": -1],
        ]
        var reader = try JSONObjectReader(document)
        try reader.constant("kind", "test/v1")
        #expect(try reader.integer("count", in: 1...3) == 3)
        #expect(try reader.bytes("name") == [0xC3, 0xA9])
        #expect(try reader.string("name") == "é")
        #expect(try reader.bool("on"))
        #expect(try reader.instant("at").description == "2026-01-31T12:00:00Z")
        #expect(try reader.digest("sha256") == SHA256Digest(repeatElement(0x0F, count: 32)))
        #expect(try reader.base64("sig") == [1, 2])
        #expect(try reader.array("list").map { item in try item.integer() } == [1, 2])
        var inner = try reader.object("inner")
        #expect(try inner.integer("deep") == -1)
        try inner.finish()
        #expect(reader.optional("absent") == nil)
        try reader.finish()
    }

    @Test(
        "names the place and the cause of what is wrong",
        arguments: [
            (#"{"keys":[]}"#, "id: required, and absent"),
            (#"{"id":1,"keys":[]}"#, "id: expected a string, found an integer"),
            (#"{"id":null,"keys":[]}"#, "id: expected a string, found null"),
            (#"{"id":"a"}"#, "keys: required, and absent"),
            (#"{"id":"a","keys":{}}"#, "keys: expected an array, found an object"),
            (
                #"{"id":"a","keys":[{"at":"2026-01-31T12:00:00Z"},7]}"#,
                "keys[1]: expected an object, found an integer"
            ),
            (
                #"{"id":"a","keys":[{"at":"2026-01-31"}]}"#,
                "keys[0].at: not an instant but a date: write 2026-01-31T00:00:00Z or another second of it"
            ),
            (#"{"id":"a","keys":[{"at":true}]}"#, "keys[0].at: expected a string, found a boolean"),
            (#"{"id":"a","keys":[{"att":1}]}"#, "keys[0].at: required, and absent"),
            (
                #"{"id":"a","keys":[],"ids":1}"#,
                "ids: unknown member; a newer version of Closeout may know it"
            ),
            (
                #"{"id":"a","keys":[{"at":"2026-01-31T12:00:00Z","x\n\u001b":1}]}"#,
                #"keys[0].x\n\u{1b}: unknown member; a newer version of Closeout may know it"#
            ),
            (#"[]"#, "expected an object, found an array"),
        ])
    func places(text: String, message: String) throws {
        let json = try JSON(parsing: Array(text.utf8))
        let error = #expect(throws: JSONShapeError.self) { try readPolicy(json) }
        #expect(error.map { "\($0)" } == message)
    }

    @Test(
        "refuses values of the right type that the format does not allow",
        arguments: [
            (#"{"v":4}"#, "v: 4 is not between 1 and 3"),
            (#"{"v":0}"#, "v: 0 is not between 1 and 3"),
            (#"{"v":2,"d":"00"}"#, "d: not a SHA-256 digest of 64 lower-case hexadecimal digits"),
            (#"{"v":2,"b":"AQI"}"#, "b: not padded standard base64"),
            (#"{"v":2,"k":"test/v2"}"#, "k: must be test/v1"),
        ])
    func values(text: String, message: String) throws {
        let json = try JSON(parsing: Array(text.utf8))
        let error = #expect(throws: JSONShapeError.self) {
            var reader = try JSONObjectReader(json)
            _ = try reader.integer("v", in: 1...3)
            _ = try reader.optional("d")?.digest()
            _ = try reader.optional("b")?.base64()
            try reader.constant("k", "test/v1")
        }
        #expect(error.map { "\($0)" } == message)
    }

    @Test("lists the members of an object with free keys, each with its place")
    func freeKeys() throws {
        let json = try JSON(parsing: Array(#"{"roles":{"release":1,"log":2}}"#.utf8))
        var reader = try JSONObjectReader(json, at: "policy")
        let members = try reader.required("roles").members()
        #expect(members.map(\.item.place) == ["policy.roles.release", "policy.roles.log"])
        #expect(members.map(\.key) == [Array("release".utf8), Array("log".utf8)])
        #expect("\(members[0].item.invalid("is odd"))" == "policy.roles.release: is odd")
        try reader.finish()
    }

    private func readPolicy(_ json: JSON) throws(JSONShapeError) {
        var reader = try JSONObjectReader(json)
        _ = try reader.string("id")
        for item in try reader.array("keys") {
            var key = try item.object()
            _ = try key.instant("at")
            try key.finish()
        }
        try reader.finish()
    }
}
