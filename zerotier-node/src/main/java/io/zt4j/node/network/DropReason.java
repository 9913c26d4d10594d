package io.zt4j.node.network;

/**
 * Why VL2 dropped a packet, a frame or a credential (VL2 23).
 */
enum DropReason {

	/** A payload ended early or held impossible values. */
	MALFORMED("malformed"),

	/** The packet is about a network this node did not join. */
	NOT_JOINED("network-not-joined"),

	/** A frame to send while there is no configuration. */
	NOT_CONFIGURED("network-not-configured"),

	/** The sender's membership is not proved (VL2 8.4). */
	NOT_A_MEMBER("sender-not-a-member"),

	/** The network's rules dropped a frame on its way in. */
	FILTERED_INBOUND("filtered-inbound"),

	/** The network's rules dropped a frame on its way out. */
	FILTERED_OUTBOUND("filtered-outbound"),

	/** A source MAC address the sender may not use (VL2 10.4, 11.4). */
	SOURCE_MAC_NOT_ALLOWED("source-mac-not-allowed"),

	/** A frame for a MAC address that is not here. */
	DESTINATION_MAC_UNKNOWN("destination-mac-unknown"),

	/** The network has no multicast, or no broadcast (VL2 11.3). */
	MULTICAST_DISABLED("multicast-disabled"),

	/** A multicast frame waited 5 s for members, or too many waited. */
	MULTICAST_UNDELIVERED("multicast-undelivered"),

	/** A frame is longer than the network's MTU, or has no Ethernet header. */
	FRAME_SIZE("frame-size"),

	/** Nothing is attached to take a frame. */
	NO_PORT("no-port"),

	/** Credentials came too often (VL2 8.1). */
	CREDENTIALS_TOO_OFTEN("credentials-too-often"),

	/** A credential is forged, revoked, outdated, or of no use here (VL2 8.2). */
	CREDENTIAL_REJECTED("credential-rejected"),

	/** A configuration chunk is forged or does not fit (VL2 4.2). */
	CONFIG_CHUNK_REJECTED("config-chunk-rejected"),

	/** A configuration that cannot be read or is not for this node (VL2 4.3). */
	CONFIG_REJECTED("config-rejected"),

	/** A replayed configuration, older than the one in force (VL2 25). */
	CONFIG_OUTDATED("config-outdated"),

	/** An OK or ERROR from somebody who has no say in the matter (VL2 5). */
	REPLY_NOT_ALLOWED("reply-not-allowed"),

	/** A table is full. */
	TABLE_FULL("table-full");

	private final String text;

	DropReason(String text) {
		this.text = text;
	}

	@Override
	public String toString() {
		return this.text;
	}

}
