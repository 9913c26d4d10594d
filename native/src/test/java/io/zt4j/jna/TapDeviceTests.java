package io.zt4j.jna;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@Timeout(60)
class TapDeviceTests {

	@Test
	void namesLinuxWouldCutAreRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> TapDevice.open("sixteen-letters-"))
			.withMessageContaining("1..15");
		assertThatIllegalArgumentException().isThrownBy(() -> TapDevice.open(""));
	}

	@Test
	void deviceLivesUntilClosedAndCanBeConfigured() throws Exception {
		TapDevice device = open();
		try (device) {
			assertThat(kernel(device)).exists();
			assertThat(device.kernelAddress().value()).isNotZero();
			device.mtu(2800);
			assertThat(device.mtu()).isEqualTo(2800);
			device.up(true);
			assertThat(isUp(device)).isTrue();
			device.up(false);
			assertThat(isUp(device)).isFalse();
			assertThat(device.write(Unpooled.buffer().writeZero(60))).as("down, so not taken").isFalse();
			assertThatIOException().isThrownBy(() -> device.mtu(1)).withMessageContaining(device.name());
		}
		assertThat(kernel(device)).doesNotExist();
		device.close();
		assertThat(device.write(Unpooled.buffer().writeZero(60))).isFalse();
	}

	@Test
	void closingWakesTheReader() throws Exception {
		TapDevice device = open();
		CompletableFuture<Boolean> awaited = new CompletableFuture<>();
		Thread reader = new Thread(() -> {
			try {
				awaited.complete(device.await());
			}
			catch (IOException ex) {
				awaited.completeExceptionally(ex);
			}
		});
		reader.start();
		device.close();
		assertThat(awaited).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(false);
		reader.join();
	}

	@Test
	void readerSeesWhatTheKernelSends() throws Exception {
		try (TapDevice device = open()) {
			device.up(true);
			// an interface that comes up announces its link-local address by itself
			Assumptions.assumeTrue(Files.exists(Path.of("/proc/net/if_inet6")), "the kernel has no IPv6");
			assertThat(device.await()).isTrue();
			ByteBuf frame = Unpooled.buffer(2000);
			assertThat(device.read(frame)).isGreaterThanOrEqualTo(42);
			long source = (long) frame.getUnsignedShort(6) << 32 | frame.getUnsignedInt(8);
			assertThat(source).isEqualTo(device.kernelAddress().value());
		}
	}

	private static Path kernel(TapDevice device) {
		return Path.of("/sys/class/net", device.name());
	}

	private static boolean isUp(TapDevice device) throws IOException {
		return (Integer.decode(Files.readString(kernel(device).resolve("flags")).trim()) & 1) != 0;
	}

	private static TapDevice open() throws IOException {
		Assumptions.assumeTrue("Linux".equals(System.getProperty("os.name")), "TAP devices need Linux");
		try {
			return TapDevice.open("zt4j%d");
		}
		catch (IOException ex) {
			return Assumptions.abort(ex.getMessage());
		}
	}

}
