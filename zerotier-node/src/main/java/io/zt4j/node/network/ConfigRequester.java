package io.zt4j.node.network;

import java.util.Locale;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.concurrent.Future;
import io.zt4j.node.identity.Address;
import io.zt4j.node.network.ConfigAssembler.Outcome;
import io.zt4j.node.packet.ErrorCode;
import io.zt4j.node.packet.MalformedPacketException;
import io.zt4j.node.packet.Verb;
import io.zt4j.node.peer.InboundPacket;
import io.zt4j.node.peer.VerbHandler.Verdict;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets the configuration of one network and keeps it fresh (VL2 3 to 5, 14). An
 * unanswered request is repeated after 1.1 s and 2 s, twice each, and then every 5 s,
 * just slower than the controller's gate of 1 s; a refusal is asked again after 5 s; a
 * configuration is renewed after 60 s.
 */
final class ConfigRequester {

	static final long REFRESH_INTERVAL = 60_000;

	static final long REFUSED_INTERVAL = 5_000;

	private static final long[] RETRY_INTERVALS = { 1_100, 1_100, 2_000, 2_000, 5_000 };

	private static final byte[] METADATA = RequestMetadata.of(12, 1, 14, 1, platform()).toDictionary();

	private static final Logger logger = LoggerFactory.getLogger(ConfigRequester.class);

	private final NodeContext context;

	private final VirtualNetwork network;

	private final NetworkId id;

	private final ConfigAssembler assembler = new ConfigAssembler();

	private @Nullable Future<?> timer;

	private int unanswered;

	private boolean running;

	ConfigRequester(NodeContext context, VirtualNetwork network) {
		this.context = context;
		this.network = network;
		this.id = network.id();
	}

	/** Put the cached configuration in force, if there is a good one (VL2 15). */
	void restore() {
		if (this.id.isAdHoc()) {
			this.context.cache.remember(this.id);
			return;
		}
		byte[] cached = this.context.cache.load(this.id);
		if (cached != null) {
			try {
				NetworkConfig config = NetworkConfig.parse(cached);
				if (isForUs(config)) {
					this.network.configure(config, false);
					return;
				}
				logger.warn("Ignoring the cached configuration of network {}: it is for node {}", this.id,
						config.issuedTo());
			}
			catch (MalformedPacketException | IndexOutOfBoundsException ex) {
				logger.warn("Ignoring the cached configuration of network {}: {}", this.id, ex.getMessage());
			}
		}
		this.context.cache.remember(this.id);
	}

	void start() {
		this.running = true;
		request();
	}

	void close() {
		this.running = false;
		cancel();
	}

	/** VL1 can send now, or the controller role appeared: do not wait for the timer. */
	void hurry() {
		if (this.running && (this.unanswered > 0 || this.network.status() != NetworkStatus.OK)) {
			this.unanswered = 0;
			request();
		}
	}

	private void request() {
		if (!this.running) {
			return;
		}
		if (this.id.isAdHoc()) {
			makeAdHoc();
			return;
		}
		scheduleNext(RETRY_INTERVALS[Math.min(this.unanswered, RETRY_INTERVALS.length - 1)]);
		this.unanswered++;
		if (this.id.controller().equals(this.context.self)) {
			requestLocally();
			return;
		}
		NetworkConfig held = this.network.config();
		ByteBuf packet = this.context.sender.newPacket(512);
		new NetworkConfigRequest(this.id, METADATA, (held != null) ? held.revision() : 0,
				(held != null) ? held.timestamp() : 0)
			.write(packet);
		this.context.sender.send(this.id.controller(), Verb.NETWORK_CONFIG_REQUEST, packet, true);
		this.context.sender.flush();
	}

	private void requestLocally() {
		ControllerRole controller = this.context.controller;
		if (controller == null) {
			refused(NetworkStatus.NOT_FOUND, null);
			return;
		}
		controller.requestLocally(this.id, METADATA, new ControllerRole.Reply() {

			@Override
			public void configured(byte[] dictionary) {
				if (ConfigRequester.this.running) {
					apply(dictionary, true);
				}
			}

			@Override
			public void refused(ErrorCode code) {
				NetworkStatus status = statusOf(code);
				if (ConfigRequester.this.running && status != null) {
					ConfigRequester.this.refused(status, null);
				}
			}

		});
	}

	private void makeAdHoc() {
		scheduleNext(REFRESH_INTERVAL);
		NetworkConfig config = AdHocNetworks.configure(this.id, this.context.self, this.context.sender.now());
		if (config != null) {
			this.network.configure(config, false);
		}
		else if (AdHocNetworks.form(this.id) == AdHocNetworks.Form.INVALID_RANGE) {
			this.network.refuse(NetworkStatus.NOT_FOUND, null);
		}
	}

	private void scheduleNext(long delay) {
		cancel();
		this.timer = this.context.loop.schedule(this::request, delay, TimeUnit.MILLISECONDS);
	}

	private void cancel() {
		if (this.timer != null) {
			this.timer.cancel(false);
			this.timer = null;
		}
	}

	/**
	 * OK in-re NETWORK_CONFIG_REQUEST.
	 * @param packet the packet
	 * @param payload its payload, reader index at the network ID
	 * @return what became of it
	 */
	Verdict reply(InboundPacket packet, ByteBuf payload) {
		ConfigChunk chunk = receive(packet, payload);
		if (chunk != null) {
			apply(this.assembler.takeComplete(), packet.source().address().equals(this.id.controller()));
		}
		return Verdict.HANDLED;
	}

