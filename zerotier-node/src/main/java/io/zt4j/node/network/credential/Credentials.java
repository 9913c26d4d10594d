package io.zt4j.node.network.credential;

import java.util.function.Consumer;
import java.util.function.Function;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.zt4j.node.identity.Address;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.network.NetworkId;
import org.jspecify.annotations.Nullable;

/*
 * What the credentials have in common on the wire (VL2 7.1).
 */
final class Credentials {

	private static final long FRAME = 0x7f7f_7f7f_7f7f_7f7fL;

	private Credentials() {
	}

	static byte[] bytes(Consumer<ByteBuf> writer) {
		ByteBuf buffer = Unpooled.buffer(512);
		writer.accept(buffer);
		return ByteBufUtil.getBytes(buffer);
	}

	/*
	 * The signed message of every credential but the certificate of membership.
	 */
	static byte[] signedMessage(Consumer<ByteBuf> fields) {
		return bytes((out) -> {
			out.writeLong(FRAME);
			fields.accept(out);
			out.writeShort(0).writeLong(FRAME);
		});
	}

	static Signature sign(Identity signer, Consumer<ByteBuf> fields) {
		return new Signature(signer.sign(signedMessage(fields)));
	}

	/*
	 * Check a signature that must be the controller's.
	 */
	static Verification verify(NetworkId network, Address signer, @Nullable Signature signature,
			Function<Address, @Nullable Identity> identities, Consumer<ByteBuf> fields) {
		if (signature == null || !signer.equals(network.controller())) {
			return Verification.BAD;
		}
		return verify(signer, signature, identities, signedMessage(fields));
	}

	static Verification verify(Address signer, Signature signature, Function<Address, @Nullable Identity> identities,
			byte[] message) {
		Identity identity = identities.apply(signer);
		if (identity == null) {
			return Verification.UNKNOWN_SIGNER;
		}
		return identity.verify(message, signature.toByteArray()) ? Verification.GOOD : Verification.BAD;
	}

	static void writeExtra(ByteBuf out) {
		out.writeShort(0);
	}

	static void skipExtra(ByteBuf in) {
		in.skipBytes(in.readUnsignedShort());
	}

}
