package io.zt4j.node.network;

import io.netty.buffer.ByteBuf;
import io.zt4j.node.identity.Address;
import io.zt4j.node.network.credential.CertificateOfMembership;
import io.zt4j.node.packet.ErrorCode;
import io.zt4j.node.packet.MalformedPacketException;
import io.zt4j.node.packet.Verb;
import io.zt4j.node.peer.InboundPacket;
import io.zt4j.node.peer.VerbHandler.Verdict;

/**
 * The frames that arrive on one network: FRAME, EXT_FRAME and MULTICAST_FRAME (VL2 10.2
 * to 10.4, 11.4). Frames are delivered in the buffer they arrived in.
 */
final class FrameReceiver {

	private static final int ETHERNET_HEADER = 14;

	private static final int NETWORK_ID = Long.BYTES;

	private static final int FRAME_HEADER = NETWORK_ID + 2;

	private static final int MAX_MULTICAST_PAYLOAD = 10_000;

	private static final int HAS_MEMBERSHIP = 0x01;

	private static final int HAS_GATHER_LIMIT = 0x02;

	private static final int HAS_SOURCE = 0x04;

	private static final int REPLICATE = 0x08;

	private static final int ACKNOWLEDGE = 0x10;

	private static final long MULTICAST_BIT = 0x0100_0000_0000L;

	private final NodeContext context;

	private final VirtualNetwork network;

	FrameReceiver(NodeContext context, VirtualNetwork network) {
		this.context = context;
		this.network = network;
	}

	/**
	 * FRAME (VL2 10.2).
	 * @param packet the packet
	 * @return what became of it
	 */
	Verdict frame(InboundPacket packet) {
		ByteBuf payload = packet.payload();
		int start = payload.readerIndex();
		int length = payload.readableBytes() - FRAME_HEADER;
		if (length < 0) {
			throw new MalformedPacketException("FRAME of " + payload.readableBytes() + " bytes");
		}
		Member member = this.network.admit(packet.source());
		if (member == null) {
			return refuse(packet);
		}
		if (length > 0) {
			int data = start + FRAME_HEADER;
			int etherType = payload.getUnsignedShort(data - 2);
			long own = this.network.macValue();
			if (this.network.filter().inbound(member, member.mac, own, etherType, payload, data, length) > 0) {
				int ethernet = data - ETHERNET_HEADER;
				MacAddress.setValue(payload, ethernet, own);
				MacAddress.setValue(payload, ethernet + MacAddress.LENGTH, member.mac);
				deliver(payload, ethernet, length);
			}
		}
		return Verdict.TRUSTED;
	}

	/**
	 * EXT_FRAME (VL2 10.3, 10.4).
	 * @param packet the packet
	 * @return what became of it
	 */
	Verdict extFrame(InboundPacket packet) {
		ByteBuf payload = packet.payload();
		int at = payload.readerIndex() + NETWORK_ID;
		int flags = payload.getUnsignedByte(at++);
		if ((flags & HAS_MEMBERSHIP) != 0) {
			at = learnMembership(packet, at);
			if (at < 0) {
				return Verdict.DEFERRED;
			}
		}
		int length = payload.writerIndex() - at - ETHERNET_HEADER;
		if (length < 0) {
			throw new MalformedPacketException("EXT_FRAME cut off in its header");
		}
		Member member = this.network.admit(packet.source());
		if (member == null) {
			return refuse(packet);
		}
		if (length > 0 && !extFrame(member, payload, at, length)) {
			return Verdict.TRUSTED;
		}
		if ((flags & ACKNOWLEDGE) != 0) {
			this.context.sender.replyOk(packet, Verb.EXT_FRAME, (out) -> out.writeLong(this.network.id().value()));
		}
		return Verdict.TRUSTED;
	}

	/* steps 2 to 5 of 10.4; false = no acknowledgement */
	private boolean extFrame(Member member, ByteBuf payload, int ethernet, int length) {
		long destination = MacAddress.getValue(payload, ethernet);
		long source = MacAddress.getValue(payload, ethernet + MacAddress.LENGTH);
		int data = ethernet + ETHERNET_HEADER;
		if (source == 0 || source == this.network.macValue()) {
			this.context.drop(DropReason.SOURCE_MAC_NOT_ALLOWED);
			return false;
		}
		int verdict = this.network.filter()
			.inbound(member, source, destination, payload.getUnsignedShort(data - 2), payload, data, length);
		if (verdict == 0) {
			return true;
		}
		if (verdict == 1) {
			if (source != member.mac) {
				if (!mayBridge(member, source)) {
					return false;
				}
			}
			else if (destination != this.network.macValue()) {
				boolean multicast = (destination & MULTICAST_BIT) != 0;
				if (multicast ? !isMulticastEnabled() : !this.network.isActiveBridge()) {
					this.context.drop(multicast ? DropReason.MULTICAST_DISABLED : DropReason.DESTINATION_MAC_UNKNOWN);
					return false;
				}
			}
		}
		deliver(payload, ethernet, length);
		return true;
	}

