package io.zt4j.netty;

import java.net.BindException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;

import io.zt4j.stack.InterfaceAddress;
import io.zt4j.stack.IpRoute;
import io.zt4j.stack.NetworkStack;
import org.jspecify.annotations.Nullable;

/**
 * What the channels need to know about addresses.
 */
final class Addresses {

	/** The IPv6 wildcard, which stands for both families. */
	static final InetAddress ANY = any();

	/** The IPv4 wildcard. */
	static final InetAddress ANY4 = of(0, 0, 0, 0);

	/** The limited broadcast address (RFC 919 7). */
	static final InetAddress BROADCAST = of(255, 255, 255, 255);

	private Addresses() {
	}

	private static InetAddress any() {
		try {
			return Inet6Address.getByAddress(null, new byte[16], -1);
		}
		catch (UnknownHostException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static InetAddress of(int... octets) {
		byte[] bytes = new byte[octets.length];
		for (int i = 0; i < bytes.length; i++) {
			bytes[i] = (byte) octets[i];
		}
		try {
			return InetAddress.getByAddress(bytes);
		}
		catch (UnknownHostException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Whether an address is the broadcast address of a network of a stack.
	 * @param address the address
	 * @param stack the stack, or null
	 * @return true if it is
	 */
	static boolean isBroadcast(InetAddress address, @Nullable NetworkStack stack) {
		if (stack == null || !(address instanceof Inet4Address)) {
			return false;
		}
		for (InterfaceAddress own : stack.addresses()) {
			if (own.address() instanceof Inet4Address && own.prefixLength() < 31
					&& address.hashCode() == (own.address().hashCode() | (-1 >>> own.prefixLength()))) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Choose the address to send from when a channel is connected before it is bound: one
	 * on the destination's own prefix, else one of its family, else the wildcard.
	 * @param stack the stack, or null
	 * @param destination where to
	 * @return the address
	 */
	static InetAddress source(@Nullable NetworkStack stack, InetAddress destination) {
		InetAddress source = ANY;
		if (stack != null) {
			for (InterfaceAddress own : stack.addresses()) {
				if (new IpRoute(own.address(), own.prefixLength(), null).contains(destination)) {
					return own.address();
				}
				if (source == ANY && own.address().getClass() == destination.getClass()
						&& own.address().isLinkLocalAddress() == destination.isLinkLocalAddress()
						&& !own.address().isLoopbackAddress()) {
					source = own.address();
				}
			}
		}
		return source;
	}

	/**
	 * Return an address that names a host.
	 * @param address the address
	 * @return the same
	 * @throws UnsupportedAddressTypeException if it is not an IP address and port
	 * @throws UnresolvedAddressException if it is a name
	 */
	static InetSocketAddress resolved(SocketAddress address) {
		if (!(address instanceof InetSocketAddress inet)) {
			throw new UnsupportedAddressTypeException();
		}
		if (inet.isUnresolved()) {
			throw new UnresolvedAddressException();
		}
		return inet;
	}

	/**
	 * Return what to bind: a wildcard of either family stands for both, as it does for
	 * the JDK's channels.
	 * @param address what was asked for
	 * @return what to bind
	 */
	static InetSocketAddress bindable(SocketAddress address) {
		InetSocketAddress inet = resolved(address);
		return inet.getAddress().isAnyLocalAddress() ? new InetSocketAddress(ANY, inet.getPort()) : inet;
	}

	static BindException notOurs(InetSocketAddress address) {
		return new BindException("Cannot assign requested address: " + address.getAddress().getHostAddress()
				+ " is not an address of this node on a joined network");
	}

	static NoRouteToHostException noRoute(InetSocketAddress remote) {
		return new NoRouteToHostException(
				"No route to host: no joined network reaches " + remote.getAddress().getHostAddress());
	}

}
