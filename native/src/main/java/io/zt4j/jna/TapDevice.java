package io.zt4j.jna;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.NativeLong;
import com.sun.jna.Platform;
import io.netty.buffer.ByteBuf;
import io.zt4j.stack.EthernetAddress;

/**
 * A TAP device of Linux: an Ethernet interface whose wire is this program. What the
 * kernel sends is read here; what is written here the kernel receives. Needs root or
 * {@code CAP_NET_ADMIN}. The device disappears when closed. Reading and writing may
 * happen on different threads, each by one at a time; {@link #close()} on any.
 */
public final class TapDevice implements Closeable {

	/** Longest name of an interface. */
	public static final int MAXIMUM_NAME_LENGTH = 15;

	/** Longest frame a device passes. */
	static final int MAXIMUM_FRAME = 65_535 + 18;

	private static final Path CLONE = Path.of("/dev/net/tun");

	private static final int IFREQ_LENGTH = 40;

	private final Memory input = new Memory(MAXIMUM_FRAME);

	private final Memory output = new Memory(MAXIMUM_FRAME);

	private final ByteBuffer inputView = this.input.getByteBuffer(0, MAXIMUM_FRAME);

	private final ByteBuffer outputView = this.output.getByteBuffer(0, MAXIMUM_FRAME);

	/** Two {@code struct pollfd}: the device and the bell. */
	private final Memory polled = new Memory(16);

	private final Object writeLock = new Object();

	private final Object readLock = new Object();

	private final String name;

	private final int fd;

	private final int bell;

	private volatile boolean closed;

	private TapDevice(int fd, int bell, String name) {
		this.fd = fd;
		this.bell = bell;
		this.name = name;
		this.polled.setInt(0, fd);
		this.polled.setShort(4, LinuxCalls.POLLIN);
		this.polled.setInt(8, bell);
		this.polled.setShort(12, LinuxCalls.POLLIN);
	}

	/**
	 * Create a device.
	 * @param name its name of 1..15 letters; {@code %d} in it makes the kernel choose a
	 * number
	 * @return the device, down and without addresses
	 * @throws IOException if this is not Linux, there is no TUN/TAP driver, permission is
	 * missing or the name is taken; the message says which
	 */
	public static TapDevice open(String name) throws IOException {
		if (name.isEmpty() || name.length() > MAXIMUM_NAME_LENGTH
				|| !StandardCharsets.US_ASCII.newEncoder().canEncode(name)) {
			throw new IllegalArgumentException("Name of a TAP device must be 1..15 ASCII letters, not '" + name + "'");
		}
		if (!Platform.isLinux()) {
			throw new IOException("TAP devices are supported on Linux only");
		}
		if (!Files.exists(CLONE)) {
			throw new IOException(CLONE + " does not exist; load the kernel module 'tun' (modprobe tun) or, in a "
					+ "container, run it with --device " + CLONE);
		}
		int fd;
		try {
			fd = LinuxCalls.open(CLONE.toString(), LinuxCalls.O_RDWR | LinuxCalls.O_NONBLOCK | LinuxCalls.O_CLOEXEC);
		}
		catch (LastErrorException ex) {
			throw failure("Cannot open " + CLONE + "; run as root or with CAP_NET_ADMIN", ex);
		}
		int bell = -1;
		try (Memory request = request(name)) {
			request.setShort(16, (short) (LinuxCalls.IFF_TAP | LinuxCalls.IFF_NO_PI));
			LinuxCalls.ioctl(fd, LinuxCalls.TUNSETIFF, request);
			bell = LinuxCalls.eventfd(0, LinuxCalls.EFD_NONBLOCK | LinuxCalls.EFD_CLOEXEC);
			return new TapDevice(fd, bell, request.getString(0, "US-ASCII"));
		}
		catch (LastErrorException ex) {
			LinuxCalls.close(fd);
			throw failure("Cannot create TAP device '" + name
					+ "'; run as root or with CAP_NET_ADMIN, and choose a name that is free", ex);
		}
	}

	/**
	 * Return the name.
	 * @return the interface's name
	 */
	public String name() {
		return this.name;
	}

	/**
	 * Return the hardware address of the kernel's end.
	 * @return the address
	 * @throws IOException if the interface is not in this network namespace
	 */
	public EthernetAddress kernelAddress() throws IOException {
		try (Memory request = request(this.name)) {
			control(LinuxCalls.SIOCGIFHWADDR, request);
			long value = 0;
			for (int i = 18; i < 24; i++) {
				value = value << 8 | request.getByte(i) & 0xff;
			}
			return new EthernetAddress(value);
		}
	}

	/**
	 * Return the MTU.
	 * @return bytes
	 * @throws IOException if the interface is not in this network namespace
	 */
	public int mtu() throws IOException {
		try (Memory request = request(this.name)) {
			control(LinuxCalls.SIOCGIFMTU, request);
			return request.getInt(16);
		}
	}

