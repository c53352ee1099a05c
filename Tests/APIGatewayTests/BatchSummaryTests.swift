import APIGateway
import NIOCore
import Testing

@Suite("Summaries of batches")
struct BatchSummaryTests {
    @Test func `A summary counts lines by what they were answered`() {
        var (first, second) = (BatchSummary(), BatchSummary())
        for status in [200, 201, 202, 400, 404, 413, 429, 503] { first.count(status) }
        second.count(202)
        first.add(second)
        #expect(first.lines == 9)
        #expect(
            String(buffer: first.text) == #"{"summary":{"lines":9,"succeeded":2,"processing":2,"failed":5}}"# + "\n")
    }
}
