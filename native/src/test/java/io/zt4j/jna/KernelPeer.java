package io.zt4j.jna;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.SplittableRandom;

import com.sun.net.httpserver.HttpServer;

/**
 * Runs in its own JVM inside of the network namespace and uses the kernel's TCP/IP.
 * {@code ping} sends ICMP as the JDK does for root.
 */
public final class KernelPeer {

	static final int HTTP = 8080;

	static final int SINK = 9001;

	static final int SOURCE = 9002;

	private KernelPeer() {
	}

	/**
	 * Run one command.
	 * @param arguments {@code serve}, {@code ping address}, {@code push address port seed
	 * length} or {@code pull address port}
	 * @throws Exception if it fails
	 */
	public static void main(String[] arguments) throws Exception {
		switch (arguments[0]) {
			case "serve" -> serve();
			case "ping" -> System.out.println(InetAddress.getByName(arguments[1]).isReachable(5000));
			case "push" -> {
				try (Socket socket = new Socket()) {
					socket.connect(new InetSocketAddress(arguments[1], Integer.parseInt(arguments[2])), 10_000);
					send(socket, Long.parseLong(arguments[3]), Long.parseLong(arguments[4]));
					socket.shutdownOutput();
					System.out.println(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
				}
			}
			case "pull" -> {
				try (Socket socket = new Socket()) {
					socket.connect(new InetSocketAddress(arguments[1], Integer.parseInt(arguments[2])), 10_000);
					System.out.println(receive(socket));
				}
			}
			default -> throw new IllegalArgumentException(arguments[0]);
		}
	}

	private static void serve() throws IOException {
		HttpServer http = HttpServer.create(new InetSocketAddress(HTTP), 16);
		http.createContext("/", (exchange) -> {
			byte[] body = ("hello " + exchange.getRemoteAddress().getAddress().getHostAddress())
				.getBytes(StandardCharsets.US_ASCII);
			exchange.sendResponseHeaders(200, body.length);
			exchange.getResponseBody().write(body);
			exchange.close();
		});
		http.start();
		listen(SINK, (socket) -> {
			String digest = receive(socket);
			socket.getOutputStream().write(digest.getBytes(StandardCharsets.US_ASCII));
		});
		listen(SOURCE, (socket) -> {
			String[] wanted = new String(socket.getInputStream().readNBytes(32), StandardCharsets.US_ASCII).trim()
				.split(" ");
			send(socket, Long.parseLong(wanted[0]), Long.parseLong(wanted[1]));
		});
		System.out.println("ready");
		// lives as long as the test: the end of the input is the end of the test
		while (System.in.read() >= 0) {
			continue;
		}
		System.exit(0);
	}

	private static void listen(int port, Service service) throws IOException {
		ServerSocket server = new ServerSocket(port);
		daemon(() -> {
			while (true) {
				Socket socket = server.accept();
				daemon(() -> {
					try (socket) {
						service.serve(socket);
					}
				});
			}
		});
	}

	private static void daemon(Task task) {
		Thread thread = new Thread(() -> {
			try {
				task.run();
			}
			catch (IOException ex) {
				ex.printStackTrace();
			}
		});
		thread.setDaemon(true);
		thread.start();
	}

	private static void send(Socket socket, long seed, long length) throws IOException {
		OutputStream out = socket.getOutputStream();
		SplittableRandom random = new SplittableRandom(seed);
		for (long left = length; left > 0;) {
			byte[] chunk = Bulk.chunk(random, left);
			out.write(chunk);
			left -= chunk.length;
		}
	}

	private static String receive(Socket socket) throws IOException {
		MessageDigest digest = Bulk.sha256();
		InputStream in = socket.getInputStream();
		byte[] buffer = new byte[Bulk.CHUNK];
		for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
			digest.update(buffer, 0, length);
		}
		return Bulk.hex(digest);
	}

	private interface Service {

		void serve(Socket socket) throws IOException;

	}

	private interface Task {

		void run() throws IOException;

	}

}
