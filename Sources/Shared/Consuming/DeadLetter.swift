package import RabbitMQ

/// A delivery that cannot be worked on, and why.
package struct DeadLetter: Error, Sendable {
    package var delivery: Delivery
    /// In words that hold nothing of the delivery's content.
    package let reason: String

    package init(delivery: Delivery, reason: String) {
        self.delivery = delivery
        self.reason = reason
    }

    /// The same without what its sender wrote beside the body: more of it than a message has room for, or of a kind
    /// that no message can hold.
    var bare: DeadLetter {
        var letter = self
        letter.delivery.properties.messageId = nil
        letter.delivery.properties.replyTo = nil
        letter.delivery.properties.headers = [:]
        return letter
    }
}
