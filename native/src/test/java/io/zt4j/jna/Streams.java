package io.zt4j.jna;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.zt4j.stack.TcpConnection;
import org.jspecify.annotations.Nullable;

/** What the tests do with connections of our stack. */
final class Streams {

	private Streams() {
	}

	/** Sends a stream, then says it is done, then collects the answer. */
	static final class Push implements TcpConnection.Handler {

		final CompletableFuture<String> answer = new CompletableFuture<>();

		private final ByteArrayOutputStream received = new ByteArrayOutputStream();

		private final SplittableRandom random;

		private long left;

		private ByteBuf chunk;

		Push(long seed, long length) {
			this.random = new SplittableRandom(seed);
			this.left = length;
			this.chunk = Unpooled.EMPTY_BUFFER;
		}

		Push(byte[] request) {
			this(0, 0);
			this.chunk = Unpooled.wrappedBuffer(request);
		}

		@Override
		public void connected(TcpConnection connection) {
			writable(connection);
		}

		@Override
		public void writable(TcpConnection connection) {
			try {
				while (true) {
					if (!this.chunk.isReadable()) {
						if (this.left == 0) {
							connection.shutdownOutput();
							return;
						}
						byte[] bytes = Bulk.chunk(this.random, this.left);
						this.left -= bytes.length;
						this.chunk = Unpooled.wrappedBuffer(bytes);
					}
					connection.write(this.chunk);
					if (this.chunk.isReadable()) {
						connection.flush();
						return;
					}
				}
			}
			catch (IOException ex) {
				this.answer.completeExceptionally(ex);
			}
		}

		@Override
		public void readable(TcpConnection connection) {
			for (ByteBuf data = connection.read(Bulk.CHUNK); data != null; data = connection.read(Bulk.CHUNK)) {
				this.received.writeBytes(ByteBufUtil.getBytes(data));
				data.release();
			}
			if (connection.isInputClosed()) {
				this.answer.complete(this.received.toString(StandardCharsets.US_ASCII));
			}
		}

		@Override
		public void closed(TcpConnection connection, @Nullable IOException cause) {
			this.answer.completeExceptionally((cause != null) ? cause : new IOException("closed"));
		}

	}

	/** Digests a stream; at its end answers with the digest. */
	static final class Sink implements TcpConnection.Handler {

		final CompletableFuture<String> digest = new CompletableFuture<>();

		private final MessageDigest sha256 = Bulk.sha256();

		private final byte @Nullable [] request;

		Sink(byte @Nullable [] request) {
			this.request = request;
		}

		@Override
		public void connected(TcpConnection connection) {
			if (this.request != null) {
				try {
					connection.write(Unpooled.wrappedBuffer(this.request));
					connection.flush();
				}
				catch (IOException ex) {
					this.digest.completeExceptionally(ex);
				}
			}
		}

		@Override
		public void readable(TcpConnection connection) {
			for (ByteBuf data = connection.read(1 << 20); data != null; data = connection.read(1 << 20)) {
				byte[] bytes = ByteBufUtil.getBytes(data);
				this.sha256.update(bytes);
				data.release();
			}
			if (connection.isInputClosed() && !this.digest.isDone()) {
				String hex = Bulk.hex(this.sha256);
				try {
					connection.write(Unpooled.copiedBuffer(hex, StandardCharsets.US_ASCII));
				}
				catch (IOException ex) {
					this.digest.completeExceptionally(ex);
				}
				connection.close();
				this.digest.complete(hex);
			}
		}

		@Override
		public void writable(TcpConnection connection) {
		}

		@Override
		public void closed(TcpConnection connection, @Nullable IOException cause) {
			if (cause != null) {
				this.digest.completeExceptionally(cause);
			}
		}

	}

	/** The smallest HTTP server: answers one request and closes. */
	static final class Http implements TcpConnection.Handler {

		private final StringBuilder request = new StringBuilder();

		private final Function<String, String> service;

		Http(Function<String, String> service) {
			this.service = service;
		}

		@Override
		public void connected(TcpConnection connection) {
		}

		@Override
		public void readable(TcpConnection connection) {
			for (ByteBuf data = connection.read(1 << 16); data != null; data = connection.read(1 << 16)) {
				this.request.append(data.toString(StandardCharsets.US_ASCII));
				data.release();
			}
			if (this.request.indexOf("\r\n\r\n") > 0) {
				String body = this.service.apply(this.request.toString().split("\r\n")[0]);
				try {
					connection.write(Unpooled.copiedBuffer("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: "
							+ body.length() + "\r\n\r\n" + body, StandardCharsets.US_ASCII));
				}
				catch (IOException ex) {
					throw new IllegalStateException(ex);
				}
				connection.close();
			}
		}

		@Override
		public void writable(TcpConnection connection) {
		}

		@Override
		public void closed(TcpConnection connection, @Nullable IOException cause) {
		}

	}

}
