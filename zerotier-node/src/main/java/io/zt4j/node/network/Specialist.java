package io.zt4j.node.network;

import io.netty.buffer.ByteBuf;
import io.zt4j.node.identity.Address;

/**
 * A member with a role in its network (VL2 6, key {@code S}).
 *
 * @param address the member
 * @param roles a combination of the role bits of this class; unknown bits are kept
 */
public record Specialist(Address address, long roles) {

	/** May bring in frames of foreign MAC addresses. */
	public static final long ACTIVE_BRIDGE = 0x0000_0200_0000_0000L;

	/** Is contacted continuously. */
	public static final long ANCHOR = 0x0000_0400_0000_0000L;

	/** Replicates multicasts for others. */
	public static final long MULTICAST_REPLICATOR = 0x0000_0800_0000_0000L;

	/** Bytes on the wire. */
	static final int LENGTH = 8;

	private static final long ADDRESS_MASK = 0xff_ffff_ffffL;

	public Specialist {
		if ((roles & ADDRESS_MASK) != 0) {
			throw new IllegalArgumentException(
					"Role bits lie above the 40 bits of the address: 0x" + Long.toHexString(roles));
		}
	}

	static Specialist read(ByteBuf in) {
		long word = in.readLong();
		return new Specialist(new Address(word & ADDRESS_MASK), word & ~ADDRESS_MASK);
	}

	void write(ByteBuf out) {
		out.writeLong(this.roles | this.address.value());
	}

	/**
	 * Whether the member is an active bridge.
	 * @return true if it may bridge
	 */
	public boolean isActiveBridge() {
		return (this.roles & ACTIVE_BRIDGE) != 0;
	}

	/**
	 * Whether the member is an anchor.
	 * @return true if it is contacted continuously
	 */
	public boolean isAnchor() {
		return (this.roles & ANCHOR) != 0;
	}

	/**
	 * Whether the member replicates multicasts.
	 * @return true if it does
	 */
	public boolean isMulticastReplicator() {
		return (this.roles & MULTICAST_REPLICATOR) != 0;
	}

}
