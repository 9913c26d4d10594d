package io.zt4j.sample;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A client on the host's network.
 */
final class Http {

	private static final JsonMapper json = JsonMapper.builder().build();

	private static final HttpClient client = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.connectTimeout(Duration.ofSeconds(5))
		.build();

	private Http() {
	}

	static HttpResponse<String> get(String url) throws IOException, InterruptedException {
		HttpRequest request = HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(90)).build();
		return client.send(request, HttpResponse.BodyHandlers.ofString());
	}

	static JsonNode json(String url) throws IOException, InterruptedException {
		HttpResponse<String> response = get(url);
		if (response.statusCode() != 200) {
			throw new IOException(url + " answered " + response.statusCode() + ": " + response.body());
		}
		return json.readTree(response.body());
	}

	/**
	 * Ask until the answer is 200.
	 * @param url what to ask
	 * @param limit how long
	 * @return the answer
	 */
	static JsonNode await(String url, Duration limit) throws InterruptedException {
		long deadline = System.nanoTime() + limit.toNanos();
		while (true) {
			try {
				return json(url);
			}
			catch (IOException ex) {
				if (System.nanoTime() > deadline) {
					throw new AssertionError(url + " did not answer within " + limit, ex);
				}
				Thread.sleep(100);
			}
		}
	}

}
