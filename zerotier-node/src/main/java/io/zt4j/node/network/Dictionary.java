package io.zt4j.node.network;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import io.netty.buffer.ByteBufUtil;
import org.jspecify.annotations.Nullable;

/**
 * The key/value blob of request metadata, configurations, error details and local files
 * (VL2 2). Immutable; reading never fails, whatever the bytes. Values are bytes; where a
 * key appears more than once the first counts.
 */
public final class Dictionary {

	/** Capacity of a network configuration, in bytes, terminator included. */
	public static final int NETWORK_CONFIG_CAPACITY = 484_520;

	/** Capacity of request metadata, in bytes, terminator included. */
	public static final int METADATA_CAPACITY = 1024;

	/** Capacity of the data of an authentication error, in bytes, terminator included. */
	public static final int AUTHENTICATION_CAPACITY = 8192;

	private final Map<String, byte[]> values;

	private Dictionary(Map<String, byte[]> values) {
		this.values = values;
	}

	/**
	 * Parse a dictionary. It ends at the first NUL or the end of the bytes; lines without
	 * {@code =} are skipped.
	 * @param bytes the encoded form
	 * @return the dictionary
	 */
	public static Dictionary parse(byte[] bytes) {
		Map<String, byte[]> values = new LinkedHashMap<>();
		int start = 0;
		while (start < bytes.length && bytes[start] != 0) {
			int end = start;
			int equals = -1;
			while (end < bytes.length && !isLineEnd(bytes[end])) {
				if (bytes[end] == '=' && equals < 0) {
					equals = end;
				}
				end++;
			}
			if (equals >= 0) {
				String key = new String(bytes, start, equals - start, StandardCharsets.ISO_8859_1);
				int from = equals + 1;
				int to = end;
				values.computeIfAbsent(key, (k) -> unescape(bytes, from, to));
			}
			if (end < bytes.length && bytes[end] == 0) {
				break;
			}
			start = end + 1;
		}
		return new Dictionary(values);
	}

	private static boolean isLineEnd(byte b) {
		return b == '\n' || b == '\r' || b == 0;
	}

	private static byte[] unescape(byte[] bytes, int from, int to) {
		byte[] value = new byte[to - from];
		int length = 0;
		for (int i = from; i < to; i++) {
			byte b = bytes[i];
			if (b == '\\') {
				if (++i == to) {
					break;
				}
				b = switch (bytes[i]) {
					case 'r' -> '\r';
					case 'n' -> '\n';
					case '0' -> 0;
					case 'e' -> '=';
					default -> bytes[i];
				};
			}
			value[length++] = b;
		}
		return (length == value.length) ? value : Arrays.copyOf(value, length);
	}

	/**
	 * Return the keys.
	 * @return the keys in order
	 */
	public Set<String> keys() {
		return Collections.unmodifiableSet(this.values.keySet());
	}

	/**
	 * Whether there is a value, possibly empty.
	 * @param key the key
	 * @return true if there is
	 */
	public boolean contains(String key) {
		return this.values.containsKey(key);
	}

	/**
	 * Return a value.
	 * @param key the key
	 * @return a copy of the bytes, or null if there is none
	 */
	public byte @Nullable [] get(String key) {
		byte[] value = this.values.get(key);
		return (value != null) ? value.clone() : null;
	}

	/**
	 * Return a value as text.
	 * @param key the key
	 * @param missing the value if there is none
	 * @return the value decoded as UTF-8
	 */
	public String getString(String key, String missing) {
		byte[] value = this.values.get(key);
		return (value != null) ? new String(value, StandardCharsets.UTF_8) : missing;
	}

	/**
	 * Return a value as an unsigned 64-bit integer: base 16, optional sign and
	 * {@code 0x}, up to the first other character, saturating.
	 * @param key the key
	 * @param missing the value if there is none or it is empty
	 * @return the value
	 */
	public long getLong(String key, long missing) {
		byte[] value = this.values.get(key);
		return (value != null && value.length > 0) ? parseHex(value) : missing;
	}

	/**
	 * Return a value as a boolean: true if it begins with {@code 1}, {@code t} or
	 * {@code T}.
	 * @param key the key
	 * @param missing the value if there is none
	 * @return the value
	 */
	public boolean getBoolean(String key, boolean missing) {
		byte[] value = this.values.get(key);
		if (value == null) {
			return missing;
		}
		return value.length > 0 && (value[0] == '1' || value[0] == 't' || value[0] == 'T');
	}

