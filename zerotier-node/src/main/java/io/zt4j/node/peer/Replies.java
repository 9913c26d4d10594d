package io.zt4j.node.peer;

import java.util.function.Consumer;

import io.netty.buffer.ByteBuf;
import io.zt4j.node.packet.ErrorCode;
import io.zt4j.node.packet.ErrorHeader;
import io.zt4j.node.packet.OkHeader;
import io.zt4j.node.packet.Verb;

/**
 * OK and ERROR, sent straight back to where the request came from, even if that is a
 * relay (VL1 7.4). Long ones are fragmented like any packet, which the reference leaves
 * to IP.
 */
final class Replies {

	private final Vl1 vl1;

	Replies(Vl1 vl1) {
		this.vl1 = vl1;
	}

	ByteBuf newOk(InboundView request, Verb inReVerb) {
		ByteBuf packet = this.vl1.newPacket(256);
		OkHeader.write(packet, inReVerb, request.packetId());
		return packet;
	}

	void send(InboundView request, Verb verb, ByteBuf packet) {
		this.vl1.outbound.sendDirect(request.peer, request.path, verb, packet);
	}

	void ok(InboundPacket request, Verb inReVerb, Consumer<ByteBuf> payload) {
		InboundView view = view(request);
		ByteBuf packet = newOk(view, inReVerb);
		write(packet, payload);
		send(view, Verb.OK, packet);
	}

	void error(InboundPacket request, ErrorCode code, Consumer<ByteBuf> payload) {
		InboundView view = view(request);
		ByteBuf packet = this.vl1.newPacket(64);
		ErrorHeader.write(packet, request.verb(), request.packetId(), code);
		write(packet, payload);
		send(view, Verb.ERROR, packet);
	}

	private static void write(ByteBuf packet, Consumer<ByteBuf> payload) {
		boolean written = false;
		try {
			payload.accept(packet);
			written = true;
		}
		finally {
			if (!written) {
				packet.release();
			}
		}
	}

	private static InboundView view(InboundPacket request) {
		if (request instanceof InboundView view) {
			return view;
		}
		throw new IllegalArgumentException("Reply during the call of handle(), with the packet given to it");
	}

}
