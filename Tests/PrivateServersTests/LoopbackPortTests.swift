import PrivateServers
import Testing

@Suite struct LoopbackPortTests {
    @Test func `free ports are free, below the kernel's own range, and never given twice`() throws {
        let ports = try (0..<200).map { _ in try LoopbackPort.free() }
        #expect(Set(ports).count == ports.count)
        #expect(ports.allSatisfy { (15_000..<32_768).contains($0) })
        #expect(ports.filter(LoopbackPort.isFree).count > 195)
    }
}
