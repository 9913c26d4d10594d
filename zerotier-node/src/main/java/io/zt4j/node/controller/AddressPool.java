package io.zt4j.node.controller;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

import io.netty.util.NetUtil;
import io.zt4j.node.identity.Address;
import io.zt4j.node.network.InetPrefix;
import org.jspecify.annotations.Nullable;

/**
 * A range of IP addresses members are given addresses from (VL2 18.5). The end itself is
 * given away only if it equals the start.
 *
 * @param start first address
 * @param end last address, of the same family
 */
public record AddressPool(InetAddress start, InetAddress end) {

	private static final int MAX_TRIALS = 1000;

	private static final long ADDRESS_SPACE = 0xff_ffff_ffffL;

	public AddressPool {
		if (start.getAddress().length != end.getAddress().length) {
			throw new IllegalArgumentException("An address pool begins and ends in one address family, but "
					+ NetUtil.toAddressString(start) + " and " + NetUtil.toAddressString(end) + " differ");
		}
		if (Arrays.compareUnsigned(start.getAddress(), end.getAddress()) > 0) {
			throw new IllegalArgumentException("An address pool ends after it begins, but "
					+ NetUtil.toAddressString(end) + " is before " + NetUtil.toAddressString(start));
		}
	}

	/**
	 * Make a pool of all host addresses of a subnet but the last.
	 * @param subnet the subnet, such as 10.147.20.0/24
	 * @return the pool
	 */
	public static AddressPool of(InetPrefix subnet) {
		InetPrefix network = subnet.network();
		byte[] first = network.address().getAddress();
		byte[] last = first.clone();
		for (int i = 0; i < last.length; i++) {
			int bits = Math.max(0, Math.min(8, network.prefixLength() - 8 * i));
			last[i] |= (byte) (0xff >> bits);
		}
		if (network.prefixLength() < 8 * first.length - 1) {
			first[first.length - 1] |= 1;
		}
		return new AddressPool(InetPrefix.addressOf(first), InetPrefix.addressOf(last));
	}

	/**
	 * Whether this is a pool of IPv6 addresses.
	 * @return false for IPv4
	 */
	public boolean isIpv6() {
		return this.start.getAddress().length == 16;
	}

	/**
	 * Find an address for a member: the same every time, as long as it is free.
	 * @param member the member
	 * @param usable whether an address is routed and free
	 * @param random for small IPv6 pools
	 * @return the address, or null if none was found
	 */
	@Nullable InetAddress allocate(Address member, Predicate<InetAddress> usable, RandomGenerator random) {
		return isIpv6() ? allocateIpv6(member, usable, random) : allocateIpv4(member, usable);
	}

	private @Nullable InetAddress allocateIpv4(Address member, Predicate<InetAddress> usable) {
		long first = ByteBuffer.wrap(this.start.getAddress()).getInt() & 0xffff_ffffL;
		long length = (ByteBuffer.wrap(this.end.getAddress()).getInt() & 0xffff_ffffL) - first;
		if (first == 0) {
			return null;
		}
		int counter = (int) member.value();
		for (long trial = Math.min(length + 1, MAX_TRIALS); trial > 0; trial--, counter++) {
			long candidate = first + ((length > 0) ? (counter & 0xffff_ffffL) % length : 0);
			if ((candidate & 0xff) != 0xff) {
				InetAddress address = InetPrefix.addressOf(ByteBuffer.allocate(4).putInt((int) candidate).array());
				if (usable.test(address)) {
					return address;
				}
			}
		}
		return null;
	}

	private @Nullable InetAddress allocateIpv6(Address member, Predicate<InetAddress> usable, RandomGenerator random) {
		ByteBuffer first = ByteBuffer.wrap(this.start.getAddress());
		ByteBuffer last = ByteBuffer.wrap(this.end.getAddress());
		long lowRange = last.getLong(8) - first.getLong(8);
		boolean roomForAll = Long.compareUnsigned(last.getLong(8), first.getLong(8)) > 0
				&& Long.compareUnsigned(lowRange, ADDRESS_SPACE) >= 0;
		for (int trial = 0; trial < MAX_TRIALS; trial++) {
			ByteBuffer candidate = ByteBuffer.allocate(16);
			if (trial == 0 && roomForAll) {
				candidate.putLong(first.getLong(0)).putLong(first.getLong(8) + member.value());
			}
			else {
				candidate.putLong(between(first.getLong(0), last.getLong(0), random));
				candidate.putLong(between(first.getLong(8), last.getLong(8), random));
			}
			InetAddress address = InetPrefix.addressOf(candidate.array());
			if (usable.test(address)) {
				return address;
			}
		}
		return null;
	}

	private static long between(long start, long end, RandomGenerator random) {
		return (Long.compareUnsigned(end, start) > 0) ? start + Long.remainderUnsigned(random.nextLong(), end - start)
				: start;
	}

	@Override
	public String toString() {
		return NetUtil.toAddressString(this.start) + "-" + NetUtil.toAddressString(this.end);
	}

}
