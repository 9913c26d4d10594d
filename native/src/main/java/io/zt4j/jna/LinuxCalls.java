package io.zt4j.jna;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;

/**
 * System calls a TAP device needs, as in Linux's headers. The values are those of all
 * architectures with the generic {@code ioctl} encoding (x86, ARM, RISC-V).
 */
final class LinuxCalls {

	static final int O_RDWR = 2;

	static final int O_NONBLOCK = 0x800;

	static final int O_CLOEXEC = 0x80000;

	static final int EFD_NONBLOCK = 0x800;

	static final int EFD_CLOEXEC = 0x80000;

	static final short POLLIN = 1;

	static final int AF_INET = 2;

	static final int SOCK_DGRAM = 2;

	static final int SOCK_CLOEXEC = 0x80000;

	static final int EINTR = 4;

	static final int EIO = 5;

	static final int EAGAIN = 11;

	static final NativeLong TUNSETIFF = new NativeLong(0x400454caL, true);

	static final NativeLong SIOCGIFFLAGS = new NativeLong(0x8913, true);

	static final NativeLong SIOCSIFFLAGS = new NativeLong(0x8914, true);

	static final NativeLong SIOCGIFMTU = new NativeLong(0x8921, true);

	static final NativeLong SIOCSIFMTU = new NativeLong(0x8922, true);

	static final NativeLong SIOCGIFHWADDR = new NativeLong(0x8927, true);

	static final short IFF_TAP = 0x0002;

	static final short IFF_NO_PI = 0x1000;

	static final short IFF_UP = 0x0001;

	static {
		Native.register("c");
	}

	private LinuxCalls() {
	}

	static native int open(String path, int flags) throws LastErrorException;

	static native int close(int fd) throws LastErrorException;

	static native int ioctl(int fd, NativeLong request, Pointer argument) throws LastErrorException;

	static native int socket(int domain, int type, int protocol) throws LastErrorException;

	static native int eventfd(int initial, int flags) throws LastErrorException;

	static native int poll(Pointer fds, NativeLong count, int timeoutMillis) throws LastErrorException;

	static native NativeLong read(int fd, Pointer buffer, NativeLong count) throws LastErrorException;

	static native NativeLong write(int fd, Pointer buffer, NativeLong count) throws LastErrorException;

}
