/**
 * Netty's own transport test-suite ({@code io.netty:netty-testsuite}, package
 * {@code io.netty.testsuite.transport.socket}) on our channels, over two hosts with the
 * real TCP/IP stack on one Ethernet without loss. Server and client run on NIO loops, on
 * epoll loops, on the stack's own loop, and mixed.
 * <p>
 * Not applicable, so not here:
 * <ul>
 * <li>{@code SocketShutdownOutputBySelfTest} connects to a {@code java.net.ServerSocket}
 * of the host; {@code SocketHalfClosedTests} and {@code ZeroTierSocketChannelTests} cover
 * what it is about.</li>
 * <li>{@code ServerSocketSuspendTest} is disabled by Netty itself and connects with
 * {@code java.net.Socket}; {@code ZeroTierSocketChannelTests} has its like.</li>
 * <li>{@code SocketSslLargeCertificateTest} is bound to {@code NioServerSocketChannel}
 * and needs OpenSSL.</li>
 * <li>{@code SocketSslClientRenegotiateTest}, and the variants of others, on OpenSSL:
 * tcnative is not among our dependencies.</li>
 * <li>UNIX domain sockets: a ZeroTier network has none.</li>
 * </ul>
 * Adapted, each with its reason at the override: empty datagrams sent by a channel
 * instead of a JDK socket; a NIO server replaced by ours in
 * {@code SocketChannelNotYetConnected}; the peer of {@code SocketShutdownOutputByPeer} is
 * a channel; buffers are released eventually instead of at once in
 * {@code SocketBufRelease}; a test that blocks an event loop does not run on the stack's
 * own; loopback addresses are replaced by the server's.
 */
package io.zt4j.netty.testsuite;
