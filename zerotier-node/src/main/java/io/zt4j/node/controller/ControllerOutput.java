package io.zt4j.node.controller;

import java.util.Collection;
import java.util.List;
import java.util.random.RandomGenerator;

import io.netty.buffer.ByteBuf;
import io.zt4j.node.identity.Address;
import io.zt4j.node.network.ConfigChunk;
import io.zt4j.node.network.Dictionary;
import io.zt4j.node.network.NetworkCredentials;
import io.zt4j.node.network.NetworkId;
import io.zt4j.node.network.credential.Revocation;
import io.zt4j.node.packet.ErrorCode;
import io.zt4j.node.packet.Verb;
import io.zt4j.node.peer.PacketSender;

/**
 * What a controller sends (VL2 4.1, 5, 19).
 */
final class ControllerOutput {

	private static final int REPLY_HEADER = 9;

	private final PacketSender sender;

	private final RandomGenerator random;

	ControllerOutput(PacketSender sender, RandomGenerator random) {
		this.sender = sender;
		this.random = random;
	}

	/* Answer a request with a configuration. */
	void reply(NetworkId network, Address member, long requestId, byte[] dictionary) {
		for (byte[] chunk : chunks(network, dictionary)) {
			ByteBuf packet = this.sender.newPacket(REPLY_HEADER + chunk.length);
			packet.writeByte(Verb.NETWORK_CONFIG_REQUEST.code()).writeLong(requestId).writeBytes(chunk);
			this.sender.send(member, Verb.OK, packet, true);
		}
		this.sender.flush();
	}

	/* Send a configuration nobody asked for. */
	void push(NetworkId network, Address member, byte[] dictionary) {
		for (byte[] chunk : chunks(network, dictionary)) {
			ByteBuf packet = this.sender.newPacket(chunk.length).writeBytes(chunk);
			this.sender.send(member, Verb.NETWORK_CONFIG, packet, true);
		}
		this.sender.flush();
	}

	private List<byte[]> chunks(NetworkId network, byte[] dictionary) {
		long updateId = this.random.nextLong();
		return ConfigChunk.split(network, dictionary, (updateId != 0) ? updateId : 1, 0, this.sender.identity());
	}

	/* Refuse a request. */
	void refuse(NetworkId network, Address member, long requestId, ErrorCode code) {
		ByteBuf packet = this.sender.newPacket(64);
		packet.writeByte(Verb.NETWORK_CONFIG_REQUEST.code()).writeLong(requestId).writeByte(code.code());
		packet.writeLong(network.value());
		if (code == ErrorCode.NETWORK_AUTHENTICATION_REQUIRED) {
			byte[] data = Dictionary.builder(Dictionary.AUTHENTICATION_CAPACITY)
				.put("aV", 0L)
				.put("aU", "")
				.toByteArray();
			packet.writeShort(data.length).writeBytes(data);
		}
		this.sender.send(member, Verb.ERROR, packet, false);
		this.sender.flush();
	}

	/* Flood a revocation. */
	void revoke(Revocation revocation, Collection<Address> members) {
		NetworkCredentials credentials = NetworkCredentials.of(revocation);
		for (Address member : members) {
			ByteBuf packet = this.sender.newPacket(16 + Revocation.LENGTH);
			credentials.write(packet);
			this.sender.send(member, Verb.NETWORK_CREDENTIALS, packet, false);
		}
		this.sender.flush();
	}

}
