package io.zt4j.sample;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Free ports for the three roles, so that tests do not meet a sample that runs.
 */
final class Ports {

	private final Map<String, Integer> http = new HashMap<>();

	private final Map<String, Integer> udp = new HashMap<>();

	private Ports() {
	}

	static Ports allocate() throws IOException {
		Ports ports = new Ports();
		List<AutoCloseable> held = new ArrayList<>();
		try {
			InetAddress loopback = InetAddress.getByName("127.0.0.1");
			for (String role : List.of("controller", "orders", "gateway")) {
				ServerSocket tcp = new ServerSocket(0, 1, loopback);
				held.add(tcp);
				ports.http.put(role, tcp.getLocalPort());
				DatagramSocket udp = new DatagramSocket(0, loopback);
				held.add(udp);
				ports.udp.put(role, udp.getLocalPort());
			}
		}
		finally {
			for (AutoCloseable socket : held) {
				try {
					socket.close();
				}
				catch (Exception ex) {
					throw new IOException(ex);
				}
			}
		}
		return ports;
	}

	int http(String role) {
		return this.http.get(role);
	}

	String url(String role, String path) {
		return "http://127.0.0.1:" + http(role) + path;
	}

	/**
	 * Return what differs from the yaml: the folder, the ports, and a quick end.
	 * @param role the role
	 * @param data the folder
	 * @return command line arguments
	 */
	List<String> arguments(String role, Path data) {
		List<String> arguments = new ArrayList<>();
		arguments.add("--shop.data=" + data);
		arguments.add("--spring.reactor.netty.shutdown-quiet-period=0");
		arguments.add("--zerotier.port=" + this.udp.get(role));
		arguments.add((role.equals("orders") ? "--management.server.port=" : "--server.port=") + http(role));
		if (role.equals("controller")) {
			arguments.add("--zerotier.root.endpoints=127.0.0.1:" + this.udp.get(role));
		}
		return arguments;
	}

}
