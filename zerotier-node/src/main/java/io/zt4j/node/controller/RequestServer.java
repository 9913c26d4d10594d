package io.zt4j.node.controller;

import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import io.netty.channel.EventLoop;
import io.zt4j.node.controller.ControllerEvent.RequestDenied.Reason;
import io.zt4j.node.identity.Address;
import io.zt4j.node.identity.Identity;
import io.zt4j.node.network.ControllerRole;
import io.zt4j.node.network.Dictionary;
import io.zt4j.node.network.NetworkConfig;
import io.zt4j.node.network.NetworkConfigRequest;
import io.zt4j.node.network.NetworkId;
import io.zt4j.node.network.RequestMetadata;
import io.zt4j.node.packet.ErrorCode;
import io.zt4j.node.packet.MalformedPacketException;
import io.zt4j.node.peer.InboundPacket;
import io.zt4j.node.peer.PacketSender;
import io.zt4j.node.peer.VerbHandler.Verdict;
import io.zt4j.node.store.StateStoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers requests for configurations and pushes changed ones (VL2 18, 19).
 */
final class RequestServer {

	private static final Logger logger = LoggerFactory.getLogger(RequestServer.class);

	private static final int MAX_SESSIONS = 65_536;

	/** Records of members nobody authorised, per network: the oldest gives way. */
	static final int MAX_STRANGERS = 1000;

	/** The request ID of this very node (VL2 3). */
	private static final long LOCAL_REQUEST = -1;

	private final PacketSender sender;

	private final NetworkStore store;

	private final ControllerOutput output;

	private final ConfigIssuer issuer;

	private final Consumer<ControllerEvent> events;

	private final RequestQueue queue;

	private final Map<NetworkId, Deque<Address>> strangers = new HashMap<>();

	private final Map<Drop, LongAdder> drops = new EnumMap<>(Drop.class);

	private final Map<Session.Key, Session> sessions = new LinkedHashMap<>(16, 0.75f, true) {

		@Override
		protected boolean removeEldestEntry(Map.Entry<Session.Key, Session> eldest) {
			boolean tooMany = size() > MAX_SESSIONS;
			if (tooMany) {
				RequestServer.this.queue.remove(eldest.getValue());
			}
			return tooMany;
		}

	};

	private enum Drop {

		MALFORMED_REQUEST, FOREIGN_NETWORK, REQUEST_TOO_OFTEN, TOO_MANY_REQUESTS, CONFIG_TOO_LARGE, STORE_FAILED

	}

	RequestServer(PacketSender sender, EventLoop loop, NetworkStore store, ControllerOutput output, ConfigIssuer issuer,
			Consumer<ControllerEvent> events) {
		this.sender = sender;
		this.store = store;
		this.output = output;
		this.issuer = issuer;
		this.events = events;
		this.queue = new RequestQueue(loop, this::serve);
		for (Drop drop : Drop.values()) {
			this.drops.put(drop, new LongAdder());
		}
		for (NetworkId id : store.networks()) {
			store.members(id).stream().filter(MemberRecord::isStranger).forEach(this::noteStranger);
		}
	}

	/*
	 * Take a NETWORK_CONFIG_REQUEST (VL2 18.1).
	 */
	Verdict handle(InboundPacket packet) {
		NetworkConfigRequest request;
		try {
			request = NetworkConfigRequest.read(packet.payload().duplicate());
		}
		catch (MalformedPacketException | IndexOutOfBoundsException ex) {
			drop(Drop.MALFORMED_REQUEST);
			return Verdict.IGNORED;
		}
		NetworkId network = request.network();
		Address member = packet.source().address();
		if (!network.controller().equals(this.sender.identity().address())) {
			drop(Drop.FOREIGN_NETWORK);
			return Verdict.HANDLED;
		}
		if (this.store.network(network) == null) {
			this.output.refuse(network, member, packet.packetId(), ErrorCode.OBJ_NOT_FOUND);
			return Verdict.HANDLED;
		}
		long now = this.sender.now();
		Session session = session(network, packet.source(), request.metadata());
		if (!session.admits(now)) {
			drop(Drop.REQUEST_TOO_OFTEN);
			return Verdict.HANDLED;
		}
		admit(session, packet.packetId(), request.metadata(), now);
		return Verdict.HANDLED;
	}

