package io.zt4j.node.world;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.zt4j.node.crypto.Signatures;
import io.zt4j.node.identity.Address;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.packet.InetAddressCodec;
import io.zt4j.node.packet.MalformedPacketException;
import org.jspecify.annotations.Nullable;

/**
 * A signed list of roots: the planet or a moon (VL1 10). Made by {@link WorldBuilder}.
 *
 * @param type planet or moon
 * @param id world ID
 * @param timestamp milliseconds since the Unix epoch; serves as the revision number
 * @param updatesMustBeSignedBy the 64-byte public key that must sign the next update
 * @param signature 96 bytes
 * @param roots at most four
 */
public record World(Type type, long id, long timestamp, byte[] updatesMustBeSignedBy, byte[] signature,
		List<Root> roots) {

	/** Most roots of a world. */
	public static final int MAXIMUM_ROOTS = 4;

	/** Most stable endpoints of a root. */
	public static final int MAXIMUM_ENDPOINTS = 32;

	/** ID of the planet of the public ZeroTier service. */
	public static final long EARTH = 149604618L;

	private static final long PREFIX = 0x7f7f_7f7f_7f7f_7f7fL;

	private static final long SUFFIX = 0xf7f7_f7f7_f7f7_f7f7L;

	public World {
		if (updatesMustBeSignedBy.length != Identity.PUBLIC_KEY_LENGTH || signature.length != Signatures.LENGTH
				|| roots.size() > MAXIMUM_ROOTS) {
			throw new IllegalArgumentException(
					"A world has a key of 64 bytes, a signature of 96 bytes and at most 4 roots");
		}
		updatesMustBeSignedBy = updatesMustBeSignedBy.clone();
		signature = signature.clone();
		roots = List.copyOf(roots);
	}

	/**
	 * Read a signed world.
	 * @param in where from
	 * @return the world, its signature not verified
	 * @throws MalformedPacketException if it does not parse
	 */
	public static World read(ByteBuf in) {
		Type type = Type.of(in.readUnsignedByte());
		long id = in.readLong();
		long timestamp = in.readLong();
		byte[] key = new byte[Identity.PUBLIC_KEY_LENGTH];
		in.readBytes(key);
		byte[] signature = new byte[Signatures.LENGTH];
		in.readBytes(signature);
		int count = in.readUnsignedByte();
		if (count > MAXIMUM_ROOTS) {
			throw new MalformedPacketException("World with " + count + " roots");
		}
		List<Root> roots = new ArrayList<>(count);
		for (int i = 0; i < count; i++) {
			roots.add(Root.read(in));
		}
		if (type == Type.MOON) {
			// an attached dictionary, always empty as it could not be verified (10.1)
			in.skipBytes(in.readUnsignedShort());
		}
		return new World(type, id, timestamp, key, signature, roots);
	}

	/**
	 * Parse a planet or moon file.
	 * @param bytes its content
	 * @return the world, its signature not verified
	 * @throws IllegalArgumentException if it does not parse
	 */
	public static World parse(byte[] bytes) {
		try {
			return read(Unpooled.wrappedBuffer(bytes));
		}
		catch (MalformedPacketException | IndexOutOfBoundsException ex) {
			throw new IllegalArgumentException("Not a planet or moon file (" + bytes.length + " bytes): "
					+ ((ex instanceof MalformedPacketException) ? ex.getMessage() : "it ends too early"), ex);
		}
	}

	/**
	 * Return the default planet: the roots of the public ZeroTier service.
	 * @return the planet
	 */
	public static World defaultPlanet() {
		return DefaultPlanet.INSTANCE;
	}

	/**
	 * Write the signed world.
	 * @param out where to
	 */
	public void write(ByteBuf out) {
		write(out, true);
	}

	/**
	 * Return the signed world: the content of a planet or moon file.
	 * @return the bytes
	 */
	public byte[] toBytes() {
		ByteBuf out = Unpooled.buffer();
		write(out, true);
		return ByteBufUtil.getBytes(out);
	}

	byte[] signedBytes() {
		ByteBuf out = Unpooled.buffer();
		out.writeLong(PREFIX);
		write(out, false);
		out.writeLong(SUFFIX);
		return ByteBufUtil.getBytes(out);
	}

	private void write(ByteBuf out, boolean withSignature) {
		out.writeByte(this.type.code());
		out.writeLong(this.id);
		out.writeLong(this.timestamp);
		out.writeBytes(this.updatesMustBeSignedBy);
		if (withSignature) {
			out.writeBytes(this.signature);
		}
		out.writeByte(this.roots.size());
		this.roots.forEach((root) -> root.write(out));
		if (this.type == Type.MOON) {
			out.writeShort(0);
		}
	}

	/**
	 * Verify the signature.
	 * @param publicKey 64 bytes: the current world's {@code updatesMustBeSignedBy}
	 * @return true if that key signed this world
	 */
	public boolean verify(byte[] publicKey) {
		return Signatures.verify(publicKey, signedBytes(), this.signature);
	}

	/**
	 * Whether a candidate replaces this world: same type and ID, newer, and signed by the
	 * key this world names (VL1 10.2). Where there is no world yet, any may be installed.
	 * @param candidate the candidate
	 * @return true if it is to be installed
	 */
	public boolean isReplacedBy(World candidate) {
		return candidate.type == this.type && candidate.id == this.id && candidate.timestamp > this.timestamp
				&& candidate.verify(this.updatesMustBeSignedBy);
	}

	/**
	 * Return the root of an address.
	 * @param address the address
	 * @return the root, or null if it is none of this world's
	 */
	public @Nullable Root root(Address address) {
		for (Root root : this.roots) {
			if (root.identity().address().equals(address)) {
				return root;
			}
		}
		return null;
	}

	@Override
	public byte[] updatesMustBeSignedBy() {
		return this.updatesMustBeSignedBy.clone();
	}

	@Override
	public byte[] signature() {
		return this.signature.clone();
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof World world && Arrays.equals(toBytes(), world.toBytes());
	}

	@Override
	public int hashCode() {
		return Arrays.hashCode(this.signature);
	}

	@Override
	public String toString() {
		return "World[type=" + this.type + ", id=" + Long.toHexString(this.id) + ", timestamp=" + this.timestamp
				+ ", roots=" + this.roots + "]";
	}

	/** What a world is. */
	public enum Type {

		/** The planet, of which a node has one. */
		PLANET(0x01),

		/** A moon, of which a node orbits any number. */
		MOON(0x7f);

		private final int code;

		Type(int code) {
			this.code = code;
		}

		int code() {
			return this.code;
		}

		static Type of(int code) {
			for (Type type : values()) {
				if (type.code == code) {
					return type;
				}
			}
			throw new MalformedPacketException("World of type " + code);
		}

	}

	/**
	 * One root.
	 *
	 * @param identity who, without secret
	 * @param endpoints its fixed physical addresses, at most 32
	 */
	public record Root(Identity identity, List<InetSocketAddress> endpoints) {

		public Root {
			identity = identity.withoutSecret();
			endpoints = List.copyOf(endpoints);
			if (endpoints.size() > MAXIMUM_ENDPOINTS) {
				throw new IllegalArgumentException(
						"A root has at most 32 stable endpoints, but there are " + endpoints.size());
			}
		}

		static Root read(ByteBuf in) {
			Identity identity = Identity.read(in);
			int count = in.readUnsignedByte();
			if (count > MAXIMUM_ENDPOINTS) {
				throw new MalformedPacketException("Root with " + count + " endpoints");
			}
			List<InetSocketAddress> endpoints = new ArrayList<>(count);
			for (int i = 0; i < count; i++) {
				InetSocketAddress endpoint = InetAddressCodec.read(in);
				if (endpoint == null) {
					throw new MalformedPacketException("Root with an endpoint that is no IP address");
				}
				endpoints.add(endpoint);
			}
			return new Root(identity, endpoints);
		}

		void write(ByteBuf out) {
			this.identity.write(out);
			out.writeByte(this.endpoints.size());
			this.endpoints.forEach((endpoint) -> InetAddressCodec.write(out, endpoint));
		}

	}

	/** Loads the default planet when first asked for. */
	private static final class DefaultPlanet {

		static final World INSTANCE = load();

		private static World load() {
			try (InputStream in = World.class.getResourceAsStream("default-planet")) {
				if (in == null) {
					throw new IllegalStateException("The resource io/zt4j/node/world/default-planet is missing");
				}
				return parse(in.readAllBytes());
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
