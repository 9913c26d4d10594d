package io.zt4j.jna;

import java.util.concurrent.ThreadLocalRandom;

import io.netty.buffer.ByteBuf;
import io.zt4j.stack.EthernetAddress;
import io.zt4j.stack.EthernetLink;
import io.zt4j.stack.NetworkStack;

/** Loses a share of the frames in both directions. */
final class LossyLink implements EthernetLink, TapLink.Receiver {

	private final TapLink link;

	volatile double loss;

	volatile NetworkStack stack;

	LossyLink(TapLink link) {
		this.link = link;
	}

	private boolean lose(ByteBuf frame) {
		if (this.loss > 0 && ThreadLocalRandom.current().nextDouble() < this.loss) {
			frame.release();
			return true;
		}
		return false;
	}

	@Override
	public void receive(ByteBuf frame) {
		if (!lose(frame)) {
			this.stack.receive(frame);
		}
	}

	@Override
	public void receiveComplete() {
		this.stack.receiveComplete();
	}

	@Override
	public void transmit(ByteBuf frame) {
		if (!lose(frame)) {
			this.link.transmit(frame);
		}
	}

	@Override
	public EthernetAddress address() {
		return this.link.address();
	}

	@Override
	public int mtu() {
		return this.link.mtu();
	}

	@Override
	public int headroom() {
		return this.link.headroom();
	}

	@Override
	public void flush() {
		this.link.flush();
	}

	@Override
	public void join(EthernetAddress group) {
		this.link.join(group);
	}

	@Override
	public void leave(EthernetAddress group) {
		this.link.leave(group);
	}

}