	/**
	 * Set the MTU.
	 * @param mtu bytes, 68..65521
	 * @throws IOException if the kernel refuses
	 */
	public void mtu(int mtu) throws IOException {
		try (Memory request = request(this.name)) {
			request.setInt(16, mtu);
			control(LinuxCalls.SIOCSIFMTU, request);
		}
	}

	/**
	 * Set the interface up or down.
	 * @param up whether up
	 * @throws IOException if the kernel refuses
	 */
	public void up(boolean up) throws IOException {
		try (Memory request = request(this.name)) {
			control(LinuxCalls.SIOCGIFFLAGS, request);
			int flags = request.getShort(16);
			request.setShort(16, (short) (up ? flags | LinuxCalls.IFF_UP : flags & ~LinuxCalls.IFF_UP));
			control(LinuxCalls.SIOCSIFFLAGS, request);
		}
	}

	/**
	 * Wait until a frame can be read.
	 * @return false once the device is closed
	 * @throws IOException if the device failed
	 */
	public boolean await() throws IOException {
		synchronized (this.readLock) {
			while (!this.closed) {
				try {
					LinuxCalls.poll(this.polled, new NativeLong(2), -1);
					return !this.closed;
				}
				catch (LastErrorException ex) {
					if (ex.getErrorCode() != LinuxCalls.EINTR) {
						throw failure("Cannot wait for " + this.name, ex);
					}
				}
			}
			return false;
		}
	}

	/**
	 * Read one frame.
	 * @param frame where to append it; must have room for the frame, header included
	 * @return its length, or 0 if none is waiting
	 * @throws IOException if the device failed
	 */
	public int read(ByteBuf frame) throws IOException {
		synchronized (this.readLock) {
			if (this.closed) {
				return 0;
			}
			try {
				int length = LinuxCalls.read(this.fd, this.input, new NativeLong(MAXIMUM_FRAME)).intValue();
				this.inputView.limit(length).position(0);
				frame.writeBytes(this.inputView);
				return length;
			}
			catch (LastErrorException ex) {
				if (isTransient(ex)) {
					return 0;
				}
				throw failure("Cannot read from " + this.name, ex);
			}
		}
	}

	/**
	 * Write one frame.
	 * @param frame the frame from reader to writer index; left as it is
	 * @return false if the kernel did not take it, because the interface is down or its
	 * queue full, or the device is closed
	 * @throws IOException if the device failed
	 */
	public boolean write(ByteBuf frame) throws IOException {
		int length = frame.readableBytes();
		if (length > MAXIMUM_FRAME) {
			return false;
		}
		synchronized (this.writeLock) {
			if (this.closed) {
				return false;
			}
			this.outputView.limit(length).position(0);
			frame.getBytes(frame.readerIndex(), this.outputView);
			try {
				return LinuxCalls.write(this.fd, this.output, new NativeLong(length)).intValue() == length;
			}
			catch (LastErrorException ex) {
				if (isTransient(ex)) {
					return false;
				}
				throw failure("Cannot write to " + this.name, ex);
			}
		}
	}

	/**
	 * Remove the device. {@link #await()} returns.
	 */
	@Override
	public void close() {
		synchronized (this.writeLock) {
			if (this.closed) {
				return;
			}
			this.closed = true;
			this.output.setLong(0, 1);
			LinuxCalls.write(this.bell, this.output, new NativeLong(8));
		}
		// the bell makes the reader let go of its lock
		synchronized (this.readLock) {
			LinuxCalls.close(this.fd);
			LinuxCalls.close(this.bell);
		}
	}

	/* The kernel says EIO while the interface is down */
	private static boolean isTransient(LastErrorException ex) {
		return ex.getErrorCode() == LinuxCalls.EAGAIN || ex.getErrorCode() == LinuxCalls.EINTR
				|| ex.getErrorCode() == LinuxCalls.EIO;
	}

	private void control(NativeLong operation, Memory request) throws IOException {
		try {
			int socket = LinuxCalls.socket(LinuxCalls.AF_INET, LinuxCalls.SOCK_DGRAM | LinuxCalls.SOCK_CLOEXEC, 0);
			try {
				LinuxCalls.ioctl(socket, operation, request);
			}
			finally {
				LinuxCalls.close(socket);
			}
		}
		catch (LastErrorException ex) {
			throw failure("Cannot configure " + this.name, ex);
		}
	}

	private static Memory request(String name) {
		Memory request = new Memory(IFREQ_LENGTH);
		request.clear();
		request.setString(0, name, "US-ASCII");
		return request;
	}

	private static IOException failure(String message, LastErrorException ex) {
		return new IOException(message + " (" + ex.getMessage() + ")", ex);
	}

}
