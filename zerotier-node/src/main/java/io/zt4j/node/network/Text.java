package io.zt4j.node.network;

import java.nio.charset.StandardCharsets;

/**
 * Text in fields of bounded size.
 */
final class Text {

	private Text() {
	}

	/*
	 * Decode UTF-8, shortened so that the result encodes to no more bytes than it was
	 * made of, even where replacement characters are longer than what they replace.
	 */
	static String utf8(byte[] bytes, int length) {
		return limit(new String(bytes, 0, length, StandardCharsets.UTF_8), length);
	}

	/*
	 * Cut a text at a character boundary to at most {@code limit} bytes of UTF-8.
	 */
	static String limit(String text, int limit) {
		int bytes = 0;
		for (int i = 0; i < text.length();) {
			int codePoint = text.codePointAt(i);
			bytes += (codePoint < 0x80) ? 1 : (codePoint < 0x800) ? 2 : (codePoint < 0x10000) ? 3 : 4;
			if (bytes > limit) {
				return text.substring(0, i);
			}
			i += Character.charCount(codePoint);
		}
		return text;
	}

}
