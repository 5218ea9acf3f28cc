package com.cognitionos.gateway.control;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/**
 * What stands for a client that has no good key: its IPv4 address, or the /64 network of its IPv6 address, of which one
 * client commonly has all.
 */
public final class ClientAddress {

    // Literals only: a name would be looked up in the network.
    private static final Pattern LITERAL = Pattern.compile("[0-9.]{7,15}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
    private static final int NETWORK_BYTES = 8;

    private ClientAddress() {}

    /** @param address an IP address as text; anything else counts as one client */
    public static String subject(String address) {
        String literal = literal(address);
        if (!LITERAL.matcher(literal).matches()) {
            return "unknown";
        }
        try {
            InetAddress parsed = InetAddress.getByName(literal);
            return parsed instanceof Inet6Address ? network(parsed.getAddress()) : parsed.getHostAddress();
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }

    /** Without brackets and zone. */
    private static String literal(String address) {
        int zone = address.indexOf('%');
        String text = zone < 0 ? address : address.substring(0, zone);
        return text.indexOf('[') < 0 && text.indexOf(']') < 0
                ? text
                : text.replace("[", "").replace("]", "");
    }

    private static String network(byte[] address) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < NETWORK_BYTES; i += 2) {
            text.append(Integer.toHexString((address[i] & 0xff) << 8 | address[i + 1] & 0xff))
                    .append(':');
        }
        return text.append(":/64").toString();
    }
}