	/**
	 * NETWORK_CONFIG: a push, answered with the peculiar OK of VL2 4.3.
	 * @param packet the packet
	 * @return what became of it
	 */
	Verdict push(InboundPacket packet) {
		ConfigChunk chunk = receive(packet, packet.payload().duplicate());
		if (chunk != null && apply(this.assembler.takeComplete(), false) && chunk.updateId() != 0) {
			this.context.sender.replyOk(packet, Verb.ECHO,
					(out) -> out.writeLong(this.id.value()).writeLong(chunk.updateId()));
		}
		return Verdict.HANDLED;
	}

	/* the chunk if it completed a configuration, else null */
	private @Nullable ConfigChunk receive(InboundPacket packet, ByteBuf payload) {
		int start = payload.readerIndex();
		Address from = packet.source().address();
		ConfigChunk chunk = ConfigChunk.read(payload, packet.packetId());
		Outcome outcome = this.assembler.offer(chunk, this.context.identityOf(this.id.controller()), from);
		switch (outcome) {
			case MALFORMED, FORGED, UNKNOWN_CONTROLLER -> this.context.drop(DropReason.CONFIG_CHUNK_REJECTED);
			case STORED, COMPLETE -> {
				if (chunk.isFastPropagate()) {
					propagate(ByteBufUtil.getBytes(payload, start, payload.writerIndex() - start), from);
				}
			}
			case DUPLICATE -> {
				// known already
			}
		}
		return (outcome == Outcome.COMPLETE) ? chunk : null;
	}

	/**
	 * Apply a complete configuration (VL2 4.3, 25).
	 * @param dictionary the encoded configuration
	 * @param requested whether it is the controller's own answer to a request
	 * @return false if it cannot be read
	 */
	private boolean apply(byte[] dictionary, boolean requested) {
		NetworkConfig config;
		try {
			config = NetworkConfig.parse(dictionary);
		}
		catch (MalformedPacketException | IndexOutOfBoundsException ex) {
			this.context.drop(DropReason.CONFIG_REJECTED);
			return false;
		}
		if (!isForUs(config)) {
			this.context.drop(DropReason.CONFIG_REJECTED);
			return true;
		}
		NetworkConfig held = this.network.config();
		if (held != null && !requested) {
			// Anyone may bring a signed configuration: only the controller's own answer
			// may go
			// back in time, or lift a refusal without being news.
			int order = Long.compareUnsigned(config.timestamp(), held.timestamp());
			if (order < 0) {
				this.context.drop(DropReason.CONFIG_OUTDATED);
			}
			if (order < 0 || config.equals(held)) {
				return true;
			}
		}
		this.unanswered = 0;
		scheduleNext(REFRESH_INTERVAL);
		this.network.configure(config, true);
		return true;
	}

	private boolean isForUs(NetworkConfig config) {
		return config.issuedTo().equals(this.context.self) && config.network().equals(this.id);
	}

	/**
	 * ERROR in-re NETWORK_CONFIG_REQUEST (VL2 5).
	 * @param from who sent it
	 * @param code the error
	 * @param payload what follows the network ID
	 */
	void error(Address from, ErrorCode code, ByteBuf payload) {
		NetworkStatus status = statusOf(code);
		if (!from.equals(this.id.controller()) || this.id.isAdHoc() || status == null) {
			this.context.drop(DropReason.REPLY_NOT_ALLOWED);
			return;
		}
		SingleSignOn login = null;
		if (status == NetworkStatus.AUTHENTICATION_REQUIRED && payload.readableBytes() > 2) {
			byte[] dictionary = new byte[payload.readUnsignedShort()];
			payload.readBytes(dictionary);
			login = SingleSignOn.ofError(Dictionary.parse(dictionary));
			if (login.version() == 0 && login.authenticationUrl().isEmpty()) {
				return;
			}
		}
		refused(status, login);
	}

	private void refused(NetworkStatus status, @Nullable SingleSignOn login) {
		this.unanswered = 0;
		scheduleNext(REFUSED_INTERVAL);
		this.network.refuse(status, login);
	}

	private static @Nullable NetworkStatus statusOf(ErrorCode code) {
		return switch (code) {
			case OBJ_NOT_FOUND, UNSUPPORTED_OPERATION -> NetworkStatus.NOT_FOUND;
			case NETWORK_ACCESS_DENIED -> NetworkStatus.ACCESS_DENIED;
			case NETWORK_AUTHENTICATION_REQUIRED -> NetworkStatus.AUTHENTICATION_REQUIRED;
			default -> null;
		};
	}

	/* step 5 of 4.2 */
	private void propagate(byte[] payload, Address from) {
		for (Member member : this.network.membership().members()) {
			if (!member.address.equals(from) && !member.address.equals(this.id.controller())) {
				ByteBuf packet = this.context.sender.newPacket(payload.length);
				packet.writeBytes(payload);
				this.context.sender.send(member.address, Verb.NETWORK_CONFIG, packet, false);
			}
		}
	}

	private static String platform() {
		String system = System.getProperty("os.name", "unknown").toLowerCase(Locale.ROOT).split(" ")[0];
		String machine = System.getProperty("os.arch", "unknown").toLowerCase(Locale.ROOT);
		return system + "/" + switch (machine) {
			case "amd64" -> "x86_64";
			case "aarch64" -> "arm64";
			default -> machine;
		};
	}

}
