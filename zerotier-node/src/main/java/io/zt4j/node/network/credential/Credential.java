package io.zt4j.node.network.credential;

import java.util.function.Function;

import io.netty.buffer.ByteBuf;
import io.zt4j.node.identity.Address;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.network.NetworkId;
import org.jspecify.annotations.Nullable;

/**
 * Something a network controller signed about a member (VL2 7). All are immutable values;
 * equality covers the signature.
 */
public sealed interface Credential
		permits CertificateOfMembership, Capability, Tag, CertificateOfOwnership, Revocation {

	/**
	 * Return the network.
	 * @return its ID
	 */
	NetworkId network();

	/**
	 * Return when it was issued.
	 * @return milliseconds since the epoch by the controller's clock; of a revocation,
	 * the threshold
	 */
	long timestamp();

	/**
	 * Return the member it was issued to; of a revocation, the target.
	 * @return the member's address
	 */
	Address issuedTo();

	/**
	 * Check the signature.
	 * @param identities the identities known
	 * @return the result
	 */
	Verification verify(Function<Address, @Nullable Identity> identities);

	/**
	 * Write the wire form.
	 * @param out the buffer
	 */
	void write(ByteBuf out);

	/**
	 * Return the wire form.
	 * @return the bytes
	 */
	default byte[] toByteArray() {
		return Credentials.bytes(this::write);
	}

}
