package com.cognitionos.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the server goes when a tenant says so. */
class EgressTest {

    private static final Egress PUBLIC = Egress.toPublic(EgressTest::literalOnly);

    /** What is no address in figures is one of the public internet, so that only the form of a name can be refused. */
    private static InetAddress[] literalOnly(String host) throws UnknownHostException {
        boolean literal = host.indexOf(':') >= 0 || host.matches("[\\d.]+");
        return new InetAddress[] {InetAddress.getByName(literal ? host : "93.184.215.14")};
    }

    @ParameterizedTest
    @DisplayName("KER-5: an address that leads into one's own network, or that only looks like one, is refused")
    @ValueSource(
            strings = {
                // schemes and forms
                "http://example.org/",
                "file:///etc/passwd",
                "ftp://example.org/",
                "gopher://example.org/",
                "jar:https://example.org/a!/b",
                "javascript:alert(1)",
                "//example.org/",
                "example.org",
                "https:///path",
                "https:example.org",
                "https://",
                "https://user@example.org/",
                "https://user:secret@example.org/",
                "https://example.org#fragment",
                "https://example.org:0/",
                "https://example.org:65536/",
                // ports of other services
                "https://example.org:22/",
                "https://example.org:25/",
                "https://example.org:80/",
                "https://8.8.8.8:53/",
                "https://exa mple.org/",
                "https://example.org\\@127.0.0.1/",
                "https://example.org%00.evil.org/",
                "https://example.org./",
                "https://-bad.example/",
                "https://b\u00fccher.example/",
                // names of one's own network
                "https://localhost/",
                "https://LOCALHOST/",
                "https://a.localhost/",
                "https://printer.local/",
                "https://metadata.google.internal/computeMetadata/v1/",
                "https://router.lan/",
                "https://database/",
                // loopback and its spellings
                "https://127.0.0.1/",
                "https://127.1.2.3:8443/",
                "https://127.1/",
                "https://2130706433/",
                "https://017700000001/",
                "https://0177.0.0.1/",
                "https://0x7f.0.0.1/",
                "https://0x7f000001/",
                "https://0/",
                "https://0.0.0.0/",
                "https://[::1]/",
                "https://[::]/",
                "https://[::ffff:127.0.0.1]/",
                "https://[::ffff:7f00:1]/",
                "https://[::127.0.0.1]/",
                "https://[64:ff9b::7f00:1]/",
                "https://[2002:7f00:1::]/",
                "https://[2001:0:7f00:1::]/",
                // private, shared, link-local, metadata
                "https://10.0.0.1/",
                "https://10.255.255.255/",
                "https://172.16.0.1/",
                "https://172.31.255.255/",
                "https://192.168.1.1/",
                "https://100.64.0.1/",
                "https://100.100.100.200/latest/meta-data",
                "https://169.254.169.254/latest/meta-data/",
                "https://168.63.129.16/",
                "https://192.0.0.192/",
                "https://[fe80::1]/",
                "https://[fe80::1%25eth0]/",
                "https://[fec0::1]/",
                "https://[fc00::1]/",
                "https://[fd00:ec2::254]/",
                // multicast, broadcast, reserved, documentation
                "https://224.0.0.1/",
                "https://239.255.255.250/",
                "https://255.255.255.255/",
                "https://240.0.0.1/",
                "https://198.18.0.1/",
                "https://192.0.2.1/",
                "https://198.51.100.1/",
                "https://203.0.113.1/",
                "https://[ff02::1]/",
                "https://[2001:db8::1]/",
                "https://[3fff::1]/",
                "https://[100::1]/"
            })
    void evilAddressesAreRefused(String address) {
        assertThatThrownBy(() -> PUBLIC.check(address)).as(address).isInstanceOf(Egress.Refused.class);
        // Also where the address comes as a URI and so was never typed by anybody.
        URI uri;
        try {
            uri = URI.create(address);
        } catch (IllegalArgumentException notEvenThat) {
            return;
        }
        assertThatThrownBy(() -> PUBLIC.send(Egress.Request.get(uri, "*/*")))
                .as(address)
                .isInstanceOf(Egress.Refused.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://example.org",
                "https://login.example.org:8443/realms/a?b=c",
                "HTTPS://EXAMPLE.ORG/",
                "https://xn--bcher-kva.example/",
                "https://8.8.8.8/",
                "https://172.32.0.1/",
                "https://100.128.0.1/",
                "https://[2606:4700:4700::1111]/"
            })
    void publicOnesAreNot(String address) {
        assertThatCode(() -> PUBLIC.check(address)).as(address).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @DisplayName("KER-5: a public name that resolves into one's own network is refused before anything is sent")
    @ValueSource(strings = {"127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "fd00::1", "100.64.1.1"})
    void namesThatLeadInsideAreRefused(String target) {
        Egress egress = Egress.toPublic(
                host -> new InetAddress[] {InetAddress.getByName("93.184.215.14"), InetAddress.getByName(target)});
        assertThatThrownBy(() -> egress.send(Egress.Request.get(URI.create("https://rebound.example/"), "*/*")))
                .isInstanceOf(Egress.Refused.class)
                .hasMessageContaining("public internet");
    }

    @Test
    @DisplayName("KER-5: a name is resolved once, and the connection goes to what was checked")
    void aNameCannotChangeItsMind() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (Double server = new Double("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")) {
            Egress egress = Egress.toAnywhere(host -> {
                // A second look would lead elsewhere, where nobody listens.
                return new InetAddress[] {
                    InetAddress.getByName(asked.getAndIncrement() == 0 ? "127.0.0.1" : "127.0.0.9")
                };
            });
            Egress.Reply reply = egress.send(
                    Egress.Request.get(URI.create("http://pinned.example:" + server.port() + "/a?b=c"), "*/*"));
            assertThat(reply.text()).isEqualTo("ok");
            assertThat(asked).hasValue(1);
            assertThat(server.heard()).startsWith("GET /a?b=c HTTP/1.1\r\nHost: pinned.example:" + server.port());
        }
    }

    @Test
    void aRedirectIsNotFollowed() throws Exception {
        try (Double server =
                new Double("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")) {
            assertThat(server.get().status()).isEqualTo(302);
        }
    }

    @Test
    void aChunkedReplyIsPutTogether() throws Exception {
        try (Double server = new Double(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + "4;x=y\r\nWiki\r\n5\r\npedia\r\n0\r\n\r\n")) {
            assertThat(server.get().text()).isEqualTo("Wikipedia");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 999999999\r\n", "", "Transfer-Encoding: chunked\r\n"})
    void moreThan256KiBAreNotRead(String header) throws Exception {
        String body = header.startsWith("Transfer")
                ? "50000\r\n" + "x".repeat(0x50000) + "\r\n0\r\n\r\n"
                : "x".repeat(300_000);
        try (Double server = new Double("HTTP/1.1 200 OK\r\n" + header + "\r\n" + body)) {
            assertThatIOException().isThrownBy(server::get).withMessageContaining("larger");
        }
    }

    @ParameterizedTest
    @DisplayName("For whom the status is the reply, the body is cut, whatever it says of itself")
    @ValueSource(
            strings = {
                "Content-Length: 999999999\r\n\r\n",
                "\r\n",
                "Content-Length: -1\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n50000\r\n",
                "Transfer-Encoding: gzip\r\n\r\n"
            })
    void aBodyCanBeCut(String rest) throws Exception {
        try (Double server = new Double("HTTP/1.1 503 Busy\r\nRetry-After: 7\r\n" + rest + "x".repeat(300_000))) {
            Egress.Reply reply = Egress.toAnywhere()
                    .cuttingBodiesAt(1000)
                    .send(Egress.Request.get(URI.create("http://localhost:" + server.port() + "/"), "*/*"));
            assertThat(reply.status()).isEqualTo(503);
            assertThat(reply.headers()).containsEntry("retry-after", "7");
            assertThat(reply.body()).hasSizeLessThanOrEqualTo(1000);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "SSH-2.0-OpenSSH\r\n\r\n",
                "HTTP/1.1 abc\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n"
            })
    void whatIsNoHttpIsAFailure(String answer) throws Exception {
        try (Double server = new Double(answer)) {
            assertThatIOException().isThrownBy(server::get);
        }
    }

    @Test
    void aHeaderCannotBringAnother() {
        assertThatThrownBy(() -> Egress.toAnywhere(host -> new InetAddress[] {InetAddress.getByName("127.0.0.1")})
                        .send(new Egress.Request(
                                "GET", URI.create("http://x.example:1/"), Map.of("A", "b\r\nC: d"), new byte[0])))
                .isInstanceOfAny(IllegalArgumentException.class, IOException.class);
    }

    /** Answers one request with the given bytes. */
    private static final class Double implements AutoCloseable {

        private final ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        private final CompletableFuture<String> heard;

        Double(String answer) throws IOException {
            heard = CompletableFuture.supplyAsync(() -> serve(answer));
        }

        private String serve(String answer) {
            try (Socket client = socket.accept()) {
                InputStream in = client.getInputStream();
                StringBuilder request = new StringBuilder();
                while (request.indexOf("\r\n\r\n") < 0) {
                    request.append((char) in.read());
                }
                OutputStream out = client.getOutputStream();
                out.write(answer.getBytes(StandardCharsets.ISO_8859_1));
                out.flush();
                return request.toString();
            } catch (IOException e) {
                return e.toString();
            }
        }

        int port() {
            return socket.getLocalPort();
        }

        String heard() {
            return heard.join();
        }

        Egress.Reply get() throws IOException {
            return Egress.toAnywhere().send(Egress.Request.get(URI.create("http://127.0.0.1:" + port() + "/"), "*/*"));
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
