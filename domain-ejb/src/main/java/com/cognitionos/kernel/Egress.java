package com.cognitionos.kernel;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * HTTP to addresses that a tenant names: an identity provider, a webhook. Whoever names them must not make the server
 * reach into its own network, so only https to public addresses goes out. A name is resolved once, what it resolves to is
 * checked, and that very address is connected to, so that a name cannot change its mind in between; the certificate is
 * still held against the name. The JDK's clients resolve by themselves, hence the small one here.
 *
 * <p>One request a connection, no redirect is followed, no proxy used. Not to be called inside of a transaction.
 */
public final class Egress {

    /** Of a reply's body, in bytes. */
    public static final int MAX_BODY = 256 * 1024;

    private static final int MAX_HEAD = 16 * 1024;
    /** Those below belong to mail, name and file servers, which must not be spoken to in a tenant's words. */
    private static final int FIRST_FREE_PORT = 1024;

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private static final Pattern NAME =
            Pattern.compile("(?=.{1,253}$)([a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?\\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern QUAD = Pattern.compile("((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(\\.(?!$)|$)){4}");
    private static final Pattern NUMERIC_END = Pattern.compile("(.*\\.)?(\\d+|0x[0-9a-f]*)");
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9-]+");

    /** How a name becomes addresses. */
    @FunctionalInterface
    public interface Resolver {
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    /** It may not go there; the text says why and may be shown. */
    public static final class Refused extends IOException {
        private static final long serialVersionUID = 1L;

        Refused(String reason) {
            super(reason);
        }
    }

    /** @param headers sent as they are, besides Host, Content-Length and the like */
    public record Request(String method, URI to, Map<String, String> headers, byte[] body) {

        public static Request get(URI to, String accept) {
            return new Request("GET", to, Map.of("Accept", accept), new byte[0]);
        }
    }

    /** @param headers by lower-case name; of several of one name the last */
    public record Reply(int status, Map<String, String> headers, byte[] body) {

        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    private final boolean anywhere;
    private final Resolver resolver;
    private final int mostRead;
    private final boolean cuts;

    private Egress(boolean anywhere, Resolver resolver) {
        this(anywhere, resolver, MAX_BODY, false);
    }

    private Egress(boolean anywhere, Resolver resolver, int mostRead, boolean cuts) {
        this.anywhere = anywhere;
        this.resolver = resolver;
        this.mostRead = mostRead;
        this.cuts = cuts;
    }

    /** Only https, only public addresses. */
    public static Egress toPublic() {
        return new Egress(false, InetAddress::getAllByName);
    }

    /** Also http and addresses of one's own network: where the operator trusts whoever names them, and in tests. */
    public static Egress toAnywhere() {
        return new Egress(true, InetAddress::getAllByName);
    }

    /** For whom the status is the reply: of the body no more is read than that, whatever follows or fails to. */
    public Egress cuttingBodiesAt(int bytes) {
        return new Egress(anywhere, resolver, bytes, true);
    }

    static Egress toPublic(Resolver resolver) {
        return new Egress(false, resolver);
    }

    static Egress toAnywhere(Resolver resolver) {
        return new Egress(true, resolver);
    }

    /**
     * Whether an address has the form of one that may be called; where its name leads is seen when it is called.
     *
     * @throws Refused with the reason, for whoever typed it
     */
    public URI check(String address) throws Refused {
        try {
            return check(new URI(address));
        } catch (URISyntaxException e) {
            throw new Refused("That is not an address.");
        }
    }

    private URI check(URI address) throws Refused {
        String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !(anywhere && scheme.equals("http"))) {
            throw new Refused("The address must begin with https://.");
        }
        if (address.getHost() == null || address.getRawUserInfo() != null || address.getRawFragment() != null) {
            throw new Refused("The address must be scheme, host and path, without a user or a fragment.");
        }
        if (address.getPort() == 0 || address.getPort() > 65_535) {
            throw new Refused("The address has no such port.");
        }
        if (!anywhere && address.getPort() > 0 && address.getPort() < FIRST_FREE_PORT && address.getPort() != 443) {
            throw new Refused("The address has a port of another service; use 443, or one from 1024.");
        }
        String host = host(address);
        boolean literal = host.indexOf(':') >= 0 || QUAD.matcher(host).matches();
        if (!literal
                && (!NAME.matcher(host).matches() || NUMERIC_END.matcher(host).matches())) {
            throw new Refused("The address has no proper host name.");
        }
        if (!anywhere && !literal && isOfOwnNetwork(host)) {
            throw new Refused("The address does not lead to the public internet.");
        }
        if (!anywhere && literal) {
            resolve(host);
        }
        return address;
    }

    /** @throws Refused before anything is sent; IOException when nothing usable came back in time */
    public Reply send(Request request) throws IOException {
        URI to = check(request.to());
        String host = host(to);
        boolean secure = to.getScheme().equalsIgnoreCase("https");
        int port = to.getPort() > 0 ? to.getPort() : secure ? 443 : 80;
        long deadline = System.nanoTime() + LONGEST.toNanos();
        try (Socket plain = connect(resolve(host), port, deadline);
                Socket socket = secure ? secured(plain, host, port) : plain) {
            write(socket.getOutputStream(), request, authority(to));
            return read(new BufferedInputStream(socket.getInputStream()));
        }
    }

    private List<InetAddress> resolve(String host) throws Refused {
        InetAddress[] found;
        try {
            found = resolver.resolve(host);
        } catch (UnknownHostException e) {
            throw new Refused("There is no host of that name.");
        }
        for (InetAddress address : found) {
            // One private address among public ones is how a name is made to turn round.
            if (!anywhere && !isPublic(address)) {
                throw new Refused("The address does not lead to the public internet.");
            }
        }
        return List.of(found);
    }

    private static Socket connect(List<InetAddress> addresses, int port, long deadline) throws IOException {
        IOException last = new IOException("no address");
        for (InetAddress address : addresses.subList(0, Math.min(2, addresses.size()))) {
            Socket socket = new TimedSocket(deadline);
            try {
                socket.connect(new InetSocketAddress(address, port), (int) PATIENCE.toMillis());
                return socket;
            } catch (IOException e) {
                last = e;
                socket.close();
            }
        }
        throw last;
    }

    private static Socket secured(Socket plain, String host, int port) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, null, null);
            SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, host, port, true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return socket;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS", e);
        }
    }

    private static void write(OutputStream out, Request request, String authority) throws IOException {
        String path = request.to().getRawPath();
        String query = request.to().getRawQuery();
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Host", authority);
        headers.put("User-Agent", "CognitionOS");
        headers.put("Connection", "close");
        headers.putAll(request.headers());
        if (request.body().length > 0 || request.method().equals("POST")) {
            headers.put("Content-Length", Integer.toString(request.body().length));
        }
        StringBuilder head = new StringBuilder(request.method())
                .append(' ')
                .append(path == null || path.isEmpty() ? "/" : path)
                .append(query == null ? "" : "?" + query)
                .append(" HTTP/1.1\r\n");
        headers.forEach((name, value) -> {
            if (!TOKEN.matcher(name).matches() || value.chars().anyMatch(c -> c < 0x20 || c > 0x7e)) {
                throw new IllegalArgumentException("no header: " + name);
            }
            head.append(name).append(": ").append(value).append("\r\n");
        });
        out.write(head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
        out.write(request.body());
        out.flush();
    }

    private Reply read(InputStream in) throws IOException {
        int status;
        Map<String, String> headers;
        do {
            List<String> head = head(in);
            String[] first = head.get(0).split(" ", 3);
            if (first.length < 2 || !first[0].startsWith("HTTP/1.") || !first[1].matches("[1-5]\\d\\d")) {
                throw new IOException("no HTTP reply");
            }
            status = Integer.parseInt(first[1]);
            headers = new LinkedHashMap<>();
            for (String line : head.subList(1, head.size())) {
                int colon = line.indexOf(':');
                if (colon <= 0) {
                    throw new IOException("no HTTP header");
                }
                headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        } while (status < 200);
        return new Reply(status, headers, status == 204 || status == 304 ? new byte[0] : body(in, headers));
    }

    private static List<String> head(InputStream in) throws IOException {
        List<String> lines = new ArrayList<>();
        int[] left = {MAX_HEAD};
        String line = line(in, left);
        while (!line.isEmpty() || lines.isEmpty()) {
            lines.add(line);
            line = line(in, left);
        }
        return lines;
    }

    private static String line(InputStream in, int[] left) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0 || --left[0] < 0) {
                throw new IOException(c < 0 ? "the reply broke off" : "the reply's head is too large");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    private byte[] body(InputStream in, Map<String, String> headers) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try {
            readBody(in, headers, body);
        } catch (IOException e) {
            if (!cuts) {
                throw e;
            }
        }
        return body.toByteArray();
    }

    private void readBody(InputStream in, Map<String, String> headers, ByteArrayOutputStream body) throws IOException {
        String coding = headers.get("transfer-encoding");
        String length = headers.get("content-length");
        if (coding != null) {
            if (!coding.equalsIgnoreCase("chunked")) {
                throw new IOException("a transfer coding that was not asked for");
            }
            int[] left = {MAX_HEAD};
            for (long size = chunk(in, left); size > 0; size = chunk(in, left)) {
                copy(in, body, size, true);
                line(in, left);
            }
        } else if (length != null) {
            if (!length.matches("\\d{1,12}")) {
                throw new IOException("no length");
            }
            copy(in, body, Long.parseLong(length), true);
        } else {
            copy(in, body, Long.MAX_VALUE, false);
        }
    }

    private static long chunk(InputStream in, int[] left) throws IOException {
        String size = line(in, left).split(";", 2)[0].strip();
        if (!size.matches("[0-9a-fA-F]{1,8}")) {
            throw new IOException("no chunk");
        }
        return Long.parseLong(size, 16);
    }

    private void copy(InputStream in, ByteArrayOutputStream to, long size, boolean whole) throws IOException {
        byte[] buffer = new byte[8192];
        long left = size;
        if (whole && !cuts && size > mostRead - to.size()) {
            throw tooLarge();
        }
        while (left > 0) {
            int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (read < 0) {
                if (whole) {
                    throw new IOException("the reply broke off");
                }
                return;
            }
            int room = mostRead - to.size();
            to.write(buffer, 0, Math.min(read, room));
            if (read > room) {
                throw tooLarge();
            }
            left -= read;
        }
    }

    private IOException tooLarge() {
        return new IOException("the reply is larger than " + mostRead + " bytes");
    }

    private static String host(URI address) {
        String host = address.getHost().toLowerCase(Locale.ROOT);
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static String authority(URI address) {
        return address.getPort() > 0 ? address.getHost() + ":" + address.getPort() : address.getHost();
    }

    private static boolean isOfOwnNetwork(String host) {
        return host.indexOf('.') < 0
                || List.of(".localhost", ".local", ".internal", ".lan", ".home.arpa", ".intranet", ".corp").stream()
                        .anyMatch(host::endsWith);
    }

    /** Whether the address is one of the public internet (IANA's registries of special addresses are what is not). */
    public static boolean isPublic(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == 4 ? isPublic4(bytes) : isPublic6(bytes);
    }

    private static boolean isPublic4(byte[] bytes) {
        long address = 0;
        for (byte part : bytes) {
            address = address << 8 | part & 0xff;
        }
        for (Block block : NOT_PUBLIC) {
            if (address >>> 32 - block.bits() == block.start() >>> 32 - block.bits()) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPublic6(byte[] bytes) {
        int first = word(bytes, 0);
        int second = word(bytes, 2);
        // Global unicast is 2000::/3; what embeds an IPv4 address (mapped, compatible, NAT64) lies outside of it.
        boolean global = (first & 0xe000) == 0x2000;
        // 2001::/23 with Teredo, 2001:db8::/32 and 3fff::/20 for documents, 2002::/16 is 6to4.
        return global
                && !(first == 0x2001 && (second < 0x200 || second == 0xdb8))
                && first != 0x2002
                && !(first == 0x3fff && second < 0x1000);
    }

    private static int word(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
    }

    private record Block(long start, int bits) {

        static Block of(int a, int b, int c, int d, int bits) {
            return new Block((long) a << 24 | b << 16 | c << 8 | d, bits);
        }
    }

    private static final List<Block> NOT_PUBLIC = List.of(
            Block.of(0, 0, 0, 0, 8),
            Block.of(10, 0, 0, 0, 8),
            Block.of(100, 64, 0, 0, 10),
            Block.of(127, 0, 0, 0, 8),
            Block.of(169, 254, 0, 0, 16),
            Block.of(172, 16, 0, 0, 12),
            Block.of(192, 0, 0, 0, 24),
            Block.of(192, 0, 2, 0, 24),
            Block.of(192, 88, 99, 0, 24),
            Block.of(192, 168, 0, 0, 16),
            Block.of(198, 18, 0, 0, 15),
            Block.of(198, 51, 100, 0, 24),
            Block.of(203, 0, 113, 0, 24),
            // A cloud's own services behind an address that looks public.
            Block.of(168, 63, 129, 16, 32),
            Block.of(224, 0, 0, 0, 3));

    /** Whatever is read from it, a TLS handshake too, must come before the deadline, however regularly it trickles. */
    private static final class TimedSocket extends Socket {

        private final long deadline;

        TimedSocket(long deadline) {
            this.deadline = deadline;
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return new TimedInput(this, super.getInputStream(), deadline);
        }
    }

    private static final class TimedInput extends FilterInputStream {

        private final Socket socket;
        private final long deadline;

        TimedInput(Socket socket, InputStream in, long deadline) {
            super(in);
            this.socket = socket;
            this.deadline = deadline;
        }

        @Override
        public int read() throws IOException {
            hurry();
            return in.read();
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            hurry();
            return in.read(to, offset, length);
        }

        private void hurry() throws IOException {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new SocketTimeoutException("the reply takes too long");
            }
            socket.setSoTimeout((int) left);
        }
    }
}
