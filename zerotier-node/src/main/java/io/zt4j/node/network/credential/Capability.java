package io.zt4j.node.network.credential;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import io.netty.buffer.ByteBuf;
import io.zt4j.node.identity.Address;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.network.NetworkId;
import io.zt4j.node.network.rule.Rule;
import io.zt4j.node.network.rule.RuleCodec;
import io.zt4j.node.packet.MalformedPacketException;
import org.jspecify.annotations.Nullable;

/**
 * A capability: rules that let its holder do more than the network's own rules (VL2 7.3).
 *
 * @param network the network
 * @param timestamp milliseconds since the epoch
 * @param id the ID, unsigned
 * @param rules at most 64 rules
 * @param maxCustodyChainLength 1..7
 * @param custody who handed it to whom, controller first
 */
public record Capability(NetworkId network, long timestamp, int id, List<Rule> rules, int maxCustodyChainLength,
		List<Custody> custody) implements Credential {

	/** The most rules of one capability. */
	public static final int MAX_RULES = 64;

	/** The longest custody chain. */
	public static final int MAX_CUSTODY_CHAIN_LENGTH = 7;

	public Capability {
		rules = List.copyOf(rules);
		custody = List.copyOf(custody);
		if (rules.size() > MAX_RULES) {
			throw new IllegalArgumentException("A capability has at most 64 rules, not " + rules.size());
		}
		if (maxCustodyChainLength < 1 || maxCustodyChainLength > MAX_CUSTODY_CHAIN_LENGTH) {
			throw new IllegalArgumentException("A custody chain has 1..7 links, not " + maxCustodyChainLength);
		}
		if (custody.size() > maxCustodyChainLength) {
			throw new IllegalArgumentException(
					"The custody chain has " + custody.size() + " links of at most " + maxCustodyChainLength);
		}
	}

	/**
	 * Issue a capability that may not be handed on.
	 * @param network the network
	 * @param timestamp milliseconds since the epoch
	 * @param id the ID
	 * @param rules at most 64 rules
	 * @param member the member it is for
	 * @param controller the signer, with its secret
	 * @return the capability
	 */
	public static Capability issue(NetworkId network, long timestamp, int id, List<Rule> rules, Address member,
			Identity controller) {
		Capability unsigned = new Capability(network, timestamp, id, rules, 1, List.of());
		return new Capability(network, timestamp, id, rules, 1, List
			.of(new Custody(member, controller.address(), Credentials.sign(controller, unsigned::writeFields))));
	}

	/**
	 * Read a capability.
	 * @param in the buffer
	 * @return the capability
	 * @throws MalformedPacketException if it is malformed
	 * @throws IndexOutOfBoundsException if it is cut off
	 */
	public static Capability read(ByteBuf in) {
		NetworkId network = new NetworkId(in.readLong());
		long timestamp = in.readLong();
		int id = in.readInt();
		int count = in.readUnsignedShort();
		if (count > MAX_RULES) {
			throw new MalformedPacketException("capability with " + count + " rules");
		}
		List<Rule> rules = RuleCodec.read(in, count);
		int maxLength = in.readUnsignedByte();
		if (maxLength < 1 || maxLength > MAX_CUSTODY_CHAIN_LENGTH) {
			throw new MalformedPacketException("custody chain length " + maxLength);
		}
		List<Custody> custody = new ArrayList<>(1);
		for (Address to = Address.read(in); to.value() != 0; to = Address.read(in)) {
			if (custody.size() == maxLength) {
				throw new MalformedPacketException("custody chain too long");
			}
			custody.add(new Custody(to, Address.read(in), Signature.readBlock(in)));
		}
		Credentials.skipExtra(in);
		return new Capability(network, timestamp, id, rules, maxLength, custody);
	}

	private void writeFields(ByteBuf out) {
		out.writeLong(this.network.value()).writeLong(this.timestamp).writeInt(this.id);
		out.writeShort(this.rules.size());
		RuleCodec.write(out, this.rules);
		out.writeByte(this.maxCustodyChainLength);
	}

	@Override
	public void write(ByteBuf out) {
		writeFields(out);
		for (Custody link : this.custody) {
			link.to.write(out);
			link.from.write(out);
			Signature.writeBlock(out, link.signature);
		}
		out.writeZero(Address.LENGTH);
		Credentials.writeExtra(out);
	}

	byte[] signedMessage() {
		return Credentials.signedMessage(this::writeFields);
	}

	@Override
	public Verification verify(Function<Address, @Nullable Identity> identities) {
		if (this.custody.isEmpty()) {
			return Verification.BAD;
		}
		byte[] message = signedMessage();
		Address holder = this.network.controller();
		for (Custody link : this.custody) {
			if (!link.from.equals(holder) || link.signature == null) {
				return Verification.BAD;
			}
			Verification result = Credentials.verify(link.from, link.signature, identities, message);
			if (result != Verification.GOOD) {
				return result;
			}
			holder = link.to;
		}
		return Verification.GOOD;
	}

	/**
	 * Return the last holder.
	 * @return the member, or address 0 if nobody holds it
	 */
	@Override
	public Address issuedTo() {
		return this.custody.isEmpty() ? new Address(0) : this.custody.get(this.custody.size() - 1).to;
	}

	/**
	 * One link of the custody chain.
	 *
	 * @param to who received it
	 * @param from who gave and signed it
	 * @param signature the signature, or null if it is of an unknown kind
	 */
	public record Custody(Address to, Address from, @Nullable Signature signature) {
	}

}
