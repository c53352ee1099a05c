import Testing

@Suite("The SHA-256 of the tests")
struct SHA256Tests {
    @Test("It gives the published digest of abc and of the empty message")
    func published() {
        #expect(hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }

    private func hex(_ text: String) -> String {
        SHA256.digest(Array(text.utf8)).map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}
