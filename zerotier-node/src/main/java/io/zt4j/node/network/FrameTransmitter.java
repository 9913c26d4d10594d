package io.zt4j.node.network;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.zt4j.node.identity.Address;
import io.zt4j.node.packet.Verb;

/**
 * The unicast frames that leave one network's port: to the member that owns the
 * destination MAC address, else to bridges (VL2 10.1, 12).
 */
final class FrameTransmitter {

	private static final int ETHERNET_HEADER = 14;

	/** VL1 header, network ID and EtherType: what FRAME puts before the payload. */
	private static final int FRAME_OVERHEAD = 28 + Long.BYTES + 2;

	/** VL1 header, network ID and flags: what EXT_FRAME puts before the MAC addresses. */
	private static final int EXT_FRAME_OVERHEAD = 28 + Long.BYTES + 1;

	private static final int MAX_SPRAY = 32;

	private static final long ADDRESS_MASK = 0xff_ffff_ffffL;

	private static final long MULTICAST_BIT = 0x0100_0000_0000L;

	private final NodeContext context;

	private final VirtualNetwork network;

	private final long id;

	/** XOR of a member's MAC address and its ZeroTier address (VL2 1.2). */
	private final long macMask;

	private final int firstOctet;

	FrameTransmitter(NodeContext context, VirtualNetwork network) {
		this.context = context;
		this.network = network;
		this.id = network.id().value();
		this.macMask = (network.macValue() ^ context.self.value()) & ADDRESS_MASK;
		this.firstOctet = MacAddress.firstOctet(network.id());
	}

	/**
	 * Send one frame; ownership passes.
	 * @param frame the frame as {@link VirtualNetwork#transmit} takes it
	 */
	void transmit(ByteBuf frame) {
		boolean passedOn = false;
		try {
			passedOn = transmitOrKeep(frame);
		}
		finally {
			if (!passedOn) {
				frame.release();
			}
		}
	}

	/* true = somebody else owns the frame now */
	private boolean transmitOrKeep(ByteBuf frame) {
		NetworkConfig config = this.network.config();
		if (config == null) {
			this.context.drop(DropReason.NOT_CONFIGURED);
			return false;
		}
		int length = frame.readableBytes() - ETHERNET_HEADER;
		if (length < 0 || length > this.network.mtu()) {
			this.context.drop(DropReason.FRAME_SIZE);
			return false;
		}
		int start = frame.readerIndex();
		long destination = MacAddress.getValue(frame, start);
		long source = MacAddress.getValue(frame, start + MacAddress.LENGTH);
		long own = this.network.macValue();
		if (source != own && !this.network.isActiveBridge()) {
			this.context.drop(DropReason.SOURCE_MAC_NOT_ALLOWED);
			return false;
		}
		if ((destination & MULTICAST_BIT) != 0) {
			this.network.multicaster().transmit(frame, source, destination, config);
			return false;
		}
		if (destination == own) {
			this.network.deliverLater(frame);
			return true;
		}
		if (destination >>> 40 == this.firstOctet) {
			return toMember((destination ^ this.macMask) & ADDRESS_MASK, frame, source, destination, length);
		}
		toBridges(frame, source, destination, length, config);
		return false;
	}

	private boolean toMember(long address, ByteBuf frame, long source, long destination, int length) {
		if (address == 0 || address >>> 32 == 0xff) {
			this.context.drop(DropReason.DESTINATION_MAC_UNKNOWN);
			return false;
		}
		long now = this.context.sender.now();
		Member member = this.network.membership().recipient(address, now);
		int payload = frame.readerIndex() + ETHERNET_HEADER;
		int etherType = frame.getUnsignedShort(payload - 2);
		if (!this.network.filter().outbound(member, source, destination, etherType, frame, payload, length, true)) {
			return false;
		}
		this.network.membership().pushIfNeeded(member, now);
		if (source == this.network.macValue()) {
			ByteBuf packet = withRoom(frame, payload, FRAME_OVERHEAD);
			int at = packet.writerIndex() - length;
			packet.setLong(at - 10, this.id).setShort(at - 2, etherType);
			packet.readerIndex(at - FRAME_OVERHEAD);
			this.context.sender.send(member.address, Verb.FRAME, packet, false);
		}
		else {
			sendExtFrame(member.address, frame, payload);
		}
		return true;
	}

	/* ownership of the frame passes */
	private void sendExtFrame(Address recipient, ByteBuf frame, int payload) {
		int ethernet = payload - ETHERNET_HEADER;
		int length = frame.writerIndex() - ethernet;
		ByteBuf packet = withRoom(frame, ethernet, EXT_FRAME_OVERHEAD);
		int at = packet.writerIndex() - length;
		packet.setLong(at - 9, this.id).setByte(at - 1, 0);
		packet.readerIndex(at - EXT_FRAME_OVERHEAD);
		this.context.sender.send(recipient, Verb.EXT_FRAME, packet, false);
	}

	/*
	 * The frame itself if there is room before the index, else a copy of what follows it.
	 */
	private ByteBuf withRoom(ByteBuf frame, int from, int overhead) {
		if (from >= overhead) {
			return frame;
		}
		int length = frame.writerIndex() - from;
		ByteBuf copy = this.context.sender.newPacket(overhead + length);
		int start = copy.readerIndex();
		copy.writerIndex(start).writeZero(overhead).writeBytes(frame, from, length);
		frame.release();
		return copy;
	}

	private void toBridges(ByteBuf frame, long source, long destination, int length, NetworkConfig config) {
		int payload = frame.readerIndex() + ETHERNET_HEADER;
		int etherType = frame.getUnsignedShort(payload - 2);
		if (!this.network.filter().outbound(null, source, destination, etherType, frame, payload, length, true)) {
			return;
		}
		List<Address> bridges = bridges(destination, config);
		if (bridges.isEmpty()) {
			this.context.drop(DropReason.DESTINATION_MAC_UNKNOWN);
		}
		long now = this.context.sender.now();
		for (Address bridge : bridges) {
			Member member = this.network.membership().recipient(bridge.value(), now);
			if (this.network.filter().outbound(member, source, destination, etherType, frame, payload, length, false)) {
				ByteBuf packet = this.context.sender.newPacket(9 + ETHERNET_HEADER + length);
				packet.writeLong(this.id).writeByte(0);
				packet.writeBytes(frame, payload - ETHERNET_HEADER, ETHERNET_HEADER + length);
				this.context.sender.send(bridge, Verb.EXT_FRAME, packet, false);
			}
		}
	}

	private List<Address> bridges(long destination, NetworkConfig config) {
		long learned = this.network.bridges().find(destination);
		if (learned != 0 && learned != this.context.self.value() && config.isActiveBridge(new Address(learned))) {
			return List.of(new Address(learned));
		}
		List<Address> bridges = new ArrayList<>();
		for (Specialist specialist : config.specialists()) {
			if (specialist.isActiveBridge() && !specialist.address().equals(this.context.self)) {
				bridges.add(specialist.address());
			}
		}
		while (bridges.size() > MAX_SPRAY) {
			int last = bridges.size() - 1;
			Collections.swap(bridges, this.context.random.nextInt(bridges.size()), last);
			bridges.remove(last);
		}
		return bridges;
	}

}
