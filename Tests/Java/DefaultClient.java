import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Creates links and reads them, with Java's own client as it is: its first request offers h2c. */
class DefaultClient {
    private static final String base = System.getenv("PAYLINKS_BASE_URL");
    private static final HttpClient client = HttpClient.newHttpClient();

    public static void main(String[] arguments) throws Exception {
        String wallet = System.getenv("PAYLINKS_PAYEE_WALLET");
        String body = "{\"walletId\":\"" + wallet + "\",\"amount\":\"1.00\"}";
        int calls = 0;
        for (int round = 0; round < 4; round++, calls += 2) {
            check(201, request("/v1/payment-links").POST(BodyPublishers.ofString(body)).build());
            check(200, request("/v1/payment-links?limit=1").GET().build());
        }
        System.out.println(calls + " calls");
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofSeconds(20))
            .header("Content-Type", "application/json")
            .header("Authorization", "Bearer " + System.getenv("PAYLINKS_API_KEY"));
    }

    private static void check(int expected, HttpRequest request) throws Exception {
        var answer = client.send(request, BodyHandlers.ofString());
        if (answer.statusCode() != expected) throw new IllegalStateException(answer.statusCode() + " " + answer.body());
    }
}