	/**
	 * MULTICAST_FRAME (VL2 11.4).
	 * @param packet the packet
	 * @return what became of it
	 */
	Verdict multicastFrame(InboundPacket packet) {
		ByteBuf payload = packet.payload();
		int at = payload.readerIndex() + NETWORK_ID;
		int flags = payload.getUnsignedByte(at++);
		if ((flags & HAS_MEMBERSHIP) != 0) {
			at = learnMembership(packet, at);
			if (at < 0) {
				return Verdict.DEFERRED;
			}
		}
		long gatherLimit = 0;
		if ((flags & HAS_GATHER_LIMIT) != 0) {
			gatherLimit = payload.getUnsignedInt(at);
			at += Integer.BYTES;
		}
		int sourceAt = at;
		if ((flags & HAS_SOURCE) != 0) {
			at += MacAddress.LENGTH;
		}
		int length = payload.writerIndex() - at - MulticastGroup.LENGTH - 2;
		if (length < 0) {
			throw new MalformedPacketException("MULTICAST_FRAME cut off in its header");
		}
		Member member = this.network.admit(packet.source());
		if (member == null) {
			return refuse(packet);
		}
		if (!isMulticastEnabled()) {
			this.context.drop(DropReason.MULTICAST_DISABLED);
			return Verdict.TRUSTED;
		}
		long source = ((flags & HAS_SOURCE) != 0) ? MacAddress.getValue(payload, sourceAt) : member.mac;
		MulticastGroup group = new MulticastGroup(new MacAddress(MacAddress.getValue(payload, at)),
				payload.getInt(at + MacAddress.LENGTH));
		int data = at + MulticastGroup.LENGTH + 2;
		if (length > 0 && length <= MAX_MULTICAST_PAYLOAD
				&& !multicastFrame(member, group, source, payload, data, length, (flags & REPLICATE) != 0)) {
			return Verdict.TRUSTED;
		}
		if (gatherLimit > 0) {
			answerGather(packet, group, gatherLimit);
		}
		return Verdict.TRUSTED;
	}

	private boolean multicastFrame(Member member, MulticastGroup group, long source, ByteBuf payload, int data,
			int length, boolean replicate) {
		long destination = group.mac().value();
		int etherType = payload.getUnsignedShort(data - 2);
		if ((destination & MULTICAST_BIT) == 0) {
			this.context.drop(DropReason.DESTINATION_MAC_UNKNOWN);
			return false;
		}
		if (source == 0 || (source & MULTICAST_BIT) != 0 || source == this.network.macValue()) {
			this.context.drop(DropReason.SOURCE_MAC_NOT_ALLOWED);
			return false;
		}
		NetworkConfig config = this.network.config();
		if (replicate && config != null && this.network.isReplicator() && length <= NodeContext.MAX_FRAME) {
			this.network.multicaster()
				.distribute(group, source, source, etherType, payload, data, length, member.address, config);
		}
		if (source != member.mac && !mayBridge(member, source)) {
			return false;
		}
		if (this.network.filter().inbound(member, source, destination, etherType, payload, data, length) > 0) {
			// The group and type in front of the payload have 12 bytes, its header 14.
			int ethernet = data - ETHERNET_HEADER;
			MacAddress.setValue(payload, ethernet, destination);
			MacAddress.setValue(payload, ethernet + MacAddress.LENGTH, source);
			deliver(payload, ethernet, length);
		}
		return true;
	}

	private void answerGather(InboundPacket packet, MulticastGroup group, long limit) {
		GatherResults results = GatherResults.of(this.context, this.network, this.network.id().value(), group,
				packet.source().address(), limit);
		if (!results.isEmpty()) {
			this.context.sender.replyOk(packet, Verb.MULTICAST_FRAME, (out) -> {
				out.writeLong(this.network.id().value());
				group.write(out);
				out.writeByte(HAS_GATHER_LIMIT);
				results.write(out);
			});
		}
	}

	/* the end of 8.4, with the throttle of 25 */
	private Verdict refuse(InboundPacket packet) {
		Address peer = packet.source().address();
		if (!packet.isRetry()) {
			this.context.drop(DropReason.NOT_A_MEMBER);
			if (this.context.membershipErrors.take(peer.value(), this.context.sender.now())) {
				this.context.sender.replyError(packet, ErrorCode.NEED_MEMBERSHIP_CERTIFICATE,
						(out) -> out.writeLong(this.network.id().value()));
			}
		}
		return Verdict.DEFERRED;
	}

	/* the deprecated inline certificate; -1 = its signer is not known yet */
	private int learnMembership(InboundPacket packet, int at) {
		ByteBuf reader = packet.payload().duplicate().readerIndex(at);
		CertificateOfMembership certificate = CertificateOfMembership.read(reader);
		Address controller = this.network.id().controller();
		if (this.context.identityOf(controller) == null) {
			this.context.sender.whois(controller);
			return -1;
		}
		if (certificate.network().equals(this.network.id())) {
			this.network.membership().add(certificate, packet.source().address(), this.context.sender.now());
		}
		return reader.readerIndex();
	}

	private boolean mayBridge(Member member, long source) {
		NetworkConfig config = this.network.config();
		if (config == null || !config.isActiveBridge(member.address)) {
			this.context.drop(DropReason.SOURCE_MAC_NOT_ALLOWED);
			return false;
		}
		this.network.bridges().learn(source, member.address.value());
		return true;
	}

	private boolean isMulticastEnabled() {
		NetworkConfig config = this.network.config();
		return config != null && config.multicastLimit() > 0;
	}

	private void deliver(ByteBuf payload, int ethernet, int length) {
		this.network.deliver(payload.retainedSlice(ethernet, ETHERNET_HEADER + length));
	}

}
