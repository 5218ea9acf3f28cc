package com.cognitionos.identity.control;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where somebody is, as far as it can be counted: an IPv4 address, or an IPv6 network, of which one person has 2^64 addresses. */
final class Place {

    private static final Pattern LITERAL = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-fA-F.]*:[0-9a-fA-F:.]*");
    private static final int NETWORK_BYTES = 8;

    private Place() {}

    /** @param address a literal; anything else is a place of its own and is never looked up */
    static String of(@Nullable String address) {
        if (address == null) {
            return "nowhere";
        }
        String bare = address.contains("%") ? address.substring(0, address.indexOf('%')) : address;
        if (!LITERAL.matcher(bare).matches()) {
            return address;
        }
        try {
            byte[] bytes = InetAddress.getByName(bare).getAddress();
            StringBuilder place = new StringBuilder(bytes.length == 4 ? "4" : "6");
            for (int i = 0; i < Math.min(bytes.length, NETWORK_BYTES); i++) {
                place.append('.').append(bytes[i] & 0xff);
            }
            return place.toString();
        } catch (UnknownHostException e) {
            return address;
        }
    }
}
