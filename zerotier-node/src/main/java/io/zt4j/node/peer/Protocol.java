package io.zt4j.node.peer;

/**
 * The versions this implementation announces and minds (VL1 15).
 */
public final class Protocol {

	/** Protocol version announced in HELLO. */
	public static final int VERSION = 12;

	/** Software version announced in HELLO: that of the reference it was checked with. */
	public static final int MAJOR = 1;

	/** Minor part of the software version. */
	public static final int MINOR = 14;

	/** Revision part of the software version. */
	public static final int REVISION = 1;

	/** Oldest protocol version accepted. */
	static final int MINIMUM_VERSION = 4;

	/** First version that understands cipher suite 3. */
	static final int AES_VERSION = 12;

	private Protocol() {
	}

	/**
	 * Return the software version announced.
	 * @return such as {@code 1.14.1}
	 */
	public static String softwareVersion() {
		return MAJOR + "." + MINOR + "." + REVISION;
	}

}
