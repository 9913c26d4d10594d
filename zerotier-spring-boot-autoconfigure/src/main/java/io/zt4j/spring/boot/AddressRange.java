package io.zt4j.spring.boot;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import io.netty.util.NetUtil;

/**
 * The addresses from one to another, both included, of one family.
 *
 * @param start first address
 * @param end last address, not before the first
 */
record AddressRange(InetAddress start, InetAddress end) {

	AddressRange {
		if (start.getClass() != end.getClass() || number(start).compareTo(number(end)) > 0) {
			throw new IllegalArgumentException(
					"A range goes from a lower to a higher address of the same family, such as 10.147.17.10-10.147.17.99");
		}
	}

	/**
	 * Parse a range, or a subnet without its network and broadcast addresses.
	 * @param text as in 10.147.17.10-10.147.17.99 or 10.147.17.0/24
	 * @return the range
	 */
	static AddressRange parse(String text) {
		int dash = text.indexOf('-');
		if (dash < 0) {
			return of(Subnet.parse(text));
		}
		InetAddress start = NetUtil.createInetAddressFromIpAddressString(text.substring(0, dash).strip());
		InetAddress end = NetUtil.createInetAddressFromIpAddressString(text.substring(dash + 1).strip());
		if (start == null || end == null) {
			throw new IllegalArgumentException("A range is two addresses, such as 10.147.17.10-10.147.17.99");
		}
		return new AddressRange(start, end);
	}

	private static AddressRange of(Subnet subnet) {
		int length = subnet.address().getAddress().length;
		int hostBits = 8 * length - subnet.prefixLength();
		BigInteger first = number(subnet.address()).shiftRight(hostBits).shiftLeft(hostBits);
		BigInteger last = first.add(BigInteger.ONE.shiftLeft(hostBits)).subtract(BigInteger.ONE);
		boolean inner = hostBits > 1;
		return new AddressRange(address(inner ? first.add(BigInteger.ONE) : first, length),
				address(inner ? last.subtract(BigInteger.ONE) : last, length));
	}

	/**
	 * Return this range without some addresses.
	 * @param addresses what to leave out
	 * @return what is left, in order
	 */
	List<AddressRange> without(Collection<InetAddress> addresses) {
		List<AddressRange> result = new ArrayList<>();
		BigInteger next = number(this.start);
		BigInteger last = number(this.end);
		int length = this.start.getAddress().length;
		List<BigInteger> holes = addresses.stream()
			.filter((address) -> address.getAddress().length == length)
			.map(AddressRange::number)
			.distinct()
			.sorted()
			.toList();
		for (BigInteger hole : holes) {
			if (hole.compareTo(next) >= 0 && hole.compareTo(last) <= 0) {
				add(result, next, hole.subtract(BigInteger.ONE), length);
				next = hole.add(BigInteger.ONE);
			}
		}
		add(result, next, last, length);
		return result;
	}

	private static void add(List<AddressRange> ranges, BigInteger first, BigInteger last, int length) {
		if (first.compareTo(last) <= 0) {
			ranges.add(new AddressRange(address(first, length), address(last, length)));
		}
	}

	private static BigInteger number(InetAddress address) {
		return new BigInteger(1, address.getAddress());
	}

	private static InetAddress address(BigInteger number, int length) {
		byte[] bytes = new byte[length];
		byte[] magnitude = number.toByteArray();
		int count = Math.min(length, magnitude.length);
		System.arraycopy(magnitude, magnitude.length - count, bytes, length - count, count);
		try {
			return InetAddress.getByAddress(bytes);
		}
		catch (UnknownHostException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
