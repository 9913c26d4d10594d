package io.zt4j.stack.ip;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

import io.zt4j.stack.InterfaceAddress;
import org.jspecify.annotations.Nullable;

/**
 * The interface's addresses. Changed on the event loop only; {@link #list()} may be
 * called by any thread.
 */
public final class OwnAddresses {

	private volatile List<InterfaceAddress> list = List.of();

	private Entry[] entries = {};

	private InetAddress last = IpAddresses.of(4, 0, 0);

	private long lastHigh;

	private long lastLow;

	OwnAddresses() {
	}

	/**
	 * Return the addresses.
	 * @return an immutable snapshot
	 */
	public List<InterfaceAddress> list() {
		return this.list;
	}

	boolean add(InterfaceAddress address) {
		List<InterfaceAddress> changed = new ArrayList<>(this.list);
		boolean known = changed.removeIf((candidate) -> candidate.address().equals(address.address()));
		changed.add(address);
		set(changed);
		return !known;
	}

	boolean remove(InetAddress address) {
		List<InterfaceAddress> changed = new ArrayList<>(this.list);
		if (!changed.removeIf((candidate) -> candidate.address().equals(address))) {
			return false;
		}
		set(changed);
		return true;
	}

	void clear() {
		set(List.of());
	}

	private void set(List<InterfaceAddress> changed) {
		this.list = List.copyOf(changed);
		this.entries = changed.stream().map(Entry::new).toArray(Entry[]::new);
	}

	/**
	 * Whether an address is ours.
	 * @param address the address
	 * @return true if so
	 */
	public boolean contains(InetAddress address) {
		return contains(IpAddresses.version(address), IpAddresses.high(address), IpAddresses.low(address));
	}

	boolean contains(int version, long high, long low) {
		for (Entry entry : this.entries) {
			if (entry.low == low && entry.high == high && entry.version == version) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Take an address apart, remembering the last one, which a connection uses again and
	 * again.
	 * @param address a local address
	 * @return this, for {@link #high()} and {@link #low()}
	 */
	OwnAddresses halves(InetAddress address) {
		if (this.last != address) {
			this.lastHigh = IpAddresses.high(address);
			this.lastLow = IpAddresses.low(address);
			this.last = address;
		}
		return this;
	}

	long high() {
		return this.lastHigh;
	}

	long low() {
		return this.lastLow;
	}

	/**
	 * Whether an IPv4 address is the limited or one of our directed broadcast addresses
	 * (RFC 919).
	 * @param low the 32 bits
	 * @return true if so
	 */
	boolean isBroadcast(long low) {
		if (low == 0xffff_ffffL) {
			return true;
		}
		for (Entry entry : this.entries) {
			if (entry.broadcast == low) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Choose a source address (RFC 6724 5, rules 1, 2, 6 and 8).
	 * @param version 4 or 6
	 * @param high upper half of the destination
	 * @param low lower half of the destination
	 * @return one of our addresses, or null if there is none of this family
	 */
	@Nullable InetAddress select(int version, long high, long low) {
		Entry best = null;
		for (Entry entry : this.entries) {
			if (entry.version == version && (best == null || isBetter(entry, best, high, low))) {
				best = entry;
			}
		}
		return (best != null) ? best.address : null;
	}

	private static boolean isBetter(Entry a, Entry b, long high, long low) {
		if (a.version == 6) {
			int wanted = scope(high);
			int scopeA = scope(a.high);
			int scopeB = scope(b.high);
			if (scopeA != scopeB) {
				return (scopeA < scopeB) ? scopeA >= wanted : scopeB < wanted;
			}
			boolean labelA = isUniqueLocal(a.high) == isUniqueLocal(high);
			boolean labelB = isUniqueLocal(b.high) == isUniqueLocal(high);
			if (labelA != labelB) {
				return labelA;
			}
		}
		return common(a, high, low) > common(b, high, low);
	}

	/* RFC 6724 3.1; unique local addresses have global scope */
	private static int scope(long high) {
		if (high >>> 56 == 0xff) {
			return (int) (high >>> 48) & 0xf;
		}
		return (high >>> 54 == 0xfe80 >>> 6) ? 2 : 14;
	}

	private static boolean isUniqueLocal(long high) {
		return high >>> 57 == 0xfc >>> 1;
	}

	/* RFC 6724 2.2: the common prefix counts only up to the prefix length */
	private static int common(Entry entry, long high, long low) {
		int bits;
		if (entry.version == 4) {
			bits = Long.numberOfLeadingZeros(entry.low ^ low) - 32;
		}
		else {
			long difference = entry.high ^ high;
			bits = (difference != 0) ? Long.numberOfLeadingZeros(difference)
					: 64 + Long.numberOfLeadingZeros(entry.low ^ low);
		}
		return Math.min(bits, entry.prefixLength);
	}

	private static final class Entry {

		private final InetAddress address;

		private final int version;

		private final int prefixLength;

		private final long high;

		private final long low;

		private final long broadcast;

		Entry(InterfaceAddress source) {
			this.address = source.address();
			this.version = IpAddresses.version(this.address);
			this.prefixLength = source.prefixLength();
			this.high = IpAddresses.high(this.address);
			this.low = IpAddresses.low(this.address);
			// RFC 3021: a network of 31 bits has no broadcast address
			this.broadcast = (this.address instanceof Inet4Address && this.prefixLength <= 30)
					? this.low | 0xffff_ffffL >>> this.prefixLength : -1;
		}

	}

}
