package io.zt4j.benchmarks;

import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.zt4j.node.identity.Address;
import io.zt4j.node.packet.CipherSuite;
import io.zt4j.node.packet.PacketCipher;
import io.zt4j.node.packet.PacketHeader;
import io.zt4j.node.packet.Verb;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Time to armor and to dearmor one packet, by cipher suite and size.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PacketCipherBenchmark {

	/** Bytes of payload. */
	@Param({ "64", "1400", "2800" })
	public int size;

	/** The cipher suite. */
	@Param({ "C25519_POLY1305_SALSA2012", "AES_GMAC_SIV" })
	public CipherSuite suite;

	private final PacketCipher cipher = new PacketCipher(new byte[PacketCipher.KEY_LENGTH]);

	private ByteBuf plain;

	private ByteBuf packet;

	private ByteBuf armored;

	private long packetId;

	/**
	 * Make a packet, and an armored one.
	 */
	@Setup
	public void setUp() {
		int length = PacketHeader.PAYLOAD + this.size;
		this.plain = PooledByteBufAllocator.DEFAULT.directBuffer(length).writeZero(length);
		PacketHeader.set(this.plain, 1, Address.parse("1122334455"), Address.parse("5544332211"), Verb.FRAME);
		this.packet = PooledByteBufAllocator.DEFAULT.directBuffer(length);
		this.armored = this.plain.copy();
		this.cipher.armor(this.armored, this.suite);
	}

	/**
	 * Release the buffers.
	 */
	@TearDown
	public void tearDown() {
		this.plain.release();
		this.packet.release();
		this.armored.release();
	}

	/**
	 * Armor a packet with a fresh ID.
	 * @return the packet
	 */
	@Benchmark
	public ByteBuf armor() {
		this.packet.clear().writeBytes(this.plain, 0, this.plain.writerIndex());
		this.packet.setLong(PacketHeader.PACKET_ID, this.packetId++);
		this.cipher.armor(this.packet, this.suite);
		return this.packet;
	}

	/**
	 * Authenticate and decrypt a packet.
	 * @return whether it is authentic
	 */
	@Benchmark
	public boolean dearmor() {
		this.packet.clear().writeBytes(this.armored, 0, this.armored.writerIndex());
		return this.cipher.dearmor(this.packet);
	}

}
