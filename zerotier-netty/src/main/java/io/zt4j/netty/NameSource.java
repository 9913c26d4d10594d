package io.zt4j.netty;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Knows names of the overlay. Any thread may ask.
 */
@FunctionalInterface
public interface NameSource {

	/**
	 * Look a name up.
	 * @param name a host name, lower case, without a trailing dot; never a literal
	 * address
	 * @return the addresses, best first, empty if the name is not known here
	 */
	CompletionStage<List<InetAddress>> lookup(String name);

}