	private static long parseHex(byte[] text) {
		int i = 0;
		while (i < text.length && (text[i] == ' ' || text[i] >= '\t' && text[i] <= '\r')) {
			i++;
		}
		boolean negative = i < text.length && text[i] == '-';
		if (i < text.length && (text[i] == '-' || text[i] == '+')) {
			i++;
		}
		if (i + 2 < text.length && text[i] == '0' && (text[i + 1] | 0x20) == 'x' && digit(text[i + 2]) >= 0) {
			i += 2;
		}
		long value = 0;
		for (; i < text.length && digit(text[i]) >= 0; i++) {
			if (value >>> 60 != 0) {
				return -1;
			}
			value = value << 4 | digit(text[i]);
		}
		return negative ? -value : value;
	}

	private static int digit(byte b) {
		return (b > 0) ? Character.digit(b, 16) : -1;
	}

	@Override
	public String toString() {
		return "Dictionary" + this.values.keySet();
	}

	/**
	 * Begin a dictionary.
	 * @param capacity bytes, one of which is reserved for a terminator that is never sent
	 * @return a builder
	 */
	public static Builder builder(int capacity) {
		return new Builder(capacity);
	}

	/**
	 * Encodes entries in the order they are put. Not thread-safe.
	 */
	public static final class Builder {

		private final int capacity;

		private byte[] bytes = new byte[256];

		private int length;

		private boolean overflow;

		private Builder(int capacity) {
			this.capacity = capacity;
		}

		/**
		 * Append an entry. One that does not fit leaves the dictionary unchanged and is
		 * remembered: see {@link #overflowed()}.
		 * @param key the key, ASCII without {@code =}, CR, LF and NUL
		 * @param value the bytes
		 * @return this
		 * @throws IllegalArgumentException if the key is not of that form
		 */
		public Builder put(String key, byte[] value) {
			checkKey(key);
			int needed = this.length + ((this.length > 0) ? 1 : 0) + key.length() + 1 + value.length;
			for (byte b : value) {
				needed += (escaped(b) != 0) ? 1 : 0;
			}
			if (needed >= this.capacity) {
				this.overflow = true;
				return this;
			}
			if (needed > this.bytes.length) {
				this.bytes = Arrays.copyOf(this.bytes, Math.max(needed, 2 * this.bytes.length));
			}
			if (this.length > 0) {
				this.bytes[this.length++] = '\n';
			}
			for (int i = 0; i < key.length(); i++) {
				this.bytes[this.length++] = (byte) key.charAt(i);
			}
			this.bytes[this.length++] = '=';
			for (byte b : value) {
				byte escaped = escaped(b);
				if (escaped != 0) {
					this.bytes[this.length++] = '\\';
					this.bytes[this.length++] = escaped;
				}
				else {
					this.bytes[this.length++] = b;
				}
			}
			return this;
		}

		/**
		 * Append text as UTF-8.
		 * @param key the key
		 * @param value the text
		 * @return this
		 */
		public Builder put(String key, String value) {
			return put(key, value.getBytes(StandardCharsets.UTF_8));
		}

		/**
		 * Append an unsigned integer as sixteen hex digits.
		 * @param key the key
		 * @param value the integer
		 * @return this
		 */
		public Builder put(String key, long value) {
			byte[] digits = new byte[16];
			for (int i = 0; i < 16; i++) {
				digits[i] = (byte) Character.forDigit((int) (value >>> 60 - 4 * i) & 0xf, 16);
			}
			return put(key, digits);
		}

		/**
		 * Append {@code 1} or {@code 0}.
		 * @param key the key
		 * @param value the boolean
		 * @return this
		 */
		public Builder put(String key, boolean value) {
			return put(key, value ? "1" : "0");
		}

		/**
		 * Whether an entry was left out because it did not fit.
		 * @return true if the dictionary is incomplete
		 */
		public boolean overflowed() {
			return this.overflow;
		}

		/**
		 * Return the encoded form so far.
		 * @return the bytes, without terminator
		 */
		public byte[] toByteArray() {
			return Arrays.copyOf(this.bytes, this.length);
		}

		/**
		 * Return the dictionary as a reader would see it.
		 * @return the dictionary
		 */
		public Dictionary build() {
			return parse(toByteArray());
		}

		private static byte escaped(byte b) {
			return switch (b) {
				case 0 -> '0';
				case '\r' -> 'r';
				case '\n' -> 'n';
				case '\\' -> '\\';
				case '=' -> 'e';
				default -> 0;
			};
		}

		private static void checkKey(String key) {
			for (int i = 0; i < key.length(); i++) {
				char c = key.charAt(i);
				if (c == '=' || c == '\r' || c == '\n' || c == 0 || c > 127) {
					throw new IllegalArgumentException("A dictionary key is ASCII without '=', CR, LF and NUL, not "
							+ ByteBufUtil.hexDump(key.getBytes(StandardCharsets.UTF_8)));
				}
			}
		}

	}

}
