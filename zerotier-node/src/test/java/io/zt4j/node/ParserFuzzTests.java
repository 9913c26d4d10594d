package io.zt4j.node;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.zt4j.node.identity.Address;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.packet.CipherSuite;
import io.zt4j.node.packet.ErrorHeader;
import io.zt4j.node.packet.FragmentAssembler;
import io.zt4j.node.packet.Hello;
import io.zt4j.node.packet.HelloOk;
import io.zt4j.node.packet.InetAddressCodec;
import io.zt4j.node.packet.Lz4;
import io.zt4j.node.packet.MalformedPacketException;
import io.zt4j.node.packet.OkHeader;
import io.zt4j.node.packet.PacketCipher;
import io.zt4j.node.packet.PacketHeader;
import io.zt4j.node.packet.PushDirectPaths;
import io.zt4j.node.packet.Rendezvous;
import io.zt4j.node.packet.UserMessage;
import io.zt4j.node.packet.Verb;
import io.zt4j.node.packet.Whois;
import io.zt4j.node.store.PeerRecord;
import io.zt4j.node.world.World;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Fuzz tests for every parser of VL1: hostile input ends in a
 * {@link MalformedPacketException} or an {@link IndexOutOfBoundsException}, or parses to
 * something that writes back. A build runs the seeds; {@code JAZZER_FUZZ=1} searches.
 */
class ParserFuzzTests {

	private static final PacketCipher CIPHER = new PacketCipher(new byte[48]);

	@FuzzTest
	void identity(byte[] data) {
		parse(data, (in) -> {
			Identity identity = Identity.read(in);
			ByteBuf out = Unpooled.buffer();
			identity.write(out);
			assertThat(Identity.read(out)).isEqualTo(identity);
		});
	}

	@FuzzTest
	void identityText(byte[] data) {
		String text = new String(data, StandardCharsets.UTF_8);
		try {
			Identity identity = Identity.parse(text);
			assertThat(Identity.parse(identity.publicString())).isEqualTo(identity);
		}
		catch (IllegalArgumentException ex) {
			assertThat(ex.getMessage()).isNotEmpty();
		}
	}

	@FuzzTest
	void world(byte[] data) {
		parse(data, (in) -> {
			World world = World.read(in);
			world.verify(world.updatesMustBeSignedBy());
			assertThat(World.parse(world.toBytes())).isEqualTo(world);
		});
	}

	@FuzzTest
	void inetAddress(byte[] data) {
		parse(data, (in) -> {
			ByteBuf out = Unpooled.buffer();
			InetAddressCodec.write(out, InetAddressCodec.read(in));
		});
	}

	@FuzzTest
	void inetAddressText(byte[] data) {
		String text = new String(data, StandardCharsets.UTF_8);
		try {
			assertThat(InetAddressCodec.format(InetAddressCodec.parse(text))).contains("/");
		}
		catch (IllegalArgumentException ex) {
			assertThat(ex.getMessage()).contains("<ip>/<port>");
		}
	}

	@FuzzTest
	void packet(byte[] data) {
		ByteBuf packet = Unpooled.wrappedBuffer(data.clone());
		if (!CIPHER.dearmor(packet)) {
			assertThat(Vectors.hex(packet)).isEqualTo(Vectors.hex(data));
		}
	}

	@FuzzTest
	void hello(byte[] data) {
		parse(data, (in) -> {
			Hello.protocol(in);
			Hello.identity(in);
			CIPHER.cipherHelloTail(in, Hello.tailOffset(in));
			Hello hello = Hello.read(in);
			ByteBuf out = Unpooled.buffer().writeZero(28);
			hello.write(out);
			assertThat(Hello.read(out)).isEqualTo(hello);
		});
	}

	@FuzzTest
	void helloOk(byte[] data) {
		parse(data, (in) -> {
			HelloOk ok = HelloOk.read(in);
			ByteBuf out = Unpooled.buffer();
			ok.write(out);
			assertThat(HelloOk.read(out)).isEqualTo(ok);
		});
	}

