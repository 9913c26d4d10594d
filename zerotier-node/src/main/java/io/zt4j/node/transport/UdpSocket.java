package io.zt4j.node.transport;

import java.net.InetAddress;
import java.net.InetSocketAddress;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.ReferenceCountUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One bound UDP channel.
 */
final class UdpSocket extends ChannelInboundHandlerAdapter implements PhysicalTransport.LocalSocket {

	private static final Logger logger = LoggerFactory.getLogger(UdpSocket.class);

	private final PhysicalTransport.Receiver receiver;

	private final Channel channel;

	private final InetSocketAddress address;

	private final boolean ipv4;

	private boolean dirty;

	UdpSocket(Channel channel, PhysicalTransport.Receiver receiver) {
		this.channel = channel;
		this.receiver = receiver;
		this.address = (InetSocketAddress) channel.localAddress();
		this.ipv4 = isIpv4(this.address.getAddress());
	}

	static boolean isIpv4(InetAddress address) {
		return address.getAddress().length == 4;
	}

	@Override
	public InetSocketAddress address() {
		return this.address;
	}

	// Whether the kernel can send to an address from here.
	boolean reaches(InetAddress destination) {
		InetAddress local = this.address.getAddress();
		if (local.isAnyLocalAddress()) {
			return !this.ipv4 || isIpv4(destination);
		}
		return this.ipv4 == isIpv4(destination) && local.isLoopbackAddress() == destination.isLoopbackAddress();
	}

	boolean send(InetSocketAddress destination, ByteBuf datagram) {
		if (!this.channel.isWritable()) {
			// full queue: UDP loses what it cannot carry
			datagram.release();
			return false;
		}
		this.dirty = true;
		this.channel.write(new DatagramPacket(datagram, destination), this.channel.voidPromise());
		return true;
	}

	Channel channel() {
		return this.channel;
	}

	void flush() {
		if (this.dirty) {
			this.dirty = false;
			this.channel.flush();
		}
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) {
		if (!(message instanceof DatagramPacket datagram)) {
			ReferenceCountUtil.release(message);
			return;
		}
		// the receive buffer is shared by a whole batch: keeping one datagram would keep
		// all
		ByteBuf content = datagram.content();
		ByteBuf copy = context.alloc().buffer(Math.max(32, content.readableBytes()));
		copy.writeBytes(content);
		InetSocketAddress sender = datagram.sender();
		datagram.release();
		this.receiver.receive(this, sender, copy);
	}

	@Override
	public void channelReadComplete(ChannelHandlerContext context) {
		this.receiver.receiveComplete();
	}

	// a refused or unroutable datagram is as good as lost
	@Override
	public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
		logger.debug("UDP socket {}: {}", this.address, cause.toString());
	}

	@Override
	public String toString() {
		return "udp " + this.address;
	}

}