	/*
	 * Take a request of this very node (VL2 3); it is not limited.
	 */
	void requestLocally(NetworkId network, byte[] metadata, ControllerRole.Reply reply) {
		if (this.store.network(network) == null) {
			reply.refused(ErrorCode.OBJ_NOT_FOUND);
			return;
		}
		Session session = session(network, this.sender.identity(), metadata);
		session.local = reply;
		admit(session, LOCAL_REQUEST, metadata, this.sender.now());
	}

	/* a member of another identity but the same address gets a session of its own */
	private Session session(NetworkId network, Identity identity, byte[] metadata) {
		Session.Key key = new Session.Key(network, identity.address());
		Session session = this.sessions.get(key);
		if (session == null || !session.identity.equals(identity)) {
			session = new Session(key, identity, RequestMetadata.read(Dictionary.parse(metadata)));
			Session replaced = this.sessions.put(key, session);
			if (replaced != null) {
				this.queue.remove(replaced);
			}
		}
		return session;
	}

	private void admit(Session session, long requestId, byte[] metadata, long now) {
		long previous = session.lastRequest();
		boolean wasOnline = session.isOnline(now);
		session.requested(now);
		session.metadata = RequestMetadata.read(Dictionary.parse(metadata));
		if (!this.queue.request(session, requestId)) {
			// it may try again at once
			session.forgetRequest(previous);
			drop(Drop.TOO_MANY_REQUESTS);
			return;
		}
		if (!wasOnline) {
			this.events.accept(new ControllerEvent.MemberOnline(session.key.network(), session.key.member()));
		}
	}

	/*
	 * Answer a request, or push.
	 */
	private void serve(Session session, long requestId) {
		try {
			NetworkRecord network = this.store.network(session.key.network());
			if (network == null) {
				refuse(session, requestId, ErrorCode.OBJ_NOT_FOUND);
			}
			else {
				serve(network, session, requestId);
			}
		}
		catch (StateStoreException ex) {
			// no answer: the member asks again in a few seconds
			drop(Drop.STORE_FAILED);
			logger.error("The record of member {} of network {} was not stored", session.key.member(),
					session.key.network(), ex);
		}
	}

	private void serve(NetworkRecord network, Session session, long requestId) {
		long now = this.sender.now();
		Session.Key key = session.key;
		MemberRecord stored = this.store.member(network.id(), key.member());
		if (stored == null && requestId == RequestQueue.NO_REQUEST) {
			return;
		}
		MemberRecord member = (stored != null) ? stored.copy()
				: new MemberRecord(network.id(), key.member(), Records.object(), now);
		String pinned = member.identity();
		if (pinned == null) {
			member.identity(session.identity);
		}
		else if (!pinned.equals(session.identity.publicString())) {
			deny(session, requestId, ErrorCode.NETWORK_ACCESS_DENIED, Reason.IDENTITY_MISMATCH);
			return;
		}
		switch (MemberAuthorizer.authorize(network, member, session.metadata, now)) {
			case AUTHORIZED -> configure(network, stored, member, session, requestId, now);
			case DENIED -> {
				save(stored, member);
				deny(session, requestId, ErrorCode.NETWORK_ACCESS_DENIED, Reason.NOT_AUTHORIZED);
			}
			case LOGIN_REQUIRED -> {
				save(stored, member);
				deny(session, requestId, ErrorCode.NETWORK_AUTHENTICATION_REQUIRED, Reason.LOGIN_REQUIRED);
			}
		}
	}

	private void configure(NetworkRecord network, @Nullable MemberRecord stored, MemberRecord member, Session session,
			long requestId, long now) {
		if (session.local == null) {
			member.version(session.metadata);
		}
		NetworkConfig config = this.issuer.issue(network, member, session.identity, session.metadata, stored == null,
				now);
		save(stored, member);
		byte[] dictionary;
		try {
			dictionary = config.toDictionary();
		}
		catch (IllegalStateException ex) {
			drop(Drop.CONFIG_TOO_LARGE);
			logger.error("Nothing was sent: {}", ex.getMessage());
			return;
		}
		session.served(now);
		ControllerRole.Reply local = session.local;
		if (local != null) {
			local.configured(dictionary);
		}
		else if (requestId == RequestQueue.NO_REQUEST) {
			this.output.push(network.id(), session.key.member(), dictionary);
		}
		else {
			this.output.reply(network.id(), session.key.member(), requestId, dictionary);
		}
	}