	@FuzzTest
	void whois(byte[] data) {
		parse(data, Whois::read);
		parse(data, Whois::readOk);
		parse(data, OkHeader::read);
		parse(data, ErrorHeader::read);
		parse(data, UserMessage::read);
	}

	@FuzzTest
	void rendezvous(byte[] data) {
		parse(data, (in) -> {
			Rendezvous rendezvous = Rendezvous.read(in);
			ByteBuf out = Unpooled.buffer();
			rendezvous.write(out);
			assertThat(Rendezvous.read(out)).isEqualTo(rendezvous);
		});
	}

	@FuzzTest
	void pushDirectPaths(byte[] data) {
		parse(data, (in) -> {
			PushDirectPaths push = PushDirectPaths.read(in);
			ByteBuf out = Unpooled.buffer();
			push.write(out);
			assertThat(PushDirectPaths.read(out)).isEqualTo(push);
		});
	}

	@FuzzTest
	void lz4(byte[] data) {
		ByteBuf packet = Unpooled.buffer().writeZero(28).writeBytes(data);
		PacketHeader.set(packet, 1, new Address(1), new Address(2), Verb.ECHO);
		packet.setByte(27, 0x88);
		try {
			ByteBuf plain = Lz4.decompress(packet, UnpooledByteBufAllocator.DEFAULT);
			assertThat(plain.readableBytes()).isBetween(28, PacketHeader.MAXIMUM_LENGTH);
			plain.release();
		}
		catch (MalformedPacketException ex) {
			packet.release();
		}
		assertThat(packet.refCnt()).isZero();
	}

	/**
	 * Datagrams, each behind its 16-bit length.
	 */
	@FuzzTest
	void fragments(byte[] data) {
		FragmentAssembler<String> assembler = new FragmentAssembler<>(4, 2, (path, packet) -> {
			assertThat(packet.readableBytes()).isBetween(28, PacketHeader.MAXIMUM_LENGTH);
			CIPHER.dearmor(packet);
			packet.release();
		});
		ByteBuf in = Unpooled.wrappedBuffer(data);
		for (long now = 0; in.readableBytes() > 2; now += 100) {
			int length = Math.min(in.readUnsignedShort(), in.readableBytes());
			byte[] datagram = new byte[length];
			in.readBytes(datagram);
			// shorter ones never get here (VL1 7.1)
			if (length > 16) {
				assembler.accept("path " + (datagram[0] & 3), Unpooled.wrappedBuffer(datagram), now);
				assertThat(assembler.size()).isLessThanOrEqualTo(4);
			}
		}
		assembler.clear();
	}

	@FuzzTest
	void peerRecord(byte[] data) {
		PeerRecord peer = PeerRecord.parse(data);
		if (peer != null) {
			assertThat(PeerRecord.parse(peer.toBytes())).isEqualTo(peer);
		}
	}

	@FuzzTest
	void armoredPacketsReadBack(byte[] data) {
		if (data.length > PacketHeader.MAXIMUM_PAYLOAD) {
			return;
		}
		for (CipherSuite suite : Arrays.asList(CipherSuite.C25519_POLY1305_NONE, CipherSuite.C25519_POLY1305_SALSA2012,
				CipherSuite.AES_GMAC_SIV)) {
			ByteBuf packet = Unpooled.buffer().writeZero(28).writeBytes(data);
			PacketHeader.set(packet, Arrays.hashCode(data), new Address(1), new Address(2), Verb.ECHO);
			CIPHER.armor(packet, suite);
			assertThat(CIPHER.dearmor(packet)).isTrue();
			assertThat(Vectors.hex(packet).substring(56)).isEqualTo(Vectors.hex(data));
		}
	}

	private static void parse(byte[] data, Parser parser) {
		try {
			parser.parse(Unpooled.wrappedBuffer(data.clone()));
		}
		catch (MalformedPacketException | IndexOutOfBoundsException ex) {
			// what the edge of the node counts and drops
		}
	}

	private interface Parser {

		void parse(ByteBuf in);

	}

}
