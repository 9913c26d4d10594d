package io.zt4j.node.network;

import java.util.Arrays;

import io.netty.buffer.ByteBuf;
import io.zt4j.node.identity.Address;
import org.jspecify.annotations.Nullable;

/**
 * What a node knows about the members of a multicast group, as an answer to a gather (VL2
 * 11.5).
 *
 * @param total how many are known, this node and the asker included
 * @param addresses the members to tell
 */
record GatherResults(int total, long[] addresses) {

	/* what one packet holds after the headers of either OK */
	private static final int MAX_ADDRESSES = (NodeContext.MAX_PAYLOAD - 64) / Address.LENGTH;

	static GatherResults of(NodeContext context, @Nullable VirtualNetwork network, long id, MulticastGroup group,
			Address asker, long limit) {
		long mac = group.mac().value();
		boolean self = network != null && network.ownGroups().isSubscribed(group);
		int max = (int) Math.min(limit, MAX_ADDRESSES);
		int total = context.groups.count(id, mac, group.adi()) + (self ? 1 : 0);
		long[] picked = context.groups.pick(id, mac, group.adi(), max + 1, context.random);
		long[] addresses = new long[max];
		int count = 0;
		if (self && max > 0) {
			addresses[count++] = context.self.value();
		}
		for (int i = 0; i < picked.length && count < max; i++) {
			if (picked[i] != asker.value()) {
				addresses[count++] = picked[i];
			}
		}
		return new GatherResults(total, Arrays.copyOf(addresses, count));
	}

	/**
	 * Read results.
	 * @param in the buffer, reader index at the total
	 * @return the results
	 * @throws IndexOutOfBoundsException if they are cut off
	 */
	static GatherResults read(ByteBuf in) {
		int total = in.readInt();
		long[] addresses = new long[in.readUnsignedShort()];
		if (in.readableBytes() < addresses.length * Address.LENGTH) {
			throw new IndexOutOfBoundsException("gather results cut off");
		}
		for (int i = 0; i < addresses.length; i++) {
			addresses[i] = Address.read(in).value();
		}
		return new GatherResults(total, addresses);
	}

	void write(ByteBuf out) {
		out.writeInt(this.total).writeShort(this.addresses.length);
		for (long address : this.addresses) {
			out.writeByte((int) (address >>> 32)).writeInt((int) address);
		}
	}

	boolean isEmpty() {
		return this.addresses.length == 0;
	}

}