	/* the answer itself carries what changed: no push follows, unlike in the reference */
	private void save(@Nullable MemberRecord stored, MemberRecord member) {
		if (!this.store.save(member)) {
			return;
		}
		boolean was = stored != null && stored.isAuthorized();
		if (member.isAuthorized() && !was) {
			String by = member.credentialType();
			this.events.accept(new ControllerEvent.MemberAuthorized(member.network(), member.address(),
					(by != null) ? by : "api"));
		}
		Set<InetAddress> addresses = member.addresses();
		if (!addresses.equals((stored != null) ? stored.addresses() : Set.of())) {
			this.events.accept(new ControllerEvent.AddressesAssigned(member.network(), member.address(), addresses));
		}
		if (stored == null && member.isStranger()) {
			noteStranger(member);
		}
	}

	private void noteStranger(MemberRecord member) {
		Deque<Address> queue = this.strangers.computeIfAbsent(member.network(), (id) -> new ArrayDeque<>());
		queue.add(member.address());
		if (queue.size() > MAX_STRANGERS) {
			Address oldest = queue.remove();
			MemberRecord record = this.store.member(member.network(), oldest);
			if (record != null && record.isStranger()) {
				this.store.delete(member.network(), oldest);
				forget(new Session.Key(member.network(), oldest));
			}
		}
	}

	private void deny(Session session, long requestId, ErrorCode code, Reason reason) {
		refuse(session, requestId, code);
		if (requestId != RequestQueue.NO_REQUEST) {
			this.events.accept(new ControllerEvent.RequestDenied(session.key.network(), session.key.member(), reason));
		}
	}

	private void refuse(Session session, long requestId, ErrorCode code) {
		ControllerRole.Reply local = session.local;
		if (local != null) {
			local.refused(code);
		}
		else if (requestId != RequestQueue.NO_REQUEST) {
			this.output.refuse(session.key.network(), session.key.member(), requestId, code);
		}
	}

	/* Push to every online member of a network. */
	void push(NetworkId network) {
		long now = this.sender.now();
		List.copyOf(this.sessions.values())
			.stream()
			.filter((session) -> session.key.network().equals(network) && session.isOnline(now))
			.forEach(this.queue::push);
	}

	/* Push to a member if it is online. */
	void push(Session.Key key) {
		Session session = this.sessions.get(key);
		if (session != null && session.isOnline(this.sender.now())) {
			this.queue.push(session);
		}
	}

	/* The members of a network that asked within 120 s. */
	Collection<Address> online(NetworkId network) {
		long now = this.sender.now();
		return this.sessions.values()
			.stream()
			.filter((session) -> session.key.network().equals(network) && session.isOnline(now))
			.map((session) -> session.key.member())
			.toList();
	}

	void forget(Session.Key key) {
		Session session = this.sessions.remove(key);
		if (session != null) {
			this.queue.remove(session);
		}
	}

	void forget(NetworkId network) {
		this.strangers.remove(network);
		List.copyOf(this.sessions.keySet())
			.stream()
			.filter((key) -> key.network().equals(network))
			.forEach(this::forget);
	}

	boolean servedRecently(NetworkId network, Address member) {
		Session session = this.sessions.get(new Session.Key(network, member));
		return session != null && session.servedRecently(this.sender.now());
	}

	MemberInfo view(MemberRecord record) {
		Session session = this.sessions.get(new Session.Key(record.network(), record.address()));
		return (session != null) ? MemberInfo.of(record, session.lastSeen(), session.isOnline(this.sender.now()))
				: MemberInfo.of(record, 0, false);
	}

	private void drop(Drop drop) {
		this.drops.get(drop).increment();
	}

	Map<String, Long> drops() {
		return this.drops.entrySet()
			.stream()
			.filter((entry) -> entry.getValue().sum() > 0)
			.collect(Collectors.toMap((entry) -> entry.getKey().name().toLowerCase(Locale.ROOT),
					(entry) -> entry.getValue().sum()));
	}

}
