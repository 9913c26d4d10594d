package io.zt4j.node.network;

import java.util.List;

import io.netty.buffer.ByteBuf;
import io.zt4j.node.identity.Address;
import io.zt4j.node.network.rule.FilterResult;
import io.zt4j.node.network.rule.FilterResult.Verdict;
import io.zt4j.node.network.rule.FilteredFrame;
import io.zt4j.node.network.rule.Rule;
import io.zt4j.node.network.rule.RuleEngine;
import io.zt4j.node.packet.Verb;
import org.jspecify.annotations.Nullable;

/**
 * Applies the rules of one network to its frames, both ways, and sends the copies and
 * redirected frames the rules ask for (VL2 9.5).
 */
final class FrameFilter {

	private static final List<Rule> OPEN = List.of(Rule.ACCEPT);

	private final NodeContext context;

	private final VirtualNetwork network;

	private final RuleEngine engine;

	private final FilteredFrame frame = new FilteredFrame();

	private final FilterResult result = new FilterResult();

	private @Nullable NetworkConfig config;

	private boolean open;

	FrameFilter(NodeContext context, VirtualNetwork network) {
		this.context = context;
		this.network = network;
		this.engine = new RuleEngine(context.self, context.random);
	}

	void configured(NetworkConfig config) {
		this.config = config;
		this.open = config.rules().equals(OPEN);
	}

	/**
	 * Whether a frame may be sent. The payload stays with the caller.
	 * @param to the recipient, or null if there is none in particular
	 * @param source source MAC address
	 * @param destination destination MAC address
	 * @param etherType the frame's type
	 * @param buffer holds the payload
	 * @param start where the payload begins
	 * @param length its length
	 * @param first false on further passes over the same frame: no copies are sent
	 * @return false if it is dropped, or was redirected
	 */
	boolean outbound(@Nullable Member to, long source, long destination, int etherType, ByteBuf buffer, int start,
			int length, boolean first) {
		NetworkConfig config = this.config;
		if (this.open || config == null) {
			return this.open;
		}
		this.frame.set(false, this.context.self.value(),
				(to != null) ? to.address.value() : FilteredFrame.NO_DESTINATION, source, destination, etherType,
				buffer, start, length, remote(to, config));
		FilterResult verdict = this.engine.filter(config, this.frame, this.result);
		if (!verdict.isAccepted()) {
			this.context.drop(DropReason.FILTERED_OUTBOUND);
			return false;
		}
		if (!first) {
			return true;
		}
		forward(verdict, source, destination, etherType, buffer, start, length);
		return verdict.verdict() != Verdict.REDIRECT;
	}

	/**
	 * Whether a received frame may pass. The payload stays with the caller.
	 * @param from the sender
	 * @param source source MAC address
	 * @param destination destination MAC address
	 * @param etherType the frame's type
	 * @param buffer holds the payload
	 * @param start where the payload begins
	 * @param length its length
	 * @return 0 = drop, 1 = accept, 2 = deliver whatever the MAC addresses are
	 */
	int inbound(Member from, long source, long destination, int etherType, ByteBuf buffer, int start, int length) {
		NetworkConfig config = this.config;
		if (this.open || config == null) {
			return this.open ? 1 : 0;
		}
		this.frame.set(true, from.address.value(), this.context.self.value(), source, destination, etherType, buffer,
				start, length, remote(from, config));
		FilterResult verdict = this.engine.filter(config, this.frame, this.result);
		if (!verdict.isAccepted()) {
			this.context.drop(DropReason.FILTERED_INBOUND);
			return 0;
		}
		forward(verdict, source, destination, etherType, buffer, start, length);
		return switch (verdict.verdict()) {
			case SUPER_ACCEPT -> 2;
			case ACCEPT -> 1;
			case REDIRECT, DROP -> 0;
		};
	}

	private static FilteredFrame.@Nullable Remote remote(@Nullable Member member, NetworkConfig config) {
		return (member != null) ? member.under(config) : null;
	}

	private void forward(FilterResult verdict, long source, long destination, int etherType, ByteBuf buffer, int start,
			int length) {
		for (int i = 0; i < verdict.copies(); i++) {
			send(verdict.copyTarget(i), verdict.copyFlags(i), source, destination, etherType, buffer, start,
					Math.min(length, verdict.copyLength(i)));
		}
		if (verdict.verdict() == Verdict.REDIRECT) {
			send(verdict.redirectTarget(), verdict.redirectFlags(), source, destination, etherType, buffer, start,
					length);
		}
	}

	private void send(Address target, int flags, long source, long destination, int etherType, ByteBuf buffer,
			int start, int length) {
		if (length > NodeContext.MAX_FRAME) {
			this.context.drop(DropReason.FRAME_SIZE);
			return;
		}
		ByteBuf packet = this.context.sender.newPacket(23 + length);
		packet.writeLong(this.network.id().value()).writeByte(flags);
		packet.writeShort((int) (destination >>> 32)).writeInt((int) destination);
		packet.writeShort((int) (source >>> 32)).writeInt((int) source);
		packet.writeShort(etherType).writeBytes(buffer, start, length);
		this.context.sender.send(target, Verb.EXT_FRAME, packet, false);
	}

}
