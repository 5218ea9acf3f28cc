package com.cognitionos.identity.control;

/** RFC 4648 without padding, the form in which authenticator apps take a secret. */
public final class Base32 {

    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int BITS = 5;

    private Base32() {}

    public static String encode(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        int buffer = 0;
        int filled = 0;
        for (byte one : bytes) {
            buffer = buffer << 8 | one & 0xff;
            filled += 8;
            while (filled >= BITS) {
                filled -= BITS;
                text.append(ALPHABET.charAt(buffer >> filled & 31));
            }
            buffer &= (1 << filled) - 1;
        }
        return filled == 0
                ? text.toString()
                : text.append(ALPHABET.charAt(buffer << BITS - filled & 31)).toString();
    }
}
